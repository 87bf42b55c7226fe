package rehab

import (
	"fmt"
	"slices"
)

// PlacementDuty is the worker's to record what came of a referral that was accepted;
// StillThereDuty to look, some months after a placement began, whether the client is still there.
const (
	PlacementDuty  Kind = "placement"
	StillThereDuty Kind = "placement_follow_up"
)

type placementWhy struct{}

func placementTopic() topic {
	return topic{
		subject: "help",
		commands: []CommandSpec{
			command[RecordPlacement]("登记安置", "Record that the client began a job, a training or receives assistance", by(everyone), witnessed, settles(PlacementDuty), afterRelease, example(`{"kind":"job"}`)),
			command[FollowUpPlacement]("安置回访", "Say whether the client is still there", by(everyone), witnessed, settles(StillThereDuty), afterRelease, example(`{"placement":1,"there":true}`)),
			command[EndPlacement]("结束安置", "Record the end of a placement", by(everyone), afterRelease, example(`{"placement":1,"end":"quit"}`)),
		},
		events: []eventKind{eventOf[PlacementStarted](), eventOf[PlacementFollowedUp](), eventOf[PlacementEnded]()},
		duties: []duty{
			{kind: PlacementDuty, zh: "登记安置结果", en: "outcome of a referral", limit: func(p *Policy) *Limit { return &p.Placement }},
			{kind: StillThereDuty, zh: "安置回访", en: "follow-up of a placement", limit: func(p *Policy) *Limit { return &p.PlacementFollowUp }},
		},
		why: placementWhy{},
	}
}

// PlacementKind is where a client was placed.
type PlacementKind string

// The kinds of placement.
const (
	PlacedInJob      PlacementKind = "job"
	PlacedInTraining PlacementKind = "training"
	PlacedInAid      PlacementKind = "assistance"
	PlacedInCare     PlacementKind = "treatment" // medical or psychological
)

// PlacementKinds lists them.
func PlacementKinds() []PlacementKind { return placementKinds.values() }

var placementKinds = codes[PlacementKind]{
	{PlacedInJob, "就业", "job"},
	{PlacedInTraining, "培训", "training"},
	{PlacedInAid, "救助", "assistance"},
	{PlacedInCare, "治疗", "treatment"},
}

// PlacementEnd is why a placement ended.
type PlacementEnd string

// PlacementEnds lists them. not_there is what a follow-up found.
func PlacementEnds() []PlacementEnd { return placementEnds.values() }

var placementEnds = codes[PlacementEnd]{
	{"completed", "完成", "completed"},
	{"quit", "本人离开", "quit"},
	{"dismissed", "被辞退", "dismissed"},
	{"moved", "搬迁", "moved"},
	{"no_longer_needed", "不再需要", "no longer needed"},
	{notThere, "回访时已不在", "not there any more"},
	{"other", "其他", "other"},
}

const notThere PlacementEnd = "not_there"

// Placement of the client. ID is the sequence of its event, Referral that of the referral
// it came from (0: the client found it otherwise). FollowedUp counts the follow-ups that
// found the client still there.
type Placement struct {
	ID         int64         `json:"id"`
	Kind       PlacementKind `json:"kind"`
	Referral   int64         `json:"referral,omitempty"`
	StartedOn  Date          `json:"started_on"`
	FollowedUp int           `json:"followed_up,omitempty"`
	EndedOn    Date          `json:"ended_on,omitzero"`
	End        PlacementEnd  `json:"end,omitempty"`
}

// RecordPlacement says that the client began there on the day of OccurredAt.
type RecordPlacement struct {
	Kind     PlacementKind `json:"kind"`
	Referral int64         `json:"referral,omitempty"`
}

// FollowUpPlacement says whether the client was still there on the day of OccurredAt.
type FollowUpPlacement struct {
	Placement int64 `json:"placement"`
	There     bool  `json:"there"`
}

// EndPlacement says that the placement ended on the day of OccurredAt.
type EndPlacement struct {
	Placement int64        `json:"placement"`
	End       PlacementEnd `json:"end"`
}

func (RecordPlacement) CommandType() string   { return "record-placement" }
func (FollowUpPlacement) CommandType() string { return "follow-up-placement" }
func (EndPlacement) CommandType() string      { return "end-placement" }

func (b RecordPlacement) check() *Error {
	if b.Referral < 0 {
		return InvalidField("referral", "is not negative")
	}
	return placementKinds.check("kind", b.Kind)
}

func (b FollowUpPlacement) check() *Error { return checkPlacement(b.Placement) }

func (b EndPlacement) check() *Error {
	if err := checkPlacement(b.Placement); err != nil {
		return err
	}
	return placementEnds.check("end", b.End)
}

func checkPlacement(id int64) *Error {
	if id < 1 {
		return missing("placement")
	}
	return nil
}

// PlacementStarted is the client's first day there.
type PlacementStarted struct {
	On       Date          `json:"on"`
	Kind     PlacementKind `json:"kind"`
	Referral int64         `json:"referral,omitempty"`
}

// PlacementFollowedUp found the client still there; Months is the policy's distance from
// the first day, 0 for a look in between.
type PlacementFollowedUp struct {
	On        Date  `json:"on"`
	Placement int64 `json:"placement"`
	Months    int   `json:"months,omitempty"`
}

// PlacementEnded is the client's last day there.
type PlacementEnded struct {
	On        Date         `json:"on"`
	Placement int64        `json:"placement"`
	End       PlacementEnd `json:"end"`
}

