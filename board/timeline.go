package board

import "guitu/rehab"

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
