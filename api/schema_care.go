package api

import (
	"github.com/danielgtaylor/huma/v2"

	"guitu/rehab"
)

// careSchemas are the words of contact, outreach and crisis.
func careSchemas(r huma.Registry) {
	alias[rehab.Excuse, excuseSchema](r)
	alias[rehab.Who, whoSchema](r)
	alias[rehab.Mood, moodSchema](r)
	alias[rehab.Engagement, engagementSchema](r)
	alias[rehab.CrisisKind, crisisSchema](r)
	alias[rehab.SupervisionForm, supervisionSchema](r)
}

type (
	excuseSchema      struct{}
	whoSchema         struct{}
	moodSchema        struct{}
	engagementSchema  struct{}
	crisisSchema      struct{}
	supervisionSchema struct{}
)

func (excuseSchema) Schema(huma.Registry) *huma.Schema {
	return enum(rehab.ExcuseWork, rehab.ExcuseIllness, rehab.ExcuseAway, rehab.ExcuseOther)
}

func (whoSchema) Schema(huma.Registry) *huma.Schema {
	return enum(rehab.ClientAlone, rehab.ClientWithFamily, rehab.FamilyAlone, rehab.Neighbour)
}

func (moodSchema) Schema(huma.Registry) *huma.Schema {
	return enum(rehab.Calm, rehab.MoodLow, rehab.Anxious, rehab.Agitated, rehab.Hopeful)
}

func (engagementSchema) Schema(huma.Registry) *huma.Schema {
	return enum(rehab.Engaged, rehab.ReachingOut, rehab.Stalled, rehab.LostContact)
}

func (crisisSchema) Schema(huma.Registry) *huma.Schema {
	return enum(rehab.SelfHarm, rehab.Overdose, rehab.Violence, rehab.OtherCrisis)
}

func (supervisionSchema) Schema(huma.Registry) *huma.Schema {
	return enum(rehab.InternalSupervision, rehab.ExternalSupervision, rehab.PeerSupervision)
}
