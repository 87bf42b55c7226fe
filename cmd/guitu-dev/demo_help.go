package main

import (
	"guitu/board"
	"guitu/rehab"
)

// helpFor is what the offices of the demonstration do for the client.
func helpFor(o board.ObligationRow, today rehab.Date) command {
	switch o.ID.Kind {
	case rehab.WorkingGroupDuty:
		return command{"join-working-group", map[string]any{"members": []rehab.NewMember{
			{Role: rehab.GroupPolice, ID: "p-" + o.Place + "-1"}, {Role: rehab.GroupMedical, ID: "m-" + o.Place + "-1"}, {Role: rehab.GroupFamily, ID: "family-1"},
		}}}
	case rehab.PlanDuty:
		return command{"make-plan", map[string]any{"goals": []rehab.NewGoal{
			{Stage: rehab.Detoxification, Code: "clean_tests", Target: today.AddMonths(6)}, {Stage: rehab.Recovery, Code: "counselling", Target: today.AddMonths(12)},
			{Stage: rehab.ReturnHome, Code: "employment", Target: today.AddMonths(24)},
		}}}
	case rehab.PlanReviewDuty:
		return command{"review-plan", map[string]any{}}
	case rehab.WorkReferralDuty:
		return command{"refer", map[string]any{"agency": rehab.HumanResources, "kind": []string{"job", "skills_training"}[chance(o.CaseID, "work")%2]}}
	case rehab.ReferralReplyDuty:
		switch n := chance(o.CaseID, o.ID.String(), "reply"); {
		case n < 15:
			return command{"record-referral-reply", map[string]any{"referral": o.About, "reply": rehab.WaitingList}}
		case n < 35:
			return command{"record-referral-reply", map[string]any{"referral": o.About, "reply": rehab.ReferralDeclined, "reason": "no_vacancy"}}
		}
		return command{"record-referral-reply", map[string]any{"referral": o.About, "reply": rehab.ReferralAccepted}}
	case rehab.PlacementDuty:
		return command{"record-placement", map[string]any{"kind": rehab.PlacedInJob, "referral": o.About}}
	case rehab.StillThereDuty:
		return command{"follow-up-placement", map[string]any{"placement": o.About, "there": chance(o.CaseID, o.ID.String(), "there") < 80}}
	case rehab.VolunteerDuty:
		return command{"decide-volunteer", map[string]any{"accept": false, "note": "待条件恢复 / until the standing is good again"}}
	}
	return command{"none-of-" + string(o.ID.Kind), map[string]any{}} // there is no such route: it shows as refused
}
