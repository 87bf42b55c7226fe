package office

import (
	"slices"

	"guitu/rehab"
)

// longestAbsence is how many days an absence may last: who is away for longer is
// replaced (our choice).
const longestAbsence = 366

// AbsenceFact is one change of the absences of a worker. From names the absence: a later
// fact about the same day says it better, with another end or another stand-in (代班).
type AbsenceFact struct {
	Record
	To        rehab.Date `json:"to,omitzero"`
	StandIn   string     `json:"stand_in,omitempty"`
	Withdrawn bool       `json:"withdrawn,omitempty"` // it does not come about
}

// Absence is a stretch of days, both included, on which a worker is away, and who stands
// in; nobody where that is empty, which is a gap of coverage.
type Absence struct {
	From    rehab.Date `json:"from"`
	To      rehab.Date `json:"to"`
	StandIn string     `json:"stand_in,omitempty"`
}

// On reports whether the absence lasts on the day.
func (a Absence) On(day rehab.Date) bool { return a.From <= day && day <= a.To }

// Absences of a worker with these facts, the earliest first.
func Absences(facts []AbsenceFact) []Absence {
	out := []Absence{}
	list := inOrder(facts, func(f AbsenceFact) Record { return f.Record })
	for i, f := range list {
		if i+1 < len(list) && list[i+1].From == f.From || f.Withdrawn {
			continue // the last fact of a day counts
		}
		out = append(out, Absence{f.From, f.To, f.StandIn})
	}
	return out
}

// CheckAbsence says what is wrong with a change of the absences of the worker, who has
// the history given. The stand-in is on duty and takes cases from the first to the last
// day: at the place of the worker or above it, or, where the district office says so
// (elsewhere), at another one. Who is away stands in for nobody: theirs are given.
func CheckAbsence(w Worker, history []AbsenceFact, f AbsenceFact, standIn Worker, theirs []Absence, elsewhere bool, today rehab.Date) *rehab.Error {
	if err := checkFrom(f.From, today); err != nil {
		return err
	}
	known := slices.ContainsFunc(Absences(history), func(a Absence) bool { return a.From == f.From })
	if f.Withdrawn {
		if !known {
			return refuse("from", "no absence begins on %s", f.From)
		}
		return nil
	}
	switch p, active := w.On(f.From); {
	case !active:
		return refuse("from", "the worker is not active on %s", f.From)
	case f.To < f.From:
		return rehab.InvalidField("to", "lies before from")
	case f.To > f.From.AddDays(longestAbsence):
		return refuse("to", "an absence lasts a year at most: give the cases to somebody else")
	case f.From < today && !known:
		return refuse("from", "an absence is entered for today or a day to come")
	case slices.ContainsFunc(Absences(history), func(a Absence) bool { return a.From != f.From && a.From <= f.To && f.From <= a.To }):
		return refuse("from", "the worker is away on some of these days already")
	case f.StandIn == "":
		return nil
	case f.StandIn == w.ID:
		return rehab.InvalidField("stand_in", "is the worker who is away")
	default:
		return checkStandIn(standIn, p.Place, f, theirs, elsewhere, max(f.From, today))
	}
}

func checkStandIn(w Worker, place string, f AbsenceFact, theirs []Absence, elsewhere bool, first rehab.Date) *rehab.Error {
	for _, day := range []rehab.Date{first, max(first, f.To)} {
		p, active := w.On(day)
		switch {
		case !active:
			return refuse("stand_in", "the worker %s is not active on %s", w.ID, day)
		case p.Post == Supervisor:
			return refuse("stand_in", "%s is a supervisor, who takes no cases", w.ID)
		case !elsewhere && w.MayTake(place, day) != nil:
			return refuse("stand_in", "%s belongs to another station: the district office decides that", w.ID)
		}
	}
	if slices.ContainsFunc(theirs, func(a Absence) bool { return a.From <= f.To && first <= a.To }) {
		return refuse("stand_in", "%s is away on some of these days", w.ID)
	}
	return nil
}
