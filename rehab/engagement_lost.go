package rehab

import "slices"

// LostContactDuty is a person's to find whether a client without a sign of life in the
// files is lost to supervision (脱失、脱管). The engine never decides it.
const LostContactDuty Kind = "lost_contact"

// LostToSupervision is the ground of the report that follows when a person confirms it.
const LostToSupervision Ground = "lost_to_supervision"

// lossAlarm rings when there was no sign of the client for too long.
const lossAlarm AlarmKind = "contact_lost"

func lostTopic() topic {
	return topic{
		subject: "engagement",
		commands: []CommandSpec{
			command[ConfirmLostContact]("确认脱失", "Confirm that contact with the client is lost", by(offices), settles(LostContactDuty)),
			command[DismissLostContact]("排除脱失", "Say that contact is not lost, and why", by(offices), reason),
		},
		events: []eventKind{eventOf[ClientSeen](), eventOf[LostContactFound](), eventOf[LostContactConfirmed](), eventOf[LostContactDismissed]()},
		duties: []duty{
			{kind: LostContactDuty, zh: "核实是否脱失", en: "finding on lost contact", limit: func(p *Policy) *Limit { return &p.LostFinding }},
		},
		alarms: []alarmKind{loss{}},
	}
}

// ConfirmLostContact is a person's finding that contact is lost.
type ConfirmLostContact struct{}

// DismissLostContact is a person's finding that it is not; why is the command's text.
type DismissLostContact struct{}

func (ConfirmLostContact) CommandType() string { return "confirm-lost-contact" }
func (DismissLostContact) CommandType() string { return "dismiss-lost-contact" }

func (ConfirmLostContact) check() *Error { return nil }
func (DismissLostContact) check() *Error { return nil }

// LostContactFound is the engine's provisional finding.
type LostContactFound struct {
	On       Date `json:"on"`
	Since    Date `json:"since"` // the outreach began
	Attempts int  `json:"attempts"`
}

// LostContactConfirmed is a person's word on it.
type LostContactConfirmed struct {
	On Date `json:"on"`
}

// LostContactDismissed takes the finding back: by a person, or, with Heard, because the
// client gave a sign. LostOn is the new day of the loss.
type LostContactDismissed struct {
	On     Date `json:"on"`
	LostOn Date `json:"lost_on"`
	Heard  bool `json:"heard,omitempty"`
}

// ClientSeen says that a client who is being won back was seen, if not met: the day of the
// loss moves to LostOn.
type ClientSeen struct {
	On     Date `json:"on"`
	LostOn Date `json:"lost_on"`
}

func (ClientSeen) EventType() string           { return "client_seen" }
func (LostContactFound) EventType() string     { return "lost_contact_found" }
func (LostContactConfirmed) EventType() string { return "lost_contact_confirmed" }
func (LostContactDismissed) EventType() string { return "lost_contact_dismissed" }

func (LostContactFound) tells() []Role     { return []Role{StationHead, DistrictOffice} }
func (LostContactConfirmed) tells() []Role { return []Role{WorkerRole, DistrictOffice, CityOffice} }
func (LostContactDismissed) tells() []Role { return []Role{StationHead, DistrictOffice} }

func (d LostContactFound) apply(c *Case, _ *Event) {
	c.Outreach.Found = d.On
	c.clearAlarm(lossAlarm, 0)
}

func (d ClientSeen) apply(c *Case, _ *Event) { c.moveLoss(d.LostOn) }

func (d LostContactConfirmed) apply(c *Case, _ *Event) { c.Outreach.Lost = d.On }

func (d LostContactDismissed) apply(c *Case, _ *Event) {
	c.Outreach.Found, c.Outreach.Lost, c.Outreach.LostOn = 0, 0, d.LostOn
	c.setAlarm(Alarm{Kind: lossAlarm, At: d.LostOn.End()})
}

