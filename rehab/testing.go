package rehab

// SurpriseTestDuty is a test outside the schedule that the policy asks for: the client
// does not know the day.
const SurpriseTestDuty Kind = "surprise_test"

// testingTopic is the test from the sample to its settled result (DTP).
func testingTopic() topic {
	return topic{
		subject: "testing",
		commands: []CommandSpec{
			command[RecordTest]("登记检测", "Record a test or the failed attempt at one", by(everyone), witnessed, settles(TestDuty, SurpriseTestDuty), afterRelease, onceADay, example(`{"method":"urine","result":"negative","staff":["w-1","w-2"],"collector_sex":"female"}`)),
			command[ObjectToTest]("登记异议", "Record the client's objection to a provisional positive, or to the laboratory's result", by(everyone), afterRelease, example(`{"test":1}`)),
			command[RecordLaboratoryResult]("登记实验室结果", "Record the laboratory's result on a positive, the first or that of the second examination", by(offices), settles(LaboratoryDuty), afterRelease, example(`{"test":1,"confirmed":true}`)),
			command[ResolveTest]("确认检测结果", "Settle a provisional positive that nobody objected to", by(offices), settles(TestResultDuty), afterRelease, example(`{"test":1,"confirmed":true}`)),
			command[DestroySamples]("登记样本销毁", "Say that sealed A/B samples were disposed of", by(offices), afterRelease, example(`{"test":1}`)),
			command[StartMaintenance]("登记开始维持治疗", "Record the start of maintenance therapy", by(everyone), afterRelease),
			command[StopMaintenance]("登记停止维持治疗", "Record the end of maintenance therapy", by(everyone), afterRelease),
			command[DecideRefusal]("认定拒绝、逃避检测", "Confirm that a test was refused or evaded, or find that it was not", by(offices), settles(RefusalDuty), afterRelease, example(`{"test":1,"confirmed":true}`)),
		},
		events: []eventKind{
			eventOf[TestRecorded](), eventOf[TestObjected](), eventOf[LaboratoryReported](), eventOf[TestResolved](),
			eventOf[SampleRetentionEnded](), eventOf[SampleRetentionExtended](), eventOf[SamplesDestroyed](), eventOf[MaintenanceStarted](), eventOf[MaintenanceStopped](),
			eventOf[RefusalDecided](),
		},
		duties: []duty{
			{kind: TestDuty, zh: "定期检测", en: "test", client: true, recurring: true, mark: func(*Policy) Mark { return Practice }},
			{kind: SurpriseTestDuty, zh: "不定期检测", en: "surprise test", client: true, recurring: true, mark: func(p *Policy) Mark { return p.SurpriseTests.Every.Mark }},
			{kind: TestResultDuty, zh: "检测结果确认", en: "confirmation of a test result", limit: func(p *Policy) *Limit { return &p.TestDecision }},
			{kind: LaboratoryDuty, zh: "实验室结果", en: "laboratory result", limit: func(p *Policy) *Limit { return &p.LaboratoryResult }},
			{kind: RefusalDuty, zh: "拒绝、逃避检测认定", en: "decision on a refused or evaded test", limit: func(p *Policy) *Limit { return &p.TestDecision }},
		},
		alarms: []alarmKind{retention{}},
		why:    testingWhy{},
	}
}

// RecordTest is a test or the failed attempt at one. Staff are the ids of those present,
// CollectorSex is that of whoever collected the urine. A Surprise test counts apart from
// the schedule. Other says that a positive shows a substance that maintenance therapy
// does not explain. ToldOn is the day on which the client was told of a positive, the day
// of the test by default: the days of objection run from it (DTP).
type RecordTest struct {
	Method       TestMethod `json:"method"`
	Result       TestResult `json:"result"`
	Site         TestSite   `json:"site,omitempty"`
	Staff        []string   `json:"staff,omitempty" nullable:"false"`
	CollectorSex Sex        `json:"collector_sex,omitempty"`
	Surprise     bool       `json:"surprise,omitempty"`
	Other        bool       `json:"other_substance,omitempty"`
	Another
	ToldOn Date `json:"told_on,omitzero"`
}

