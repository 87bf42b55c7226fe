package rehab

import "slices"

// OutreachDuty is the current step of the way back to a client who cannot be reached or
// declines to meet; SupervisionDuty is the station head's to supervise an engagement that
// has stalled (督导).
const (
	OutreachDuty    Kind = "outreach"
	SupervisionDuty Kind = "supervision"
)

// stallAlarm rings when reaching out has gone on for too long.
const stallAlarm AlarmKind = "engagement_stalled"

func outreachTopic() topic {
	return topic{
		subject: "engagement",
		commands: []CommandSpec{
			command[RecordSupervision]("登记督导", "Say that a stalled engagement was supervised, and at which step the outreach goes on", by(offices), settles(SupervisionDuty), example(`{"form":"peer"}`)),
		},
		events: []eventKind{
			eventOf[OutreachStarted](), eventOf[OutreachAdvanced](), eventOf[EngagementStalled](), eventOf[SupervisionRecorded](),
			eventOf[ReEngaged](), eventOf[OutreachEnded](),
		},
		duties: []duty{
			{kind: OutreachDuty, zh: "主动联络", en: "step of the outreach", mark: func(p *Policy) Mark { return p.Outreach.Mark }},
			{kind: SupervisionDuty, zh: "督导", en: "supervision of a stalled engagement", limit: func(p *Policy) *Limit { return &p.Supervision }},
		},
		alarms: []alarmKind{stalling{}},
		why:    outreachWhy{},
	}
}

// OutreachPolicy is how a client who evades is won back: what begins it and its steps,
// the lowest first. Days are calendar days.
type OutreachPolicy struct {
	MissedWindows    int            `yaml:"missed_windows" json:"missed_windows"`   // contact windows missed in a row
	FailedAttempts   int            `yaml:"failed_attempts" json:"failed_attempts"` // attempts in vain since the last contact
	Declined         int            `yaml:"declined" json:"declined"`               // those among them that the client declined
	Steps            []OutreachStep `yaml:"steps" json:"steps"`
	AfterSupervision Channel        `yaml:"after_supervision" json:"after_supervision"` // the step at which it goes on
	StalledAfter     Limit          `yaml:"stalled_after" json:"stalled_after"`         // from its beginning
	LostAfter        Limit          `yaml:"lost_after" json:"lost_after"`               // from the last sign of the client
	Source           `yaml:",inline"`
}

// OutreachStep is done with Attempts attempts over Channels, in Days days.
type OutreachStep struct {
	Step     Channel   `yaml:"step" json:"step"`
	By       Role      `yaml:"by" json:"by"` // who arranges it
	Attempts int       `yaml:"attempts" json:"attempts"`
	Days     int       `yaml:"days" json:"days"`
	Channels []Channel `yaml:"channels" json:"channels"`
}

func (p *OutreachPolicy) step(c Channel) int {
	return slices.IndexFunc(p.Steps, func(s OutreachStep) bool { return s.Step == c })
}

// Trigger is why an outreach began.
type Trigger string

// The triggers.
const (
	ByMissedWindow   Trigger = "missed_window"
	ByFailedAttempts Trigger = "failed_attempts"
	ByDeclining      Trigger = "declined"
)

var triggers = codes[Trigger]{
	{ByMissedWindow, "逾期未联系", "a missed window"},
	{ByFailedAttempts, "多次联系未果", "failed attempts"},
	{ByDeclining, "多次拒绝见面", "declining"},
}

// Outreach is the way back to the client, while it lasts. Found and Lost are the days of
// the engine's provisional finding and of a person's confirmation.
type Outreach struct {
	Since     Date    `json:"since"`
	Trigger   Trigger `json:"trigger"`
	Index     int     `json:"index"` // of the step in the policy
	Step      Channel `json:"step"`
	By        Role    `json:"by"`
	StepOn    Date    `json:"step_on"` // first day of the step
	Needed    int     `json:"needed"`  // attempts that do the step
	Tries     int     `json:"tries"`   // attempts made for the step
	Attempts  int     `json:"attempts"`
	After     Channel `json:"after,omitempty"`     // of the last attempt
	Exhausted bool    `json:"exhausted,omitempty"` // the last step was done in vain
	StalledOn Date    `json:"stalled_on,omitzero"`
	LostOn    Date    `json:"lost_on,omitzero"` // without a sign of the client until its end, contact counts as lost
	Found     Date    `json:"found,omitzero"`
	Lost      Date    `json:"lost,omitzero"`
}

// Active reports whether somebody is reaching out.
func (o *Outreach) Active() bool { return o.Since != 0 }

// outreachStep is the step that is due, or none.
func (c *Case) outreachStep() Channel {
	for i := range c.Obligations {
		if c.Obligations[i].ID.Kind == OutreachDuty {
			return c.Outreach.Step
		}
	}
	return ""
}

// OutreachStarted begins an outreach on the day On.
type OutreachStarted struct {
	On        Date    `json:"on"`
	Trigger   Trigger `json:"trigger"`
	StalledOn Date    `json:"stalled_on"` // without contact until its end, the engagement has stalled
	LostOn    Date    `json:"lost_on"`
}

