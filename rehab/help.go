package rehab

import "slices"

// helpTopic is what is done for the client, beside what is asked of the client: the three
// classes of work run side by side (DRR art.18). Nothing here looks at escalations, misses,
// breaches, risk or suspension: help depends on none of them, and all of its duties are owed
// by the offices.
func helpTopic() topic {
	return topic{
		commands: []commandKind{commandOf[GiveHelp](), commandOf[RecordPositiveEvent]()},
		events:   []eventKind{eventOf[HelpGiven](), eventOf[PositiveEvent]()},
	}
}

// Help goes on after the release for as long as the case lives. What only a measure under
// way asks of the offices ends with it.
func (ChangeWorkIntent) afterRelease()    {}
func (Refer) afterRelease()               {}
func (RecordReferralReply) afterRelease() {}
func (WithdrawReferral) afterRelease()    {}
func (RecordPlacement) afterRelease()     {}
func (FollowUpPlacement) afterRelease()   {}
func (EndPlacement) afterRelease()        {}
func (OfferToVolunteer) afterRelease()    {}
func (DecideVolunteer) afterRelease()     {}
func (StopVolunteering) afterRelease()    {}

func (b GiveHelp) occasion() Occasion {
	return Occasion{What: "help", Of: string(b.Class), How: string(b.Kind)}
}
func (b RecordPositiveEvent) occasion() Occasion {
	return Occasion{What: "positive_event", Of: string(b.Kind)}
}

func helpTopics() []topic {
	return []topic{helpTopic(), workingGroupTopic(), planOfHelpTopic(), referralTopic(), placementTopic(), volunteerTopic()}
}

// HelpDuties are the kinds that the offices owe the client. They are no part of what
// DRR art.20 counts.
func HelpDuties() []Kind {
	var out []Kind
	for _, t := range helpTopics() {
		for _, d := range t.duties {
			out = append(out, d.kind)
		}
	}
	return out
}

// Help is what stands on the helping side of a case.
type Help struct {
	Group      Group       `json:"group,omitzero"`
	Plan       PlanOfHelp  `json:"plan,omitzero"`
	Referrals  []Referral  `json:"referrals,omitempty"`  // all there ever were, in order
	Placements []Placement `json:"placements,omitempty"` // likewise
	Volunteer  Volunteer   `json:"volunteer,omitzero"`
	Counts     HelpCounts  `json:"counts,omitzero"`
}

// HelpCounts count the help of the whole measure, across transfers.
type HelpCounts struct {
	Rehabilitation int  `json:"rehabilitation,omitempty"`
	Assistance     int  `json:"assistance,omitempty"`
	Publicity      int  `json:"publicity,omitempty"`
	PositiveEvents int  `json:"positive_events,omitempty"`
	Last           Date `json:"last,omitzero"` // the latest day on which help was given
}

func (h *Help) clone() Help {
	c := *h
	c.Group.Members = slices.Clone(h.Group.Members)
	c.Plan.Goals = slices.Clone(h.Plan.Goals)
	c.Referrals = slices.Clone(h.Referrals)
	c.Placements = slices.Clone(h.Placements)
	c.Volunteer.Lost = slices.Clone(h.Volunteer.Lost)
	return c
}

// HelpClass is one of the three classes of work.
type HelpClass string

// The classes.
const (
	RehabilitationService HelpClass = "rehabilitation" // 戒毒康复服务
	Assistance            HelpClass = "assistance"     // 帮扶救助
	Publicity             HelpClass = "publicity"      // 宣传教育
)

// ofMeasure are the duties of help that end with the measure. A referral, a placement and
// a volunteer are seen through.
var ofMeasure = []Kind{WorkingGroupDuty, PlanDuty, PlanReviewDuty, WorkReferralDuty}

// HelpKind is what was done within a class.
type HelpKind string

// HelpClasses lists the classes.
func HelpClasses() []HelpClass { return []HelpClass{RehabilitationService, Assistance, Publicity} }

