package rehab_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/rehab"
)

func TestDRR24SuspensionMovesEveryLaterDayByTheSameSpan(t *testing.T) {
	t.Parallel()
	plain, held := executing(t, "2026-03-10"), executing(t, "2026-03-10")
	held.to("2026-03-20")
	held.do(rehab.Suspend{Ground: rehab.Detention})
	require.Equal(t, rehab.Suspended, held.c.Phase)
	held.to("2026-07-18")
	require.Zero(t, held.c.Counters.MissedContacts)
	for _, o := range held.c.Obligations {
		if !slices.Contains(rehab.ClientDuties(), o.ID.Kind) {
			continue // the office's to do
		}
		require.Equal(t, rehab.Open, o.Status, "%s: nothing is missed in custody", o.ID)
	}
	held.do(rehab.Resume{}) // 120 days later
	require.Equal(t, rehab.InExecution, held.c.Phase)
	require.Equal(t, plain.c.TermEnd.AddDays(120), held.c.TermEnd)
	for _, want := range plain.c.Obligations {
		if want.ID.Kind == rehab.PlanReviewDuty {
			continue // help goes on in custody
		}
		got := held.c.Obligation(want.ID)
		require.NotNil(t, got, want.ID.String())
		require.Equal(t, want.Due.AddDays(120), got.Due, want.ID.String())
	}
	// Every window to come moves too, and none is lost.
	plain.to("2026-06-15")
	held.to("2026-10-13")
	require.Equal(t, plain.c.Obligation(id("test-4")).Due.AddDays(120), held.c.Obligation(id("test-4")).Due)
	require.Equal(t, plain.c.Obligation(id("contact-7")).Opens.AddDays(120), held.c.Obligation(id("contact-7")).Opens)
}

func TestDRR24SuspensionToldLateTakesBackTheMissesOfCustody(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.to("2026-04-12") // a test and two contacts were missed, one before the arrest
	l.do(rehab.ConfirmMiss{Obligation: id("test-1"), Evasion: true})
	require.Equal(t, 1, l.c.Counters.TestBreaches)
	require.NotEmpty(t, l.c.Escalations)
	l.on("2026-03-25", rehab.Suspend{Ground: rehab.Arrest})
	require.Zero(t, l.c.Counters.TestBreaches, "the client could not have come")
	require.Empty(t, l.c.Escalations)
	require.Equal(t, rehab.Open, l.c.Obligation(id("test-1")).Status)
	require.Equal(t, rehab.Missed, l.c.Obligation(id("contact-1")).Status, "missed before the arrest")
}

func TestDRR24AReportInLimitStandsStillInCustody(t *testing.T) {
	t.Parallel()
	l := served(t)
	due := l.c.Obligation(id("report_in-1")).Due
	l.to("2026-03-12")
	l.do(rehab.Suspend{Ground: rehab.Detention})
	require.Equal(t, "DRR art.24", l.refuses(rehab.ReportIn{}).Citation)
	l.to("2026-04-11")
	l.do(rehab.Resume{})
	require.Equal(t, due.AddDays(30), l.c.Obligation(id("report_in-1")).Due)
	require.Equal(t, rehab.AwaitingReportIn, l.c.Phase)
	l.do(rehab.ReportIn{})
}

func TestDRR24ASuspendedCaseStaysInSight(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.do(rehab.Suspend{Ground: rehab.Detention})
	require.False(t, l.c.Wake().IsZero())
	l.to("2026-06-01")
	l.do(rehab.ReviewSuspension{})
	require.NotNil(t, l.c.Obligation(id("suspension_review-2")))
	l.to("2026-09-05")
	require.Equal(t, rehab.Missed, l.c.Obligation(id("suspension_review-2")).Status)
	require.Len(t, l.c.Escalations, 1, "nobody asked")
	l.do(rehab.Resume{})
	require.Empty(t, l.c.Escalations)
	require.Equal(t, "DRR art.24", l.refuses(rehab.Resume{}).Citation)
	require.Equal(t, "DRR art.24", l.refuses(rehab.ReviewSuspension{}).Citation)
}

