package dossier

import (
	"maps"
	"slices"
	"time"

	"guitu/board"
	"guitu/rehab"
)

// Update is what somebody says about a client.
type Update struct {
	By     rehab.Actor
	At     time.Time
	Since  rehab.Date
	Why    string
	Values map[Field]string
}

// Update takes what is said: what one person may change acts, what needs two waits. It
// answers with the changes that are new; what is so already makes none, and neither does
// what waits in the same words.
func (h *History) Update(u Update) ([]*Change, error) {
	alone, together := make(map[Field]string), make(map[Field]string)
	then := h.As(u.Since, time.Time{})
	for f, v := range u.Values {
		switch {
		case *f.in(&then) == v:
		case f.ByTwo():
			together[f] = v
		default:
			alone[f] = v
		}
	}
	var out []*Change
	if len(alone) > 0 {
		out = append(out, &Change{Values: alone})
	}
	if w := h.waiting(); len(together) > 0 && (w == nil || !maps.Equal(w.Values, together) || w.Since != u.Since) {
		if w != nil {
			return nil, &rehab.Error{Code: rehab.Refused, Message: "another change of name or document waits to be confirmed: confirm or decline it first"}
		}
		out = append(out, &Change{Values: together})
	}
	for _, c := range out {
		c.N, c.By, c.At, c.Since, c.Why, c.State = len(h.Changes)+1, u.By, u.At, u.Since, u.Why, Waiting
		h.Changes = append(h.Changes, c)
		if !c.byTwo() {
			c.DecidedAt = u.At
			h.act(c)
		}
	}
	return out, nil
}

// waiting is the change that waits for another person; there is one at most.
func (h *History) waiting() *Change {
	for _, c := range h.Changes {
		if c.State == Waiting {
			return c
		}
	}
	return nil
}

// act lets a change hold.
func (h *History) act(c *Change) {
	c.State, c.Acted, c.Before = Acted, 1, make(map[Field]string)
	for _, x := range h.Changes {
		if x != c && x.State == Acted {
			c.Acted++
		}
	}
	for f := range c.Values {
		c.Before[f] = *f.in(&h.Now)
	}
	h.Now = h.As(0, time.Time{})
}

// Decision is what another person says of a change that waits.
type Decision struct {
	N       int
	Confirm bool
	By      rehab.Actor
	At      time.Time
	Why     string
}

// Deciders are the roles that may decide on a change that waits.
func Deciders() []rehab.Role {
	return []rehab.Role{rehab.StationHead, rehab.DistrictOffice, rehab.CityOffice}
}

// MayDecide reports whether the actor may confirm the change: another person than the one
// who said it, of station head's rank or above.
func (c *Change) MayDecide(a rehab.Actor) bool {
	return c.State == Waiting && a.ID != c.By.ID && slices.Contains(Deciders(), a.Role)
}

// Decide confirms or declines a change that waits. Who told it may take it back, and may
// not confirm it.
func (h *History) Decide(d Decision) (*Change, error) {
	if d.N < 1 || d.N > len(h.Changes) {
		return nil, &rehab.Error{Code: rehab.NotFound, Field: "change", Message: "the client has no such change"}
	}
	c := h.Changes[d.N-1]
	switch {
	case c.State != Waiting:
		return nil, &rehab.Error{Code: rehab.Refused, Field: "change", Message: "the change does not wait any more: it is " + string(c.State)}
	case d.Confirm && c.By.ID == d.By.ID:
		return nil, &rehab.Error{Code: rehab.Forbidden, Message: "a change of name or document is confirmed by another person than the one who proposed it"}
	case !slices.Contains(Deciders(), d.By.Role) && c.By.ID != d.By.ID:
		return nil, &rehab.Error{Code: rehab.Forbidden, Message: "a change of name or document is decided on by a station head or an office above"}
	}
	c.DecidedBy, c.DecidedAt, c.DecidedWhy = d.By, d.At, d.Why
	if !d.Confirm {
		c.State = Declined
		return c, nil
	}
	h.act(c)
	return c, nil
}

// As is who the client was on the day, as it was known at the instant. No day is now, no
// instant all that is known. What was told to be so since a day holds from that day; what
// put right something wrong holds for all days for which the wrong value was kept.
func (h *History) As(on rehab.Date, known time.Time) board.Identity {
	acted := make([]*Change, 0, len(h.Changes))
	for _, c := range h.Changes {
		if c.State == Acted {
			acted = append(acted, c)
		}
	}
	slices.SortFunc(acted, func(a, b *Change) int { return a.Acted - b.Acted })
	out := h.Now
	for _, f := range Fields() {
		lives := []life{}
		for _, c := range acted {
			v, ok := c.Values[f]
			if !ok {
				continue
			}
			if len(lives) == 0 {
				lives = append(lives, life{0, c.Before[f]})
			}
			if known.IsZero() || !c.DecidedAt.After(known) {
				lives = told(lives, c.Since, v)
			}
		}
		for _, l := range lives {
			if on == 0 || l.since <= on {
				*f.in(&out) = l.value
			}
		}
	}
	return out
}

// life is how long a value holds: from its day to that of the next.
type life struct {
	since rehab.Date
	value string
}

// told puts a value among the others, which lie in the order of their days.
func told(lives []life, since rehab.Date, value string) []life {
	if since == 0 {
		lives[len(lives)-1].value = value
		return lives
	}
	i, found := slices.BinarySearchFunc(lives, since, func(l life, d rehab.Date) int { return int(l.since) - int(d) })
	if found {
		lives[i].value = value
		return lives
	}
	return slices.Insert(lives, i, life{since, value})
}

// Kept are the values that the change would take the place of.
func (h *History) Kept(c *Change) map[Field]string {
	out := make(map[Field]string, len(c.Values))
	for f := range c.Values {
		out[f] = *f.in(&h.Now)
	}
	return out
}
