package casework

import (
	"context"

	"guitu/rehab"
)

// Names finds what places and people are called, for one page or paper, and keeps the first
// failure.
type Names struct {
	service       *Service
	ctx           context.Context //nolint:containedctx // lives for one page
	on            rehab.Date
	names, places map[string]string
	err           error
}

// NamesOn are those of the day.
func (s *Service) NamesOn(ctx context.Context, on rehab.Date) *Names {
	return &Names{service: s, ctx: ctx, on: on, names: map[string]string{}, places: map[string]string{}}
}

// Err is the first failure.
func (n *Names) Err() error { return n.err }

// Place is what the place was called on the day. One that the organisation does not know keeps
// its code.
func (n *Names) Place(code string) string {
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

// Person of the registry; empty where it does not know them.
func (n *Names) Person(id string) string {
	if name, known := n.names[id]; known || id == "" {
		return name
	}
	w, err := n.service.Registry.Worker(n.ctx, id)
	if err != nil && rehab.CodeOf(err) != rehab.NotFound && n.err == nil {
		n.err = err
	}
	n.names[id] = w.Name
	return w.Name
}