// HelpKinds lists what can be done within the class; nil for a class that there is not.
func HelpKinds(class HelpClass) []HelpKind {
	switch class {
	case RehabilitationService:
		return []HelpKind{"counselling", "psychological_counselling", "group_session", "health_check", "medical_treatment", "maintenance_support", "relapse_prevention"}
	case Assistance:
		return []HelpKind{"job_guidance", "skills_training", "schooling", "social_assistance", "housing", "material_aid", "legal_aid", "family_mediation", "papers"}
	case Publicity:
		return []HelpKind{"law_education", "drug_knowledge", "family_education", "community_event"}
	}
	return nil
}

// PositiveKind is a good turn in the client's life.
type PositiveKind string

// PositiveKinds lists them.
func PositiveKinds() []PositiveKind {
	return []PositiveKind{
		"employment", "training_completed", "study", "family_reunion", "marriage", "birth", "clean_period", "honour", "volunteering", "housing", "debt_settled", "health",
	}
}

// IsHelp reports whether an event of the type belongs to the helping side.
func IsHelp(eventType string) bool {
	for _, t := range helpTopics() {
		for _, k := range t.events {
			if k.name == eventType {
				return true
			}
		}
	}
	return false
}

// GiveHelp records help that was given on the day of OccurredAt.
type GiveHelp struct {
	Class HelpClass `json:"class"`
	Kind  HelpKind  `json:"kind"`
	Another
}

// RecordPositiveEvent records a good turn of the day of OccurredAt.
type RecordPositiveEvent struct {
	Kind PositiveKind `json:"kind"`
	Another
}

func (GiveHelp) CommandType() string            { return "give-help" }
func (RecordPositiveEvent) CommandType() string { return "record-positive-event" }

func (b GiveHelp) check() *Error {
	if err := notOneOf("class", b.Class, HelpClasses()...); err != nil {
		return err
	}
	return notOneOf("kind", b.Kind, HelpKinds(b.Class)...)
}

func (b RecordPositiveEvent) check() *Error { return notOneOf("kind", b.Kind, PositiveKinds()...) }

// HelpGiven is one piece of help.
type HelpGiven struct {
	On    Date      `json:"on"`
	Class HelpClass `json:"class"`
	Kind  HelpKind  `json:"kind"`
}

// PositiveEvent is a good turn in the client's life.
type PositiveEvent struct {
	On   Date         `json:"on"`
	Kind PositiveKind `json:"kind"`
}

func (HelpGiven) EventType() string     { return "help_given" }
func (PositiveEvent) EventType() string { return "positive_event" }

func (d HelpGiven) apply(c *Case, e *Event) {
	c.note(Occasion{What: "help", Of: string(d.Class), How: string(d.Kind)}, e)
	n := &c.Help.Counts
	switch d.Class {
	case RehabilitationService:
		n.Rehabilitation++
	case Assistance:
		n.Assistance++
	case Publicity:
		n.Publicity++
	}
	n.Last = max(n.Last, d.On)
}

func (d PositiveEvent) apply(c *Case, e *Event) {
	c.note(Occasion{What: "positive_event", Of: string(d.Kind)}, e)
	c.Help.Counts.PositiveEvents++
}

// owed reports whether the offices owe help of the kind as the case stands.
func (c *Case) owed(k Kind) bool {
	return c.IsOpen() || c.Phase == Released && !slices.Contains(ofMeasure, k)
}

func (b GiveHelp) decide(d *decision, on Date) *Error {
	d.emit(HelpGiven{on, b.Class, b.Kind})
	return nil
}

func (b RecordPositiveEvent) decide(d *decision, on Date) *Error {
	d.emit(PositiveEvent{on, b.Kind})
	return nil
}

// obligeHelp makes a duty of help due within the limit from the day, where it is owed.
func (d *decision) obligeHelp(k Kind, opens, from Date, l Limit, about int64) {
	if !d.c.owed(k) {
		return
	}
	d.oblige(Obligation{ID: d.number(k), Opens: opens, Due: l.After(from, d.env.Calendar), From: from, Test: about, Citation: l.Cite})
}

// endHelpOfMeasure voids what ends with the measure.
func (d *decision) endHelpOfMeasure() {
	for _, k := range ofMeasure {
		d.supersede(k, 0)
	}
}
