package rehab

import (
	"encoding/json"
	"fmt"
	"time"
)

// DecodeEventData reads the body of an event of the named type.
func DecodeEventData(eventType string, body []byte) (EventData, error) { //nolint:funlen // two lines an event
	switch eventType {
	case "case_opened":
		return readEvent[CaseOpened](body)
	case "obligation_opened":
		return readEvent[ObligationOpened](body)
	case "reported_in":
		return readEvent[ReportedIn](body)
	case "carried_over":
		return readEvent[CarriedOver](body)
	case "agreement_signed":
		return readEvent[AgreementSigned](body)
	case "contact_recorded":
		return readEvent[ContactRecorded](body)
	case "test_recorded":
		return readEvent[TestRecorded](body)
	case "test_resolved":
		return readEvent[TestResolved](body)
	case "assessment_recorded":
		return readEvent[AssessmentRecorded](body)
	case "obligation_met":
		return readEvent[ObligationMet](body)
	case "obligation_missed":
		return readEvent[ObligationMissed](body)
	case "miss_confirmed":
		return readEvent[MissConfirmed](body)
	case "miss_retracted":
		return readEvent[MissRetracted](body)
	case "miss_dismissed":
		return readEvent[MissDismissed](body)
	case "miss_justified":
		return readEvent[MissJustified](body)
	case "obligation_superseded":
		return readEvent[ObligationSuperseded](body)
	case "escalation_opened":
		return readEvent[EscalationOpened](body)
	case "escalation_climbed":
		return readEvent[EscalationClimbed](body)
	case "escalation_acknowledged":
		return readEvent[EscalationAcknowledged](body)
	case "escalation_closed":
		return readEvent[EscalationClosed](body)
	case "risk_changed":
		return readEvent[RiskChanged](body)
	case "worker_assigned":
		return readEvent[WorkerAssigned](body)
	case "leaving_recorded":
		return readEvent[LeavingRecorded](body)
	case "violation_reached":
		return readEvent[ViolationReached](body)
	case "police_report_sent":
		return readEvent[PoliceReportSent](body)
	case "term_passed":
		return readEvent[TermPassed](body)
	case "release_file_submitted":
		return readEvent[ReleaseFileSubmitted](body)
	case "case_released":
		return readEvent[CaseReleased](body)
	case "command_refused":
		return readEvent[CommandRefused](body)
	case "case_suspended":
		return readEvent[CaseSuspended](body)
	case "suspension_reviewed":
		return readEvent[SuspensionReviewed](body)
	case "case_resumed":
		return readEvent[CaseResumed](body)
	case "term_confirmed":
		return readEvent[TermConfirmed](body)
	case "case_terminated":
		return readEvent[CaseTerminated](body)
	case "leave_reported":
		return readEvent[LeaveReported](body)
	case "leave_decided":
		return readEvent[LeaveDecided](body)
	case "leave_extended":
		return readEvent[LeaveExtended](body)
	case "leave_ended":
		return readEvent[LeaveEnded](body)
	}
	return nil, fmt.Errorf("unknown event type %q", eventType)
}

func readEvent[T EventData](body []byte) (EventData, error) {
	var v T
	if err := json.Unmarshal(body, &v); err != nil {
		return nil, fmt.Errorf("read event %s: %w", v.EventType(), err)
	}
	return v, nil
}

// eventJSON is the form of an event on the wire between the workflow and the activity.
type eventJSON struct {
	Seq        int64           `json:"seq"`
	Type       string          `json:"type"`
	RecordedAt time.Time       `json:"at"`
	OccurredAt time.Time       `json:"occurred"`
	Actor      Actor           `json:"actor"`
	Command    string          `json:"command,omitempty"`
	Data       json.RawMessage `json:"data"`
}

// MarshalJSON writes the event with its type beside its body.
func (e Event) MarshalJSON() ([]byte, error) {
	body, err := json.Marshal(e.Data)
	if err != nil {
		return nil, err
	}
	return json.Marshal(eventJSON{e.Seq, e.Data.EventType(), e.RecordedAt, e.OccurredAt, e.Actor, e.Command, body})
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (e *Event) UnmarshalJSON(b []byte) error {
	var w eventJSON
	if err := json.Unmarshal(b, &w); err != nil {
		return err
	}
	data, err := DecodeEventData(w.Type, w.Data)
	*e = Event{w.Seq, w.RecordedAt, w.OccurredAt, w.Actor, w.Command, data}
	return err
}
