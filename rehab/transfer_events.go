package rehab

import "time"

// TransferRequested asks for another place of execution. To is empty outside the system.
type TransferRequested struct {
	From   string         `json:"from"`
	To     string         `json:"to,omitempty"`
	Reason TransferReason `json:"reason"`
	On     Date           `json:"on"`
}

// FileForwarded puts the file before the receiving station.
type FileForwarded struct {
	Transfer int64 `json:"transfer"`
	On       Date  `json:"on"`
}

// TransferAccepted moves the case: from this event on the new station is responsible.
type TransferAccepted struct {
	Transfer int64  `json:"transfer"`
	From     string `json:"from"`
	To       string `json:"to"`
	On       Date   `json:"on"`
	Worker   string `json:"worker,omitempty"` // who had the case
}

// EscalationMoved tells an open climb to the rungs of the new place; Told are the roles
// that had been told at the old one. Anew: the role told last is another office now and
// has the whole time to answer, until NextAt.
type EscalationMoved struct {
	ID     int64     `json:"id"`
	From   string    `json:"from"`
	Worker string    `json:"worker,omitempty"` // who was told as worker
	Told   []Role    `json:"told"`
	Anew   bool      `json:"anew,omitempty"`
	NextAt time.Time `json:"next_at,omitzero"`
}

// TransferReturned gives the file back to the old station, which had stayed responsible.
type TransferReturned struct {
	Transfer int64        `json:"transfer"`
	To       string       `json:"to,omitempty"` // who did not take it
	Reason   ReturnReason `json:"reason"`
	On       Date         `json:"on"`
}

// TransferWithdrawn leaves the place as it is.
type TransferWithdrawn struct {
	Transfer int64  `json:"transfer"`
	To       string `json:"to,omitempty"`
	On       Date   `json:"on"`
}

// TransferEnded says that the measure ended before the transfer did.
type TransferEnded struct {
	Transfer int64  `json:"transfer"`
	From     string `json:"from,omitempty"`
	To       string `json:"to,omitempty"`
	On       Date   `json:"on"`
}

// TransferArrived is the client's report-in at the new street. The term runs on; the
// agreement is to be signed anew (DRR art.22).
type TransferArrived struct {
	Transfer int64  `json:"transfer"`
	From     string `json:"from,omitempty"`
	On       Date   `json:"on"`
	Late     bool   `json:"late,omitempty"`
}

// TransferredIn says that the case came from outside the system: the place changed On.
type TransferredIn struct {
	To string `json:"to"`
	On Date   `json:"on"`
}

// TransferredOut closes the case here: the measure goes on outside the system.
type TransferredOut struct {
	Transfer int64 `json:"transfer"`
	On       Date  `json:"on"`
}

// ArrivalReported says that the police were told of the arrival.
type ArrivalReported struct {
	On Date `json:"on"`
}

func (TransferRequested) EventType() string { return "transfer_requested" }
func (FileForwarded) EventType() string     { return "file_forwarded" }
func (TransferAccepted) EventType() string  { return "transfer_accepted" }
func (EscalationMoved) EventType() string   { return "escalation_moved" }
func (TransferReturned) EventType() string  { return "transfer_returned" }
func (TransferWithdrawn) EventType() string { return "transfer_withdrawn" }
func (TransferEnded) EventType() string     { return "transfer_ended" }
func (TransferArrived) EventType() string   { return "transfer_arrived" }
func (TransferredIn) EventType() string     { return "transferred_in" }
func (TransferredOut) EventType() string    { return "transferred_out" }
func (ArrivalReported) EventType() string   { return "arrival_reported" }

func (d TransferRequested) apply(c *Case, e *Event) {
	c.Transfer = Transfer{ID: e.Seq, State: TransferIsRequested, To: d.To, RequestedOn: d.On}
}

func (d FileForwarded) apply(c *Case, _ *Event) {
	c.Transfer.State, c.Transfer.ForwardedOn = TransferIsForwarded, d.On
}

func (d TransferAccepted) apply(c *Case, _ *Event) {
	c.Place, c.Worker, c.Transfer = d.To, "", Transfer{}
	c.Arrival = Arrival{Transfer: d.Transfer, From: d.From, ChangedOn: d.On}
}

func (d EscalationMoved) apply(c *Case, e *Event) {
	if esc := c.Escalation(d.ID); d.Anew {
		esc.ToldAt, esc.NextAt, esc.Promise, esc.AckedBy = e.RecordedAt, d.NextAt, 0, ""
	}
}

func (d TransferReturned) apply(c *Case, _ *Event)  { c.Transfer.State = TransferIsReturned }
func (d TransferWithdrawn) apply(c *Case, _ *Event) { c.Transfer = Transfer{} }

