package rehab

import (
	"encoding/json"
	"fmt"
	"time"
)

// DecodeEventData reads the body of an event of the named type.
func DecodeEventData(eventType string, body []byte) (EventData, error) {
	if k, ok := eventKinds[eventType]; ok {
		return k.read(body)
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
