package rehab

import (
	"cmp"
	"slices"
	"time"
)

// Rows are what a record changes in the tables of a case beside its Summary, or, where Whole
// says so, all that these tables hold of it. They come from the fold: whoever keeps tables
// writes them and needs no rule of its own.
type Rows struct {
	Whole       bool            `json:"whole,omitempty"` // whatever else the tables hold of the case goes
	Obligations []ObligationRow `json:"obligations,omitempty"`
	Escalations []EscalationRow `json:"escalations,omitempty"`
	Leaves      []LeaveRow      `json:"leaves,omitempty"`
	Decided     []int64         `json:"decided_leaves,omitempty"` // leaves that wait for nobody any more
	Referrals   []Referral      `json:"referrals,omitempty"`
	Transfers   []TransferRow   `json:"transfers,omitempty"`
	Struck      []Struck        `json:"struck,omitempty"`

	// Ended says that the case ended: confirmed misses that had left it before are void with
	// it, but for those of the kinds Spared. Whole rows say so themselves.
	Ended  bool   `json:"ended,omitempty"`
	Spared []Kind `json:"spared,omitempty"`
}

// ObligationRow is an obligation for good: with its last status once it has left the case.
type ObligationRow struct {
	Obligation
	MetOn Date `json:"met_on,omitzero"`
}

// EscalationRow is an escalation for good. OpenedAt is zero where the row has it already.
type EscalationRow struct {
	Escalation
	OpenedAt time.Time `json:"opened_at,omitzero"`
	ClosedAt time.Time `json:"closed_at,omitzero"`
	Closing  Closing   `json:"closing,omitempty"`
}

// LeaveRow is a leave that nobody decided yet.
type LeaveRow struct {
	Leave
	ReportedAt time.Time `json:"reported_at"`
}

// Struck is an event that a revision took back. Instead is what holds under its sequence now.
type Struck struct {
	Seq     int64 `json:"seq"`
	Instead int64 `json:"instead,omitempty"`
}

