package rehab_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"guitu/rehab"
)

// released is a client released on the 2029-03-12, who has done all that was due.
func released(t *testing.T) *life {
	t.Helper()
	l := executing(t, "2026-03-10")
	l.to("2029-03-12")
	l.do(rehab.Release{})
	return l
}

// kept is a released client whose dynamic control the police ended on 2032-03-20.
func kept(t *testing.T) *life {
	t.Helper()
	l := released(t)
	l.to("2032-03-20")
	l.do(rehab.EndDynamicControl{})
	return l
}

func TestDRR7DynamicControlRunsThreeCleanYearsFromReleaseAndThePoliceDecide(t *testing.T) {
	t.Parallel()
	l := released(t)
	require.True(t, l.c.IsLive())
	require.False(t, l.c.IsOpen())
	require.Equal(t, "2032-03-12", l.c.AfterCareEnd.String())
	require.Equal(t, "DRR art.7", l.refuses(rehab.EndDynamicControl{}).Citation, "not before the three years are over")

	l.toTime(day("2032-03-12").End().Add(-1))
	require.Nil(t, l.c.Obligation(id("dynamic_control_decision-1")))
	events := l.toTime(day("2032-03-12").End())
	only[rehab.CleanYearsPassed](t, events)
	require.Equal(t, "2032-04-12", l.duty("dynamic_control_decision-1").Due.String(), "2032-04-11 is a Sunday")
	require.Equal(t, "occurred_at", l.refusesAt(noon("2032-03-12"), rehab.EndDynamicControl{}).Field)
	l.to("2032-03-20")
	l.do(rehab.EndDynamicControl{})
	require.Equal(t, rehab.AwaitingSealing, l.c.Phase)
}

func TestDRR7NobodyDecidingEscalates(t *testing.T) {
	t.Parallel()
	l := released(t)
	l.to("2032-04-14")
	l.climb(rehab.DynamicControlDuty)
}

func TestDRR7ARelapseCountsTheCleanYearsAnew(t *testing.T) {
	t.Parallel()
	l := released(t)
	l.to("2031-03-12")
	restarted := only[rehab.AfterCareRestarted](t, l.do(urine(rehab.PositiveConfirmed)))
	require.Equal(t, "2034-03-12", restarted.End.String())
	l.duty("police_report-1")
	l.to("2032-03-20")
	require.Nil(t, l.c.Obligation(id("dynamic_control_decision-1")))
	l.to("2034-03-13")
	l.duty("dynamic_control_decision-1")
}

func TestDRR7AProvisionalPositiveRestartsNothingUntilItIsConfirmed(t *testing.T) {
	t.Parallel()
	l := released(t)
	l.to("2031-03-12")
	l.do(urine(rehab.PositiveProvisional))
	require.Equal(t, "2032-03-12", l.c.AfterCareEnd.String())
	l.to("2031-03-18")
	l.do(rehab.ResolveTest{Test: l.c.Pending[0].Test, Confirmed: true})
	require.Equal(t, "2034-03-12", l.c.AfterCareEnd.String(), "from the day of the test")
}

func TestAReleasedClientIsFollowedUpAndOwesNothing(t *testing.T) {
	t.Parallel()
	l := released(t)
	l.to("2029-09-01")
	require.Equal(t, "2029-09-11", l.duty("follow_up-1").Due.String())
	l.do(met(rehab.Phone))
	l.gone("follow_up-1")
	l.to("2030-03-12")
	l.climb(rehab.FollowUpDuty)
	require.Zero(t, l.c.Counters.TestBreaches)
	opened := 0
	for _, e := range all[rehab.ObligationOpened](l.to("2032-03-12")) {
		require.Equal(t, rehab.FollowUpDuty, e.Obligation.ID.Kind)
		require.LessOrEqual(t, e.Obligation.Due, l.c.AfterCareEnd)
		opened++
	}
	require.Equal(t, 4, opened, "six half-years in all")
}

