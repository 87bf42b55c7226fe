package notify

import (
	"slices"
	"time"

	"guitu/board"
	"guitu/rehab"
)

// Event is a kind of change of a case that another system can subscribe to.
type Event struct {
	Type   string   `json:"type"`
	ZH     string   `json:"zh"`
	EN     string   `json:"en"`
	Ledger []string `json:"ledger" nullable:"false" doc:"The types of events in the timeline of the case that it stands for."`
}

// PhaseChanged is the type of every change of the phase, whatever brought it.
const PhaseChanged = "phase_changed"

// Events are the kinds, in the order of a life. A type is never renamed. Where a change is of
// several kinds that were asked for, it is told as the first of them.
func Events() []Event {
	one := func(typ, zh, en string, ledger ...string) Event {
		if len(ledger) == 0 {
			ledger = []string{typ}
		}
		return Event{typ, zh, en, ledger}
	}
	return []Event{
		one("case_opened", "立案", "a case was opened"),
		one("reported_in", "报到", "the client reported in"),
		one("agreement_signed", "签订协议", "the agreement was signed"),
		one("worker_assigned", "指派社工", "the case was given to a worker"),
		one("risk_changed", "调整风险等级", "the client is in another risk class"),
		one("contact_recorded", "登记联系、走访", "a contact or visit, or the attempt at one, was recorded"),
		one("assessment_recorded", "登记评估", "an assessment was recorded"),
		one("test_recorded", "登记检测", "a test, or the attempt at one, was recorded"),
		one("test_settled", "检测结果确认", "the result of a test was settled", "test_resolved", "laboratory_reported", "refusal_decided"),
		one("missed", "逾期", "a duty was missed, provisionally", "obligation_missed"),
		one("miss_settled", "逾期认定", "a person settled a miss, or late evidence took it back", "miss_confirmed", "miss_dismissed", "miss_justified", "miss_retracted"),
		one("escalated", "督办预警", "somebody was told, or the next one above", "escalation_opened", "escalation_climbed"),
		one("escalation_acknowledged", "签收督办", "somebody answered for an escalation"),
		one("escalation_closed", "督办结束", "an escalation is over"),
		one("violation_reached", "严重违反协议", "the client has reached a serious violation"),
		one("measure_issued", "作出逐级处置", "a step of the breach ladder was issued"),
		one("police_report_sent", "移交公安机关的报告", "a report went to the police"),
		one("contact_lost", "脱失", "contact with the client is lost", "lost_contact_confirmed"),
		one("crisis_raised", "上报危机", "there are signs of a crisis"),
		one("crisis_closed", "结束危机", "a crisis is over"),
		one("suspended", "中止", "the measure was suspended", "case_suspended"),
		one("resumed", "恢复执行", "the measure goes on", "case_resumed"),
		one("transferred", "变更执行地", "the case was taken over by another street, or left the system", "transferred_in", "transferred_out"),
		one("term_ended", "期满", "the term is over", "term_passed"),
		one("released", "解除", "the client was released", "case_released"),
		one("terminated", "终止", "the measure ended without release", "case_terminated"),
		one("sealed", "封存", "the record was sealed: it can be read no more", "case_sealed"),
		one("voided", "误立案撤销", "the case had been opened by mistake", "case_voided"),
		one("record_changed", "更正、撤销误录", "a record was put right: read the case anew", "life_revised"),
		one(PhaseChanged, "阶段变化", "the case is in another phase", "case_opened", "reported_in", "agreement_signed", "case_suspended", "case_resumed", "transferred_in",
			"transferred_out", "term_passed", "term_confirmed", "case_released", "case_terminated", "dynamic_control_ended", "case_sealed", "case_voided", "life_revised"),
	}
}

// LedgerTypes are the types of the ledger's events that the kinds stand for.
func LedgerTypes(types []string) []string {
	out := []string{}
	for _, e := range Events() {
		if slices.Contains(types, e.Type) {
			out = append(out, e.Ledger...)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// EventOf is the kind, of those that were asked for, of an event of the ledger.
func EventOf(types []string, ledger string) string {
	for _, e := range Events() {
		if slices.Contains(types, e.Type) && slices.Contains(e.Ledger, ledger) {
			return e.Type
		}
	}
	return ""
}

// NoticeHook is the body of a webhook that tells a notice.
type NoticeHook struct {
	Type      string          `json:"type" enum:"notice"`
	Timestamp time.Time       `json:"timestamp"`
	Data      board.NoticeRow `json:"data"`
}

// ChangeHook is the body of a webhook that tells a change of a case.
type ChangeHook struct {
	Type      string     `json:"type" doc:"One of the types that the subscription asks for."`
	Timestamp time.Time  `json:"timestamp" doc:"When it was recorded."`
	Data      HookChange `json:"data"`
}

// HookChange is what another system hears of a change: ids and codes.
type HookChange struct {
	Position int64       `json:"position" doc:"Of the event in the whole ledger; names the change."`
	CaseID   string      `json:"case_id"`
	Seq      int64       `json:"seq" doc:"Of the event in the timeline of its case: the order of what happened to it."`
	Event    string      `json:"event" doc:"Type of the event in the timeline."`
	Phase    rehab.Phase `json:"phase" doc:"Of the case when this was sent."`
	Place    string      `json:"place" doc:"Of the case when this was sent."`
	Worker   string      `json:"worker,omitempty"`
}

// NoticeTypes are the types of all notices: those of cases, and those of the watch over
// coverage.
func NoticeTypes() []string {
	out := rehab.NoticeTypes()
	for _, k := range board.GapKinds() {
		out = append(out, "coverage_gap_"+string(k))
	}
	return append(out, glassNotices()...)
}

// glassNotices are of looks at identities and of their reviews: all that an auditor hears.
func glassNotices() []string {
	return []string{"break_glass_due", "break_glass_opened", "break_glass_overdue"}
}

// checkEvents refuses types that are none, by name, and what goes with notices alone.
func checkEvents(s Subscription) error {
	if len(s.Events) == 0 {
		return checkTypes(s.Types)
	}
	known := make([]string, 0, len(Events()))
	for _, e := range Events() {
		known = append(known, e.Type)
	}
	for _, t := range s.Events {
		if !slices.Contains(known, t) {
			return rehab.InvalidField("events", "%q is not one of %v", t, known)
		}
	}
	if s.Kind != ByWebhook {
		return rehab.InvalidField("kind", "changes of cases are told to a webhook alone")
	}
	for field, given := range map[string]bool{"role": s.Role != "", "worker": s.Worker != "", "types": len(s.Types) > 0, "channels": len(s.Channels) > 0} {
		if given {
			return rehab.InvalidField(field, "goes with notices, and events with changes: one subscription has one of them")
		}
	}
	return nil
}

func checkTypes(types []string) error {
	known := NoticeTypes()
	for _, t := range types {
		if !slices.Contains(known, t) {
			return rehab.InvalidField("types", "%q is not one of %v", t, known)
		}
	}
	return nil
}
