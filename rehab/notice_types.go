package rehab

// NoticeTypes are the types of the notices that cases bring: those of the events that tell
// somebody by themselves, and what an event can mean beside its own type.
func NoticeTypes() []string {
	out := []string{"promise_broken", "escalation_repeated", "escalation_retracted", "escalation_left", LateRecord}
	for _, k := range column(func(t topic) []eventKind { return t.events }) {
		data, err := k.read([]byte("{}"))
		if err == nil && tellsSomebody(data) {
			out = append(out, k.name)
		}
	}
	return out
}

func tellsSomebody(d EventData) bool {
	switch d.(type) {
	case LifeRevised: // tells what became of the climbs, under types of their own
		return false
	case EscalationOpened, EscalationClimbed, EscalationClosed, WorkerAssigned, MissConfirmed, telling, notifying:
		return true
	}
	return false
}
