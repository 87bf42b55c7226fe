package rehab

import "slices"

// topic is one subject of the law: the commands it takes, the events they bring, and the
// duties that come with it. Each topic has its file; what they have in common, the
// dispatch of commands and events by name, is here.
type topic struct {
	subject  string // under which its commands stand in the document of the API
	commands []CommandSpec
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
		breachStepsTopic(),
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
		formTopic(),
	}
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
	elsewhere bool   // the station of the case does not decide it
	// limit behind an obligation that comes once; nil where its days come from elsewhere.
	limit func(*Policy) *Limit
	// mark of its days where there is no limit; nil: our design.
	mark func(*Policy) Mark
}

func eventOf[T EventData]() eventKind {
	var v T
	return eventKind{v.EventType(), readEvent[T]}
}

// The topics by name. Nothing changes these tables.
var (
	topicList    = topics()
	commandList  = column(func(t topic) []CommandSpec { return t.specs() })
	commandKinds = byName(func(t topic) []*CommandSpec { return each(t.specs()) }, func(s *CommandSpec) string { return s.Type })
	settledBy    = settling(func(s CommandSpec) []Kind { return s.Settles })
	confirmedBy  = settling(func(s CommandSpec) []Kind { return s.Confirms })
	eventKinds   = byName(func(t topic) []eventKind { return t.events }, func(k eventKind) string { return k.name })
	duties       = byName(func(t topic) []duty { return t.duties }, func(d duty) Kind { return d.kind })
	alarmKinds   = byName(func(t topic) []alarmKind { return t.alarms }, alarmKind.name)
)

// specs are the commands of the topic, each under its subject unless it has one of its own.
func (t topic) specs() []CommandSpec {
	out := slices.Clone(t.commands)
	for i := range out {
		if out[i].Subject == "" {
			out[i].Subject = t.subject
		}
	}
	return out
}

// ring hands an alarm to its topic.
func (d *decision) ring(a Alarm) {
	if k, ok := alarmKinds[a.Kind]; ok {
		k.ring(d, a)
	}
}

// each are pointers to what stands in the list: a table of them copies nothing.
func each[V any](list []V) []*V {
	out := make([]*V, len(list))
	for i := range list {
		out[i] = &list[i]
	}
	return out
}

// column lists one column of the topics, in their order.
func column[K any](of func(topic) []K) []K {
	var out []K
	for _, t := range topicList {
		out = append(out, of(t)...)
	}
	return out
}

// byName tables one column of the topics. A name that is there twice is a fault of the program.
func byName[N ~string, K any](column func(topic) []K, name func(K) N) map[N]K {
	out := make(map[N]K)
	for _, t := range topicList {
		for _, k := range column(t) {
			if _, twice := out[name(k)]; twice {
				panic("two topics know " + string(name(k)))
			}
			out[name(k)] = k
		}
	}
	return out
}
