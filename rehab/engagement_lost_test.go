package rehab_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/rehab"
)

// missing gives a client of whom there was no sign for sixty days after an exhausted
// outreach, on 2026-05-12.
func missing(t testing.TB) *life {
	t.Helper()
	l := exhausted(t)
	l.to("2026-05-11")
	require.Zero(t, l.c.Outreach.Found)
	l.to("2026-05-12")
	return l
}

func TestLostContactIsProvisionalUntilAPersonConfirmsIt(t *testing.T) {
	t.Parallel()
	l := missing(t)
	require.Equal(t, day("2026-05-12"), only[rehab.LostContactFound](t, l.ledger).On)
	require.Equal(t, rehab.Stalled, l.c.Engagement(), "the engine does not decide")
	l.gone("police_report-1")
	require.Equal(t, "2026-05-15", l.duty("lost_contact-1").Due.String())
	events := l.by(station).do(rehab.ConfirmLostContact{})
	require.Equal(t, rehab.LostContact, l.c.Engagement())
	require.Equal(t, rehab.LostToSupervision, l.duty("police_report-1").Ground)
	require.Len(t, l.c.Notices(events[0]), 3)
	l.gone("supervision-1")
	require.Equal(t, rehab.Refused, l.refuses(rehab.ConfirmLostContact{}).Code)
	l.to("2026-05-20")
	back := l.by(worker).do(met(rehab.Talk))
	require.Equal(t, rehab.LostContact, only[rehab.ReEngaged](t, back).From)
	l.gone("police_report-1")
	require.Equal(t, rehab.AfterLoss, l.c.Watch.Reason)
}

func TestAPersonFindsThatContactIsNotLost(t *testing.T) {
	t.Parallel()
	l := missing(t)
	l.by(station).do(rehab.RecordSupervision{Form: rehab.InternalSupervision})
	l.do(rehab.DismissLostContact{})
	l.gone("lost_contact-1")
	require.Equal(t, rehab.Stalled, l.c.Engagement())
	l.to("2026-07-11")
	require.Zero(t, l.c.Outreach.Found, "it has as long again")
	l.to("2026-07-12")
	require.Equal(t, day("2026-07-12"), l.c.Outreach.Found)
}

func TestASignOfTheClientMovesTheDayOfTheLoss(t *testing.T) {
	t.Parallel()
	l := exhausted(t)
	l.to("2026-04-20")
	l.do(declined(rehab.Phone, rehab.ExcuseAway))
	require.Equal(t, "2026-06-19", l.c.Outreach.LostOn.String())
	l.to("2026-06-19")
	require.Zero(t, l.c.Outreach.Found)
	l.to("2026-06-20")
	require.NotZero(t, l.c.Outreach.Found)
	events := l.do(rehab.RecordContact{Channel: rehab.SMS, Outcome: rehab.Replied})
	require.True(t, only[rehab.LostContactDismissed](t, events).Heard)
	l.gone("lost_contact-1")
	require.Equal(t, rehab.Stalled, l.c.Engagement(), "heard of is not met")
}

func TestASignOfAClientConfirmedAsLostVoidsTheUnsentReport(t *testing.T) {
	t.Parallel()
	l := missing(t)
	l.by(station).do(rehab.ConfirmLostContact{})
	l.do(declined(rehab.Phone, rehab.ExcuseOther))
	l.gone("police_report-1")
	l.duty("supervision-2")
	require.Equal(t, rehab.Stalled, l.c.Engagement())
}

func TestAClientWhoIsTestedIsNotLost(t *testing.T) {
	t.Parallel()
	l := missing(t)
	l.by(station).do(rehab.ConfirmLostContact{})
	events := l.do(urine(rehab.Negative))
	require.Equal(t, "2026-07-11", only[rehab.ClientSeen](t, events).LostOn.String())
	require.Equal(t, rehab.Stalled, l.c.Engagement(), "seen is not met")
	l.gone("police_report-1")
	require.Empty(t, all[rehab.ClientSeen](l.do(urine(rehab.Negative))), "it is said once a day")
}

func TestReportingInEndsTheOutreach(t *testing.T) {
	t.Parallel()
	l := served(t)
	l.do(declined(rehab.Phone, rehab.ExcuseAway))
	l.do(declined(rehab.Phone, rehab.ExcuseWork))
	require.Equal(t, rehab.ReachingOut, l.c.Engagement())
	l.to("2026-03-12")
	require.Equal(t, rehab.Talk, only[rehab.ReEngaged](t, l.do(rehab.ReportIn{})).Channel)
	l.do(declined(rehab.Phone, rehab.ExcuseWork))
	require.Equal(t, rehab.Engaged, l.c.Engagement(), "what was in vain before counts no more")
}