// moveLoss moves the day of the loss, since the client gave a sign.
func (c *Case) moveLoss(to Date) {
	c.Outreach.LostOn = to
	if slices.ContainsFunc(c.Alarms, func(a Alarm) bool { return a.Kind == lossAlarm }) {
		c.setAlarm(Alarm{Kind: lossAlarm, At: to.End()})
	}
}

// findLost asks a person to look.
func (d *decision) findLost(today Date) {
	l := d.env.Policy.LostFinding
	d.emit(LostContactFound{today, d.c.Outreach.Since, d.c.Outreach.Attempts})
	d.oblige(Obligation{ID: d.number(LostContactDuty), Opens: today, Due: l.After(today, d.env.Calendar), From: today, Citation: l.Cite})
}

// decide makes the report due, to the police and the management. The outreach rests: what
// goes on are the contacts of the measure.
func (ConfirmLostContact) decide(d *decision, on Date) *Error {
	duty, err := d.foundLost(on)
	if err != nil {
		return err
	}
	d.emit(LostContactConfirmed{on})
	d.meet(duty, on)
	d.void(BySupersession, OutreachDuty, SupervisionDuty)
	d.obligeReport(LostToSupervision)
	return nil
}

// decide takes the finding back and gives the outreach as long again.
func (DismissLostContact) decide(d *decision, on Date) *Error {
	duty, err := d.foundLost(on)
	if err != nil {
		return err
	}
	d.emit(LostContactDismissed{on, d.env.Policy.Outreach.LostAfter.After(d.env.Today(), d.env.Calendar), false})
	d.meet(duty, on)
	d.resumeOutreach()
	return nil
}

func (d *decision) foundLost(on Date) (Obligation, *Error) {
	duty := d.first(LostContactDuty)
	switch {
	case duty == nil:
		return Obligation{}, refuse("", d.env.Policy.LostFinding.Cite, "there is no finding of lost contact to answer")
	case on < duty.Opens:
		return *duty, refuse("occurred_at", d.env.Policy.LostFinding.Cite, "%s lies before the finding of %s", on, duty.Opens)
	}
	return *duty, nil
}

// noteSignOfLife moves the day of the loss for a client who was seen without a contact.
func (d *decision) noteSignOfLife(on Date) {
	o, p := &d.c.Outreach, &d.env.Policy.Outreach
	if !o.Active() || on < o.Since {
		return
	}
	if lost := p.LostAfter.After(on, d.env.Calendar); lost > o.LostOn {
		d.emit(ClientSeen{on, lost})
	}
	d.withdrawLoss(on)
}

// withdrawLoss takes a finding of lost contact back when the client gave a sign after it.
func (d *decision) withdrawLoss(on Date) {
	o := &d.c.Outreach
	if o.Found == 0 || on < o.Found {
		return
	}
	d.emit(LostContactDismissed{on, max(o.LostOn, d.env.Today()), true})
	d.void(ByEvidence, LostContactDuty)
	d.withdrawReport(LostToSupervision)
	d.resumeOutreach()
}

// resumeOutreach has a person say how an outreach without a step goes on.
func (d *decision) resumeOutreach() {
	if d.c.outreachStep() == "" {
		d.requestSupervision(d.env.Today())
	}
}

func (LostContactConfirmed) decided(*Case) Line {
	return Line{ZH: "确认脱失", EN: "confirmed that contact is lost"}
}

func (d LostContactDismissed) decided(*Case) Line {
	if d.Heard {
		return Line{On: d.On, ZH: "服务对象已有回应，脱失认定撤回", EN: "the client gave a sign: the finding of lost contact is taken back"}
	}
	return Line{On: d.On, ZH: "排除脱失", EN: "found that contact is not lost"}
}

// loss is the alarm of a client out of sight for too long.
type loss struct{}

func (loss) name() AlarmKind           { return lossAlarm }
func (loss) ring(d *decision, _ Alarm) { d.findLost(DateOf(d.occurred)) }
