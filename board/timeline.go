package board

import (
	"encoding/json"

	"guitu/rehab"
)

// Struck says of an event which revision took it back, and what took its place.
type Struck struct {
	By      int64
	Instead int64
}

// TimelineEntry is an event with the texts that came with its command.
type TimelineEntry struct {
	rehab.Event
	Texts map[string]string `json:"texts,omitempty"`
}

// MarshalJSON writes the texts beside the fields of the event, which writes itself.
func (t TimelineEntry) MarshalJSON() ([]byte, error) {
	event, err := json.Marshal(t.Event)
	if err != nil || len(t.Texts) == 0 {
		return event, err
	}
	texts, err := json.Marshal(t.Texts)
	if err != nil {
		return nil, err
	}
	return append(append(append(event[:len(event)-1], `,"texts":`...), texts...), '}'), nil
}
