package rehab_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"guitu/rehab"
)

// alone gives a case that reported in and signed on the day and got no help yet.
func alone(t *testing.T, on string) *life {
	t.Helper()
	l := served(t)
	l.to(on)
	l.do(rehab.ReportIn{})
	l.do(rehab.SignAgreement{})
	return l
}

func TestDRR17TheWorkingGroupIsDueAfterReportInAndHasTheRolesTheLawNames(t *testing.T) {
	t.Parallel()
	l := served(t)
	l.gone("working_group-1")
	l.do(rehab.ReportIn{})
	require.Equal(t, day("2026-03-25"), l.duty("working_group-1").Due)
	require.Equal(t, []rehab.GroupRole{rehab.GroupPolice, rehab.GroupMedical, rehab.GroupFamily}, l.c.GroupLacks())
	for i, m := range group().Members {
		require.NotNil(t, l.c.Obligation(id("working_group-1")), "%d members are not all", i)
		l.do(rehab.JoinGroup{Members: []rehab.NewMember{m}})
	}
	l.gone("working_group-1")
	require.Empty(t, l.c.GroupLacks(), "nobody waits for a volunteer")
	require.Equal(t, "members[0].member", l.refuses(group()).Field)
}

func TestDRR17AnIncompleteGroupEscalatesSoftly(t *testing.T) {
	t.Parallel()
	l := alone(t, "2026-03-10")
	l.to("2026-03-26")
	l.to("2026-06-30")
	esc := l.climb(rehab.WorkingGroupDuty)
	require.Equal(t, rehab.StationHead, esc.Role, "it is the station's to mend and goes no higher")
	require.False(t, esc.NextAt.IsZero(), "and it does not fall silent")
	lines := l.c.Explain(l.env).Waiting
	require.Contains(t, codes(lines), "group_lacks")
	l.do(group())
	l.quiet(rehab.WorkingGroupDuty)
	require.NotContains(t, codes(l.c.Explain(l.env).Waiting), "group_lacks")
}

func TestDRR17AGroupToldLateTakesTheMissBack(t *testing.T) {
	t.Parallel()
	l := alone(t, "2026-03-10")
	l.to("2026-03-30")
	l.do(rehab.ConfirmMiss{Obligation: id("working_group-1")})
	require.Contains(t, took(revised(t, l.on("2026-03-20", group()))), "miss_confirmed")
	l.gone("working_group-1")
	l.quiet(rehab.WorkingGroupDuty)
}

func TestDRR17AGroupThatLosesAMemberIsDueAnew(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.to("2026-05-11")
	l.do(rehab.JoinGroup{Members: []rehab.NewMember{{Role: rehab.GroupVolunteer, ID: "v-1"}}})
	l.do(rehab.LeaveGroup{Role: rehab.GroupVolunteer, ID: "v-1"})
	l.gone("working_group-2")
	require.Equal(t, rehab.NotFound, l.refuses(rehab.LeaveGroup{Role: rehab.GroupVolunteer, ID: "v-1"}).Code)
	l.do(rehab.LeaveGroup{Role: rehab.GroupPolice, ID: "p-1"})
	require.Equal(t, day("2026-05-26"), l.duty("working_group-2").Due)
	l.do(rehab.JoinGroup{Members: []rehab.NewMember{{Role: rehab.GroupPolice, ID: "p-2"}}})
	l.gone("working_group-2")
	require.Len(t, all[rehab.GroupJoined](l.ledger), 5, "the ledger keeps who was in it when")
}

func TestDRR17AClientWithoutFamilyHasAGroupAllTheSame(t *testing.T) {
	t.Parallel()
	l := alone(t, "2026-03-10")
	l.do(rehab.JoinGroup{Members: group().Members[:2]})
	l.do(rehab.WaiveFamily{})
	l.gone("working_group-1")
	require.Equal(t, "DRR art.17", l.refuses(rehab.WaiveFamily{}).Citation)
	l.do(rehab.JoinGroup{Members: group().Members[2:]})
	l.do(rehab.LeaveGroup{Role: rehab.GroupFamily, ID: "family-1"})
	l.duty("working_group-2")
}

func TestDRR17TheWorkerOfTheCaseIsAMember(t *testing.T) {
	t.Parallel()
	l := setup(t)
	order := l.order()
	order.Worker = ""
	l.do(order)
	l.do(rehab.ReportIn{})
	l.do(group())
	require.Equal(t, []rehab.GroupRole{rehab.GroupWorker}, l.c.GroupLacks())
	l.do(rehab.AssignWorker{Worker: "w-7"})
	l.gone("working_group-1")
}

