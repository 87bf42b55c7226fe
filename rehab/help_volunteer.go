package rehab

import (
	"fmt"
	"slices"
	"strings"
)

// VolunteerDuty is the station's to decide whether a client who offers it becomes a
// volunteer, and whether one who lost the good standing stays one.
const VolunteerDuty Kind = "volunteer_decision"

type volunteerWhy struct{}

// volunteerTopic lets a client in good standing become a volunteer. It gives no token, no
// role and no look at anybody's data, and takes none of the client's own duties away.
func volunteerTopic() topic {
	return topic{
		subject: "help",
		commands: []CommandSpec{
			command[OfferToVolunteer]("登记志愿申请", "Record that a client in good standing offers to volunteer", by(everyone), afterRelease),
			command[DecideVolunteer]("决定志愿申请", "Accept or keep a client as a volunteer, or end it, and why", by(offices), reason, settles(VolunteerDuty), afterRelease, example(`{"accept":true}`)),
			command[StopVolunteering]("登记退出志愿", "Record that the client does not want to volunteer any more", by(everyone), afterRelease),
		},
		events: []eventKind{eventOf[VolunteerOffered](), eventOf[VolunteerAccepted](), eventOf[StandingLost](), eventOf[VolunteerEnded]()},
		duties: []duty{{kind: VolunteerDuty, zh: "志愿者事宜决定", en: "decision about a volunteer", limit: func(p *Policy) *Limit { return &p.VolunteerDecision }}},
		why:    volunteerWhy{},
	}
}

// VolunteerState is how the client stands to volunteering.
type VolunteerState string

// The states; none is the empty one.
const (
	Offered      VolunteerState = "offered"       // a person decides
	Volunteering VolunteerState = "volunteer"     // confirmed by a person
	StandingGone VolunteerState = "standing_lost" // the engine proposes the end, a person decides
)

var volunteerStates = codes[VolunteerState]{
	{Offered, "已申请", "offered"},
	{Volunteering, "志愿者", "volunteer"},
	{StandingGone, "不再具备条件", "standing lost"},
}

// Volunteer is the client as a volunteer. Lost are the codes of what took the standing.
type Volunteer struct {
	State VolunteerState `json:"state,omitempty"`
	Since Date           `json:"since,omitzero"`
	Lost  []string       `json:"lost,omitempty"`
}

// OfferToVolunteer is the client's own wish on the day of OccurredAt.
type OfferToVolunteer struct{}

// DecideVolunteer accepts the client as a volunteer, keeps one whose standing is good
// again, or ends it; why is the command's text.
type DecideVolunteer struct {
	Accept bool `json:"accept"`
}

// StopVolunteering is the client's own wish.
type StopVolunteering struct{}

func (OfferToVolunteer) CommandType() string { return "volunteer-opt-in" }
func (DecideVolunteer) CommandType() string  { return "decide-volunteer" }
func (StopVolunteering) CommandType() string { return "volunteer-opt-out" }

func (OfferToVolunteer) check() *Error { return nil }
func (DecideVolunteer) check() *Error  { return nil }
func (StopVolunteering) check() *Error { return nil }

// VolunteerEnd is why a client is no volunteer any more.
type VolunteerEnd string

// The ends.
const (
	OptedOut      VolunteerEnd = "opted_out"
	NotAccepted   VolunteerEnd = "not_accepted"
	EndOfStanding VolunteerEnd = "standing_lost"
)

var volunteerEnds = codes[VolunteerEnd]{
	{OptedOut, "本人退出", "opted out"},
	{NotAccepted, "未被接受", "not accepted"},
	{EndOfStanding, "不再具备条件", "standing lost"},
}

// VolunteerOffered is the client's wish.
type VolunteerOffered struct {
	On Date `json:"on"`
}

// VolunteerAccepted is a person's yes.
type VolunteerAccepted struct {
	On Date `json:"on"`
}

// StandingLost proposes the end: a person decides. Reasons are the codes of Standing.
type StandingLost struct {
	On      Date     `json:"on"`
	Reasons []string `json:"reasons"`
}

// VolunteerEnded is the end.
type VolunteerEnded struct {
	On  Date         `json:"on"`
	Why VolunteerEnd `json:"why"`
}

func (VolunteerOffered) EventType() string  { return "volunteer_offered" }
func (VolunteerAccepted) EventType() string { return "volunteer_accepted" }
func (StandingLost) EventType() string      { return "volunteer_standing_lost" }
func (VolunteerEnded) EventType() string    { return "volunteer_ended" }

func (StandingLost) tells() []Role { return []Role{WorkerRole, StationHead} }

func (d VolunteerOffered) apply(c *Case, _ *Event) {
	c.Help.Volunteer = Volunteer{State: Offered, Since: d.On}
}
func (d VolunteerAccepted) apply(c *Case, _ *Event) {
	c.Help.Volunteer = Volunteer{State: Volunteering, Since: d.On}
}
func (d StandingLost) apply(c *Case, _ *Event) {
	c.Help.Volunteer = Volunteer{State: StandingGone, Since: d.On, Lost: slices.Clone(d.Reasons)}
}
func (VolunteerEnded) apply(c *Case, _ *Event) { c.Help.Volunteer = Volunteer{} }