func TestARecordIsSealedByAPersonWhenItWasKeptLongEnough(t *testing.T) {
	t.Parallel()
	l := kept(t)
	require.Equal(t, "2032-09-20", l.c.KeepUntil.String())
	require.Empty(t, l.c.Obligations)
	require.Equal(t, "occurred_at", l.refuses(rehab.Seal{}).Field)
	require.Equal(t, day("2032-09-20").End(), l.c.Wake())
	l.toTime(day("2032-09-20").End())
	l.duty("sealing-1")
	l.to("2032-09-22")
	l.by(city).do(rehab.Seal{})
	require.Equal(t, rehab.AwaitingSealing, l.c.Phase, "it takes two")
	require.Equal(t, "PIPL art.47", l.refuses(rehab.Seal{}).Citation, "the same person again")
	l.by(district).do(rehab.Seal{})
	require.Equal(t, rehab.Sealed, l.c.Phase)
	require.True(t, l.c.IsClosed())
	require.True(t, l.c.Wake().IsZero())
	for _, b := range []rehab.CommandBody{rehab.Seal{}, met(rehab.Talk), rehab.PlaceHold{Reason: rehab.Audit}, urine(rehab.Negative)} {
		require.Equal(t, rehab.Refused, l.refuses(b).Code)
	}
	require.Empty(t, l.to("2040-01-01"))
}

func TestAHoldKeepsARecordFromBeingSealedUntilItIsLifted(t *testing.T) {
	t.Parallel()
	l := kept(t)
	l.do(rehab.PlaceHold{Reason: rehab.Litigation})
	hold := l.c.Holds[0].ID
	require.Equal(t, "hold", l.refuses(rehab.LiftHold{Hold: hold + 1}).Field)
	l.to("2033-01-10")
	require.Nil(t, l.c.Obligation(id("sealing-1")), "a hold stands")
	require.Equal(t, "PIPL art.47", l.refuses(rehab.Seal{}).Citation)
	l.climb(rehab.HoldReviewDuty)
	l.do(rehab.ReviewHold{Hold: hold})
	l.quiet(rehab.HoldReviewDuty)
	l.duty("hold_review-2")
	l.do(rehab.LiftHold{Hold: hold})
	l.gone("hold_review-2")
	l.toTime(l.env.Now.Add(time.Minute))
	l.duty("sealing-1")
	l.by(city).do(rehab.Seal{})
	l.do(rehab.PlaceHold{Reason: rehab.Audit})
	require.Empty(t, l.c.SealingBy, "a hold ends the proposal")
	l.do(rehab.LiftHold{Hold: l.c.Holds[0].ID})
	l.toTime(l.env.Now.Add(time.Minute))
	l.by(district).do(rehab.Seal{})
	l.by(city).do(rehab.Seal{})
	require.Equal(t, rehab.Sealed, l.c.Phase)
}

func TestACaseThatEndedWithoutReleaseOrWasVoidIsSealedToo(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(*life){
		"terminated": func(l *life) { l.by(city).do(rehab.Terminate{Ground: rehab.Death}) },
		"void": func(l *life) {
			l.by(station).do(rehab.VoidCase{DuplicateOf: "c-other"})
			l.by(city).do(rehab.ConfirmAmendment{Amendment: l.c.Amendments[0].ID})
		},
	} {
		l := executing(t, "2026-03-10")
		l.to("2026-04-10")
		end(l)
		phase := l.c.Phase
		l.by(city)
		l.to("2026-06-10")
		require.Equal(t, "occurred_at", l.refuses(rehab.Seal{}).Field, name)
		l.to("2040-04-11")
		l.do(rehab.Seal{})
		require.Equal(t, phase, l.c.Phase, name)
		require.Equal(t, "PIPL art.47", l.refuses(rehab.Seal{}).Citation, name)
		l.by(district).do(rehab.Seal{})
		require.Equal(t, "2040-04-11", l.c.SealedOn.String(), name)
		require.True(t, l.c.IsClosed(), name)
		require.Equal(t, name == "void", l.c.Phase == rehab.Void, "there never was such a case, sealed or not")
		require.Equal(t, rehab.Refused, l.refuses(rehab.Seal{}).Code, name)
	}
}