func TestAMemberIsAnIDAndNeverAName(t *testing.T) {
	t.Parallel()
	l := served(t)
	for _, who := range []string{"", "王某", "Wang Wu", "wangwu", "13800000000", "110199198702100014", "x-1@y"} {
		require.Equal(t, "members[0].member", l.refuses(rehab.JoinGroup{Members: []rehab.NewMember{{Role: rehab.GroupFamily, ID: who}}}).Field, who)
	}
	require.Equal(t, "members[0].role", l.refuses(rehab.JoinGroup{Members: []rehab.NewMember{{Role: rehab.GroupWorker, ID: "w-1"}}}).Field)
	require.Equal(t, "members[1]", l.refuses(rehab.JoinGroup{Members: []rehab.NewMember{{Role: rehab.GroupFamily, ID: "f-1"}, {Role: rehab.GroupFamily, ID: "f-1"}}}).Field)
}

func TestDRR18ThePlanIsDueAfterTheAgreementAndReviewedHalfYearly(t *testing.T) {
	t.Parallel()
	l := alone(t, "2026-03-10")
	require.Equal(t, day("2026-04-09"), l.duty("help_plan-1").Due)
	require.NotEmpty(t, l.refuses(rehab.ReviewPlan{}).Citation)
	l.do(l.planOfHelp())
	l.gone("help_plan-1")
	require.Equal(t, rehab.Detoxification, l.c.Help.Plan.Stage)
	require.Equal(t, day("2026-09-10"), l.duty("plan_review-1").Due)
	l.to("2026-08-31")
	l.do(rehab.ReviewPlan{})
	l.gone("plan_review-1")
	require.Equal(t, day("2027-02-28"), l.duty("plan_review-2").Due)
	l.to("2027-03-01")
	l.to("2027-06-01")
	require.Equal(t, rehab.StationHead, l.climb(rehab.PlanReviewDuty).Role)
	require.NotEmpty(t, l.refuses(l.planOfHelp()).Citation, "there is one plan, and it moves")
}

func TestAPlanHasAGoalInEachOfItsThreeStages(t *testing.T) {
	t.Parallel()
	l := alone(t, "2026-03-10")
	plan := l.planOfHelp()
	require.Equal(t, "goals", l.refuses(rehab.MakePlan{Goals: plan.Goals[:2]}).Field)
	late := l.planOfHelp()
	late.Goals[1].Target = day("2026-03-09")
	require.Equal(t, "goals[1].target", l.refuses(late).Field)
	for _, of := range []int{1, 2, 5} { // of another stage, itself, of none
		milestone := rehab.MakePlan{Goals: append(l.planOfHelp().Goals[:1:1], rehab.NewGoal{Stage: rehab.Recovery, Code: "counselling", Target: day("2026-05-01"), Of: of})}
		require.Equal(t, "goals[1].of", l.refuses(milestone).Field)
	}
	require.Equal(t, "goals[0].code", l.refuses(rehab.MakePlan{Goals: []rehab.NewGoal{{Stage: rehab.Recovery, Code: "x", Target: day("2026-05-01")}}}).Field)
}

func TestGoalsAreMetMovedAndDropped(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.do(rehab.AddGoal{Stage: rehab.ReturnHome, Code: "skills_training", Target: day("2026-06-01"), Of: 3})
	require.Equal(t, "of", l.refuses(rehab.AddGoal{Stage: rehab.ReturnHome, Code: "papers", Target: day("2026-06-01"), Of: 4}).Field, "a milestone has none of its own")
	l.to("2026-06-02")
	x := l.c.Explain(l.env)
	require.Contains(t, codes(x.Waiting), "goal_late")
	require.Contains(t, codes(x.Next), "goal")
	l.do(rehab.MoveGoal{Goal: 4, Target: day("2026-08-01")})
	require.NotContains(t, codes(l.c.Explain(l.env).Waiting), "goal_late")
	require.Len(t, all[rehab.GoalDropped](l.do(rehab.MeetGoal{Goal: 3})), 1, "the milestone on the way to it falls away")
	require.Equal(t, rehab.GoalReached, l.c.Help.Plan.Goals[2].Status)
	require.Equal(t, "goal", l.refuses(rehab.DropGoal{Goal: 4}).Field)
	require.Equal(t, rehab.NotFound, l.refuses(rehab.MeetGoal{Goal: 5}).Code)
	l.do(rehab.DropGoal{Goal: 2})
}

