package rehab_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/rehab"
)

func TestDRR20TheThirdRefusedOrEvadedTestIsASeriousViolation(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.do(urine(rehab.TestRefused))
	l.to("2026-04-15")
	l.do(urine(rehab.TestEvaded))
	require.Empty(t, l.c.Counters.Violations, "two are not three")
	l.to("2026-05-15")
	events := l.do(urine(rehab.TestRefused))
	require.Equal(t, rehab.ViolationReached{Ground: rehab.TestEvasion, Count: 3}, only[rehab.ViolationReached](t, events))
	report := l.duty("police_report-1")
	require.Equal(t, rehab.TestEvasion, report.Ground)
	require.Equal(t, noon("2026-05-16"), report.Deadline(), "promptly: 24 hours")
	require.Empty(t, all[rehab.ViolationReached](l.do(urine(rehab.TestRefused))), "crossed once")
}

func TestDRR20TheThirdUnauthorisedLeavingIsASeriousViolation(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.to("2026-05-01")
	for _, d := range []string{"2026-03-11", "2026-03-21"} {
		l.do(rehab.RecordLeaving{From: day(d), To: day(d) + 1})
	}
	require.Empty(t, l.c.Counters.Violations)
	events := l.do(rehab.RecordLeaving{From: day("2026-04-01"), To: day("2026-04-02")})
	require.Equal(t, rehab.ViolationReached{Ground: rehab.UnauthorisedLeaving, Count: 3}, only[rehab.ViolationReached](t, events))
	require.Equal(t, rehab.UnauthorisedLeaving, l.duty("police_report-1").Ground)
}

func TestDRR20MoreThanThirtyDaysOfAbsenceAreASeriousViolation(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.to("2026-06-01")
	l.do(rehab.RecordLeaving{From: day("2026-03-11"), To: day("2026-04-10")})
	require.Equal(t, 30, l.c.Counters.AbsenceDays, "the day of leaving is not counted (CC art.201)")
	require.Empty(t, l.c.Counters.Violations, "30 are not more than 30 (CC art.1259)")
	events := l.do(rehab.RecordLeaving{From: day("2026-05-01"), To: day("2026-05-02")})
	require.Equal(t, rehab.ViolationReached{Ground: rehab.Absence, Count: 31}, only[rehab.ViolationReached](t, events))
	require.Equal(t, 2, l.c.Counters.Leavings, "cumulative over leavings")
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
	l.do(urine(rehab.TestRefused))
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
	require.False(t, only[rehab.TestRecorded](t, l.on("2026-03-20", urine(rehab.TestRefused))).Counts)
	require.Equal(t, 1, l.c.Counters.TestBreaches)
	l.on("2026-04-12", urine(rehab.TestRefused))
	require.Equal(t, 2, l.c.Counters.TestBreaches, "another window")
}

func TestDRR20ARefusalStandsWhenTheClientComesLaterInTheWindow(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.do(urine(rehab.TestRefused))
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
	l.do(urine(rehab.TestRefused))
	l.to("2026-05-15")
	l.do(urine(rehab.TestRefused))
	l.do(rehab.ConfirmMiss{Obligation: id("test-2"), Evasion: true})
	require.Equal(t, 3, l.c.Counters.TestBreaches)
	require.Equal(t, rehab.TestEvasion, l.duty("police_report-1").Ground)
	l.to("2026-05-20")
	l.climb(rehab.PoliceReportDuty)

	events := l.on("2026-04-20", urine(rehab.Negative))
	require.Equal(t, rehab.ViolationReached{Ground: rehab.TestEvasion, Count: 2, Withdrawn: true}, only[rehab.ViolationReached](t, events))
	require.Equal(t, id("police_report-1"), only[rehab.ObligationSuperseded](t, events).ID)
	l.quiet(rehab.PoliceReportDuty)
	require.Equal(t, 2, l.c.Counters.TestBreaches)
	require.Empty(t, l.c.Counters.Violations)

	l.do(urine(rehab.TestRefused))
	require.Equal(t, rehab.TestEvasion, l.duty("police_report-2").Ground, "crossed again: a report of its own")
}

func TestDRR20CountsRunOverTheWholeMeasure(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.do(urine(rehab.TestRefused))
	l.to("2027-06-01")
	l.by(station).do(rehab.AssignWorker{Worker: "w-8"})
	l.do(urine(rehab.TestRefused))
	l.to("2028-12-01")
	l.do(urine(rehab.TestRefused))
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
	require.Empty(t, all[rehab.MissRetracted](events))
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
	require.Equal(t, rehab.ByRetraction, only[rehab.EscalationClosed](t, events).Closing)
}
