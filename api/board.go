package api

import (
	"context"
	"maps"
	"slices"
	"time"

	"guitu/board"
	"guitu/casework"
	"guitu/input"
	"guitu/rehab"
)

// maxBoard is how many cases the counts of a board are made of at most.
const maxBoard = 5000

// Tally is how the cases of a street or a worker stood.
type Tally struct {
	Place       string              `json:"place,omitempty"`
	Worker      string              `json:"worker,omitempty"`
	Open        int                 `json:"open"`
	Phases      map[rehab.Phase]int `json:"phases" doc:"Cases by phase, those that had ended among them."`
	Risks       map[rehab.Risk]int  `json:"risks" doc:"Open cases by risk class."`
	Overdue     int                 `json:"overdue" doc:"Open cases with provisional misses."`
	Escalated   int                 `json:"escalated" doc:"Open cases with open escalations."`
	Escalations int                 `json:"escalations"`
}

// PastBoard is the board of a place at the end of a day. Next is the value of after for
// the next page.
type PastBoard struct {
	Place   string     `json:"place"`
	AsOf    rehab.Date `json:"as_of"`
	Known   string     `json:"known" enum:"then,now"`
	Total   *Tally     `json:"total,omitempty"`
	Streets []Tally    `json:"streets,omitempty"`
	Workers []Tally    `json:"workers,omitempty"`
	Rows    []CaseRow  `json:"rows" nullable:"false" doc:"The cases that were open."`
	Next    string     `json:"next,omitempty"`
}