func TestDRR24ThePoliceConfirmTheNewEndOfTheTerm(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	require.Equal(t, "DRR art.14", served(t).refuses(rehab.ConfirmTerm{TermEnd: day("2029-05-01")}).Citation, "no term runs")
	l.do(rehab.Suspend{Ground: rehab.Detention})
	l.to("2026-04-10")
	l.do(rehab.Resume{})
	require.NotNil(t, l.c.Obligation(id("term_confirmation-1")))
	require.Equal(t, "term_end", l.refuses(rehab.ConfirmTerm{TermEnd: day("2026-03-09")}).Field, "before report-in")
	l.do(rehab.ConfirmTerm{TermEnd: day("2029-05-01")})
	require.Equal(t, day("2029-05-01"), l.c.TermEnd)
	require.Nil(t, l.c.Obligation(id("term_confirmation-1")))
	l.to("2029-04-25")
	require.Equal(t, day("2029-04-20"), l.c.Obligation(id("release_file-1")).Due, "seven working days before the confirmed end")
}

func TestDRR24TerminationClosesTheCaseWithoutRelease(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.to("2026-04-12")
	require.Equal(t, "ground", l.refuses(rehab.Terminate{Ground: rehab.Detention}).Field)
	l.do(rehab.Terminate{Ground: rehab.Imprisonment})
	require.True(t, l.c.IsClosed())
	require.Empty(t, l.c.Obligations)
	require.Empty(t, l.c.Escalations)
	require.True(t, l.c.Wake().IsZero())
	require.Equal(t, "DRR art.24", l.refuses(met(rehab.Talk)).Citation)
}

func TestDRR19LeaveIsReportedThenDecidedAndItsReturnIsDue(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.do(rehab.ReportLeave{From: day("2026-03-20"), To: day("2026-03-25")})
	leave := l.c.Leaves[0].ID
	require.Nil(t, l.c.Obligation(id("leave_return-1")), "a report alone obliges nobody")
	require.Equal(t, "leave", l.refuses(rehab.ReturnFromLeave{Leave: leave}).Field)
	l.do(rehab.DecideLeave{Leave: leave, Approved: true})
	require.Equal(t, day("2026-03-25"), l.c.Obligation(id("leave_return-1")).Due)
	l.to("2026-03-27")
	require.Equal(t, rehab.Missed, l.c.Obligation(id("leave_return-1")).Status)
	require.Zero(t, l.c.Counters.Leavings, "a person finds whether it was an unauthorised leaving")
	require.Equal(t, "to", l.refuses(rehab.ExtendLeave{Leave: leave, To: day("2026-03-25")}).Field)
	l.do(rehab.ExtendLeave{Leave: leave, To: day("2026-03-30")})
	require.Equal(t, rehab.Open, l.c.Obligation(id("leave_return-1")).Status)
	require.NotContains(t, kinds(l.c.Escalations), rehab.LeaveReturnDuty)
	l.to("2026-03-29")
	l.do(rehab.ReturnFromLeave{Leave: leave})
	require.Nil(t, l.c.Obligation(id("leave_return-1")))
	require.Empty(t, l.c.Leaves)
}

func TestDRR19ALeaveThatWasRefusedObligesNobody(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	require.Equal(t, "to", l.refuses(rehab.ReportLeave{From: day("2026-03-01"), To: day("2026-03-05")}).Field)
	l.do(rehab.ReportLeave{From: day("2026-03-20"), To: day("2026-03-25")})
	l.do(rehab.DecideLeave{Leave: l.c.Leaves[0].ID})
	require.Empty(t, l.c.Leaves)
	require.Nil(t, l.c.Obligation(id("leave_return-1")))
	require.Equal(t, rehab.NotFound, l.refuses(rehab.DecideLeave{Leave: 99, Approved: true}).Code)
	require.Equal(t, "DRR art.19", served(t).refuses(rehab.ReportLeave{From: day("2026-03-20"), To: day("2026-03-25")}).Citation)
}

func kinds(list []rehab.Escalation) []rehab.Kind {
	var out []rehab.Kind
	for _, e := range list {
		out = append(out, e.Obligation.Kind)
	}
	return out
}

func TestDRR24WhatWasMissedBeforeCustodyClimbsAgainAfterIt(t *testing.T) {
	t.Parallel()
	l := served(t)
	l.to("2026-04-20")
	l.do(rehab.ConfirmMiss{Obligation: id("report_in-1")})
	l.do(rehab.ConfirmPoliceReport{Obligation: id("police_report-1")})
	l.do(rehab.SendPoliceReport{Obligation: id("police_report-1")})
	l.do(rehab.Suspend{Ground: rehab.Detention})
	l.quiet(rehab.ReportInDuty)
	l.to("2026-05-20")
	l.do(rehab.Resume{})
	l.climb(rehab.ReportInDuty)
}