// LifeRows are all rows of the case that the ledger holds, in the order of their keys. An
// escalation that fell keeps its row, as closed: people were told of it.
func LifeRows(ledger []Event) *Rows {
	f := rowFold{c: &Case{}}
	life := Life(ledger)
	for i := range life {
		f.apply(&life[i])
	}
	r := &f.rows
	for _, x := range FallenIn(ledger) {
		r.Escalations = append(r.Escalations, EscalationRow{
			Escalation: Escalation{ID: x.ID, Obligation: x.Obligation, Rung: x.Rung, Role: x.Role, ToldAt: x.ToldAt},
			OpenedAt:   x.OpenedAt, ClosedAt: x.FellAt, Closing: ByRetraction,
		})
	}
	r.Whole, r.Ended, r.Spared, r.Decided, r.Struck = true, false, nil, nil, struck(ledger)
	slices.SortFunc(r.Obligations, func(a, b ObligationRow) int {
		return cmp.Or(cmp.Compare(a.ID.Kind, b.ID.Kind), cmp.Compare(a.ID.N, b.ID.N))
	})
	slices.SortFunc(r.Escalations, func(a, b EscalationRow) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(r.Leaves, func(a, b LeaveRow) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(r.Referrals, func(a, b Referral) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(r.Transfers, func(a, b TransferRow) int { return cmp.Compare(a.ID, b.ID) })
	return r
}

// struck are the events that revisions took back. The last revision names all that stand for
// another one.
func struck(ledger []Event) []Struck {
	instead := make(map[int64]int64)
	for i := range ledger {
		if d, ok := ledger[i].Data.(LifeRevised); ok {
			clear(instead)
			for _, s := range d.As {
				instead[s.For] = s.At
			}
		}
	}
	gone := TakenBack(ledger)
	out := make([]Struck, len(gone))
	for i, seq := range gone {
		out[i] = Struck{seq, instead[seq]}
	}
	return out
}

// rowFold folds events and keeps the rows that they change. They hold no revision.
type rowFold struct {
	c    *Case
	rows Rows
	// The case before the event: what leaves it with the event is seen here.
	obligations []Obligation
	escalations []Escalation
	leaves      []Leave
	referrals   []Referral
	transfer    Transfer
	arrival     Arrival
	place       string
	phase       Phase
	// Where a row is in rows.
	obligation map[ObligationID]int
}

func (f *rowFold) apply(e *Event) {
	c := f.c
	f.obligations = append(f.obligations[:0], c.Obligations...)
	f.escalations = append(f.escalations[:0], c.Escalations...)
	f.leaves = append(f.leaves[:0], c.Leaves...)
	f.referrals = append(f.referrals[:0], c.Help.Referrals...)
	f.transfer, f.arrival, f.place, f.phase = c.Transfer, c.Arrival, c.Place, c.Phase
	c.apply(e)
	changes(f.obligations, c.Obligations, func(o *Obligation) ObligationID { return o.ID },
		func(o *Obligation) { f.obligationLeft(o, e) }, func(o *Obligation) { f.putObligation(ObligationRow{Obligation: *o}) })
	changes(f.escalations, c.Escalations, func(x *Escalation) int64 { return x.ID },
		func(x *Escalation) { f.escalationLeft(x, e) }, func(x *Escalation) { f.putEscalation(EscalationRow{Escalation: *x}, e) })
	changes(f.leaves, c.Leaves, func(l *Leave) int64 { return l.ID }, f.leaveOver, func(l *Leave) { f.putLeave(l, e) })
	changes(f.referrals, c.Help.Referrals, func(r *Referral) int64 { return r.ID }, func(*Referral) {}, f.putReferral)
	f.transfers(e)
	if c.Phase != f.phase && (c.isOver() || c.Phase == Sealed || c.Phase == Void) {
		f.ended()
	}
}

// changes walks what a part of the case was and is. Such parts lose some and gain at the end.
func changes[T, K comparable](was, is []T, key func(*T) K, left, put func(*T)) {
	i := 0
	for j := range was {
		switch {
		case i == len(is) || key(&was[j]) != key(&is[i]):
			left(&was[j])
		default:
			if was[j] != is[i] {
				put(&is[i])
			}
			i++
		}
	}
	for ; i < len(is); i++ {
		put(&is[i])
	}
}

// obligationLeft gives an obligation that left the case the status with which it did. A
// confirmed miss that takes no evidence any more stays what it is.
func (f *rowFold) obligationLeft(o *Obligation, e *Event) {
	r := ObligationRow{Obligation: *o}
	switch d := e.Data.(type) {
	case ObligationOpened:
		return
	case ObligationMet:
		r.Status, r.MetOn = Done, d.On
	case MissDismissed:
		r.Status = Dismissed
	case MissJustified:
		r.Status = Excused
	default:
		r.Status = Superseded
	}
	f.putObligation(r)
}

func (f *rowFold) putObligation(r ObligationRow) {
	r.Counted, r.From, r.Fixed, r.Plain = false, 0, false, 0 // aids of the fold: no row has them
	if i, ok := f.obligation[r.ID]; ok {
		f.rows.Obligations[i] = r
		return
	}
	if f.obligation == nil {
		f.obligation = make(map[ObligationID]int)
	}
	f.obligation[r.ID] = len(f.rows.Obligations)
	f.rows.Obligations = append(f.rows.Obligations, r)
}

func (f *rowFold) escalationLeft(x *Escalation, e *Event) {
	r := EscalationRow{Escalation: *x, ClosedAt: e.RecordedAt, Closing: BySupersession}
	if d, ok := e.Data.(EscalationClosed); ok {
		r.Closing = d.Closing
	}
	r.NextAt = time.Time{}
	f.putEscalation(r, e)
}

func (f *rowFold) putEscalation(r EscalationRow, e *Event) {
	if i := slices.IndexFunc(f.rows.Escalations, func(x EscalationRow) bool { return x.ID == r.ID }); i >= 0 {
		r.OpenedAt = f.rows.Escalations[i].OpenedAt
		f.rows.Escalations[i] = r
		return
	}
	if r.ID == e.Seq {
		r.OpenedAt = e.RecordedAt
	}
	f.rows.Escalations = append(f.rows.Escalations, r)
}

func (f *rowFold) putLeave(l *Leave, e *Event) {
	if l.Approved {
		f.leaveOver(l)
		return
	}
	f.rows.Leaves = append(f.rows.Leaves, LeaveRow{Leave: *l, ReportedAt: e.RecordedAt})
}

func (f *rowFold) leaveOver(l *Leave) {
	f.rows.Leaves = slices.DeleteFunc(f.rows.Leaves, func(r LeaveRow) bool { return r.ID == l.ID })
	f.rows.Decided = append(f.rows.Decided, l.ID)
}

func (f *rowFold) putReferral(r *Referral) {
	if i := slices.IndexFunc(f.rows.Referrals, func(x Referral) bool { return x.ID == r.ID }); i >= 0 {
		f.rows.Referrals[i] = *r
		return
	}
	f.rows.Referrals = append(f.rows.Referrals, *r)
}

// ended makes void what had left the case as a confirmed miss before.
func (f *rowFold) ended() {
	f.rows.Ended, f.rows.Spared = true, DutiesThatOutliveEnd()
	if f.c.Phase == Void {
		f.rows.Spared = nil
	}
	for i := range f.rows.Obligations {
		if o := &f.rows.Obligations[i]; o.Status == Confirmed && !slices.Contains(f.rows.Spared, o.ID.Kind) {
			o.Status = Superseded
		}
	}
}