func (RecordTest) CommandType() string { return "record-test" }

// taken reports whether there was a sample.
func (r TestResult) taken() bool { return r != TestRefused && r != TestEvaded }

func (r TestResult) positive() bool { return r == PositiveProvisional || r == PositiveConfirmed }

func (b RecordTest) check() *Error {
	if err := testMethods.check("method", b.Method); err != nil {
		return err
	}
	if err := testResults.check("result", b.Result); err != nil {
		return err
	}
	if b.Site != "" {
		if err := testSites.check("site", b.Site); err != nil {
			return err
		}
	}
	if b.CollectorSex != "" {
		if err := sexes.check("collector_sex", b.CollectorSex); err != nil {
			return err
		}
	}
	if b.ToldOn != 0 && !b.Result.positive() {
		return InvalidField("told_on", "is the day on which the client was told of a positive")
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

func (b RecordTest) occasion() Occasion { return testOccasion(b.Method, b.Result, b.Surprise) }

func testOccasion(m TestMethod, r TestResult, surprise bool) Occasion {
	if !r.taken() {
		return Occasion{What: "refusal"}
	}
	o := Occasion{What: "test", Of: string(m)}
	if surprise {
		o.How = "surprise"
	}
	if r != Negative {
		o.How += "positive" // beside a negative it is another test: nobody's word is dropped
	}
	return o
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
	Expected     bool       `json:"expected,omitempty"`    // a positive that maintenance therapy explains
	Provisional  bool       `json:"provisional,omitempty"` // a refusal or evasion that a person has to confirm before it counts
	Counts       bool       `json:"counts,omitempty"`      // in old events: a refusal or evasion that counted at once under DRR art.20
	Relapse      bool       `json:"relapse,omitempty"`     // a confirmed positive; hair looks too far back to be one
	Site         TestSite   `json:"site,omitempty"`
	Staff        []string   `json:"staff,omitempty"` // ids of those present
	CollectorSex Sex        `json:"collector_sex,omitempty"`
	Surprise     bool       `json:"surprise,omitempty"`
	ToldOn       Date       `json:"told_on,omitzero"`       // when the client was told of the positive; zero: on the day itself
	ObjectUntil  Date       `json:"object_until,omitzero"`  // last day on which the client may object
	SealedUntil  Date       `json:"sealed_until,omitzero"`  // the A/B samples are kept until the end of this day
	LookbackFrom Date       `json:"lookback_from,omitzero"` // hair: the result is about the days from here to On
}

func (TestRecorded) EventType() string { return "test_recorded" }

// decide keeps a test or the failed attempt at one. A refusal leaves the window
// open, since the client may still come; a positive is provisional until it is settled.
func (b RecordTest) decide(d *decision, on Date) *Error {
	was, _ := d.came(TestRecorded{}.EventType()).(TestRecorded)
	if err := b.lawful(d.c); err != nil && !was.Counts {
		return err
	}
	if err := d.toldOn(b.ToldOn, on); err != nil {
		return err
	}
	e := TestRecorded{On: on, Method: b.Method, Result: b.Result, Site: b.Site, Staff: b.Staff, CollectorSex: b.CollectorSex, Surprise: b.Surprise, ToldOn: b.ToldOn}
	if !b.Result.taken() {
		d.refused(e, was.Counts)
		return nil
	}
	p := d.env.Policy
	e.Unscheduled = b.Surprise || !d.windowHolds(TestDuty, on)
	e.Expected = b.Result.positive() && d.c.maintained(on) && !b.Other
	e.Relapse = b.Result == PositiveConfirmed && !e.Expected && b.Method.showsUse()
	provisional := b.Result == PositiveProvisional && !e.Expected
	if provisional || b.Result == PositiveConfirmed && !e.Expected && b.Site == AtLaboratory {
		e.ObjectUntil = p.TestConfirmation.After(max(on, b.ToldOn), d.env.Calendar)
	}
	if b.Result == PositiveProvisional {
		e.SealedUntil = p.retention().After(on, d.env.Calendar)
	}
	if b.Method == Hair {
		e.LookbackFrom = p.HairLookback.Before(on, d.env.Calendar)
	}
	d.emit(e)
	d.sampled(e, d.c.Seq, provisional)
	return nil
}

// sampled is what a test with a result brings: the window it closes, the result that a
// person has to settle, the report and the help after a relapse.
func (d *decision) sampled(e TestRecorded, seq int64, provisional bool) {
	if e.Surprise {
		d.satisfy(SurpriseTestDuty, e.On)
	} else {
		d.satisfy(TestDuty, e.On)
	}
	if provisional {
		l := d.env.Policy.TestDecision
		d.oblige(Obligation{ID: d.number(TestResultDuty), Opens: e.ObjectUntil + 1, Due: l.After(e.ObjectUntil, d.env.Calendar), From: e.ObjectUntil, About: seq, Citation: l.Cite})
	}
	if e.Relapse {
		d.relapse(seq)
		d.relapsed(e.On)
	}
}

// toldOn holds the day on which the client was told of a result against the result's own.
func (d *decision) toldOn(told, result Date) *Error {
	if told != 0 && told < result {
		return refuse("told_on", "DTP", "%s lies before the result of %s", told, result)
	}
	return d.dayNotFuture("told_on", told)
}

// lawful holds the test against DTP: two people present, also where the client refuses,
// women's urine collected by women, and no positive on the spot that is final. A case
// opened before the client's sex was asked cannot be held against it.
func (b RecordTest) lawful(c *Case) *Error {
	for i, id := range b.Staff {
		for _, other := range b.Staff[:i] {
			if id == other {
				return refuse("staff", "DTP", "%s cannot be present twice: a test needs two people", id)
			}
		}
	}
	switch {
	case c.Sex == "" && len(b.Staff) != 1:
		return nil
	case len(b.Staff) < 2:
		return refuse("staff", "DTP", "a test needs two people present, also where it is refused or evaded; %d are named", len(b.Staff))
	case !b.Result.taken():
		return nil
	case b.Method == Urine && b.CollectorSex == "":
		return refuse("collector_sex", "DTP", "who collected the urine, a man or a woman, is missing")
	case b.Method == Urine && c.Sex == Female && b.CollectorSex != Female:
		return refuse("collector_sex", "DTP", "the urine of a woman is collected by a woman")
	case b.Result == PositiveConfirmed && b.Site != AtLaboratory:
		return refuse("result", "DTP", "a positive result on the spot is provisional: the laboratory or the end of the objection window makes it final")
	}
	return nil
}

func (d TestRecorded) apply(c *Case, e *Event) {
	c.note(testOccasion(d.Method, d.Result, d.Surprise), e)
	switch {
	case d.Counts:
		c.Counters.TestBreaches++
		c.markCounted(d.On)
		return
	case d.Provisional:
		c.Refusals = append(c.Refusals, Refusal{Test: e.Seq, On: d.On, Result: d.Result})
		return
	case !d.Result.taken():
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
		c.countRelapse(e.Seq, d.On)
	}
	if !d.Expected {
		p := Positive{Test: e.Seq, On: d.On, Method: d.Method, Told: d.ToldOn, Until: d.ObjectUntil, Relapse: d.Relapse}
		switch {
		case d.Result == PositiveProvisional:
			c.Pending = append(c.Pending, p)
		case d.Result == PositiveConfirmed && d.ObjectUntil != 0:
			c.Confirmed = append(c.Confirmed, p)
		}
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