// Standing lists what keeps the client from the good standing of a volunteer; nothing:
// the standing is good. Each line says why.
func (c *Case) Standing(p *Policy, today Date) []Line {
	limit := p.VolunteerStanding
	var out []Line
	add := func(code, zh, en string) {
		out = append(out, Line{Code: code, ZH: zh, EN: en, Citation: limit.Cite, Mark: limit.Mark})
	}
	if c.Phase != InExecution && c.Phase != TermEnded && c.Phase != Released {
		add("not_in_execution", "措施未在执行中", fmt.Sprintf("the measure is not under way: the case is %s", c.Phase))
	}
	if c.ReportedOn != 0 {
		since := max(c.ReportedOn, c.Counters.LastRelapse)
		if clean := since.AddMonths(limit.N); today < clean {
			add("not_clean_long_enough", fmt.Sprintf("自%s起未满%d个月", since, limit.N), fmt.Sprintf("clean for %d months only on %s, counted from %s", limit.N, clean, since))
		}
	}
	if len(c.Pending) > 0 {
		add("provisional_positive", "有待确认的阳性结果", "a provisional positive waits for its result")
	}
	for i := range c.Escalations {
		if k := c.Escalations[i].Obligation.Kind; k.owedByClient() {
			add("escalation", "对其义务的预警尚未了结", fmt.Sprintf("an escalation over %s is open", c.Escalations[i].Obligation))
			break
		}
	}
	if len(c.Counters.Violations) > 0 {
		add("violation", "有严重违反协议的情形", "a threshold of DRR art.20 is crossed")
	}
	return out
}

func (OfferToVolunteer) decide(d *decision, on Date) *Error {
	if v := d.c.Help.Volunteer; v.State != "" {
		return refuse("", "", "the client is %s since %s", v.State, v.Since)
	}
	if err := d.needsStanding(); err != nil {
		return err
	}
	d.emit(VolunteerOffered{on})
	d.obligeHelp(VolunteerDuty, on, d.env.Today(), d.env.Policy.VolunteerDecision, 0)
	return nil
}

func (d *decision) needsStanding() *Error {
	lacks := d.c.Standing(d.env.Policy, DateOf(d.occurred))
	if len(lacks) == 0 {
		return nil
	}
	var why []string
	for _, l := range lacks {
		why = append(why, l.EN)
	}
	return refuse("", d.env.Policy.VolunteerStanding.Cite, "the client is not in good standing: %s", strings.Join(why, "; "))
}

// decide takes a person's word. A yes needs the good standing, also the second time.
func (b DecideVolunteer) decide(d *decision, on Date) *Error {
	duty, v := d.first(VolunteerDuty), d.c.Help.Volunteer
	switch {
	case duty == nil:
		return refuse("", "", "nothing about a volunteer waits for a decision")
	case on < v.Since:
		return refuse("occurred_at", "", "%s lies before what is to be decided, of %s", on, v.Since)
	}
	switch {
	case b.Accept:
		if err := d.needsStanding(); err != nil {
			return err
		}
		d.emit(VolunteerAccepted{on})
	case v.State == Offered:
		d.emit(VolunteerEnded{on, NotAccepted})
	default:
		d.emit(VolunteerEnded{on, EndOfStanding})
	}
	d.meet(*duty, on)
	return nil
}

func (StopVolunteering) decide(d *decision, on Date) *Error {
	v := d.c.Help.Volunteer
	switch {
	case v.State == "":
		return refuse("", "", "the client is no volunteer")
	case on < v.Since:
		return refuse("occurred_at", "", "%s lies before %s, since when the client is %s", on, v.Since, v.State)
	}
	d.emit(VolunteerEnded{on, OptedOut})
	d.supersede(VolunteerDuty, 0)
	return nil
}

// checkStanding proposes the end of volunteering as soon as the standing is lost. It is
// asked after each command and each step of time; time alone makes a standing only better.
func (d *decision) checkStanding() {
	if d.c.Help.Volunteer.State != Volunteering || d.c.IsClosed() {
		return
	}
	var codes []string
	for _, l := range d.c.Standing(d.env.Policy, DateOf(d.occurred)) {
		codes = append(codes, l.Code)
	}
	if len(codes) == 0 {
		return
	}
	from := DateOf(d.occurred)
	if d.command != "" {
		from = d.env.Today() // told late, there is still the whole time to decide
	}
	d.emit(StandingLost{DateOf(d.occurred), codes})
	d.obligeHelp(VolunteerDuty, from, from, d.env.Policy.VolunteerDecision, 0)
}

func (volunteerWhy) explain(c *Case, env Env, x *Explanation) {
	v, source := &c.Help.Volunteer, env.Policy.VolunteerStanding.Source
	switch v.State {
	case Volunteering:
		x.Next = append(x.Next, Line{Code: "volunteer", On: v.Since, Citation: source.Cite, Mark: source.Mark,
			ZH: fmt.Sprintf("自%s起为志愿者，自身义务不变", v.Since), EN: fmt.Sprintf("a volunteer since %s; the client's own duties go on", v.Since)})
	case StandingGone:
		x.Waiting = append(x.Waiting, Line{Code: "volunteer_standing_lost", On: v.Since, Citation: source.Cite, Mark: source.Mark,
			ZH: fmt.Sprintf("志愿者资格条件于%s丧失，待人工决定", v.Since), EN: fmt.Sprintf("the good standing of a volunteer was lost on %s (%s): a person decides", v.Since, strings.Join(v.Lost, ", "))})
	}
}

func (VolunteerAccepted) decided(*Case) Line {
	return Line{ZH: "接受为志愿者", EN: "accepted the client as a volunteer"}
}

func (d VolunteerEnded) decided(*Case) Line {
	return Line{On: d.On, ZH: "终止志愿者身份", EN: "ended the client's volunteering: " + string(d.Why)}
}