func TestAPersonTakesThePlanFromStageToStage(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.to("2026-08-01")
	l.do(rehab.ChangeStage{Stage: rehab.Recovery})
	require.Equal(t, day("2026-08-01"), l.c.Help.Plan.StageSince)
	require.Equal(t, "stage", l.refuses(rehab.ChangeStage{Stage: rehab.Recovery}).Field)
	l.do(rehab.ChangeStage{Stage: rehab.Detoxification}) // after a relapse the way begins anew
	require.Equal(t, "stage_changed", rehab.Decisions(l.ledger, 1)[0].Code)
}

func TestDRR18HelpIsCountedByItsThreeClasses(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	for _, class := range rehab.HelpClasses() {
		for _, kind := range rehab.HelpKinds(class) {
			l.do(rehab.GiveHelp{Class: class, Kind: kind})
		}
	}
	l.on("2026-03-10", rehab.RecordPositiveEvent{Kind: "family_reunion"})
	require.Equal(t, rehab.HelpCounts{Rehabilitation: 7, Assistance: 9, Publicity: 4, PositiveEvents: 1, Last: day("2026-03-10")}, l.c.Help.Counts)
	require.Equal(t, "kind", l.refuses(rehab.GiveHelp{Class: rehab.Publicity, Kind: "housing"}).Field)
	require.Equal(t, "class", l.refuses(rehab.GiveHelp{Class: "punishment", Kind: "housing"}).Field)
	require.Equal(t, "kind", l.refuses(rehab.RecordPositiveEvent{Kind: "none"}).Field)
}

// TestPropertyHelpDependsOnNothingThatIsHeldAgainstTheClient gives every command of help to
// a case as a random life left it, and to the same case freed of all that burdens it.
func TestPropertyHelpDependsOnNothingThatIsHeldAgainstTheClient(t *testing.T) {
	t.Parallel()
	base := setup(t)
	rapid.Check(t, func(t *rapid.T) {
		w := newWalk(t, base)
		w.take(step{actor: station, body: func(*rehab.Case, rehab.Date) rehab.CommandBody { return drawOrder(t, w.env) }})
		for range rapid.IntRange(0, 40).Draw(t, "steps") {
			s := drawStep(t)
			w.pass(s.wait)
			w.take(s)
		}
		if !w.c.IsOpen() {
			return
		}
		free := w.c.Clone()
		free.Escalations, free.Pending, free.Risk, free.Counters = nil, nil, rehab.Low, rehab.Counters{}
		if free.Phase == rehab.Suspended {
			free.Phase, free.Held, free.SuspendedOn = free.Held, "", 0
		}
		s := step{actor: worker, body: drawHelp(t)}
		s.back = 0 // what comes late is decided on the history
		_, burdened := w.c.Decide(s.command(99, w.c, w.env.Now), w.env)
		_, unburdened := free.Decide(s.command(99, w.c, w.env.Now), w.env)
		require.Equal(t, unburdened, burdened)
	})
}

func TestDRR20WhatTheOfficesOweInHelpIsNeverHeldAgainstTheClient(t *testing.T) {
	t.Parallel()
	owed := rehab.HelpDuties()
	require.Contains(t, owed, rehab.WorkingGroupDuty)
	l := alone(t, "2026-03-10")
	l.to("2026-12-01")
	for _, o := range l.c.Clone().Obligations {
		require.False(t, slices.Contains(owed, o.ID.Kind) && slices.Contains(rehab.ClientDuties(), o.ID.Kind), "%s is the office's", o.ID)
		if slices.Contains(owed, o.ID.Kind) {
			require.Equal(t, rehab.Missed, o.Status, o.ID.String())
			require.Equal(t, "evasion", l.refuses(rehab.ConfirmMiss{Obligation: o.ID, Evasion: true}).Field)
			l.do(rehab.ConfirmMiss{Obligation: o.ID})
			require.Equal(t, rehab.NoGround, l.c.Obligation(o.ID).Ground)
		}
	}
	require.Equal(t, rehab.Counters{}, l.c.Counters)
	require.Nil(t, l.c.Obligation(id("police_report-1")))
}

func codes(lines []rehab.Line) []string {
	var out []string
	for _, l := range lines {
		out = append(out, l.Code)
	}
	return out
}
