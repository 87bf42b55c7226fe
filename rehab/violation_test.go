package rehab_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"guitu/rehab"
)

func TestDRR20TheThirdRefusedOrEvadedTestIsASeriousViolation(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.breach(rehab.TestRefused)
	l.to("2026-04-15")
	l.breach(rehab.TestEvaded)
	require.Empty(t, l.c.Counters.Violations, "two are not three")
	l.to("2026-05-15")
	events := l.breach(rehab.TestRefused)
	require.Equal(t, rehab.ViolationReached{Ground: rehab.TestEvasion, Count: 3}, only[rehab.ViolationReached](t, events))
	report := l.duty("police_report-1")
	require.Equal(t, rehab.TestEvasion, report.Ground)
	require.Equal(t, noon("2026-05-16"), report.Deadline(), "promptly: 24 hours")
	require.Empty(t, all[rehab.ViolationReached](l.breach(rehab.TestRefused)), "crossed once")
}

func TestDRR20TheThirdUnauthorisedLeavingIsASeriousViolation(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.to("2026-05-01")
	for _, d := range []string{"2026-03-11", "2026-03-21"} {
		l.do(rehab.RecordLeaving{From: day(d), To: day(d) + 3})
	}
	require.Empty(t, l.c.Counters.Violations)
	events := l.do(rehab.RecordLeaving{From: day("2026-04-01"), To: day("2026-04-04")})
	require.Equal(t, rehab.ViolationReached{Ground: rehab.UnauthorisedLeaving, Count: 3}, only[rehab.ViolationReached](t, events))
	require.Equal(t, rehab.UnauthorisedLeaving, l.duty("police_report-1").Ground)
}

func TestDRR20MoreThanThirtyDaysOfAbsenceAreASeriousViolation(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.to("2026-06-01")
	l.do(rehab.RecordLeaving{From: day("2026-03-11"), To: day("2026-03-14")})
	l.do(rehab.RecordLeaving{From: day("2026-03-14"), To: day("2026-04-10")})
	require.Equal(t, 30, l.c.Counters.AbsenceDays, "the day of leaving is not counted (CC art.201)")
	require.Empty(t, l.c.Counters.Violations, "30 are not more than 30 (CC art.1259)")
	other := executing(t, "2026-03-10")
	other.to("2026-06-01")
	other.do(rehab.RecordLeaving{From: day("2026-03-11"), To: day("2026-04-08")})
	events := other.do(rehab.RecordLeaving{From: day("2026-05-01"), To: day("2026-05-04")})
	require.Equal(t, rehab.ViolationReached{Ground: rehab.Absence, Count: 31}, only[rehab.ViolationReached](t, events))
	require.Equal(t, 2, other.c.Counters.Leavings, "cumulative over leavings")
}

func TestDRR19ALeavingLiesInTheMeasureAndInThePast(t *testing.T) {
	t.Parallel()
	require.Equal(t, "DRR art.14, 19", served(t).refuses(rehab.RecordLeaving{From: day("2026-03-10"), To: day("2026-03-10")}).Citation)
	l := executing(t, "2026-03-10")
	l.to("2026-04-10")
	require.Equal(t, "from", l.refuses(rehab.RecordLeaving{From: day("2026-03-09"), To: day("2026-03-11")}).Field)
	require.Equal(t, "to", l.refuses(rehab.RecordLeaving{From: day("2026-04-01"), To: day("2026-04-11")}).Field)
	require.Equal(t, "to", l.refuses(rehab.RecordLeaving{From: day("2026-04-02"), To: day("2026-04-01")}).Field)
}

func TestDRR20AProvisionalMissCountsNothing(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.to("2026-09-01")
	require.Equal(t, rehab.Missed, l.duty("test-3").Status)
	require.Equal(t, rehab.Missed, l.duty("contact-9").Status)
	require.Zero(t, l.c.Counters.TestBreaches)
	require.Zero(t, l.c.Counters.MissedContacts)
	require.Empty(t, l.c.Counters.Violations)
}

