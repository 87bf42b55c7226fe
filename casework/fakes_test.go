package casework_test

import (
	"context"
	"log/slog"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"guitu/board"
	"guitu/casework"
	"guitu/forms"
	"guitu/office"
	"guitu/once"
	"guitu/registers"
	"guitu/rehab"
)

const (
	street = "110101001"
	caseID = "c-1"
)

var (
	now      = time.Date(2026, time.October, 20, 2, 0, 0, 0, time.UTC)
	worker   = rehab.Actor{ID: "w-1", Role: rehab.WorkerRole, Place: street}
	standIn  = rehab.Actor{ID: "w-2", Role: rehab.WorkerRole, Place: street}
	stranger = rehab.Actor{ID: "w-9", Role: rehab.WorkerRole, Place: street}
	head     = rehab.Actor{ID: "h-1", Role: rehab.StationHead, Place: street}
	district = rehab.Actor{ID: "d-1", Role: rehab.DistrictOffice, Place: "110101"}
	city     = rehab.Actor{ID: "b-1", Role: rehab.CityOffice, Place: "11"}
	admin    = rehab.Actor{ID: "a-1", Role: rehab.Admin}
	partner  = rehab.Actor{ID: "p-1", Role: rehab.PartnerRole, Organisation: "org-1"}
)

// town is one case of one worker with the parts around it, in memory. What a test does not need
// is not there: asking for it ends the test.
type town struct {
	casework.Ledger
	casework.Board
	casework.Identities
	casework.Clients
	casework.Registry
	casework.Forms

	row         rehab.Summary
	obligations []board.ObligationRow
	given       []rehab.Command // what the engine was asked for
	refusal     error           // what it says
	receipts    map[string]rehab.Command
	filings     []forms.Filing
	saved       map[string]forms.Filing
	records     map[string][]registers.Record
}

func newTown(t *testing.T) (*town, *casework.Service) {
	t.Helper()
	w := &town{
		row:      rehab.Summary{CaseID: caseID, Place: street, Worker: worker.ID, Phase: rehab.InExecution, Risk: rehab.High},
		receipts: map[string]rehab.Command{}, saved: map[string]forms.Filing{}, records: map[string][]registers.Record{},
	}
	definitions, err := forms.Load()
	require.NoError(t, err)
	return w, &casework.Service{
		Engine: w, Ledger: w, Board: w, Identities: w, Clients: w, Places: w, Registry: w, Forms: w, Registers: w, Policies: w,
		Definitions: definitions, Now: func() time.Time { return now }, Log: slog.New(slog.DiscardHandler),
	}
}

// refused is what an engine says that will not have it.
func refused() error { return &rehab.Error{Code: rehab.Refused, Message: "no"} }

func requireCode(t *testing.T, code rehab.Code, err error) {
	t.Helper()
	require.Error(t, err)
	require.Equal(t, code, rehab.CodeOf(err), err.Error())
}

func (w *town) Do(_ context.Context, _ string, cmd rehab.Command) (board.Receipt, error) {
	w.given = append(w.given, cmd)
	if w.refusal != nil {
		return board.Receipt{}, w.refusal
	}
	w.receipts[cmd.ID] = cmd
	return board.Receipt{CaseID: caseID, CommandID: cmd.ID, Seq: int64(len(w.receipts))}, nil
}

func (w *town) CommandReceipt(_ context.Context, _, id string) (board.Receipt, string, bool, error) {
	cmd, ok := w.receipts[id]
	return board.Receipt{CaseID: caseID, CommandID: id}, cmd.Digest, ok, nil
}

func (w *town) Load(context.Context, string) (*rehab.Case, error) { return &rehab.Case{}, nil }

func (w *town) Timeline(context.Context, string, int64, int) ([]board.TimelineEntry, error) {
	var out []board.TimelineEntry
	for id := range w.receipts {
		out = append(out, board.TimelineEntry{Event: rehab.Event{Seq: 7, Command: id}})
	}
	return out, nil
}

func (w *town) Case(_ context.Context, id string) (rehab.Summary, error) {
	if id != caseID {
		return rehab.Summary{}, &rehab.Error{Code: rehab.NotFound}
	}
	return w.row, nil
}

func (w *town) Obligations(context.Context, string) ([]board.ObligationRow, error) {
	return w.obligations, nil
}

func (w *town) Identity(context.Context, string) (board.Identity, error) {
	return board.Identity{Name: "赵某"}, nil
}

func (w *town) Place(_ context.Context, code string, _ rehab.Date) (office.Place, error) {
	return office.Place{Place: board.Place{Code: code, Name: "街道" + code, Level: "street"}}, nil
}

func (w *town) Worker(_ context.Context, id string) (office.Worker, error) {
	return office.Worker{}, &rehab.Error{Code: rehab.NotFound, Message: id}
}

func (w *town) StandsInFor(_ context.Context, id string, _ rehab.Date) ([]string, error) {
	if id == standIn.ID {
		return []string{worker.ID}, nil
	}
	return nil, nil
}

func (w *town) Policy(rehab.PolicyRef) *rehab.Policy { return nil }

func (w *town) Calendar() *rehab.Calendar { return nil }

func (w *town) SaveFiling(_ context.Context, f forms.Filing, _ string, _ []forms.Value) error {
	w.saved[f.CommandID] = f
	return nil
}

func (w *town) DropFiling(_ context.Context, _, commandID string) error {
	delete(w.saved, commandID)
	return nil
}

func (w *town) Filings(context.Context, string) ([]forms.Filing, error) { return w.filings, nil }

func (w *town) AddRecord(_ context.Context, r registers.Record) (registers.Record, bool, error) {
	return w.keep(r.ID, r.Command, r.Digest, func(registers.Record) (registers.Record, error) { return r, nil })
}

func (w *town) ChangeRecord(_ context.Context, id, command, digest string, change func(registers.Record) (registers.Record, error)) (registers.Record, bool, error) {
	return w.keep(id, command, digest, change)
}

func (w *town) keep(id, command, digest string, change func(registers.Record) (registers.Record, error)) (registers.Record, bool, error) {
	var last registers.Record
	for _, r := range w.records[id] {
		switch last = r; {
		case r.Command == command && r.Digest == digest:
			return r, true, nil
		case r.Command == command:
			return r, false, once.ErrUsed
		}
	}
	next, err := change(last)
	if err != nil {
		return last, false, err
	}
	next.Version, next.Command, next.Digest = last.Version+1, command, digest
	w.records[id] = append(w.records[id], next)
	return next, false, nil
}

func (w *town) RegisterRecord(_ context.Context, id string) (registers.Record, error) {
	versions := w.records[id]
	if len(versions) == 0 {
		return registers.Record{}, &rehab.Error{Code: rehab.NotFound}
	}
	return versions[len(versions)-1], nil
}

func (w *town) RecordHistory(_ context.Context, id string) ([]registers.Record, error) {
	return slices.Clone(w.records[id]), nil
}

// Records are all, of which the filter is the store's to keep.
func (w *town) Records(_ context.Context, f registers.Filter) (out []registers.Record, err error) {
	for _, versions := range w.records {
		if r := versions[len(versions)-1]; r.Data.Kind() == f.Kind && (f.Programme == "" || r.Programme == f.Programme) && len(out) < f.Limit {
			out = append(out, r)
		}
	}
	return out, nil
}