// OutreachAdvanced brings the outreach to a step.
type OutreachAdvanced struct {
	On       Date    `json:"on"`
	Index    int     `json:"index"`
	Step     Channel `json:"step"`
	By       Role    `json:"by"`
	Attempts int     `json:"attempts"` // that do the step
}

// EngagementStalled says that reaching out leads no further: its steps are exhausted, or
// it has gone on for too long.
type EngagementStalled struct {
	On        Date `json:"on"`
	Exhausted bool `json:"exhausted,omitempty"`
	Attempts  int  `json:"attempts"`
	Days      int  `json:"days"`            // since the outreach began
	Watch     bool `json:"watch,omitempty"` // from now on the day of the loss is watched
}

// ReEngaged ends an outreach: which contact succeeded, after what, and how long it took.
type ReEngaged struct {
	On       Date       `json:"on"`
	From     Engagement `json:"from"`
	Channel  Channel    `json:"channel"` // of the contact
	Step     Channel    `json:"step"`    // of the outreach at that time
	After    Channel    `json:"after,omitempty"`
	Attempts int        `json:"attempts"` // with the one that succeeded
	Days     int        `json:"days"`
}

// OutreachEnd is why an outreach ended without a contact.
type OutreachEnd string

// The ends of an outreach.
const (
	OutreachWithdrawn OutreachEnd = "withdrawn" // the miss that began it was none
	OutreachSuspended OutreachEnd = "suspended" // the client is in custody
	OutreachTermOver  OutreachEnd = "term_over"
)

var outreachEnds = codes[OutreachEnd]{
	{OutreachWithdrawn, "逾期不成立", "the miss was none"},
	{OutreachSuspended, "被羁押", "in custody"},
	{OutreachTermOver, "期限届满", "term over"},
}

// OutreachEnded ends an outreach that has lost its ground.
type OutreachEnded struct {
	On  Date        `json:"on"`
	Why OutreachEnd `json:"why"`
}

func (OutreachStarted) EventType() string   { return "outreach_started" }
func (OutreachAdvanced) EventType() string  { return "outreach_advanced" }
func (EngagementStalled) EventType() string { return "engagement_stalled" }
func (ReEngaged) EventType() string         { return "re_engaged" }
func (OutreachEnded) EventType() string     { return "outreach_ended" }

func (d OutreachAdvanced) tells() []Role { return []Role{d.By} }
func (EngagementStalled) tells() []Role  { return []Role{WorkerRole, StationHead} }
func (d ReEngaged) tells() []Role {
	if d.From == ReachingOut {
		return nil
	}
	return []Role{WorkerRole, StationHead}
}

func (d OutreachStarted) apply(c *Case, _ *Event) {
	c.Outreach = Outreach{Since: d.On, Trigger: d.Trigger, LostOn: d.LostOn}
	c.setAlarm(Alarm{Kind: stallAlarm, At: d.StalledOn.End()})
}

func (d OutreachAdvanced) apply(c *Case, _ *Event) {
	o := &c.Outreach
	o.Index, o.Step, o.By, o.StepOn, o.Needed, o.Tries = d.Index, d.Step, d.By, d.On, d.Attempts, 0
}

func (d EngagementStalled) apply(c *Case, _ *Event) {
	o := &c.Outreach
	o.StalledOn = max(o.StalledOn, d.On)
	o.Exhausted = o.Exhausted || d.Exhausted
	c.clearAlarm(stallAlarm, 0)
	if d.Watch {
		c.setAlarm(Alarm{Kind: lossAlarm, At: o.LostOn.End()})
	}
}

func (ReEngaged) apply(c *Case, _ *Event)     { c.endOutreach() }
func (OutreachEnded) apply(c *Case, _ *Event) { c.endOutreach() }

func (c *Case) endOutreach() {
	c.Outreach, c.Unreached = Outreach{}, Unreached{}
	c.clearAlarm(stallAlarm, 0)
	c.clearAlarm(lossAlarm, 0)
}

// add counts an attempt since the outreach began.
func (o *Outreach) add(d ContactRecorded) {
	if !o.Active() || d.On < o.Since {
		return
	}
	o.Attempts++
	if !d.Counts {
		o.After = d.Channel
	}
	if d.Try {
		o.Tries++
	}
}

// reachOutOver begins an outreach over missed contacts, as many in a row as the policy says.
func (d *decision) reachOutOver(o Obligation) {
	if o.ID.Kind != ContactDuty && o.ID.Kind != WatchContactDuty {
		return
	}
	if d.missesNotMadeUp(ContactDuty)+d.missesNotMadeUp(WatchContactDuty) >= d.env.Policy.Outreach.MissedWindows {
		d.reachOut(ByMissedWindow, DateOf(d.occurred))
	}
}

func (d *decision) reachOut(t Trigger, on Date) {
	p := &d.env.Policy.Outreach
	if d.c.Outreach.Active() || !d.c.reachable() || len(p.Steps) == 0 {
		return
	}
	d.emit(OutreachStarted{on, t, p.StalledAfter.After(on, d.env.Calendar), p.LostAfter.After(on, d.env.Calendar)})
	d.openStep(0, on)
}

