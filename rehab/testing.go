package rehab

// SurpriseTestDuty is a test outside the schedule that the policy asks for: the client
// does not know the day.
const SurpriseTestDuty Kind = "surprise_test"

// testingTopic is the test from the sample to its settled result (DTP).
func testingTopic() topic {
	return topic{
		commands: []commandKind{
			commandOf[RecordTest](), commandOf[ObjectToTest](), commandOf[RecordLaboratoryResult](), commandOf[ResolveTest](), commandOf[DestroySamples](),
			commandOf[StartMaintenance](), commandOf[StopMaintenance](),
		},
		events: []eventKind{
			eventOf[TestRecorded](), eventOf[TestObjected](), eventOf[LaboratoryReported](), eventOf[TestResolved](),
			eventOf[SampleRetentionEnded](), eventOf[SamplesDestroyed](), eventOf[MaintenanceStarted](), eventOf[MaintenanceStopped](),
		},
		duties: []duty{
			{kind: TestDuty, zh: "检测", en: "test", client: true, recurring: true, mark: func(*Policy) Mark { return Practice }},
			{kind: SurpriseTestDuty, zh: "不定期检测", en: "surprise test", client: true, recurring: true, mark: func(p *Policy) Mark { return p.SurpriseTests.Every.Mark }},
			{kind: TestResultDuty, zh: "检测结果确认", en: "confirmation of a test result", limit: func(p *Policy) *Limit { return &p.TestDecision }},
			{kind: LaboratoryDuty, zh: "实验室检测结果", en: "laboratory result", limit: func(p *Policy) *Limit { return &p.LaboratoryResult }},
		},
		alarms: []alarmKind{retention{}},
		why:    testingWhy{},
	}
}

// RecordTest is a test or the failed attempt at one. Staff are the ids of those present,
// CollectorSex is that of whoever collected the urine. A Surprise test counts apart from
// the schedule. Other says that a positive shows a substance that maintenance therapy
// does not explain.
type RecordTest struct {
	Method       TestMethod `json:"method"`
	Result       TestResult `json:"result"`
	Site         TestSite   `json:"site,omitempty"`
	Staff        []string   `json:"staff,omitempty" nullable:"false"`
	CollectorSex Sex        `json:"collector_sex,omitempty"`
	Surprise     bool       `json:"surprise,omitempty"`
	Other        bool       `json:"other_substance,omitempty"`
}

func (RecordTest) CommandType() string { return "record-test" }

// taken reports whether there was a sample.
func (r TestResult) taken() bool { return r != TestRefused && r != TestEvaded }

func (b RecordTest) check() *Error {
	if err := notOneOf("method", b.Method, Urine, Hair); err != nil {
		return err
	}
	if err := notOneOf("result", b.Result, Negative, PositiveProvisional, PositiveConfirmed, TestRefused, TestEvaded); err != nil {
		return err
	}
	if b.Site != "" {
		if err := notOneOf("site", b.Site, AtStation, AtPolice, AtLaboratory); err != nil {
			return err
		}
	}
	if b.CollectorSex != "" {
		if err := notOneOf("collector_sex", b.CollectorSex, Male, Female); err != nil {
			return err
		}
	}
	if len(b.Staff) > 8 {
		return InvalidField("staff", "names at most 8 people")
	}
	for _, id := range b.Staff {
		if !isStaffID(id) {
			return InvalidField("staff", "holds ids of the registry: 1 to 64 letters, digits, '.', '_', ':' or '-', and never a name")
		}
	}
	return nil
}

func isStaffID(id string) bool {
	if len(id) == 0 || len(id) > 64 {
		return false
	}
	for _, r := range id {
		switch {
		case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9', r == '.', r == '_', r == ':', r == '-':
		default:
			return false
		}
	}
	return true
}

// TestRecorded is one test or the failed attempt at one. Unscheduled tests close no window.
type TestRecorded struct {
	On           Date       `json:"on"`
	Method       TestMethod `json:"method"`
	Result       TestResult `json:"result"`
	Unscheduled  bool       `json:"unscheduled,omitempty"`
	Expected     bool       `json:"expected,omitempty"` // a positive that maintenance therapy explains
	Counts       bool       `json:"counts,omitempty"`   // a refusal or evasion under DRR art.20
	Relapse      bool       `json:"relapse,omitempty"`  // a confirmed positive; hair looks too far back to be one
	Site         TestSite   `json:"site,omitempty"`
	Staff        []string   `json:"staff,omitempty"` // ids of those present
	CollectorSex Sex        `json:"collector_sex,omitempty"`
	Surprise     bool       `json:"surprise,omitempty"`
	ObjectUntil  Date       `json:"object_until,omitzero"`  // last day on which the client may object
	SealedUntil  Date       `json:"sealed_until,omitzero"`  // the A/B samples are kept until the end of this day
	LookbackFrom Date       `json:"lookback_from,omitzero"` // hair: the result is about the days from here to On
}

func (TestRecorded) EventType() string { return "test_recorded" }

