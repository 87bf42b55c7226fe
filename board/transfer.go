package board

import "guitu/rehab"

// TransferRow is a transfer in the read model, as both stations see it. ID is its
// TransferKey; an empty From or To lies outside the system. DueOn is the last day of
// whoever's turn it is: to forward, to answer, to settle, to report in.
type TransferRow struct {
	ID          string               `json:"id"`
	CaseID      string               `json:"case_id"`
	Transfer    int64                `json:"transfer"` // what commands name it by
	From        string               `json:"from,omitempty"`
	To          string               `json:"to,omitempty"`
	State       rehab.TransferState  `json:"state"`
	Reason      rehab.TransferReason `json:"reason,omitempty"`
	ReturnedFor rehab.ReturnReason   `json:"returned_for,omitempty"`
	RequestedOn rehab.Date           `json:"requested_on"`
	ForwardedOn rehab.Date           `json:"forwarded_on,omitzero"`
	AnsweredOn  rehab.Date           `json:"answered_on,omitzero"` // accepted: the day of the change
	ArrivedOn   rehab.Date           `json:"arrived_on,omitzero"`
	EndedOn     rehab.Date           `json:"ended_on,omitzero"`
	DueOn       rehab.Date           `json:"due_on,omitzero"`
}

// Before reports whether the transfer has not moved the case: the receiving station has to
// decide, or will have to.
func (t TransferRow) Before() bool {
	return t.State == rehab.TransferIsRequested || t.State == rehab.TransferIsForwarded
}

// TransferFilter selects transfers to or from a place and all below it. Worker selects
// those of the worker's cases.
type TransferFilter struct {
	Place     string
	Worker    string
	Direction string // "in" or "out"; both where it is empty
	State     rehab.TransferState
	CaseID    string // of one case alone
	After     string // the TransferKey last seen
	Limit     int
}