func TestTheRiskIsWatchedAfterCustodyAndAPositive(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.by(station).do(rehab.Suspend{Ground: rehab.Detention})
	l.to("2026-03-20")
	l.do(rehab.Resume{})
	require.Equal(t, rehab.AfterCustody, l.c.Watch.Reason)
	require.Equal(t, "2026-03-23", l.duty("watch_contact-1").Due.String(), "within three days")
	l.to("2026-03-22")
	l.by(worker).do(met(rehab.Phone))
	require.Equal(t, "2026-03-29", l.duty("watch_contact-2").Due.String(), "then weekly")
	l.to("2026-03-25")
	l.do(urine(rehab.PositiveConfirmed))
	require.Equal(t, rehab.AfterPositive, l.c.Watch.Reason)
	require.Equal(t, "2026-04-24", l.c.Watch.Until.String(), "it begins again")
	l.duty("watch_contact-2")
	x := l.c.Explain(l.env)
	require.Equal(t, "risk_watch", x.Waiting[len(x.Waiting)-1].Code)
	for _, d := range []string{"2026-03-29", "2026-04-05", "2026-04-12", "2026-04-19"} {
		l.to(d)
		l.do(met(rehab.Phone))
	}
	l.to("2026-04-25")
	require.Zero(t, l.c.Watch, "it ends by itself")
	l.gone("watch_contact-6")
}

func TestAMissedContactOfTheRiskWatchBeginsAnOutreach(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.do(met(rehab.Phone))
	l.do(urine(rehab.PositiveConfirmed))
	l.to("2026-03-14")
	require.Equal(t, rehab.ReachingOut, l.c.Engagement())
	require.Equal(t, "2026-03-14", l.c.Outreach.Since.String())
	l.do(met(rehab.Phone))
	require.Equal(t, rehab.Engaged, l.c.Engagement())
	l.quiet(rehab.WatchContactDuty)
}

func TestACrisisTellsEverybodyAtOnceAndIsFollowedUpWithinADay(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	events := l.do(rehab.RaiseCrisis{Kind: rehab.Overdose})
	var told []rehab.Role
	for _, n := range l.c.Notices(events[0]) {
		told = append(told, n.Role)
	}
	require.Equal(t, []rehab.Role{rehab.WorkerRole, rehab.StationHead, rehab.DistrictOffice}, told)
	require.Equal(t, noon("2026-03-11"), l.duty("crisis_follow_up-1").DueAt)
	require.Equal(t, "crisis", l.c.Explain(l.env).Waiting[0].Code, "before everything else")
	require.Equal(t, 1, l.c.Summary().Crises)
	crisis := l.c.Crises[0].ID
	l.do(rehab.RaiseCrisis{Kind: rehab.SelfHarm})
	l.to("2026-03-12")
	require.Equal(t, rehab.Missed, l.duty("crisis_follow_up-1").Status)
	l.climb(rehab.CrisisFollowUpDuty)
	require.Equal(t, rehab.NotFound, l.refuses(rehab.CloseCrisis{Crisis: 1}).Code)
	l.do(rehab.CloseCrisis{Crisis: crisis})
	l.climb(rehab.CrisisFollowUpDuty)
	l.do(rehab.CloseCrisis{Crisis: l.c.Crises[0].ID})
	l.quiet(rehab.CrisisFollowUpDuty)
	require.Zero(t, l.c.Summary().Crises)
}

func TestACrisisOfASuspendedCaseIsTakenToo(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.by(station).do(rehab.Suspend{Ground: rehab.Arrest})
	l.by(worker).do(rehab.RaiseCrisis{Kind: rehab.SelfHarm})
	l.to("2026-03-12")
	require.Equal(t, rehab.Missed, l.duty("crisis_follow_up-1").Status, "its clock does not stand still")
}

func TestACrisisAfterTheReleaseIsTakenToo(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.toTime(l.c.TermEnd.End())
	l.by(station).do(rehab.Release{})
	l.by(worker).do(rehab.RaiseCrisis{Kind: rehab.Overdose})
	require.Equal(t, 1, l.c.Summary().Crises)
	require.Empty(t, l.c.Engagement(), "no measure is under way")
	l.do(rehab.CloseCrisis{Crisis: l.c.Crises[0].ID})
	l.gone("crisis_follow_up-1")
}

func TestTheFirstInstructionOfACrisisIsTheCall(t *testing.T) {
	t.Parallel()
	require.Equal(t, "call_110", rehab.RaiseCrisis{Kind: rehab.Violence}.Instructions()[0].Code)
	for _, k := range []rehab.CrisisKind{rehab.SelfHarm, rehab.Overdose, rehab.OtherCrisis} {
		require.Equal(t, "call_120", rehab.RaiseCrisis{Kind: k}.Instructions()[0].Code)
	}
}
