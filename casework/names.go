package casework

import (
	"context"

	"guitu/rehab"
)

// names finds what places and people are called, for one page or paper, and keeps the first
// failure.
type names struct {
	service        *Service
	ctx            context.Context //nolint:containedctx // lives for one page
	on             rehab.Date
	people, places map[string]string
	err            error
}

// namesOn are those of the day.
func (s *Service) namesOn(ctx context.Context, on rehab.Date) *names {
	return &names{service: s, ctx: ctx, on: on, people: map[string]string{}, places: map[string]string{}}
}

// place is what the place was called on the day. One that the organisation does not know keeps
// its code.
func (n *names) place(code string) string {
	if name, known := n.places[code]; known || code == "" {
		return name
	}
	p, err := n.service.Places.Place(n.ctx, code, n.on)
	switch {
	case rehab.CodeOf(err) == rehab.NotFound:
		p.Name = code
	case err != nil && n.err == nil:
		n.err = err
	}
	n.places[code] = p.Name
	return p.Name
}

// person of the registry; empty where it does not know them.
func (n *names) person(id string) string {
	if name, known := n.people[id]; known || id == "" {
		return name
	}
	w, err := n.service.Registry.Worker(n.ctx, id)
	if err != nil && rehab.CodeOf(err) != rehab.NotFound && n.err == nil {
		n.err = err
	}
	n.people[id] = w.Name
	return w.Name
}
