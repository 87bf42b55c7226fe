package rehab_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/rehab"
)

func TestOnlyAChannelOfThePolicyAndAMeetingMakeAContact(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	for _, b := range []rehab.RecordContact{
		{Channel: rehab.SMS, Outcome: rehab.Met}, {Channel: rehab.FamilyVisit, Outcome: rehab.Met},
		{Channel: rehab.Phone, Outcome: rehab.NoAnswer}, {Channel: rehab.HomeVisit, Outcome: rehab.FamilyMet},
	} {
		l.do(b)
	}
	l.duty("contact-1")
	l.duty("home_visit-1")
	require.Equal(t, 4, l.c.Counters.Attempts)
	l.do(met(rehab.Phone))
	l.gone("contact-1")
	l.duty("home_visit-1")
	l.to("2026-03-25")
	l.do(met(rehab.JointVisit))
	l.gone("contact-2")
	l.gone("home_visit-1")
	require.Equal(t, 2, l.c.Counters.Contacts)
	require.Equal(t, day("2026-03-25"), l.c.Counters.LastContact)
}

func TestLateEvidenceOfAnOnTimeContactTakesTheMissBack(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.to("2026-03-24")
	l.to("2026-03-26")
	told := l.climb(rehab.ContactDuty)
	events := l.on("2026-03-23", met(rehab.Talk))
	require.False(t, only[rehab.ObligationMet](t, events).Late)
	require.Equal(t, []rehab.EscalationFell{{ID: told.ID, Obligation: id("contact-1"), Told: []rehab.Role{rehab.WorkerRole, rehab.StationHead}}},
		revised(t, events).Fell, "all who were told hear of the end")
	l.gone("contact-1")
	l.quiet(rehab.ContactDuty)
	require.Equal(t, rehab.Open, l.duty("contact-2").Status)
}

func TestLateEvidenceTakesBackEvenAConfirmedMissAndItsCount(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.to("2026-03-26")
	l.do(rehab.ConfirmMiss{Obligation: id("contact-1")})
	require.Equal(t, 1, l.c.Counters.MissedContacts)
	events := l.on("2026-03-23", met(rehab.Talk))
	require.Contains(t, took(revised(t, events)), "miss_confirmed")
	require.Equal(t, "confirm-miss", revised(t, events).Moot[0].Type)
	require.Zero(t, l.c.Counters.MissedContacts)
	l.gone("contact-1")
}

func TestALaterContactEndsTheClimbButNotTheMiss(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.to("2026-03-26")
	events := l.do(met(rehab.Talk))
	require.Equal(t, rehab.ByEvidence, only[rehab.EscalationClosed](t, events).Closing)
	require.Equal(t, rehab.Missed, l.duty("contact-1").Status, "a person still confirms or dismisses it")
	l.gone("contact-2")
}

func TestAnEarlierContactDoesNotEndTheClimbOverALaterMiss(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.to("2026-04-08")
	require.Equal(t, rehab.Missed, l.duty("contact-2").Status)
	l.on("2026-03-12", met(rehab.Talk))
	l.gone("contact-1")
	l.climb(rehab.ContactDuty)
	l.on("2026-04-01", met(rehab.Talk))
	l.quiet(rehab.ContactDuty)
}

func TestAJustifiedDelayOfAWindowIsMissedAgainOnItsNewDay(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.to("2026-03-26")
	l.do(rehab.JustifyMiss{Obligation: id("contact-1"), Reason: rehab.Illness, Until: day("2026-03-27")})
	l.quiet(rehab.ContactDuty)
	l.to("2026-03-28")
	require.Equal(t, rehab.Missed, l.duty("contact-1").Status)
	l.climb(rehab.ContactDuty)
	l.on("2026-03-27", met(rehab.Talk))
	l.gone("contact-1")
	l.quiet(rehab.ContactDuty)
}

func TestAJustifiedDelayTakesEvidenceOnItsNewDayHoweverLate(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.to("2026-06-20")
	l.do(rehab.JustifyMiss{Obligation: id("contact-1"), Reason: rehab.InCustody, Until: day("2026-06-30")})
	l.to("2026-06-30")
	l.do(met(rehab.Talk))
	l.gone("contact-1")
}

func TestAConfirmedMissClimbsUntilLaterEvidence(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.to("2026-04-08")
	l.do(rehab.ConfirmMiss{Obligation: id("contact-1")})
	l.do(rehab.DismissMiss{Obligation: id("contact-2")})
	l.climb(rehab.ContactDuty)
	l.do(met(rehab.Talk))
	l.quiet(rehab.ContactDuty)
	require.Equal(t, rehab.Confirmed, l.duty("contact-1").Status)
}

// docs/law.md: what clears a client is taken until the record is sealed.
func TestFactsDoNotExpire(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	require.Zero(t, l.duty("test-1").Expires)
	l.to("2026-07-09")
	l.do(rehab.ConfirmMiss{Obligation: id("test-1"), Evasion: true})
	require.Equal(t, 1, l.c.Counters.TestBreaches)
	l.to("2028-02-01")
	l.on("2026-03-20", urine(rehab.Negative))
	l.gone("test-1")
	require.Zero(t, l.c.Counters.TestBreaches, "two years later")

	l = executing(t, "2026-03-10")
	l.to("2026-07-09")
	l.do(rehab.ConfirmMiss{Obligation: id("test-1"), Evasion: true})
	l.to("2029-03-11")
	l.do(rehab.Release{})
	l.on("2026-03-20", urine(rehab.Negative))
	require.Zero(t, l.c.Counters.TestBreaches, "after the release")
	l.to("2032-03-14")
	l.do(rehab.EndDynamicControl{})
	l.to("2039-01-01")
	l.by(city).do(rehab.Seal{})
	l.by(district).do(rehab.Seal{})
	require.Equal(t, "DRR art.7", l.refusesAt(noon("2026-03-21"), urine(rehab.Negative)).Citation, "the record is sealed")
}

