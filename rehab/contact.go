package rehab

// contactTopic is every attempt to reach the client and what came of it.
func contactTopic() topic {
	return topic{
		subject: "contact",
		commands: []CommandSpec{
			command[RecordContact]("登记联系", "Record an attempt to reach the client, whatever came of it", by(everyone), witnessed, settles(ContactDuty, HomeVisitDuty, OutreachDuty, WatchContactDuty, FollowUpDuty), afterRelease, example(`{"channel":"phone","outcome":"met"}`)),
		},
		events: []eventKind{eventOf[ContactRecorded]()},
		duties: []duty{
			{kind: ContactDuty, zh: "谈话联系", en: "contact", client: true, recurring: true, mark: func(p *Policy) Mark { return p.Contact[Medium].Every.Mark }},
			{kind: HomeVisitDuty, zh: "走访", en: "home visit", client: true, recurring: true, mark: func(p *Policy) Mark { return p.HomeVisit.Every.Mark }},
		},
	}
}

// Unreached are the attempts in vain since the last contact that counted. Declining to
// meet is among them and counted by itself: it is no test refusal (docs/law.md).
type Unreached struct {
	Attempts int  `json:"attempts"`
	Declined int  `json:"declined,omitempty"`
	Last     Date `json:"last,omitzero"`
}

// RecordContact is a contact attempt or a visit. What goes beyond channel and outcome may
// be left out: the excuse of a client who declined, who was met, how the client seemed,
// and whether a new phone number was learnt (the number itself belongs to the identity).
type RecordContact struct {
	Channel      Channel `json:"channel"`
	Outcome      Outcome `json:"outcome"`
	Excuse       Excuse  `json:"excuse,omitempty"`
	Who          Who     `json:"who,omitempty"`
	Mood         Mood    `json:"mood,omitempty"`
	PhoneChanged bool    `json:"phone_changed,omitempty"`
	Another
}

func (RecordContact) CommandType() string { return "record-contact" }

func (b RecordContact) check() *Error {
	if err := channels.check("channel", b.Channel); err != nil {
		return err
	}
	if err := outcomes.check("outcome", b.Outcome); err != nil {
		return err
	}
	switch {
	case (b.Outcome == Sent || b.Outcome == Replied) && b.Channel != SMS:
		return InvalidField("outcome", "%s is an outcome of a message", b.Outcome)
	case b.Excuse != "" && b.Outcome != Declined:
		return InvalidField("excuse", "belongs to the outcome declined")
	case b.Mood != "" && !b.Outcome.heard():
		return InvalidField("mood", "is observed where the client was met or answered")
	case b.Who != "" && !oneOf(b.Who, whoAt(b.Outcome)...):
		return InvalidField("who", "%q does not go with the outcome %s", string(b.Who), b.Outcome)
	}
	if b.Excuse != "" {
		if err := excuses.check("excuse", b.Excuse); err != nil {
			return err
		}
	}
	if b.Mood != "" {
		return moods.check("mood", b.Mood)
	}
	return nil
}

func (b RecordContact) occasion() Occasion { return contactOccasion(b.Channel, b.Outcome) }

func contactOccasion(c Channel, o Outcome) Occasion {
	return Occasion{What: "contact", Of: string(c), How: string(o)}
}

// ContactRecorded is one attempt to reach the client, whatever came of it.
type ContactRecorded struct {
	On      Date    `json:"on"`
	Channel Channel `json:"channel"`
	Outcome Outcome `json:"outcome"`
	Counts  bool    `json:"counts,omitempty"` // it is a contact in the sense of the policy
	Visit   bool    `json:"visit,omitempty"`  // it is a home visit too

	Excuse       Excuse `json:"excuse,omitempty"`
	Who          Who    `json:"who,omitempty"`
	Mood         Mood   `json:"mood,omitempty"`
	PhoneChanged bool   `json:"phone_changed,omitempty"`

	Try    bool `json:"try,omitempty"`    // it counts for the step of the outreach
	LostOn Date `json:"lost_on,omitzero"` // heard of during an outreach: the day by which the client is lost moves here
}

func (ContactRecorded) EventType() string { return "contact_recorded" }

// whoAt lists who may have been there, given the outcome.
func whoAt(o Outcome) []Who {
	switch o {
	case Met, Declined:
		return []Who{ClientAlone, ClientWithFamily}
	case FamilyMet:
		return []Who{FamilyAlone}
	case NotAtHome, MovedAway:
		return []Who{FamilyAlone, Neighbour}
	}
	return nil
}

// decide keeps every attempt. One that counts as a contact closes the windows of its day
// and ends the outreach; one in vain counts for the step of the outreach, or begins one.
func (b RecordContact) decide(d *decision, on Date) *Error {
	e := ContactRecorded{
		On: on, Channel: b.Channel, Outcome: b.Outcome, Excuse: b.Excuse, Who: b.Who, Mood: b.Mood, PhoneChanged: b.PhoneChanged,
		Counts: b.Outcome == Met && oneOf(b.Channel, d.env.Policy.ContactChannels...),
		Visit:  b.Outcome == Met && (b.Channel == HomeVisit || b.Channel == JointVisit),
	}
	if d.c.Outreach.Active() {
		d.classifyAttempt(&e)
	}
	d.emit(e)
	if e.Counts {
		d.satisfy(ContactDuty, on)
		d.satisfy(FollowUpDuty, on)
		d.watchedContact(on)
	}
	if e.Visit {
		d.satisfy(HomeVisitDuty, on)
	}
	d.followAttempt(e)
	return nil
}

func (d ContactRecorded) apply(c *Case, e *Event) {
	c.note(contactOccasion(d.Channel, d.Outcome), e)
	c.Counters.Attempts++
	if d.Outcome == Declined {
		c.Counters.Declined++
	}
	if d.Mood != "" && d.On >= c.MoodOn {
		c.Mood, c.MoodOn = d.Mood, d.On
	}
	if d.Counts {
		c.Counters.Contacts++
		c.Counters.LastContact = max(c.Counters.LastContact, d.On)
		c.evidence(ContactDuty, d.On)
		if d.On >= c.Unreached.Last {
			c.Unreached = Unreached{}
		}
	} else {
		c.Unreached.add(d, c.Counters.LastContact)
	}
	if d.Visit {
		c.evidence(HomeVisitDuty, d.On)
	}
	c.Outreach.add(d)
	if d.LostOn != 0 {
		c.moveLoss(d.LostOn)
	}
}

func (u *Unreached) add(d ContactRecorded, contact Date) {
	if d.On < contact {
		return // made up by a later contact
	}
	u.Attempts++
	u.Last = max(u.Last, d.On)
	if d.Outcome == Declined {
		u.Declined++
	}
}