func TestDRR20OnlyAMissConfirmedAsEvasionCounts(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.to("2026-08-01")
	l.do(rehab.ConfirmMiss{Obligation: id("test-1"), Evasion: true})
	l.do(rehab.ConfirmMiss{Obligation: id("test-2")})
	require.Equal(t, 1, l.c.Counters.TestBreaches, "a miss without a finding of evasion is none")
	require.Equal(t, rehab.Refused, l.refuses(rehab.ConfirmMiss{Obligation: id("test-1"), Evasion: true}).Code, "confirmed once")
	l.do(rehab.DismissMiss{Obligation: id("test-3")})
	l.gone("test-3")
	l.do(rehab.ConfirmMiss{Obligation: id("test-4"), Evasion: true})
	require.Empty(t, l.c.Counters.Violations)
	l.to("2026-08-15")
	l.do(rehab.ConfirmMiss{Obligation: id("test-5"), Evasion: true})
	require.Equal(t, []rehab.Ground{rehab.TestEvasion}, l.c.Counters.Violations)
}

func TestDRR20ContactsAreNoTests(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.to("2026-05-01")
	require.Equal(t, "evasion", l.refuses(rehab.ConfirmMiss{Obligation: id("contact-1"), Evasion: true}).Field)
	for _, o := range []string{"contact-1", "contact-2", "contact-3"} {
		l.do(rehab.ConfirmMiss{Obligation: id(o)})
	}
	require.Equal(t, 3, l.c.Counters.MissedContacts)
	require.Zero(t, l.c.Counters.TestBreaches)
	require.Empty(t, l.c.Counters.Violations)
}

func TestDRR20DecliningToMeetIsNoTestRefusal(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	for range 5 {
		l.do(rehab.RecordContact{Channel: rehab.HomeVisit, Outcome: rehab.Declined})
	}
	require.Equal(t, 5, l.c.Counters.Declined)
	require.Equal(t, 5, l.c.Counters.Attempts)
	require.Zero(t, l.c.Counters.TestBreaches)
	require.Zero(t, l.c.Counters.Contacts, "nobody was met")
	require.Equal(t, rehab.Open, l.duty("contact-1").Status)
}

func TestDRR20ARefusalAndTheMissOfItsWindowCountOnce(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.to("2026-03-20")
	l.breach(rehab.TestRefused)
	require.Equal(t, rehab.Open, l.duty("test-1").Status, "the client may still come")
	l.to("2026-04-15")
	require.Equal(t, rehab.NoGround, only[rehab.MissConfirmed](t, l.do(rehab.ConfirmMiss{Obligation: id("test-1"), Evasion: true})).Ground)
	require.Equal(t, 1, l.c.Counters.TestBreaches)
}

func TestDRR20ARefusalToldAfterItsWindowWasFoundEvadedCountsOnce(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.to("2026-04-15")
	l.do(rehab.ConfirmMiss{Obligation: id("test-1"), Evasion: true})
	events := l.on("2026-03-20", urine(rehab.TestRefused))
	l.confirmed(seqOf[rehab.TestRecorded](t, events))
	require.Equal(t, 1, l.c.Counters.TestBreaches)
	l.breachOn(noon("2026-04-12"), rehab.TestRefused)
	require.Equal(t, 2, l.c.Counters.TestBreaches, "another window")
}

func TestDRR20ARefusalStandsWhenTheClientComesLaterInTheWindow(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.breach(rehab.TestRefused)
	l.to("2026-03-20")
	l.do(urine(rehab.Negative))
	l.gone("test-1")
	require.Equal(t, 1, l.c.Counters.TestBreaches)
}

func TestDRR20AnEvasionThatWasTakenBackCountsAgainWhenTheNewDayIsMissed(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.to("2026-04-15")
	l.do(rehab.ConfirmMiss{Obligation: id("test-1"), Evasion: true})
	l.do(rehab.JustifyMiss{Obligation: id("test-1"), Reason: rehab.Illness, Until: day("2026-04-20")})
	require.Zero(t, l.c.Counters.TestBreaches)
	l.to("2026-04-21")
	l.do(rehab.ConfirmMiss{Obligation: id("test-1"), Evasion: true})
	require.Equal(t, 1, l.c.Counters.TestBreaches)
}

