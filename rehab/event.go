package rehab

import (
	"encoding/json"
	"fmt"
	"time"
)

// Event is one fact of the ledger. RecordedAt is when it was written down here,
// OccurredAt when it happened in the world: for what time brings by itself, the legal
// instant. Command is the id of the command that caused it, empty where time did.
type Event struct {
	Seq        int64
	RecordedAt time.Time
	OccurredAt time.Time
	Actor      Actor
	Command    string
	Data       EventData
}

// EventData is the body of an event. The set is closed: each topic lists its own.
type EventData interface {
	EventType() string
	// apply folds the event into the case. It decides nothing: all that the decision knew
	// is in the event, so an old ledger folds to the same state under any later rules.
	apply(c *Case, e *Event)
}

// CommandRefused keeps what a signal asked and why it was refused.
type CommandRefused struct {
	Command string `json:"command"`
	Error   Error  `json:"error"`
}

func (CommandRefused) EventType() string { return "command_refused" }

// Apply folds one event into the case. What a revision added stands in it already.
func (c *Case) Apply(e Event) { c.apply(&e) }

func (c *Case) apply(e *Event) {
	c.Seq = e.Seq
	if e.Seq <= c.Revised {
		return
	}
	e.Data.apply(c, e)
	if e.OccurredAt.After(c.LivedTo) && !isAside(e.Data) {
		c.LivedTo = e.OccurredAt
	}
}

// Fold applies events in order.
func (c *Case) Fold(events []Event) {
	for i := range events {
		c.apply(&events[i])
	}
}

func (CommandRefused) apply(*Case, *Event) {}

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
