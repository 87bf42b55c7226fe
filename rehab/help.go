package rehab

import "slices"

// helpTopic is what is done for the client, beside what is asked of the client: the three
// classes of work run side by side (DRR art.18). Nothing here looks at escalations, misses,
// breaches, risk or suspension: help depends on none of them, and all of its duties are owed
// by the offices.
func helpTopic() topic {
	return topic{
		subject: "help",
		commands: []CommandSpec{
			command[GiveHelp]("登记帮扶", "Record help that was given: rehabilitation service, assistance or publicity", by(everyone), witnessed, afterRelease, example(`{"class":"assistance","kind":"job_guidance"}`)),
			command[RecordPositiveEvent]("登记积极变化", "Record a good turn in the client's life", by(everyone), witnessed, afterRelease, example(`{"kind":"family_reunion"}`)),
		},
		events: []eventKind{eventOf[HelpGiven](), eventOf[PositiveEvent]()},
	}
}

// Help goes on after the release for as long as the case lives. What only a measure under
// way asks of the offices ends with it.

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

var helpClasses = codes[HelpClass]{
	{RehabilitationService, "戒毒康复服务", "rehabilitation service"},
	{Assistance, "帮扶救助", "assistance"},
	{Publicity, "宣传教育", "publicity"},
}

// ofMeasure are the duties of help that end with the measure. A referral, a placement and
// a volunteer are seen through.
var ofMeasure = []Kind{WorkingGroupDuty, PlanDuty, PlanReviewDuty, WorkReferralDuty}

// HelpKind is what was done within a class.
type HelpKind string

// HelpClasses lists the classes.
func HelpClasses() []HelpClass { return helpClasses.values() }

// HelpKinds lists what can be done within the class; nil for a class that there is not.
func HelpKinds(class HelpClass) []HelpKind { return helpKinds(class).values() }

func helpKinds(classes ...HelpClass) (out codes[HelpKind]) {
	for _, c := range classes {
		out = append(out, helpKindsOf[c]...)
	}
	return out
}

var helpKindsOf = map[HelpClass]codes[HelpKind]{
	RehabilitationService: {
		{"counselling", "谈心谈话", "counselling"},
		{"psychological_counselling", "心理咨询", "psychological counselling"},
		{"group_session", "小组活动", "group session"},
		{"health_check", "健康检查", "health check"},
		{"medical_treatment", "医疗救治", "medical treatment"},
		{"maintenance_support", "维持治疗支持", "support of maintenance therapy"},
		{"relapse_prevention", "复吸预防", "relapse prevention"},
	},
	Assistance: {
		{"job_guidance", "就业指导", "job guidance"},
		{"skills_training", "技能培训", "skills training"},
		{"schooling", "就学", "schooling"},
		{"social_assistance", "社会救助", "social assistance"},
		{"housing", "住房", "housing"},
		{"material_aid", "物资帮扶", "material aid"},
		{"legal_aid", "法律援助", "legal aid"},
		{"family_mediation", "家庭关系调解", "family mediation"},
		{"papers", "证件办理", "papers"},
	},
	Publicity: {
		{"law_education", "法治教育", "law education"},
		{"drug_knowledge", "禁毒知识", "drug knowledge"},
		{"family_education", "家庭教育", "family education"},
		{"community_event", "社区活动", "community event"},
	},
}

// PositiveKind is a good turn in the client's life.
type PositiveKind string

// PositiveKinds lists them.
func PositiveKinds() []PositiveKind {
	return positiveKinds.values()
}

var positiveKinds = codes[PositiveKind]{
	{"employment", "就业", "employment"},
	{"training_completed", "完成培训", "training completed"},
	{"study", "就学", "study"},
	{"family_reunion", "家庭团聚", "family reunion"},
	{"marriage", "结婚", "marriage"},
	{"birth", "生育", "birth"},
	{"clean_period", "保持操守", "clean period"},
	{"honour", "获得表彰", "honour"},
	{"volunteering", "志愿服务", "volunteering"},
	{"housing", "住房改善", "housing"},
	{"debt_settled", "债务清偿", "debt settled"},
	{"health", "健康改善", "health"},
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
	if err := helpClasses.check("class", b.Class); err != nil {
		return err
	}
	return helpKindsOf[b.Class].check("kind", b.Kind)
}

func (b RecordPositiveEvent) check() *Error { return positiveKinds.check("kind", b.Kind) }

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
	d.oblige(Obligation{ID: d.number(k), Opens: opens, Due: l.After(from, d.env.Calendar), From: from, About: about, Citation: l.Cite})
}

// endHelpOfMeasure voids what ends with the measure.
func (d *decision) endHelpOfMeasure() {
	for _, k := range ofMeasure {
		d.supersede(k, 0)
	}
}