func TestAHoldPlacedDuringAfterCareOutlivesIt(t *testing.T) {
	t.Parallel()
	l := released(t)
	l.do(rehab.PlaceHold{Reason: rehab.Petition})
	hold := l.c.Holds[0].ID
	l.to("2032-03-20")
	l.do(rehab.EndDynamicControl{})
	l.to("2032-12-01")
	require.Nil(t, l.c.Obligation(id("sealing-1")))
	require.NotEmpty(t, l.c.Obligations, "somebody is asked about the hold")
	l.do(rehab.LiftHold{Hold: hold})
	l.toTime(l.env.Now.Add(time.Minute))
	l.duty("sealing-1")
}

func TestAHoldAfterSealingFellDueTakesTheDutyBack(t *testing.T) {
	t.Parallel()
	l := kept(t)
	l.to("2032-09-21")
	l.duty("sealing-1")
	l.do(rehab.PlaceHold{Reason: rehab.Inquiry})
	l.gone("sealing-1")
	l.do(rehab.LiftHold{Hold: l.c.Holds[0].ID})
	l.toTime(l.env.Now.Add(time.Minute))
	l.duty("sealing-2")
}

func TestANewMeasureEndsAfterCareWithoutADecision(t *testing.T) {
	t.Parallel()
	l := released(t)
	l.to("2030-01-10")
	require.Equal(t, "ground", l.refuses(rehab.CloseAfterCare{Ground: rehab.Imprisonment}).Field)
	l.do(rehab.CloseAfterCare{Ground: rehab.NewMeasure})
	require.Equal(t, rehab.AwaitingSealing, l.c.Phase)
	require.Equal(t, "2030-07-10", l.c.KeepUntil.String())
}

func TestALedgerThatEndedWithTheReleaseStaysClosed(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.to("2029-03-12")
	old := l.c.Clone()
	old.Apply(rehab.Event{Seq: old.Seq + 1, RecordedAt: l.env.Now, Data: rehab.CaseReleased{On: day("2029-03-12")}})
	require.True(t, old.IsClosed())
	require.True(t, old.Wake().IsZero())
}

func TestDRR7TheCleanYearsCountFromTheLatestUse(t *testing.T) {
	t.Parallel()
	l := released(t)
	l.to("2030-06-20")
	require.Equal(t, "2033-06-10", only[rehab.AfterCareRestarted](t, l.on("2030-06-10", urine(rehab.PositiveConfirmed))).End.String())
	l.on("2030-05-10", urine(rehab.PositiveConfirmed))
	require.Equal(t, "2033-06-10", l.c.AfterCareEnd.String(), "an older one told late moves nothing back")
}

func TestDRR7ARelapseBeforeTheReleaseChangesNothing(t *testing.T) {
	t.Parallel()
	l := released(t)
	l.to("2032-03-14")
	l.duty("dynamic_control_decision-1")
	require.Empty(t, all[rehab.AfterCareRestarted](l.on("2029-03-01", urine(rehab.PositiveConfirmed))))
	require.Equal(t, "2032-03-12", l.c.AfterCareEnd.String())
	l.duty("dynamic_control_decision-1")
}

func TestDRR7TheDecisionWaitsForAPendingPositive(t *testing.T) {
	t.Parallel()
	l := released(t)
	l.to("2032-03-10")
	test := seqOf[rehab.TestRecorded](t, l.do(urine(rehab.PositiveProvisional)))
	l.to("2032-03-20")
	require.Equal(t, "refused  DRR art.7", errorText(l.refuses(rehab.EndDynamicControl{})), "three clean years are not established")
	l.do(rehab.RecordLaboratoryResult{Test: test, Confirmed: true})
	require.Equal(t, "2035-03-10", l.c.AfterCareEnd.String())
	l.gone("dynamic_control_decision-1")

	l.do(rehab.ObjectToTest{Test: test})
	l.to("2032-03-25")
	l.do(rehab.RecordLaboratoryResult{Test: test})
	require.Equal(t, "2032-03-12", l.c.AfterCareEnd.String(), "the second examination found that it was none")
	l.duty("dynamic_control_decision-2")
	l.do(rehab.EndDynamicControl{})
}
