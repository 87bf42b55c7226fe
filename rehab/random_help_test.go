package rehab_test

import (
	"fmt"

	"pgregory.net/rapid"

	"guitu/rehab"
)

// drawHelp gives a command of the helping side.
func drawHelp(t *rapid.T) body {
	which, n, days := rapid.IntRange(0, 10).Draw(t, "help"), rapid.IntRange(1, 4).Draw(t, "help: number"), rapid.IntRange(-2, 300).Draw(t, "help: days ahead")
	role := rapid.SampledFrom(rehab.GroupRoles()).Draw(t, "help: role")
	stage := rapid.SampledFrom(rehab.Stages()).Draw(t, "help: stage")
	class := rapid.SampledFrom(rehab.HelpClasses()).Draw(t, "help: class")
	return func(_ *rehab.Case, today rehab.Date) rehab.CommandBody {
		member := fmt.Sprintf("m-%d", n)
		switch which {
		case 0:
			return group()
		case 1:
			return rehab.JoinGroup{Members: []rehab.NewMember{{Role: role, ID: member}}}
		case 2:
			return rehab.LeaveGroup{Role: role, ID: member}
		case 3:
			return rehab.WaiveFamily{}
		case 4:
			return rehab.MakePlan{Goals: []rehab.NewGoal{
				{Stage: rehab.Detoxification, Code: "clean_tests", Target: today.AddDays(days)}, {Stage: rehab.Recovery, Code: "counselling", Target: today.AddDays(days)},
				{Stage: rehab.ReturnHome, Code: "employment", Target: today.AddDays(days)}, {Stage: rehab.ReturnHome, Code: "papers", Target: today, Of: 3},
			}}
		case 5:
			return rehab.AddGoal{Stage: stage, Code: "housing", Target: today.AddDays(days), Of: n - 1}
		case 6:
			return rehab.MoveGoal{Goal: n, Target: today.AddDays(days)}
		case 7:
			if days%2 == 0 {
				return rehab.MeetGoal{Goal: n}
			}
			return rehab.DropGoal{Goal: n}
		case 8:
			return rehab.ChangeStage{Stage: stage}
		case 9:
			return rehab.ReviewPlan{}
		}
		if days%3 == 0 {
			return rehab.RecordPositiveEvent{Kind: "family_reunion"}
		}
		return rehab.GiveHelp{Class: class, Kind: rehab.HelpKinds(class)[n-1]}
	}
}
