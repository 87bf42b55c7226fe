package rehab_test

import (
	"fmt"

	"pgregory.net/rapid"

	"guitu/rehab"
)

// drawHelp gives a command of the helping side.
func drawHelp(t *rapid.T) body {
	which, n, days := rapid.IntRange(0, 17).Draw(t, "help"), rapid.IntRange(1, 4).Draw(t, "help: number"), rapid.IntRange(-2, 300).Draw(t, "help: days ahead")
	role := rapid.SampledFrom(rehab.GroupRoles()).Draw(t, "help: role")
	stage := rapid.SampledFrom(rehab.Stages()).Draw(t, "help: stage")
	class := rapid.SampledFrom(rehab.HelpClasses()).Draw(t, "help: class")
	agency := rapid.SampledFrom(rehab.Agencies()).Draw(t, "help: agency")
	return func(c *rehab.Case, today rehab.Date) rehab.CommandBody {
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
		if which > 10 {
			return drawnReferral(c, which, n, days, agency)
		}
		if days%3 == 0 {
			return rehab.RecordPositiveEvent{Kind: "family_reunion"}
		}
		return rehab.GiveHelp{Class: class, Kind: rehab.HelpKinds(class)[n-1]}
	}
}

// drawnReferral gives a command about a referral or a placement that is in the case.
func drawnReferral(c *rehab.Case, which, n, days int, agency rehab.Agency) rehab.CommandBody {
	var referral, placement int64 = 1, 1
	if list := c.Help.Referrals; len(list) > 0 {
		referral = list[days&0xff%len(list)].ID
	}
	if list := c.Help.Placements; len(list) > 0 {
		placement = list[days&0xff%len(list)].ID
	}
	switch which {
	case 11:
		return rehab.Refer{Agency: agency, Kind: rehab.ReferralKinds(agency)[0]}
	case 12:
		reply := rehab.RecordReferralReply{Referral: referral, Reply: []rehab.ReferralState{rehab.ReferralAccepted, rehab.WaitingList, rehab.ReferralDeclined}[n%3]}
		if reply.Reply == rehab.ReferralDeclined {
			reply.Reason = "no_vacancy"
		}
		return reply
	case 13:
		return rehab.WithdrawReferral{Referral: referral}
	case 14:
		if days%2 == 0 {
			referral = 0
		}
		return rehab.RecordPlacement{Kind: rehab.PlacementKinds()[n%3], Referral: referral}
	case 15:
		return rehab.FollowUpPlacement{Placement: placement, There: days%3 > 0}
	case 16:
		return rehab.EndPlacement{Placement: placement, End: "quit"}
	}
	return rehab.ChangeWorkIntent{Wants: days%2 == 0}
}

// drawVolunteer gives a command about the client as a volunteer.
func drawVolunteer(t *rapid.T) body {
	which := rapid.IntRange(0, 5).Draw(t, "volunteer")
	return func(*rehab.Case, rehab.Date) rehab.CommandBody {
		switch which {
		case 0, 1:
			return rehab.OfferToVolunteer{}
		case 2, 3:
			return rehab.DecideVolunteer{Accept: true}
		case 4:
			return rehab.DecideVolunteer{}
		}
		return rehab.StopVolunteering{}
	}
}
