package rehab

// Effects are what a command did, in the terms of a list of things to do.
type Effects struct {
	Met    []ObligationMet `json:"met" nullable:"false" doc:"Duties that it settled, with the day that counts."`
	Opened []Owed          `json:"opened" nullable:"false" doc:"Duties that it began, with their last days."`
	Moved  []Shifted       `json:"moved" nullable:"false" doc:"Duties with another last day than before."`
	Ended  []ObligationID  `json:"ended" nullable:"false" doc:"Duties that are void by it."`
	Next   *Owed           `json:"next,omitempty" doc:"What is due next in the case."`
}

// Owed is a duty with its last day and its name.
type Owed struct {
	ID   string `json:"id,omitempty"` // missing where only the kind is known
	Kind Kind   `json:"kind"`
	Due  Date   `json:"due,omitzero"`
	ZH   string `json:"zh"`
	EN   string `json:"en"`
}

// OwedFor names a duty of the kind.
func OwedFor(id string, k Kind, due Date) Owed {
	o := Owed{ID: id, Kind: k, Due: due}
	for _, d := range Duties() {
		if d.Kind == k {
			o.ZH, o.EN = d.ZH, d.EN
		}
	}
	return o
}

// EffectsOf are the effects of the events that one command brought.
func EffectsOf(events []Event) Effects {
	out := Effects{Met: []ObligationMet{}, Opened: []Owed{}, Moved: []Shifted{}, Ended: []ObligationID{}}
	for _, e := range events {
		switch d := e.Data.(type) {
		case ObligationMet:
			out.Met = append(out.Met, d)
		case ObligationOpened:
			out.Opened = append(out.Opened, OwedFor(d.Obligation.ID.String(), d.Obligation.ID.Kind, d.Obligation.Due))
		case ObligationSuperseded:
			out.Ended = append(out.Ended, d.ID)
		case LifeRevised:
			out.Moved = append(out.Moved, d.Moved...)
		}
	}
	return out
}