// decide keeps a test or the failed attempt at one. A refusal leaves the window
// open, since the client may still come; a positive is provisional until it is settled.
func (b RecordTest) decide(d *decision, on Date) *Error {
	if err := b.lawful(d.c); err != nil {
		return err
	}
	e := TestRecorded{On: on, Method: b.Method, Result: b.Result, Site: b.Site, Staff: b.Staff, CollectorSex: b.CollectorSex, Surprise: b.Surprise}
	if !b.Result.taken() {
		e.Counts = !d.countedAsMiss(on)
		d.emit(e)
		d.judge()
		return nil
	}
	p := d.env.Policy
	e.Unscheduled = b.Surprise || !d.windowHolds(TestDuty, on)
	positive := b.Result == PositiveProvisional || b.Result == PositiveConfirmed
	e.Expected = positive && d.c.maintained(on) && !b.Other
	e.Relapse = b.Result == PositiveConfirmed && !e.Expected && b.Method == Urine
	provisional := b.Result == PositiveProvisional && !e.Expected
	if provisional {
		e.ObjectUntil = p.TestConfirmation.After(on, d.env.Calendar)
	}
	if b.Result == PositiveProvisional {
		e.SealedUntil = p.SampleRetention.After(on, d.env.Calendar)
	}
	if b.Method == Hair {
		e.LookbackFrom = p.HairLookback.Before(on, d.env.Calendar)
	}
	d.emit(e)
	seq := d.c.Seq
	if b.Surprise {
		d.satisfy(SurpriseTestDuty, on)
	} else {
		d.satisfy(TestDuty, on)
	}
	if provisional {
		l := p.TestDecision
		d.oblige(Obligation{ID: d.number(TestResultDuty), Opens: e.ObjectUntil + 1, Due: l.After(e.ObjectUntil, d.env.Calendar), From: e.ObjectUntil, Test: seq, Citation: l.Cite})
	}
	if e.Relapse {
		d.relapse()
		d.relapsed(on)
	}
	return nil
}

// lawful holds the test against DTP: two people present, women's urine collected by
// women, and no positive on the spot that is final. A case opened before the client's
// sex was asked cannot be held against it.
func (b RecordTest) lawful(c *Case) *Error {
	for i, id := range b.Staff {
		for _, other := range b.Staff[:i] {
			if id == other {
				return refuse("staff", "DTP", "%s cannot be present twice: a test needs two people", id)
			}
		}
	}
	switch {
	case c.Sex == "" && len(b.Staff) != 1 || !b.Result.taken():
		return nil
	case len(b.Staff) < 2:
		return refuse("staff", "DTP", "a test needs two people present, %d are named", len(b.Staff))
	case b.Method == Urine && b.CollectorSex == "":
		return refuse("collector_sex", "DTP", "who collected the urine, a man or a woman, is missing")
	case b.Method == Urine && c.Sex == Female && b.CollectorSex != Female:
		return refuse("collector_sex", "DTP", "the urine of a woman is collected by a woman")
	case b.Result == PositiveConfirmed && b.Site != AtLaboratory:
		return refuse("result", "DTP", "a positive result on the spot is provisional: the laboratory or the end of the objection window makes it final")
	}
	return nil
}

// countedAsMiss reports whether the window that holds the day was confirmed as evaded
// already, so that a refusal in it told later is not counted a second time.
func (d *decision) countedAsMiss(on Date) bool {
	for i := range d.c.Obligations {
		o := &d.c.Obligations[i]
		if o.ID.Kind == TestDuty && o.holds(on) && o.Status == Confirmed && o.Ground == TestEvasion {
			return true
		}
	}
	return false
}

func (d TestRecorded) apply(c *Case, e *Event) {
	if d.Counts {
		c.Counters.TestBreaches++
		c.markCounted(d.On)
		return
	}
	if !d.Result.taken() {
		return
	}
	c.Counters.Tests++
	if d.Surprise {
		c.evidence(SurpriseTestDuty, d.On)
	} else {
		c.evidence(TestDuty, d.On)
	}
	if d.Unscheduled {
		c.Counters.TestsUnscheduled++
	}
	if d.Relapse {
		c.Counters.Relapses++
		c.Counters.LastRelapse = max(c.Counters.LastRelapse, d.On)
	}
	if d.Result == PositiveProvisional && !d.Expected {
		c.Pending = append(c.Pending, Positive{Test: e.Seq, On: d.On, Method: d.Method, Until: d.ObjectUntil})
	}
	if d.SealedUntil != 0 {
		c.Samples = append(c.Samples, Samples{Test: e.Seq, On: d.On, Until: d.SealedUntil})
		c.setAlarm(Alarm{Kind: retentionAlarm, At: d.SealedUntil.End(), Ref: e.Seq})
	}
}

// markCounted notes on the window that holds the day that a breach in it was counted,
// so that its miss is not counted a second time.
func (c *Case) markCounted(on Date) {
	for i := range c.Obligations {
		if o := &c.Obligations[i]; o.ID.Kind == TestDuty && o.holds(on) {
			o.Counted = true
		}
	}
}
