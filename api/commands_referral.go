package api

import (
	"github.com/danielgtaylor/huma/v2"

	"guitu/rehab"
)

// The bodies of referrals, placements and volunteering.
type (
	changeWorkIntent struct {
		rehab.ChangeWorkIntent
		Facts
	}
	refer struct {
		rehab.Refer
		Facts
	}
	recordReferralReply struct {
		rehab.RecordReferralReply
		Facts
	}
	withdrawReferral struct {
		rehab.WithdrawReferral
		Reasoned
	}
	recordPlacement struct {
		rehab.RecordPlacement
		Facts
	}
	followUpPlacement struct {
		rehab.FollowUpPlacement
		Facts
	}
	endPlacement struct {
		rehab.EndPlacement
		Facts
	}
	offerToVolunteer struct {
		rehab.OfferToVolunteer
		Facts
	}
	decideVolunteer struct {
		rehab.DecideVolunteer
		Reasoned
	}
	stopVolunteering struct {
		rehab.StopVolunteering
		Facts
	}
)

func (b changeWorkIntent) command() rehab.CommandBody    { return b.ChangeWorkIntent }
func (b refer) command() rehab.CommandBody               { return b.Refer }
func (b recordReferralReply) command() rehab.CommandBody { return b.RecordReferralReply }
func (b withdrawReferral) command() rehab.CommandBody    { return b.WithdrawReferral }
func (b recordPlacement) command() rehab.CommandBody     { return b.RecordPlacement }
func (b followUpPlacement) command() rehab.CommandBody   { return b.FollowUpPlacement }
func (b endPlacement) command() rehab.CommandBody        { return b.EndPlacement }
func (b offerToVolunteer) command() rehab.CommandBody    { return b.OfferToVolunteer }
func (b decideVolunteer) command() rehab.CommandBody     { return b.DecideVolunteer }
func (b stopVolunteering) command() rehab.CommandBody    { return b.StopVolunteering }

// referralCommandRoutes lists the commands of referrals, placements and volunteering.
func (s *server) referralCommandRoutes() {
	command[changeWorkIntent](s, "change-work-intent", "Say whether the client wants work")
	command[refer](s, "refer", "Refer the client to an agency")
	command[recordReferralReply](s, "record-referral-reply", "Record the agency's answer to a referral")
	command[withdrawReferral](s, "withdraw-referral", "Take a referral back, and why")
	command[recordPlacement](s, "record-placement", "Record that the client began a job, a training or receives assistance")
	command[followUpPlacement](s, "follow-up-placement", "Say whether the client is still there")
	command[endPlacement](s, "end-placement", "Record the end of a placement")
	command[offerToVolunteer](s, "volunteer-opt-in", "Record that a client in good standing offers to volunteer")
	command[decideVolunteer](s, "decide-volunteer", "Accept or keep a client as a volunteer, or end it, and why")
	command[stopVolunteering](s, "volunteer-opt-out", "Record that the client does not want to volunteer any more")
}

func referralSchemas(r huma.Registry) {
	alias[rehab.Agency, agencySchema](r)
	alias[rehab.ReferralKind, referralKindSchema](r)
	alias[rehab.ReferralState, referralStateSchema](r)
	alias[rehab.DeclineReason, declineReasonSchema](r)
	alias[rehab.PlacementKind, placementKindSchema](r)
	alias[rehab.PlacementEnd, placementEndSchema](r)
}

type (
	agencySchema        struct{}
	referralKindSchema  struct{}
	referralStateSchema struct{}
	declineReasonSchema struct{}
	placementKindSchema struct{}
	placementEndSchema  struct{}
)

func (agencySchema) Schema(huma.Registry) *huma.Schema { return enum(rehab.Agencies()...) }
func (referralKindSchema) Schema(huma.Registry) *huma.Schema {
	var all []rehab.ReferralKind
	for _, a := range rehab.Agencies() {
		all = append(all, rehab.ReferralKinds(a)...)
	}
	return enum(all...)
}
func (referralStateSchema) Schema(huma.Registry) *huma.Schema { return enum(rehab.ReferralStates()...) }
func (declineReasonSchema) Schema(huma.Registry) *huma.Schema { return enum(rehab.DeclineReasons()...) }
func (placementKindSchema) Schema(huma.Registry) *huma.Schema { return enum(rehab.PlacementKinds()...) }
func (placementEndSchema) Schema(huma.Registry) *huma.Schema  { return enum(rehab.PlacementEnds()...) }