type boardInput struct {
	Place string `query:"place" maxLength:"12" pattern:"^[0-9]*$" patternDescription:"digits" doc:"A place and all below it; the actor's own by default."`
	AsOf  string `query:"as_of" format:"date" doc:"The day at whose end the cases stood so; today by default."`
	Known string `query:"known" enum:"then,now" default:"then" doc:"What the system knew then, or what is known now to have been."`
	After string `query:"after" maxLength:"128" doc:"Case id of the last row of the page before."`
	Limit int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

type boardOutput struct{ Body PastBoard }

func (s *server) board(ctx context.Context, a rehab.Actor, in *boardInput) (*boardOutput, error) {
	if err := casework.PermitReading(a); err != nil {
		return nil, err
	}
	if a.Role == rehab.WorkerRole {
		return nil, &rehab.Error{Code: rehab.Forbidden, Message: "boards are shown to stations and offices"}
	}
	if detail := input.Bad(in.After, false); detail != "" {
		return nil, rehab.InvalidField("after", "%s", detail)
	}
	place, err := casework.Narrow(a, in.Place)
	if err != nil {
		return nil, err
	}
	day, err := s.pastDay("as_of", in.AsOf)
	if err != nil {
		return nil, err
	}
	if day == rehab.DateOf(s.Now()) && in.Known == knownThen {
		return s.boardNow(ctx, place, day, in)
	}
	b := &boardMaker{server: s, place: place, known: in.Known, before: day.End(), limit: in.Limit, counting: in.After == ""}
	if err := b.walk(ctx, in.After); err != nil {
		return nil, err
	}
	out := &boardOutput{PastBoard{Place: place, AsOf: day, Known: in.Known, Rows: []CaseRow{}, Next: b.next}}
	if b.counting {
		out.Body.Total, out.Body.Streets, out.Body.Workers = &b.total, sorted(b.streets), sorted(b.workers)
	}
	list := CaseList{Cases: out.Body.Rows}
	err = s.fillRows(ctx, &list, b.rows)
	out.Body.Rows = list.Cases
	return out, err
}

// boardNow is the board of today, which the read models hold: no history is read for it.
func (s *server) boardNow(ctx context.Context, place string, today rehab.Date, in *boardInput) (*boardOutput, error) {
	rows, err := s.Board.Cases(ctx, board.CaseFilter{Place: place, Open: true, After: in.After, Limit: in.Limit + 1})
	if err != nil {
		return nil, err
	}
	out := &boardOutput{PastBoard{Place: place, AsOf: today, Known: in.Known, Rows: []CaseRow{}}}
	rows, out.Body.Next = upTo(rows, in.Limit, func(x rehab.Summary) string { return x.CaseID })
	if in.After == "" {
		counts, err := s.Board.CaseCounts(ctx, place)
		if err != nil {
			return nil, err
		}
		total, streets, workers := newTally("", ""), map[string]*Tally{}, map[string]*Tally{}
		for _, n := range counts {
			for _, t := range []*Tally{&total, tally(streets, n.Place, newTally(n.Place, "")), tally(workers, n.Worker, newTally("", n.Worker))} {
				t.count(n)
			}
		}
		out.Body.Total, out.Body.Streets, out.Body.Workers = &total, sorted(streets), sorted(workers)
	}
	list := CaseList{Cases: out.Body.Rows}
	err = s.fillRows(ctx, &list, rows)
	out.Body.Rows = list.Cases
	return out, err
}

// boardMaker sees the cases of a place one after the other. It holds one page of
// histories at a time.
type boardMaker struct {
	*server
	place, known string
	before       time.Time
	limit        int
	counting     bool

	rows             []rehab.Summary
	next             string
	total            Tally
	streets, workers map[string]*Tally
}

func (b *boardMaker) walk(ctx context.Context, after string) error {
	const page = 100
	b.streets, b.workers, b.total = map[string]*Tally{}, map[string]*Tally{}, newTally("", "")
	recorded := time.Time{}
	if b.known == knownThen {
		recorded = b.before
	}
	for n := 0; ; n += page {
		if n >= maxBoard {
			return rehab.InvalidField("place", "there are more than %d cases in it: ask for a district or a street", maxBoard)
		}
		list, err := b.Past.PlaceHistories(ctx, b.place, after, page, recorded)
		if err != nil {
			return err
		}
		for i := range list {
			if err := ctx.Err(); err != nil {
				return err
			}
			seen, err := b.seen(&list[i], b.known, b.before)
			if err != nil {
				return err
			}
			if b.add(seen.Case); !b.counting && b.next != "" {
				return nil
			}
		}
		if len(list) < page {
			return nil
		}
		after = list[len(list)-1].CaseID
	}
}

// add counts a case where it was then.
func (b *boardMaker) add(c *rehab.Case) {
	if c.Phase == "" || !rehab.PlaceCode(b.place).Contains(rehab.PlaceCode(c.Place)) {
		return
	}
	for _, t := range []*Tally{&b.total, tally(b.streets, c.Place, newTally(c.Place, "")), tally(b.workers, c.Worker, newTally("", c.Worker))} {
		t.add(c)
	}
	switch {
	case !c.IsOpen():
	case len(b.rows) < b.limit:
		b.rows = append(b.rows, c.Summary())
	case b.next == "":
		b.next = b.rows[b.limit-1].CaseID
	}
}

func newTally(place, worker string) Tally {
	return Tally{Place: place, Worker: worker, Phases: map[rehab.Phase]int{}, Risks: map[rehab.Risk]int{}}
}

func tally(of map[string]*Tally, key string, fresh Tally) *Tally {
	if of[key] == nil {
		of[key] = &fresh
	}
	return of[key]
}

func (t *Tally) add(c *rehab.Case) {
	t.Phases[c.Phase]++
	if !c.IsOpen() {
		return
	}
	t.Open++
	t.Risks[c.Risk]++
	t.Escalations += len(c.Escalations)
	if len(c.Escalations) > 0 {
		t.Escalated++
	}
	if slices.ContainsFunc(c.Obligations, func(o rehab.Obligation) bool { return o.Status == rehab.Missed }) {
		t.Overdue++
	}
}

// count adds cases that stand alike.
func (t *Tally) count(n board.CaseCount) {
	t.Phases[n.Phase] += n.Cases
	if !slices.Contains(rehab.OpenPhases(), n.Phase) {
		return
	}
	t.Open += n.Cases
	t.Risks[n.Risk] += n.Cases
	t.Overdue += n.Overdue
	t.Escalated += n.Escalated
	t.Escalations += n.Escalations
}

func sorted(of map[string]*Tally) []Tally {
	out := make([]Tally, 0, len(of))
	for _, key := range slices.Sorted(maps.Keys(of)) {
		out = append(out, *of[key])
	}
	return out
}
