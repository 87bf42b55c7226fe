package rehab_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/rehab"
)

// wantsWork gives a case in execution of a client who wants work.
func wantsWork(t *testing.T) *life {
	t.Helper()
	l := setup(t)
	order := l.order()
	order.WantsWork = true
	l.do(order)
	l.do(rehab.ReportIn{})
	l.do(group())
	l.do(rehab.SignAgreement{})
	l.do(l.planOfHelp())
	return l
}

var job = rehab.Refer{Agency: rehab.HumanResources, Kind: "job"}

// refer makes the referral and answers with its id.
func (l *life) refer(r rehab.Refer) int64 {
	l.t.Helper()
	return l.do(r)[0].Seq
}

func TestNCL34AClientWhoWantsWorkIsReferredAfterTheAgreement(t *testing.T) {
	t.Parallel()
	l := wantsWork(t)
	require.Equal(t, day("2026-04-09"), l.duty("work_referral-1").Due)
	l.refer(rehab.Refer{Agency: rehab.CivilAffairs, Kind: "social_assistance"})
	l.duty("work_referral-1")
	l.refer(job)
	l.gone("work_referral-1")
	executing(t, "2026-03-10").gone("work_referral-1")
}

func TestNCL34WhoFoundWorkOrWantsNoneIsNotReferred(t *testing.T) {
	t.Parallel()
	l := wantsWork(t)
	l.to("2026-05-01")
	require.NotEmpty(t, l.climb(rehab.WorkReferralDuty).Role)
	l.do(rehab.ChangeWorkIntent{})
	l.gone("work_referral-1")
	l.quiet(rehab.WorkReferralDuty)
	require.Equal(t, "employment_intent", l.refuses(rehab.ChangeWorkIntent{}).Field)
	l.do(rehab.ChangeWorkIntent{Wants: true})
	l.duty("work_referral-2")
	l.do(rehab.RecordPlacement{Kind: rehab.PlacedInJob})
	l.gone("work_referral-2")
	require.True(t, l.c.Help.InWork())
}

func TestAReferralWaitsForItsReplyWhichIsAskedFor(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	r := l.refer(job)
	require.Equal(t, day("2026-04-09"), l.duty("referral_reply-1").Due)
	require.Equal(t, day("2026-04-09"), l.c.Help.Referrals[0].ReplyBy)
	require.Equal(t, "kind", l.refuses(job).Field, "asked already")
	l.to("2026-04-10")
	require.Equal(t, rehab.WorkerRole, l.climb(rehab.ReferralReplyDuty).Role)
	l.to("2026-05-10")
	require.Equal(t, rehab.StationHead, l.climb(rehab.ReferralReplyDuty).Role)
	l.do(rehab.RecordReferralReply{Referral: r, Reply: rehab.ReferralAccepted})
	l.quiet(rehab.ReferralReplyDuty)
	require.Equal(t, rehab.ReferralAccepted, l.c.Help.Referrals[0].State)
	require.Equal(t, day("2026-06-09"), l.duty("placement-1").Due, "and it has to lead to something")
	require.Equal(t, "referral", l.refuses(rehab.RecordReferralReply{Referral: r, Reply: rehab.WaitingList}).Field)
	require.Equal(t, "referral_replied", rehab.Decisions(l.ledger, 1)[0].Code)
}

func TestAReplyToldLateTakesTheMissBack(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	r := l.refer(job)
	l.to("2026-04-20")
	events := l.on("2026-04-01", rehab.RecordReferralReply{Referral: r, Reply: rehab.ReferralAccepted})
	require.Equal(t, []string{"obligation_missed", "escalation_opened"}, took(revised(t, events)))
	l.quiet(rehab.ReferralReplyDuty)
}

