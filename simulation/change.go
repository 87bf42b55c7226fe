package simulation

import (
	"slices"

	"guitu/rehab"
)

// Change is what a scenario has otherwise than another. What is left out stays.
type Change struct {
	Policy       *rehab.Policy // of new orders; real cases move to it with Move
	Move         bool
	Workers      int // more in every place; negative: fewer, but never below none
	Staff        []PlaceStaffing
	Arrivals     *float64 // new orders a month in every place
	KeepsTest    *float64
	KeepsContact *float64
	Answers      *float64
	Evades       *float64
}

// PlaceStaffing is a change of the number of workers of one place.
type PlaceStaffing struct {
	Place string
	Staffing
}

// With is the scenario with the change. An error names a place that is not in it.
func (s Scenario) With(c Change) (Scenario, error) {
	if c.Policy != nil {
		s.Policy = c.Policy
	}
	s.Move = s.Move || c.Move
	s.Places = slices.Clone(s.Places)
	for i := range s.Places {
		p := &s.Places[i]
		p.Workers = max(p.Workers+c.Workers, 0)
		if c.Arrivals != nil {
			p.Arrivals = *c.Arrivals
		}
	}
	for _, x := range c.Staff {
		i := slices.IndexFunc(s.Places, func(p Place) bool { return p.Code == x.Place })
		if i < 0 {
			return s, rehab.InvalidField("staff", "there is no place %s among those that are played", x.Place)
		}
		s.Places[i].Staff = append(slices.Clone(s.Places[i].Staff), x.Staffing)
	}
	b := &s.Behavior
	for of, v := range map[*float64]*float64{&b.KeepsTest: c.KeepsTest, &b.KeepsContact: c.KeepsContact, &b.Answers: c.Answers, &b.Evades: c.Evades} {
		if v != nil {
			*of = *v
		}
	}
	return s, nil
}