func (PlacementStarted) EventType() string    { return "placement_started" }
func (PlacementFollowedUp) EventType() string { return "placement_followed_up" }
func (PlacementEnded) EventType() string      { return "placement_ended" }

func (d PlacementStarted) apply(c *Case, e *Event) {
	c.Help.Placements = append(c.Help.Placements, Placement{ID: e.Seq, Kind: d.Kind, Referral: d.Referral, StartedOn: d.On})
	if r := c.Help.referral(d.Referral); r != nil {
		r.State = ReferralPlaced
	}
}

func (d PlacementFollowedUp) apply(c *Case, _ *Event) {
	if d.Months > 0 {
		c.Help.placement(d.Placement).FollowedUp++
	}
}

func (d PlacementEnded) apply(c *Case, _ *Event) {
	p := c.Help.placement(d.Placement)
	p.EndedOn, p.End = d.On, d.End
}

func (h *Help) placement(id int64) *Placement {
	for i := range h.Placements {
		if h.Placements[i].ID == id {
			return &h.Placements[i]
		}
	}
	return nil
}

// decide takes what came of a referral, or what the client found.
func (b RecordPlacement) decide(d *decision, on Date) *Error {
	if len(d.c.Help.Placements) >= maxPlacements {
		return refuse("", "", "a case has at most %d placements", maxPlacements)
	}
	if b.Referral != 0 {
		r := d.c.Help.referral(b.Referral)
		switch {
		case r == nil:
			return noReferral()
		case r.State != ReferralAccepted:
			return refuse("referral", d.env.Policy.ReferralReply.Cite, "the referral is %s: its acceptance is recorded first", r.State)
		case on < r.On:
			return refuse("occurred_at", "", "%s lies before the referral of %s", on, r.On)
		}
	}
	d.emit(PlacementStarted{on, b.Kind, b.Referral})
	d.obligeFollowUp(*d.c.Help.placement(d.c.Seq))
	if duty := d.aboutSame(PlacementDuty, b.Referral); duty != nil {
		d.meet(*duty, on)
	}
	if duty := d.first(WorkReferralDuty); duty != nil && d.c.Help.InWork() {
		d.meet(*duty, on) // the client found work without it
	}
	return nil
}

// InWork reports whether the client is in a job.
func (h *Help) InWork() bool {
	return slices.ContainsFunc(h.Placements, func(p Placement) bool { return p.Kind == PlacedInJob && p.EndedOn == 0 })
}

// obligeFollowUp makes the next look due, counted from the first day there.
func (d *decision) obligeFollowUp(p Placement) {
	months := d.env.Policy.PlacementMonths
	if p.FollowedUp >= len(months) {
		return
	}
	opens := p.StartedOn.AddMonths(months[p.FollowedUp])
	d.obligeHelp(StillThereDuty, opens, opens, d.env.Policy.PlacementFollowUp, p.ID)
}

// decide keeps the look. One before its day is a look in between and meets nothing.
func (b FollowUpPlacement) decide(d *decision, on Date) *Error {
	p, err := d.openPlacement(b.Placement, on)
	if err != nil {
		return err
	}
	if !b.There {
		d.endPlacement(p.ID, on, notThere)
		return nil
	}
	duty := d.aboutSame(StillThereDuty, p.ID)
	if duty == nil || on < duty.Opens {
		d.emit(PlacementFollowedUp{On: on, Placement: p.ID})
		return nil
	}
	months := 0
	if list := d.env.Policy.PlacementMonths; p.FollowedUp < len(list) {
		months = list[p.FollowedUp]
	}
	d.emit(PlacementFollowedUp{on, p.ID, max(months, 1)})
	d.meet(*duty, on)
	d.obligeFollowUp(*d.c.Help.placement(p.ID))
	return nil
}

func (b EndPlacement) decide(d *decision, on Date) *Error {
	p, err := d.openPlacement(b.Placement, on)
	if err != nil {
		return err
	}
	d.endPlacement(p.ID, on, b.End)
	return nil
}

// endPlacement leaves nothing to look after.
func (d *decision) endPlacement(id int64, on Date, why PlacementEnd) {
	d.emit(PlacementEnded{on, id, why})
	d.supersede(StillThereDuty, id)
}

func (d *decision) openPlacement(id int64, on Date) (Placement, *Error) {
	p := d.c.Help.placement(id)
	switch {
	case p == nil:
		return Placement{}, &Error{Code: NotFound, Field: "placement", Message: "the case has no such placement"}
	case p.EndedOn != 0:
		return *p, refuse("placement", "", "the placement ended on %s", p.EndedOn)
	case on < p.StartedOn:
		return *p, refuse("occurred_at", "", "%s lies before the placement began on %s", on, p.StartedOn)
	}
	return *p, nil
}

// explainPlacements tells where the client is.
func (placementWhy) explain(c *Case, env Env, x *Explanation) {
	source := env.Policy.PlacementFollowUp.Source
	for _, p := range c.Help.Placements {
		if p.EndedOn != 0 || p.FollowedUp >= len(env.Policy.PlacementMonths) {
			continue
		}
		at := p.StartedOn.AddMonths(env.Policy.PlacementMonths[p.FollowedUp])
		x.Next = append(x.Next, Line{Code: "placement", On: at, Of: fmt.Sprintf("placement-%d", p.ID), Citation: source.Cite, Mark: source.Mark,
			ZH: fmt.Sprintf("自%s起安置（%s），%s起回访", p.StartedOn, placementKinds.zh(p.Kind), at),
			EN: fmt.Sprintf("placed (%s) since %s: from %s somebody looks whether the client is still there", p.Kind, p.StartedOn, at)})
	}
}
