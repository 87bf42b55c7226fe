package casework

import (
	"context"
	"slices"
	"time"

	"guitu/board"
	"guitu/documents"
	"guitu/office"
	"guitu/rehab"
)

// longest is more events than any case has.
const longest = 1 << 30

// HistoryInScope is all of a case's history, with its texts, for who may read the case.
func (s *Service) HistoryInScope(ctx context.Context, a rehab.Actor, caseID string) ([]board.TimelineEntry, error) {
	if err := PermitReading(a); err != nil {
		return nil, err
	}
	if _, err := s.CaseInScope(ctx, a, caseID); err != nil {
		return nil, err
	}
	return s.Ledger.Timeline(ctx, caseID, 0, longest)
}

// EventsOf are the entries without their texts.
func EventsOf(history []board.TimelineEntry) []rehab.Event {
	events := make([]rehab.Event, len(history))
	for i, e := range history {
		events[i] = e.Event
	}
	return events
}

// Sight is how a case is looked at: as of an instant, by what was recorded before it, or by what
// is known now to have happened before it. The zero Sight is the case as it is.
type Sight struct {
	Before   time.Time
	KnownNow bool
}

// Sees reports whether the event belongs to what is seen.
func (t Sight) Sees(e *rehab.Event) bool {
	switch {
	case t.Before.IsZero():
		return true
	case t.KnownNow:
		return e.OccurredAt.Before(t.Before)
	}
	return e.RecordedAt.Before(t.Before)
}

// told are the events from which papers are listed. What is known now needs all of them: a later
// one says which paper holds no longer.
func (t Sight) told(events []rehab.Event) []rehab.Event {
	if t.Before.IsZero() || t.KnownNow {
		return events
	}
	n := slices.IndexFunc(events, func(e rehab.Event) bool { return !t.Sees(&e) })
	if n < 0 {
		return events
	}
	return events[:n]
}

// papers are those whose event is seen.
func (t Sight) papers(list []documents.Entry, events []rehab.Event) []documents.Entry {
	return slices.DeleteFunc(list, func(x documents.Entry) bool { return !t.Sees(&events[x.Seq-1]) })
}

// books are the numbers that were given before, those that were spoilt later as they stood.
func (t Sight) books(books []office.Paper) []office.Paper {
	if t.Before.IsZero() {
		return books
	}
	out := []office.Paper{}
	for _, p := range books {
		if !p.At.Before(t.Before) {
			continue
		}
		if !p.SpoiltAt.Before(t.Before) {
			p.SpoiltAt, p.SpoiltBy, p.SpoiltWhy = time.Time{}, "", ""
		}
		out = append(out, p)
	}
	return out
}
