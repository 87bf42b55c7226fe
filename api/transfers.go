package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"guitu/board"
	"guitu/casework"
	"guitu/input"
	"guitu/rehab"
)

// TransferList is a page of transfers. Next is the value of after for the next page.
type TransferList struct {
	Transfers []board.TransferRow `json:"transfers" nullable:"false"`
	Next      string              `json:"next,omitempty"`
}

// TransferView is one transfer, with what the receiving station needs to decide.
type TransferView struct {
	board.TransferRow
	Case     *TransferCase     `json:"case,omitempty" doc:"Missing for the old station once the case is another's, and for the receiving one once the file went back."`
	Identity *Client           `json:"identity,omitempty" doc:"Masked."`
	Climb    *rehab.Escalation `json:"escalation,omitempty" doc:"What climbs over the silence of the receiving station: answer for it by acknowledge-escalation."`
}

// TransferCase is what a station learns of a case that it is asked to take.
type TransferCase struct {
	Measure     rehab.Measure  `json:"measure"`
	Phase       rehab.Phase    `json:"phase"`
	Risk        rehab.Risk     `json:"risk"`
	ServedOn    rehab.Date     `json:"served_on"`
	ReportedOn  rehab.Date     `json:"reported_on,omitzero"`
	TermEnd     rehab.Date     `json:"term_end,omitzero"`
	Overdue     int            `json:"overdue"`
	Escalations int            `json:"escalations"`
	Counters    rehab.Counters `json:"counters" doc:"Over the whole measure, across transfers (DRR art.20)."`
}

func (s *server) transferRoutes() {
	tag := []string{"transfers"}
	operation(s, huma.Operation{OperationID: "list-transfers", Method: http.MethodGet, Path: "/v1/transfers", Tags: tag,
		Summary: "List the transfers to and from a place, as both stations see them"}, s.listTransfers)
	operation(s, huma.Operation{OperationID: "get-transfer", Method: http.MethodGet, Path: "/v1/transfers/{id}", Tags: tag,
		Summary: "Show one transfer, and before it is accepted enough of the case to decide"}, s.getTransfer)
}

type transfersInput struct {
	Place     string              `query:"place" maxLength:"12" pattern:"^[0-9]*$" patternDescription:"digits" doc:"A place and all below it; the actor's own by default."`
	Direction string              `query:"direction" enum:"in,out" doc:"Both where it is left out."`
	State     rehab.TransferState `query:"state"`
	After     string              `query:"after" maxLength:"128" doc:"Id of the last row of the page before."`
	Limit     int                 `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

type transfersOutput struct{ Body TransferList }

// listTransfers shows a station or office the transfers to or from its area, and a worker
// those of the own cases: before it is accepted nobody at the receiving station but its
// head, and the offices above, sees a transfer.
func (s *server) listTransfers(ctx context.Context, a rehab.Actor, in *transfersInput) (*transfersOutput, error) {
	if in.After != "" {
		if _, _, ok := rehab.ReadTransferKey(in.After); !ok || input.Bad(in.After, false) != "" {
			return nil, rehab.InvalidField("after", "is the id of a transfer")
		}
	}
	scope, err := s.taskFilter(a, in.Place, in.Limit+1)
	if err != nil {
		return nil, err
	}
	rows, err := s.Board.Transfers(ctx, board.TransferFilter{
		Place: scope.Place, Worker: scope.Worker, Direction: in.Direction, State: in.State, After: in.After, Limit: scope.Limit,
	})
	if err != nil {
		return nil, err
	}
	out := &transfersOutput{TransferList{Transfers: append([]board.TransferRow{}, rows...)}}
	out.Body.Transfers, out.Body.Next = upTo(out.Body.Transfers, in.Limit, func(x board.TransferRow) string { return x.ID })
	return out, nil
}

type transferInput struct {
	ID string `path:"id" doc:"Id of the transfer."`
}

type transferOutput struct{ Body TransferView }

func (s *server) getTransfer(ctx context.Context, a rehab.Actor, in *transferInput) (*transferOutput, error) {
	if err := casework.PermitReading(a); err != nil {
		return nil, err
	}
	missing := &rehab.Error{Code: rehab.NotFound, Message: "there is no such transfer"}
	caseID, number, ok := rehab.ReadTransferKey(in.ID)
	if !ok || !input.IsToken(caseID, 128) {
		return nil, missing
	}
	t, err := s.Board.Transfer(ctx, caseID, number)
	switch {
	case err != nil && rehab.CodeOf(err) == rehab.NotFound:
		return nil, missing
	case err != nil:
		return nil, err
	}
	row, err := s.Board.Case(ctx, caseID)
	if err != nil {
		return nil, err
	}
	as, err := s.work.AsWorkerOf(ctx, a, row.Worker)
	if err != nil {
		return nil, err
	}
	own := casework.Sees(as, row.Place, row.Worker)
	if !own && !casework.Party(a, t) {
		return nil, missing
	}
	if row.Phase == rehab.Sealed {
		return nil, casework.ErrSealed
	}
	out := &transferOutput{TransferView{TransferRow: t}}
	if own || casework.Decides(a, t) {
		board.Reach(ctx, caseID)
		err = s.showTransferred(ctx, &out.Body, row)
	}
	if err == nil && t.State == rehab.TransferIsForwarded {
		var climb *board.EscalationRow
		if climb, err = s.work.ClimbOverSilence(ctx, caseID); climb != nil {
			out.Body.Climb = &climb.Escalation
		}
	}
	return out, err
}

// showTransferred adds what the case is about, and who: never unmasked.
func (s *server) showTransferred(ctx context.Context, v *TransferView, row rehab.Summary) error {
	c, err := s.Ledger.Load(ctx, row.CaseID)
	if err != nil {
		return err
	}
	v.Case = &TransferCase{
		row.Measure, row.Phase, row.Risk, row.ServedOn, row.ReportedOn, row.TermEnd, row.Overdue, row.Escalations, c.Counters,
	}
	id, err := s.Identities.Identity(ctx, row.CaseID)
	if err == nil {
		v.Identity = mask(id)
	} else if rehab.CodeOf(err) == rehab.NotFound {
		err = nil
	}
	return err
}
