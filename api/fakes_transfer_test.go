package api_test

import (
	"context"
	"maps"
	"slices"
	"strings"

	"guitu/board"
	"guitu/rehab"
)

// Transfers are folded from the events, as the store's rows are.
func (w *world) Transfers(_ context.Context, f board.TransferFilter) ([]board.TransferRow, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.failing("Transfers"); err != nil {
		return nil, err
	}
	after, number, _ := rehab.ReadTransferKey(f.After)
	var out []board.TransferRow
	for _, id := range slices.Sorted(maps.Keys(w.cases)) {
		if f.CaseID != "" && id != f.CaseID {
			continue
		}
		for _, t := range w.transfersOf(id) {
			in := f.Direction != "out" && strings.HasPrefix(t.To, f.Place)
			from := f.Direction != "in" && strings.HasPrefix(t.From, f.Place)
			later := id > after || id == after && t.Transfer > number
			if (in || from) && later && (f.Worker == "" || w.cases[id].Worker == f.Worker) && (f.State == "" || t.State == f.State) && len(out) < f.Limit {
				out = append(out, t)
			}
		}
	}
	return out, nil
}

func (w *world) Transfer(_ context.Context, caseID string, number int64) (board.TransferRow, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.failing("Transfer"); err != nil {
		return board.TransferRow{}, err
	}
	for _, t := range w.transfersOf(caseID) {
		if t.Transfer == number {
			return t, nil
		}
	}
	return board.TransferRow{}, notFound("transfer")
}

func (w *world) transfersOf(caseID string) []board.TransferRow {
	var out []board.TransferRow
	at := func(number int64) *board.TransferRow {
		return &out[slices.IndexFunc(out, func(t board.TransferRow) bool { return t.Transfer == number })]
	}
	for _, e := range w.events[caseID] {
		switch d := e.Data.(type) {
		case rehab.TransferRequested:
			out = append(out, board.TransferRow{
				ID: rehab.TransferKey(caseID, e.Seq), CaseID: caseID, Transfer: e.Seq, From: d.From, To: d.To,
				State: rehab.TransferIsRequested, Reason: d.Reason, RequestedOn: d.On,
			})
		case rehab.FileForwarded:
			at(d.Transfer).State, at(d.Transfer).ForwardedOn = rehab.TransferIsForwarded, d.On
		case rehab.TransferAccepted:
			at(d.Transfer).State, at(d.Transfer).AnsweredOn = rehab.TransferIsAccepted, d.On
		case rehab.TransferReturned:
			at(d.Transfer).State, at(d.Transfer).ReturnedFor = rehab.TransferIsReturned, d.Reason
		case rehab.TransferWithdrawn:
			at(d.Transfer).State = rehab.TransferIsWithdrawn
		case rehab.TransferArrived:
			at(d.Transfer).State = rehab.TransferIsArrived
		}
	}
	return out
}
