package scenario

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"guitu/rehab"
)

// player plays one life on one case.
type player struct {
	s     *Scenario
	c     Case
	given int              // commands so far
	names map[string]int64 // sequences of events by the names the life gives them
}

// Play plays the life on the case, which was never opened. The error says on which lines
// the life did not come out as told.
func (s *Scenario) Play(ctx context.Context, c Case) error {
	p := &player{s: s, c: c, names: make(map[string]int64)}
	var errs []error
	for i := range s.moments {
		m := &s.moments[i]
		if err := p.wait(ctx, m.told); err != nil {
			return errors.Join(append(errs, fmt.Errorf("%s:%d: %s: %w", s.file, m.line, m.told.Format(minutes), err))...)
		}
		if m.notice != nil {
			if err := p.c.Notice(ctx, *m.notice); err != nil {
				return err
			}
		}
		for _, cmd := range m.commands {
			if err := p.give(ctx, m, cmd); err != nil {
				return errors.Join(append(errs, fmt.Errorf("%s:%d: %s: %w", s.file, cmd.line, m.told.Format(minutes), err))...)
			}
		}
		if m.expect == nil {
			continue
		}
		if err := p.look(ctx, m); err != nil {
			errs = append(errs, fmt.Errorf("%s:%d: %s: %w", s.file, m.line, m.told.Format(minutes), err))
		}
	}
	return errors.Join(errs...)
}

// wait lets the case look at each instant up to then at which time brings something: a
// climb is counted from when somebody was told, so that it matters when that was.
func (p *player) wait(ctx context.Context, until time.Time) error {
	for {
		c, err := p.c.State(ctx)
		if err != nil {
			return err
		}
		wake := c.Wake()
		if wake.IsZero() || wake.After(until) {
			return nil
		}
		if err := p.c.To(ctx, wake); err != nil {
			return err
		}
	}
}

// give gives one command of the moment.
func (p *player) give(ctx context.Context, m *moment, cmd command) error {
	state, err := p.c.State(ctx)
	if err != nil {
		return err
	}
	body, err := p.body(cmd, state)
	if err != nil {
		return fmt.Errorf("%s: %w", cmd.kind, err)
	}
	actor, err := actorOf(m.by, state, body)
	if err != nil {
		return err
	}
	p.given++
	id := fmt.Sprintf("%s-%d", p.s.Name, p.given)
	err = p.c.Do(ctx, rehab.Command{ID: id, Actor: actor, OccurredAt: m.on, Body: body}, m.told)
	if m.refused != nil {
		return m.refused.holds(cmd.kind, err)
	}
	if err != nil && rehab.CodeOf(err) == rehab.Known {
		return nil // told by somebody before
	}
	if err != nil {
		return fmt.Errorf("%s: %w", cmd.kind, err)
	}
	return p.name(ctx, m.as, id)
}

func (p *player) body(cmd command, state *rehab.Case) (rehab.CommandBody, error) {
	resolved, err := resolve(cmd.body, func(name string) (int64, error) { return p.number(name, state) })
	if err != nil {
		return nil, err
	}
	raw, err := json.Marshal(resolved)
	if err != nil {
		return nil, err
	}
	return rehab.DecodeCommandBody(cmd.kind, raw)
}

// number is the sequence that the life means by a name.
func (p *player) number(name string, state *rehab.Case) (int64, error) {
	if kind, ok := strings.CutPrefix(name, "escalation("); ok {
		kind = strings.TrimSuffix(kind, ")")
		for i := range state.Escalations {
			if string(state.Escalations[i].Obligation.Kind) == kind {
				return state.Escalations[i].ID, nil
			}
		}
		return 0, fmt.Errorf("no escalation over %s is open", kind)
	}
	if seq, ok := p.names[name]; ok {
		return seq, nil
	}
	return 0, fmt.Errorf("nothing is called $%s", name)
}

// name keeps what the command brought first under the name. A revision is what followed
// from it, and comes before it in the ledger.
func (p *player) name(ctx context.Context, name, commandID string) error {
	if name == "" {
		return nil
	}
	events, err := p.c.Ledger(ctx)
	if err != nil {
		return err
	}
	for i := range events {
		if _, revised := events[i].Data.(rehab.LifeRevised); events[i].Command == commandID && !revised {
			p.names[name] = events[i].Seq
			return nil
		}
	}
	return fmt.Errorf("nothing came of it that could be called %s", name)
}

// actorOf is who acts: a role, then an id and "at" another place where they matter, as
// "worker w-9" or "station_head at 110101002".
func actorOf(by string, state *rehab.Case, body rehab.CommandBody) (rehab.Actor, error) {
	who, place, away := strings.Cut(by, " at ")
	role, id, _ := strings.Cut(who, " ")
	worker := state.Worker
	if !away {
		place = state.Place
	}
	if open, ok := body.(rehab.OpenCase); ok {
		place, worker = open.Place, open.Worker
	}
	a := rehab.Actor{ID: id, Role: rehab.Role(role), Place: place}
	switch a.Role {
	case "":
		a.Role = rehab.WorkerRole
	case rehab.DistrictOffice:
		a.Place = string(rehab.PlaceCode(place).At(rehab.DistrictLevel))
	case rehab.CityOffice, rehab.Admin:
		a.Place = string(rehab.PlaceCode(place).At(rehab.CityLevel))
	case rehab.WorkerRole, rehab.StationHead:
	default:
		return a, fmt.Errorf("nobody acts as %q", role)
	}
	switch {
	case a.ID == "" && a.Role == rehab.WorkerRole && worker != "":
		a.ID = worker
	case a.ID == "":
		a.ID = string(a.Role) + "-" + a.Place
	}
	return a, nil
}

// holds requires that the command was refused, and so.
func (r *Refusal) holds(kind string, err error) error {
	if err == nil {
		return fmt.Errorf("%s was not refused", kind)
	}
	var e *rehab.Error
	if !errors.As(err, &e) || e.Code != r.Code || r.Field != "" && e.Field != r.Field || r.Citation != "" && e.Citation != r.Citation {
		return fmt.Errorf("%s was refused otherwise: %w", kind, err)
	}
	return nil
}