func (d TransferEnded) apply(c *Case, _ *Event) {
	if c.Transfer.ID == d.Transfer {
		c.Transfer = Transfer{}
	}
	if c.Arrival.Transfer == d.Transfer {
		c.Arrival = Arrival{}
	}
}

func (d TransferArrived) apply(c *Case, _ *Event) {
	c.Arrival, c.ArrivedOn, c.AgreementOn = Arrival{}, d.On, 0
	if c.Phase == InExecution {
		c.Phase = AwaitingAgreement
	}
}

func (d TransferredIn) apply(c *Case, e *Event) {
	c.Arrival = Arrival{Transfer: e.Seq, ChangedOn: d.On}
}

func (d TransferredOut) apply(c *Case, _ *Event) {
	c.Phase, c.TransferredOn = TransferredAway, d.On
	c.close()
}

func (ArrivalReported) apply(*Case, *Event) {}

// arrivalMissed notes whether a person found that the client did not come.
func (c *Case) arrivalMissed(k Kind, missed bool) {
	if k == TransferReportInDuty && c.Arrival.Transfer != 0 {
		c.Arrival.Missed = missed
	}
}

// telling is an event that is told at more places than the case's own.
type telling interface {
	notices(c *Case, e Event) []Notice
}

// tell makes a notice to the holder of the role for the street; none where the street
// lies outside the system.
func tell(r Role, street, worker string, e Event) []Notice {
	if street == "" {
		return nil
	}
	return []Notice{{Role: r, Place: r.PlaceOver(street), Worker: worker, Type: e.Data.EventType(), Channel: Inbox}}
}

func tellBoth(from, to string, e Event) []Notice {
	return append(tell(StationHead, from, "", e), tell(StationHead, to, "", e)...)
}

func (d TransferRequested) notices(_ *Case, e Event) []Notice { return tellBoth(d.From, d.To, e) }
func (d FileForwarded) notices(c *Case, e Event) []Notice {
	return tellBoth(c.Place, c.Transfer.To, e)
}
func (d TransferAccepted) notices(_ *Case, e Event) []Notice {
	out := tellBoth(d.From, d.To, e)
	if d.Worker != "" {
		out = append(out, tell(WorkerRole, d.From, d.Worker, e)...)
	}
	return out
}
func (d TransferWithdrawn) notices(c *Case, e Event) []Notice { return tellBoth(c.Place, d.To, e) }
func (d TransferEnded) notices(_ *Case, e Event) []Notice     { return tellBoth(d.From, d.To, e) }
func (d TransferArrived) notices(c *Case, e Event) []Notice   { return tellBoth(d.From, c.Place, e) }
func (d TransferredIn) notices(_ *Case, e Event) []Notice     { return tell(StationHead, d.To, "", e) }

// notices of a return go up at once: to the office that is above both stations.
func (d TransferReturned) notices(c *Case, e Event) []Notice {
	out := append(tellBoth(c.Place, d.To, e), tell(WorkerRole, c.Place, c.Worker, e)...)
	out = append(out, tell(DistrictOffice, c.Place, "", e)...)
	if d.To != "" && DistrictOffice.PlaceOver(d.To) != DistrictOffice.PlaceOver(c.Place) {
		out = append(append(out, tell(DistrictOffice, d.To, "", e)...), tell(CityOffice, c.Place, "", e)...)
	}
	return out
}

// notices of a climb that moved: the offices of the old place hear that it is no longer
// theirs, those of the new one that it is. Whoever is above both hears nothing.
func (d EscalationMoved) notices(c *Case, e Event) []Notice {
	esc := c.Escalation(d.ID)
	if esc == nil {
		return nil // a life that was lived again ended it in the same record
	}
	var out []Notice
	for _, r := range d.Told {
		was, is := r.PlaceOver(d.From), r.PlaceOver(c.Place)
		if was == is {
			continue
		}
		left := Notice{Role: r, Place: was, Worker: d.Worker, Type: "escalation_left", Channel: Inbox, Escalation: d.ID, Obligation: esc.Obligation}
		out = append(out, left)
		if r != WorkerRole { // the case has none there yet
			out = append(out, Notice{Role: r, Place: is, Type: e.Data.EventType(), Channel: Inbox, Escalation: d.ID, Obligation: esc.Obligation})
		}
	}
	return out
}

// watchedFrom is the street whose rungs a climb over the kind is told to, and the worker
// who has the case there: the receiving station answers for its decision.
func (c *Case) watchedFrom(k Kind) (street, worker string) {
	if k == TransferDecisionDuty && c.Transfer.To != "" {
		return c.Transfer.To, ""
	}
	return c.Place, c.Worker
}
