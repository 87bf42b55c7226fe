package rehab

import "slices"

// TransferRow is a transfer for good, as both stations see it; an empty From or To lies
// outside the system. What a record says nothing of is zero: the row has it already.
type TransferRow struct {
	ID          int64          `json:"id"`
	From        string         `json:"from,omitempty"`
	To          string         `json:"to,omitempty"`
	State       TransferState  `json:"state"`
	Reason      TransferReason `json:"reason,omitempty"`
	ReturnedFor ReturnReason   `json:"returned_for,omitempty"`
	RequestedOn Date           `json:"requested_on,omitzero"`
	ForwardedOn Date           `json:"forwarded_on,omitzero"`
	AnsweredOn  Date           `json:"answered_on,omitzero"`
	ArrivedOn   Date           `json:"arrived_on,omitzero"`
	EndedOn     Date           `json:"ended_on,omitzero"`
}

// row of a transfer that has not moved the case, which is executed at the place.
func (t Transfer) row(place string) TransferRow {
	return TransferRow{ID: t.ID, From: place, To: t.To, State: t.State, RequestedOn: t.RequestedOn, ForwardedOn: t.ForwardedOn}
}

// row of a transfer that has moved the case to the place.
func (a Arrival) row(place string) TransferRow {
	r := TransferRow{ID: a.Transfer, From: a.From, To: place, State: TransferIsAccepted, AnsweredOn: a.ChangedOn}
	if a.Missed {
		r.State = TransferIsMissed
	}
	return r
}

// transfers keeps what the event does to the two transfers that a case can have at once.
func (f *rowFold) transfers(e *Event) {
	c := f.c
	if was := f.transfer; was.ID != 0 && was.ID != c.Transfer.ID && was.ID != c.Arrival.Transfer {
		f.transferLeft(was.row(f.place), e)
	}
	if was := f.arrival; was.Transfer != 0 && was.Transfer != c.Arrival.Transfer {
		f.transferLeft(was.row(f.place), e)
	}
	if is := c.Transfer; is.ID != 0 && is != f.transfer {
		r := is.row(c.Place)
		switch d := e.Data.(type) {
		case TransferRequested:
			r.Reason = d.Reason
		case TransferReturned:
			r.ReturnedFor, r.AnsweredOn = d.Reason, d.On
		}
		f.putTransfer(r)
	}
	if is := c.Arrival; is.Transfer != 0 && is != f.arrival {
		r := is.row(c.Place)
		if d, ok := e.Data.(TransferredIn); ok {
			r.RequestedOn = d.On
		}
		f.putTransfer(r)
	}
}

// transferLeft gives a transfer that left the case the state with which it did. One whose
// client was found missing stays that, unless the client came after all; and one that came
// back stays what it is when another one is asked for.
func (f *rowFold) transferLeft(r TransferRow, e *Event) {
	missed := r.State == TransferIsMissed
	switch d := e.Data.(type) {
	case TransferArrived:
		r.State, r.ArrivedOn, r.EndedOn = TransferIsArrived, d.On, d.On
	case TransferAccepted:
		r.State, r.EndedOn = TransferIsOvertaken, d.On
	case TransferWithdrawn:
		r.State, r.EndedOn = TransferIsWithdrawn, d.On
	case TransferredOut:
		r.State, r.EndedOn = TransferIsOut, d.On
	case TransferEnded:
		r.State, r.EndedOn = TransferIsOver, d.On
	}
	if missed && r.State != TransferIsArrived {
		return
	}
	f.putTransfer(r)
}

// putTransfer lays what is known of a transfer over what was known of it.
func (f *rowFold) putTransfer(r TransferRow) {
	i := slices.IndexFunc(f.rows.Transfers, func(x TransferRow) bool { return x.ID == r.ID })
	if i < 0 {
		f.rows.Transfers = append(f.rows.Transfers, r)
		return
	}
	x := &f.rows.Transfers[i]
	x.State = r.State
	lay(&x.ReturnedFor, r.ReturnedFor)
	lay(&x.ForwardedOn, r.ForwardedOn)
	lay(&x.AnsweredOn, r.AnsweredOn)
	lay(&x.ArrivedOn, r.ArrivedOn)
	lay(&x.EndedOn, r.EndedOn)
}

func lay[T comparable](to *T, v T) {
	var zero T
	if v != zero {
		*to = v
	}
}
