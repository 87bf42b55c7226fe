package main

import "guitu/rehab"

// helpFor is what the offices of the demonstration do for the client.
func helpFor(o rehab.ObligationRow, today rehab.Date) (command, bool) {
	switch o.ID.Kind {
	case rehab.WorkingGroupDuty:
		return command{"join-working-group", map[string]any{"members": []rehab.NewMember{
			{Role: rehab.GroupPolice, ID: "p-" + o.Place + "-1"}, {Role: rehab.GroupMedical, ID: "m-" + o.Place + "-1"}, {Role: rehab.GroupFamily, ID: "family-1"},
		}}}, true
	case rehab.PlanDuty:
		return command{"make-plan", map[string]any{"goals": []rehab.NewGoal{
			{Stage: rehab.Detoxification, Code: "clean_tests", Target: today.AddMonths(6)}, {Stage: rehab.Recovery, Code: "counselling", Target: today.AddMonths(12)},
			{Stage: rehab.ReturnHome, Code: "employment", Target: today.AddMonths(24)},
		}}}, true
	case rehab.PlanReviewDuty:
		return command{"review-plan", map[string]any{}}, true
	}
	return command{}, false
}