func TestAWaitingListIsAskedAgain(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	r := l.refer(job)
	l.do(rehab.RecordReferralReply{Referral: r, Reply: rehab.WaitingList})
	require.Equal(t, day("2026-06-10"), l.duty("referral_reply-2").Due)
	l.do(rehab.RecordReferralReply{Referral: r, Reply: rehab.ReferralDeclined, Reason: "no_vacancy"})
	l.gone("referral_reply-2")
	l.refer(job) // after a no it may be asked anew
	require.Equal(t, "reason", l.refuses(rehab.RecordReferralReply{Referral: r, Reply: rehab.ReferralDeclined}).Field)
	require.Equal(t, "reason", l.refuses(rehab.RecordReferralReply{Referral: r, Reply: rehab.ReferralAccepted, Reason: "other"}).Field)
	require.Equal(t, "reply", l.refuses(rehab.RecordReferralReply{Referral: r, Reply: rehab.ReferralPlaced}).Field)
	require.Equal(t, rehab.NotFound, l.refuses(rehab.RecordReferralReply{Referral: 1, Reply: rehab.ReferralAccepted}).Code)
	require.Equal(t, "kind", l.refuses(rehab.Refer{Agency: rehab.CivilAffairs, Kind: "job"}).Field)
}

func TestAReferralIsTakenBack(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	r := l.refer(job)
	l.to("2026-04-20")
	l.do(rehab.WithdrawReferral{Referral: r})
	l.gone("referral_reply-1")
	l.gone("placement-1")
	l.quiet(rehab.ReferralReplyDuty)
	require.Equal(t, "referral", l.refuses(rehab.WithdrawReferral{Referral: r}).Field)
	require.Equal(t, "referral", l.refuses(rehab.RecordPlacement{Kind: rehab.PlacedInJob, Referral: r}).Field)
}

func TestAPlacementIsLookedAtAfterThreeAndSixMonths(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	r := l.refer(job)
	require.Equal(t, "referral", l.refuses(rehab.RecordPlacement{Kind: rehab.PlacedInJob, Referral: r}).Field, "its acceptance comes first")
	l.do(rehab.RecordReferralReply{Referral: r, Reply: rehab.ReferralAccepted})
	p := l.do(rehab.RecordPlacement{Kind: rehab.PlacedInJob, Referral: r})[0].Seq
	l.gone("placement-1")
	require.Equal(t, rehab.ReferralPlaced, l.c.Help.Referrals[0].State)
	require.True(t, l.c.Help.InWork())
	first := l.duty("placement_follow_up-1")
	require.Equal(t, "2026-06-10 2026-06-24", first.Opens.String()+" "+first.Due.String())
	require.Contains(t, codes(l.c.Explain(l.env).Next), "placement")
	l.to("2026-05-01")
	l.do(rehab.FollowUpPlacement{Placement: p, There: true})
	l.duty("placement_follow_up-1") // a look in between does not replace it
	l.to("2026-06-15")
	require.Equal(t, 3, only[rehab.PlacementFollowedUp](t, l.do(rehab.FollowUpPlacement{Placement: p, There: true})).Months)
	require.Equal(t, day("2026-09-10"), l.duty("placement_follow_up-2").Opens)
	l.to("2026-09-12")
	l.do(rehab.FollowUpPlacement{Placement: p, There: true})
	require.Equal(t, 2, l.c.Help.Placements[0].FollowedUp)
	l.gone("placement_follow_up-3")
	l.do(rehab.EndPlacement{Placement: p, End: "completed"})
	require.False(t, l.c.Help.InWork())
	require.Equal(t, "placement", l.refuses(rehab.EndPlacement{Placement: p, End: "quit"}).Field)
}

func TestAPlacementThatEndedIsNotLookedAtAnyMore(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	p := l.do(rehab.RecordPlacement{Kind: rehab.PlacedInTraining})[0].Seq
	require.False(t, l.c.Help.InWork(), "training is no job")
	l.to("2026-07-10")
	require.Equal(t, rehab.StationHead, func() rehab.Role { l.to("2026-07-20"); return l.climb(rehab.StillThereDuty).Role }())
	ended := only[rehab.PlacementEnded](t, l.do(rehab.FollowUpPlacement{Placement: p}))
	require.EqualValues(t, "not_there", ended.End)
	l.gone("placement_follow_up-1")
	l.quiet(rehab.StillThereDuty)
	require.Equal(t, rehab.NotFound, l.refuses(rehab.FollowUpPlacement{Placement: 1, There: true}).Code)
}
