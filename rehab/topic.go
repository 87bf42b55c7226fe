package rehab

// topic is one subject of the law: the commands it takes, the events they bring, and the
// duties that come with it. Each topic has its file; what they have in common, the
// dispatch of commands and events by name, is here.
type topic struct {
	commands []commandKind
	events   []eventKind
	duties   []duty
	alarms   []alarmKind
	why      explainer // nil: the state and the duties say it all
}

// topics lists all of them, in the order of a life.
func topics() []topic {
	return []topic{
		openingTopic(),
		contactTopic(),
		evidenceTopic(),
		testingTopic(),
		missTopic(),
		assignmentTopic(),
		breachTopic(),
		measuresTopic(),
		reportTopic(),
		stationTopic(),
		outreachTopic(),
		lostTopic(),
		watchTopic(),
		crisisTopic(),
		suspensionTopic(),
		leaveTopic(),
		transferTopic(),
		helpTopic(),
		workingGroupTopic(),
		planOfHelpTopic(),
		referralTopic(),
		placementTopic(),
		volunteerTopic(),
		releaseTopic(),
		afterCareTopic(),
		migrationTopic(),
		amendTopic(),
	}
}

// commandKind is a command by its name.
type commandKind struct {
	name string
	read func([]byte) (CommandBody, error)
}

// eventKind is an event by its name in the ledger.
type eventKind struct {
	name string
	read func([]byte) (EventData, error)
}

// alarmKind is what a kind of alarm brings: at least one event, whose apply takes the
// alarm out of the case or moves it on. Like explainer it is an interface, not a function,
// so that the tables below do not depend on themselves.
type alarmKind interface {
	name() AlarmKind
	ring(d *decision, a Alarm)
}

// explainer adds what a topic has to say to "why is it so, and what happens next".
type explainer interface {
	explain(c *Case, env Env, x *Explanation)
}

// duty is what is known about a kind of obligation.
type duty struct {
	kind      Kind
	zh, en    string // what it is called
	client    bool   // the client owes it: in custody its clock stands still (DRR art.24)
	recurring bool   // it comes in windows
	// limit behind an obligation that comes once; nil where its days come from elsewhere.
	limit func(*Policy) *Limit
	// mark of its days where there is no limit; nil: our design.
	mark func(*Policy) Mark
}

func commandOf[T CommandBody]() commandKind {
	var v T
	return commandKind{v.CommandType(), readCommand[T]}
}

func eventOf[T EventData]() eventKind {
	var v T
	return eventKind{v.EventType(), readEvent[T]}
}

// The topics by name. Nothing changes these tables.
var (
	commandKinds = byName(func(t topic) []commandKind { return t.commands }, func(k commandKind) string { return k.name })
	eventKinds   = byName(func(t topic) []eventKind { return t.events }, func(k eventKind) string { return k.name })
	duties       = byName(func(t topic) []duty { return t.duties }, func(d duty) Kind { return d.kind })
)

// ring hands an alarm to its topic.
func (d *decision) ring(a Alarm) {
	for _, t := range topics() {
		for _, k := range t.alarms {
			if k.name() == a.Kind {
				k.ring(d, a)
				return
			}
		}
	}
}

// byName tables one column of the topics. A name that is there twice is a fault of the program.
func byName[N ~string, K any](column func(topic) []K, name func(K) N) map[N]K {
	out := make(map[N]K)
	for _, t := range topics() {
		for _, k := range column(t) {
			if _, twice := out[name(k)]; twice {
				panic("two topics know " + string(name(k)))
			}
			out[name(k)] = k
		}
	}
	return out
}

// openingTopic is the way into the measure: service of the order, report-in, agreement.
func openingTopic() topic {
	return topic{
		commands: []commandKind{commandOf[OpenCase](), commandOf[RecordHandOver](), commandOf[ReportIn](), commandOf[SignAgreement]()},
		events: []eventKind{
			eventOf[CaseOpened](), eventOf[ObligationOpened](), eventOf[ReportedIn](), eventOf[CarriedOver](), eventOf[AgreementSigned](),
			eventOf[HandOverRecorded](), eventOf[CommandRefused](),
		},
		duties: []duty{
			{kind: ReportInDuty, zh: "报到", en: "report-in", client: true, limit: func(p *Policy) *Limit { return &p.ReportIn }},
			{kind: AgreementDuty, zh: "签订协议", en: "signing of the agreement", client: true, limit: func(p *Policy) *Limit { return &p.Agreement }},
		},
		why: openingWhy{},
	}
}

// evidenceTopic is what workers report beside contacts and tests.
func evidenceTopic() topic {
	return topic{
		commands: []commandKind{commandOf[RecordAssessment]()},
		events:   []eventKind{eventOf[AssessmentRecorded](), eventOf[ObligationMet]()},
		duties: []duty{
			{kind: AssessmentDuty, zh: "评估", en: "assessment", client: true, recurring: true, mark: func(p *Policy) Mark { return p.Assessment.Every.Mark }},
		},
	}
}

// missTopic is what becomes of a day that passed: misses, reasons, the climb of the ladder.
func missTopic() topic {
	return topic{
		commands: []commandKind{commandOf[ConfirmMiss](), commandOf[DismissMiss](), commandOf[JustifyMiss](), commandOf[AcknowledgeEscalation]()},
		events: []eventKind{
			eventOf[ObligationMissed](), eventOf[MissConfirmed](), eventOf[MissRetracted](), eventOf[MissDismissed](), eventOf[MissJustified](),
			eventOf[ObligationSuperseded](), eventOf[EscalationOpened](), eventOf[EscalationClimbed](), eventOf[EscalationAcknowledged](), eventOf[EscalationClosed](),
		},
	}
}

// assignmentTopic is who works with the client, and how closely.
func assignmentTopic() topic {
	return topic{
		commands: []commandKind{commandOf[ChangeRisk](), commandOf[AssignWorker]()},
		events:   []eventKind{eventOf[RiskChanged](), eventOf[WorkerAssigned]()},
		duties:   []duty{{kind: AssignWorkerDuty, zh: "指派禁毒专职社工", en: "assignment of a worker", limit: func(p *Policy) *Limit { return &p.AssignWorker }}},
	}
}

// breachTopic is what counts towards a serious violation (DRR art.20).
func breachTopic() topic {
	return topic{
		commands: []commandKind{commandOf[RecordLeaving]()},
		events:   []eventKind{eventOf[LeavingRecorded](), eventOf[ViolationReached]()},
	}
}

// releaseTopic is the end of the term (DRR art.23).
func releaseTopic() topic {
	return topic{
		commands: []commandKind{commandOf[SubmitReleaseFile](), commandOf[Release]()},
		events:   []eventKind{eventOf[TermPassed](), eventOf[ReleaseFileSubmitted](), eventOf[CaseReleased]()},
		duties: []duty{
			{kind: ReleaseFileDuty, zh: "报送解除材料", en: "release file to the police", client: true, limit: func(p *Policy) *Limit { return &p.ReleaseFile }},
			{kind: ReleaseDuty, zh: "解除通知书", en: "notice of release", limit: func(p *Policy) *Limit { return &p.ReleaseNotice }},
		},
	}
}