func TestDRR20LateEvidenceTakesTheViolationAndTheUnsentReportBack(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.breach(rehab.TestRefused)
	l.to("2026-05-15")
	l.breach(rehab.TestRefused)
	l.do(rehab.ConfirmMiss{Obligation: id("test-2"), Evasion: true})
	require.Equal(t, 3, l.c.Counters.TestBreaches)
	require.Equal(t, rehab.TestEvasion, l.duty("police_report-1").Ground)
	l.to("2026-05-20")
	l.climb(rehab.PoliceReportDuty)

	events := l.on("2026-04-20", urine(rehab.Negative))
	require.Subset(t, took(revised(t, events)), []string{"violation_reached", "escalation_opened"})
	require.Equal(t, "confirm-miss", revised(t, events).Moot[0].Type, "what was found of the miss is moot")
	l.gone("police_report-1")
	l.quiet(rehab.PoliceReportDuty)
	require.Equal(t, 2, l.c.Counters.TestBreaches)
	require.Empty(t, l.c.Counters.Violations)

	l.breach(rehab.TestRefused)
	require.Equal(t, rehab.TestEvasion, l.duty("police_report-1").Ground, "crossed again")
}

func TestDRR20CountsRunOverTheWholeMeasure(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.breach(rehab.TestRefused)
	l.to("2027-06-01")
	l.by(station).do(rehab.AssignWorker{Worker: "w-8"})
	l.breach(rehab.TestRefused)
	l.to("2028-12-01")
	l.breach(rehab.TestRefused)
	require.Equal(t, []rehab.Ground{rehab.TestEvasion}, l.c.Counters.Violations)
}

func TestDRR20ThePoliceReportIsSentByAPersonWithinTheHour(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.do(urine(rehab.PositiveConfirmed))
	due := noon("2026-03-11")
	require.Equal(t, due, l.duty("police_report-1").Deadline())
	require.Empty(t, all[rehab.ObligationMissed](l.toTime(due.Add(-1))))
	require.Len(t, all[rehab.ObligationMissed](l.toTime(due)), 1)
	l.do(rehab.ConfirmMiss{Obligation: id("police_report-1")})
	l.toTime(hour("2026-03-11", 20))
	l.do(rehab.ConfirmPoliceReport{Obligation: id("police_report-1")})
	events := l.do(rehab.SendPoliceReport{Obligation: id("police_report-1")})
	require.True(t, only[rehab.ObligationMet](t, events).Late, "the same day, eight hours late")
	require.Equal(t, rehab.ByEvidence, only[rehab.EscalationClosed](t, events).Closing)
	require.Equal(t, rehab.NotFound, l.refuses(rehab.SendPoliceReport{Obligation: id("agreement-1")}).Code)
}

func TestDRR20APoliceReportSentInTimeAndWrittenDownLateWasNotMissed(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.do(urine(rehab.PositiveConfirmed))
	l.to("2026-03-12")
	l.doAt(hour("2026-03-11", 10), rehab.ConfirmPoliceReport{Obligation: id("police_report-1")})
	events := l.doAt(hour("2026-03-11", 11), rehab.SendPoliceReport{Obligation: id("police_report-1")})
	require.False(t, only[rehab.ObligationMet](t, events).Late)
	require.Subset(t, took(revised(t, events)), []string{"obligation_missed", "escalation_opened"})
	require.Equal(t, id("police_report-1"), revised(t, events).Fell[0].Obligation)
	l.quiet(rehab.PoliceReportDuty)
}

// A day without an hour is told as its first instant, which would lie before any hour of it.
func TestDRR20ADayWithoutAnHourNeverMeetsALimitInHours(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		told string
		on   time.Time
		late bool
	}{
		{"2026-03-12", day("2026-03-11").Start(), true}, // due at noon of that day: it may have been in the afternoon
		{"2026-03-12", hour("2026-03-11", 11), false},
		{"2026-03-13", day("2026-03-10").Start(), false}, // over before the limit, whatever the hour
	} {
		l := executing(t, "2026-03-10")
		l.do(urine(rehab.PositiveConfirmed))
		l.to(row.told)
		l.doAt(row.on, rehab.ConfirmPoliceReport{Obligation: id("police_report-1")})
		events := l.doAt(row.on, rehab.SendPoliceReport{Obligation: id("police_report-1")})
		require.Equal(t, row.late, only[rehab.ObligationMet](t, events).Late, row.on)
	}
	l := executing(t, "2026-03-10")
	l.do(urine(rehab.PositiveConfirmed))
	l.toTime(hour("2026-03-11", 9))
	l.do(rehab.ConfirmPoliceReport{Obligation: id("police_report-1")})
	events := l.doAt(day("2026-03-11").Start(), rehab.SendPoliceReport{Obligation: id("police_report-1")})
	require.False(t, only[rehab.ObligationMet](t, events).Late, "told before the limit, it cannot have been later")
}
