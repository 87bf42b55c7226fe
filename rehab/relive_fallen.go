package rehab

import "time"

// Fallen is a climb that people were told of and that turned out to have no ground.
type Fallen struct {
	ID         int64
	Obligation ObligationID
	Rung       int
	Role       Role // that was told last
	OpenedAt   time.Time
	ToldAt     time.Time
	FellAt     time.Time
}

// FallenIn lists the climbs of a ledger that fell and do not stand again, as they stood
// when they fell.
func FallenIn(ledger []Event) []Fallen {
	stood, fell := make(map[int64]*Fallen), make(map[int64]Fallen)
	var order []int64
	for i := range ledger {
		e := &ledger[i]
		switch d := e.Data.(type) {
		case EscalationOpened:
			stood[e.Seq] = &Fallen{ID: e.Seq, Obligation: d.Obligation, Rung: d.Rung, Role: d.Role, OpenedAt: e.RecordedAt, ToldAt: e.RecordedAt}
		case EscalationClimbed:
			if f := stood[d.ID]; f != nil {
				f.Rung, f.Role, f.ToldAt = d.Rung, d.Role, e.RecordedAt
			}
		case LifeRevised:
			for _, x := range d.Fell {
				if f := stood[x.ID]; f != nil {
					at := *f
					at.FellAt = e.RecordedAt
					if _, again := fell[x.ID]; !again {
						order = append(order, x.ID)
					}
					fell[x.ID] = at
				}
			}
		}
	}
	for _, e := range Life(ledger) {
		if _, ok := e.Data.(EscalationOpened); ok {
			delete(fell, e.Seq)
		}
	}
	out := make([]Fallen, 0, len(fell))
	for _, id := range order {
		if f, ok := fell[id]; ok {
			out = append(out, f)
		}
	}
	return out
}
