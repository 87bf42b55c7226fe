package casework

import (
	"context"
	"slices"
	"time"

	"guitu/board"
	"guitu/input"
	"guitu/rehab"
)

// reachThen lets a worker record what happened while the case was theirs, when it has
// been given to somebody else or has moved since: what was captured offline is evidence
// and is not lost. It opens the commands that record what their giver saw, and shows
// nothing of how the case stands now. Otherwise it answers with the error that is given.
func (s *Service) reachThen(ctx context.Context, a rehab.Actor, id string, body rehab.CommandBody, occurredAt string, missing error) (rehab.Summary, error) {
	spec, _ := rehab.SpecOf(body.CommandType())
	if a.Role != rehab.WorkerRole || !spec.Witnessed || occurredAt == "" || rehab.CodeOf(missing) != rehab.NotFound || !input.IsToken(id, 128) {
		return rehab.Summary{}, missing
	}
	at, err := s.OccurredAt(occurredAt)
	if err != nil || at.After(s.Now()) {
		return rehab.Summary{}, missing
	}
	h, err := s.Past.History(ctx, id)
	if err != nil {
		return rehab.Summary{}, err
	}
	instants := []time.Time{at.Add(1)}
	if day, err := rehab.ParseDate(occurredAt); err == nil { // any time of that day
		instants = append(instants, day.End())
	}
	for _, then := range instants {
		c := h.Known(then)
		had, err := s.hadThen(ctx, a, c.Worker, at)
		if err != nil {
			return rehab.Summary{}, err
		}
		if had {
			board.Reach(ctx, id)
			return rehab.Summary{CaseID: id, Place: c.Place, Worker: a.ID}, nil
		}
	}
	return rehab.Summary{}, missing
}

// hadThen reports whether the actor was the worker, or stood in for the worker, at the instant.
func (s *Service) hadThen(ctx context.Context, a rehab.Actor, worker string, at time.Time) (bool, error) {
	if worker == "" || worker == a.ID {
		return worker != "", nil
	}
	also, err := s.Registry.StandsInFor(ctx, a.ID, rehab.DateOf(at))
	return slices.Contains(also, worker), err
}
