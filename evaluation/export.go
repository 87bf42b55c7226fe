package evaluation

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"guitu/board"
	"guitu/rehab"
)

// Export is one file with figures that left the system: who took it, and what for.
type Export struct {
	Position int64             `json:"position"`
	At       time.Time         `json:"at"`
	Actor    rehab.Actor       `json:"actor"`
	Place    string            `json:"place"`
	Filter   map[string]string `json:"filter"`
	Purpose  string            `json:"purpose"`
	Rows     int               `json:"rows"`
	Digest   string            `json:"digest" doc:"SHA-256 of the file."`
	Outdated bool              `json:"outdated,omitempty" doc:"What was told since has changed what the figures were counted from."`
}

// NewQuery asks for a period as of now. The error is Invalid about the period, the level
// or the place.
func NewQuery(place string, l Level, p Period, now time.Time) (Query, error) {
	switch {
	case p.From > rehab.DateOf(now):
		return Query{}, rehab.InvalidField("period", "has not begun")
	case !l.Below(place):
		return Query{}, rehab.InvalidField("level", "there is no %s inside the place %s", l, place)
	}
	return Query{Place: place, Level: l, From: p.From, To: p.To, Now: now}, nil
}

// CheckPurpose refuses a purpose that says nothing.
func CheckPurpose(s string) *rehab.Error {
	if n := utf8.RuneCountInString(strings.TrimSpace(s)); n < 4 || n > 200 {
		return rehab.InvalidField("purpose", "says in 4 to 200 characters what the figures are for")
	}
	return nil
}

// Extract is what a file of figures is made from: every level inside the place, or one.
type Extract struct {
	Source Source
	Set    *Set
	Places []board.Place
	Place  string
	Period Period
	Level  Level // all where it is empty
	Now    time.Time
}

// Reports are those of the levels from the highest to the lowest, of one snapshot.
func (x Extract) Reports(ctx context.Context) ([]Report, error) {
	levels := Levels()
	slices.Reverse(levels)
	if x.Level == "" {
		levels = slices.DeleteFunc(levels, func(l Level) bool { return !l.Below(x.Place) })
	} else {
		levels = []Level{x.Level}
	}
	var all []*Indicator
	for _, l := range levels {
		all = append(all, x.Set.For(l, x.Period.Span)...)
	}
	q, err := NewQuery(x.Place, levels[0], x.Period, x.Now)
	if err != nil {
		return nil, err
	}
	q.Metrics = MetricsOf(all)
	tallies, err := x.Source.Tallies(ctx, q)
	if err != nil {
		return nil, err
	}
	var out []Report
	for _, l := range levels {
		q.Level = l
		out = append(out, Evaluate(q, x.Period, x.Set.For(l, x.Period.Span), q.units(x.Places), tallies))
	}
	return out, nil
}

// PlaceName is the name of the place; of everything where there is no place.
func (x Extract) PlaceName() string {
	for _, p := range x.Places {
		if p.Code == x.Place {
			return p.Name
		}
	}
	return "全部"
}

// Export is the note of the file.
func (x Extract) Export(list []Matrix, a rehab.Actor, purpose, digest string) Export {
	e := Export{At: x.Now, Actor: a, Place: x.Place, Filter: map[string]string{"period": x.Period.Name}, Purpose: purpose, Digest: digest}
	if x.Level != "" {
		e.Filter["level"] = string(x.Level)
	}
	for _, r := range list {
		e.Rows += len(r.Rows)
	}
	return e
}