func (d *decision) openStep(i int, on Date) {
	s := d.env.Policy.Outreach.Steps[i]
	d.emit(OutreachAdvanced{on, i, s.Step, s.By, s.Attempts})
	d.oblige(Obligation{ID: d.number(OutreachDuty), Opens: on, Due: on.AddDays(s.Days), Citation: d.env.Policy.Outreach.Cite})
}

// classifyAttempt says what an attempt means to the outreach under way.
func (d *decision) classifyAttempt(e *ContactRecorded) {
	o, p := &d.c.Outreach, &d.env.Policy.Outreach
	if e.Counts || e.On < o.Since {
		return
	}
	// A later version of the policy may have fewer steps: then its last one takes the attempt.
	due := d.c.outreachStep() != "" && e.On >= o.StepOn && len(p.Steps) > 0
	e.Try = due && slices.Contains(p.Steps[min(o.Index, len(p.Steps)-1)].Channels, e.Channel)
	if e.Outcome.heard() {
		if lost := p.LostAfter.After(e.On, d.env.Calendar); lost > o.LostOn {
			e.LostOn = lost
		}
	}
}

// followAttempt ends, advances or begins an outreach.
func (d *decision) followAttempt(e ContactRecorded) {
	o, p := &d.c.Outreach, &d.env.Policy.Outreach
	switch {
	case e.Counts && o.Active() && e.On >= o.Since:
		d.reEngage(e)
	case e.Counts:
		d.reviewOutreach()
	case o.Active():
		if e.Outcome.heard() {
			d.withdrawLoss(e.On)
		}
		// Nobody has to dial a wrong number twice.
		if e.Try && (o.Tries >= o.Needed || e.Outcome == WrongNumber || e.Outcome == MovedAway) {
			d.stepDone(e.On)
		}
	case e.On < d.c.Counters.LastContact:
	case p.Declined > 0 && d.c.Unreached.Declined >= p.Declined:
		d.reachOut(ByDeclining, d.env.Today())
	case p.FailedAttempts > 0 && d.c.Unreached.Attempts >= p.FailedAttempts:
		d.reachOut(ByFailedAttempts, d.env.Today())
	}
}

// stepDone goes to the next step, or stalls behind the last.
func (d *decision) stepDone(on Date) {
	d.meet(*d.first(OutreachDuty), on)
	if next := d.c.Outreach.Index + 1; next < len(d.env.Policy.Outreach.Steps) {
		d.openStep(next, d.env.Today())
		return
	}
	d.stall(true)
}

// stall asks the station head for supervision. The day of the loss is watched from the
// exhaustion of the steps on.
func (d *decision) stall(exhausted bool) {
	o := &d.c.Outreach
	today := DateOf(d.occurred)
	if exhausted {
		today = d.env.Today()
	}
	lost := exhausted && o.Found == 0 && o.LostOn < today
	d.emit(EngagementStalled{
		On: today, Exhausted: exhausted, Attempts: o.Attempts, Days: int(today - o.Since), Watch: exhausted && o.Found == 0 && !lost,
	})
	d.requestSupervision(today)
	if lost {
		d.findLost(today)
	}
}

// reEngage ends the outreach and all that came with it.
func (d *decision) reEngage(e ContactRecorded) {
	o, from := d.c.Outreach, d.c.Engagement()
	d.emit(ReEngaged{e.On, from, e.Channel, o.Step, o.After, o.Attempts, int(e.On - o.Since)})
	d.void(ByEvidence, OutreachDuty, SupervisionDuty, LostContactDuty)
	d.withdrawReport(LostToSupervision)
	if from != ReachingOut {
		d.openWatch(AfterLoss)
	}
}

// metAt ends the outreach by a meeting at the station that is no contact of its own.
func (d *decision) metAt(on Date) {
	if o := &d.c.Outreach; o.Active() && on >= o.Since {
		d.reEngage(ContactRecorded{On: on, Channel: Talk})
	}
}

// endOutreach ends it without a contact. Only the end of the term leaves the report of a
// loss due: the client is still missing.
func (d *decision) endOutreach(why OutreachEnd) {
	if !d.c.Outreach.Active() {
		return
	}
	d.emit(OutreachEnded{DateOf(d.occurred), why})
	d.void(BySupersession, OutreachDuty, SupervisionDuty, LostContactDuty)
	if why != OutreachTermOver {
		d.withdrawReport(LostToSupervision)
	}
}

// reviewOutreach ends an outreach whose missed window turned out to be none.
func (d *decision) reviewOutreach() {
	o := &d.c.Outreach
	if o.Trigger == ByMissedWindow && o.StalledOn == 0 && d.missesNotMadeUp(ContactDuty)+d.missesNotMadeUp(WatchContactDuty) == 0 {
		d.endOutreach(OutreachWithdrawn)
	}
}

// stalling is the alarm of an outreach that led nowhere for too long.
type stalling struct{}

func (stalling) name() AlarmKind           { return stallAlarm }
func (stalling) ring(d *decision, _ Alarm) { d.stall(false) }
