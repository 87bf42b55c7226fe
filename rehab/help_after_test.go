package rehab_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/rehab"
)

func TestHelpGoesOnAfterTheReleaseAndItsDutiesOfTheMeasureEnd(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.to("2029-03-12")
	require.NotNil(t, l.c.Obligation(id("plan_review-1")), "nobody reviewed the plan")
	p := l.do(rehab.RecordPlacement{Kind: rehab.PlacedInJob})[0].Seq
	l.do(rehab.Release{})
	l.gone("plan_review-1")
	l.quiet(rehab.PlanReviewDuty)
	l.duty("placement_follow_up-1") // a placement is seen through

	l.to("2029-06-20")
	l.do(rehab.FollowUpPlacement{Placement: p, There: true})
	l.do(rehab.GiveHelp{Class: rehab.Assistance, Kind: "housing"})
	l.do(rehab.ReviewPlan{})
	l.gone("plan_review-2")
	l.do(rehab.LeaveGroup{Role: rehab.GroupPolice, ID: "p-1"})
	l.gone("working_group-2")
	r := l.refer(rehab.Refer{Agency: rehab.CivilAffairs, Kind: "housing"})
	l.duty("referral_reply-1")
	l.do(rehab.RecordReferralReply{Referral: r, Reply: rehab.ReferralAccepted})
	l.do(rehab.ChangeWorkIntent{Wants: true})
	l.gone("work_referral-1")
}

func TestARecordThatAwaitsItsSealingOwesNoHelp(t *testing.T) {
	t.Parallel()
	l := kept(t)
	l.do(rehab.GiveHelp{Class: rehab.Assistance, Kind: "papers"})
	l.do(rehab.Refer{Agency: rehab.CivilAffairs, Kind: "housing"})
	for _, o := range l.c.Obligations {
		require.NotContains(t, rehab.HelpDuties(), o.ID.Kind)
	}
}