func TestAConfirmedMissThatWasMadeUpLeavesTheCaseAYearAfterItsDay(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.to("2026-07-09")
	l.do(rehab.ConfirmMiss{Obligation: id("test-1"), Evasion: true})
	l.toTime(day("2027-05-10").Start())
	l.duty("test-1") // nothing has made it up, the climb rests on it
	l.do(urine(rehab.Negative))
	l.toTime(day("2027-07-10").Start())
	l.gone("test-1")
	require.Equal(t, 1, l.c.Counters.TestBreaches, "its count stays")
}

func TestEvidenceFromBeforeTheOrderOrFromTheFutureIsRefused(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	require.Equal(t, "DRR art.14", l.refusesAt(noon("2026-03-09"), met(rehab.Talk)).Citation)
	require.Equal(t, "occurred_at", l.refusesAt(noon("2026-03-11"), met(rehab.Talk)).Field)
	l.doAt(l.env.Now.Add(60e9), met(rehab.Talk))
}

func TestAJustifiedReasonExcusesAWindow(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.to("2026-04-12")
	l.do(rehab.ConfirmMiss{Obligation: id("test-1"), Evasion: true})
	events := l.do(rehab.JustifyMiss{Obligation: id("test-1"), Reason: rehab.InCustody})
	require.Equal(t, rehab.ByJustification, only[rehab.EscalationClosed](t, events).Closing)
	require.Zero(t, l.c.Counters.TestBreaches)
	l.gone("test-1")
	require.Equal(t, rehab.NotFound, l.refuses(rehab.JustifyMiss{Obligation: id("test-1"), Reason: rehab.InCustody}).Code)
}

func TestAJustifiedReasonIsTheClientsAndEndsWithTheTerm(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.do(urine(rehab.PositiveConfirmed))
	require.Equal(t, "obligation", l.refuses(rehab.JustifyMiss{Obligation: id("police_report-1"), Reason: rehab.Illness}).Field)
	require.Equal(t, "until", l.refuses(rehab.JustifyMiss{Obligation: id("contact-1"), Reason: rehab.Illness, Until: day("2029-03-11")}).Field)
	require.Equal(t, "until", l.refuses(rehab.JustifyMiss{Obligation: id("contact-1"), Reason: rehab.Illness, Until: day("2026-03-23")}).Field)
	require.Equal(t, "reason", l.refuses(rehab.JustifyMiss{Obligation: id("contact-1")}).Field)
}

func TestAPersonFindsThatAMissWasNone(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	require.Equal(t, "obligation", l.refuses(rehab.DismissMiss{Obligation: id("contact-1")}).Field, "it is not overdue")
	require.Equal(t, rehab.NotFound, l.refuses(rehab.DismissMiss{Obligation: id("contact-9")}).Code)
	l.to("2026-04-12")
	events := l.do(rehab.DismissMiss{Obligation: id("contact-1")})
	require.Empty(t, all[rehab.EscalationClosed](events), "another miss is left")
	l.climb(rehab.ContactDuty)
	require.Equal(t, rehab.ByDismissal, all[rehab.EscalationClosed](l.do(rehab.DismissMiss{Obligation: id("contact-2")}))[0].Closing)
}

func TestAHigherRiskClassCutsTheContactsAnewFromThatDay(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.to("2026-03-11")
	events := l.do(rehab.ChangeRisk{Risk: rehab.High})
	require.Equal(t, id("contact-1"), only[rehab.ObligationSuperseded](t, events).ID, "it would have ended later")
	o := l.duty("contact-2")
	require.Equal(t, "2026-03-11 2026-03-17", o.Opens.String()+" "+o.Due.String())
	require.Equal(t, rehab.High, l.c.Risk)
	l.to("2026-03-18")
	require.Equal(t, "2026-03-24", l.duty("contact-3").Due.String())
	require.Equal(t, "risk", l.refuses(rehab.ChangeRisk{Risk: rehab.High}).Field)
}

func TestAHigherRiskClassNeverMovesADayFurtherAway(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.to("2026-03-20")
	require.Empty(t, all[rehab.ObligationSuperseded](l.do(rehab.ChangeRisk{Risk: rehab.High})))
	require.Equal(t, "2026-03-23", l.duty("contact-1").Due.String())
	require.Equal(t, "2026-03-26", l.duty("contact-2").Due.String())
	l.do(met(rehab.Phone))
	l.gone("contact-1")
	l.gone("contact-2")
}

func TestALowerRiskClassLosesNothingOfWhatWasDone(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.do(met(rehab.Phone))
	l.to("2026-03-24")
	l.do(rehab.ChangeRisk{Risk: rehab.Low})
	require.Equal(t, 1, l.c.Counters.Contacts)
	require.Equal(t, "2026-04-06", l.duty("contact-2").Due.String(), "it was open already and ends sooner")
	require.Equal(t, "2026-04-23", l.duty("contact-3").Due.String())
	l.to("2026-04-30")
	l.on("2026-04-01", met(rehab.Phone))
	l.gone("contact-2")
	l.gone("contact-3")
}

func TestARiskClassMayChangeBeforeReportIn(t *testing.T) {
	t.Parallel()
	l := served(t)
	l.do(rehab.ChangeRisk{Risk: rehab.High})
	l.do(rehab.ReportIn{})
	require.Equal(t, "2026-03-16", l.duty("contact-1").Due.String())
}
