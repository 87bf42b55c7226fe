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

// PoliceReports are the reports that stations sent to the police.
type PoliceReports interface {
	// PoliceReports lists those of a place and below it, the latest first.
	PoliceReports(ctx context.Context, f board.PoliceReportFilter) ([]board.PoliceReport, error)
}

// PoliceReportList is a page of reports, the latest first.
type PoliceReportList struct {
	Reports []board.PoliceReport `json:"reports" nullable:"false"`
	Next    int64                `json:"next,omitempty" doc:"The value of before for the next page."`
}

// PoliceReceipt says that the receipt of a report was taken.
type PoliceReceipt struct {
	Seq       int64 `json:"seq,omitempty" doc:"Of the receipt in the record of the case."`
	Duplicate bool  `json:"duplicate,omitempty" doc:"It was taken before, under the same key."`
	Pending   bool  `json:"pending,omitempty" doc:"It was left with the engine."`
}

func (s *server) policeRoutes() {
	tag, path := []string{"police"}, "/v1/police-reports/{id}/{seq}"
	operation(s, huma.Operation{OperationID: "list-police-reports", Method: http.MethodGet, Path: "/v1/police-reports", Tags: tag,
		Summary:     "List the reports that were addressed to the police of the own area, the latest first",
		Description: "For the police. A report is addressed to the police of the street that had the case when it was sent. Nothing else of the case is there for them.",
	}, s.listPoliceReports)
	operation(s, huma.Operation{OperationID: "get-police-report", Method: http.MethodGet, Path: path, Tags: tag,
		Summary: "Show a report to the police, as it was sent", Responses: sheet()}, s.getPoliceReport)
	operation(s, huma.Operation{OperationID: "receive-police-report", Method: http.MethodPost, Path: path + "/receipt", Tags: tag,
		Summary: "Give the receipt (回执) of a report", Description: "The note holds the number of the receipt.",
		Responses: answers[PoliceReceipt](s, http.StatusAccepted)}, s.receivePoliceReport)
}

// forPolice refuses everybody else: to the others a report is a paper of the case.
func forPolice(a rehab.Actor) error {
	if a.Role != rehab.PoliceRole || a.Place == "" {
		return &rehab.Error{Code: rehab.Forbidden, Message: "reports are read here by the police to whom they are addressed"}
	}
	return nil
}

type policeReportsInput struct {
	Waiting bool  `query:"waiting" doc:"Those without a receipt alone."`
	Before  int64 `query:"before" minimum:"0"`
	Limit   int   `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

type policeReportsOutput struct{ Body PoliceReportList }

func (o *policeReportsOutput) listed() []string {
	out := make([]string, len(o.Body.Reports))
	for i, r := range o.Body.Reports {
		out[i] = r.CaseID
	}
	return out
}

func (s *server) listPoliceReports(ctx context.Context, a rehab.Actor, in *policeReportsInput) (*policeReportsOutput, error) {
	if err := forPolice(a); err != nil {
		return nil, err
	}
	list, err := s.PoliceReports.PoliceReports(ctx, board.PoliceReportFilter{Place: a.Place, Waiting: in.Waiting, Before: in.Before, Limit: in.Limit + 1})
	if err != nil {
		return nil, err
	}
	out := &policeReportsOutput{PoliceReportList{Reports: append([]board.PoliceReport{}, list...)}}
	out.Body.Reports, out.Body.Next = upTo(out.Body.Reports, in.Limit, func(r board.PoliceReport) int64 { return r.Position })
	return out, nil
}

// PoliceReportPath names a report.
type PoliceReportPath struct {
	ID  string `path:"id" doc:"Case id."`
	Seq int64  `path:"seq" minimum:"1" doc:"Sequence of the report."`
}

// policeReport is one that is addressed to the actor: another is not there.
func (s *server) policeReport(ctx context.Context, a rehab.Actor, p PoliceReportPath) (board.PoliceReport, error) {
	missing := &rehab.Error{Code: rehab.NotFound, Message: "there is no such report to the police of your area"}
	if err := forPolice(a); err != nil {
		return board.PoliceReport{}, err
	}
	if !input.IsToken(p.ID, 128) {
		return board.PoliceReport{}, missing
	}
	list, err := s.PoliceReports.PoliceReports(ctx, board.PoliceReportFilter{Place: a.Place, CaseID: p.ID, Seq: p.Seq, Limit: 1})
	if err == nil && len(list) == 0 {
		return board.PoliceReport{}, missing
	}
	if err != nil {
		return board.PoliceReport{}, err
	}
	board.Reach(ctx, p.ID)
	return list[0], nil
}

type policeReportInput struct {
	PoliceReportPath
	Format string `query:"format" enum:"html,pdf" default:"html" doc:"PDF where the server has a browser to print with."`
}

func (s *server) getPoliceReport(ctx context.Context, a rehab.Actor, in *policeReportInput) (*documentOutput, error) {
	r, err := s.policeReport(ctx, a, in.PoliceReportPath)
	if err != nil {
		return nil, err
	}
	paper, err := s.work.ReportPaper(ctx, r)
	if err != nil {
		return nil, err
	}
	return s.sheetOf(ctx, paper, in.Format)
}

type policeReceiptInput struct {
	PoliceReportPath
	KeyInput
	Body casework.Facts
}

type policeReceiptOutput struct {
	Status         int
	IdempotencyKey string `header:"Idempotency-Key"`
	Body           PoliceReceipt
}

// receivePoliceReport gives the one command of the police. It says nothing of the case.
func (s *server) receivePoliceReport(ctx context.Context, a rehab.Actor, in *policeReceiptInput) (*policeReceiptOutput, error) {
	r, err := s.policeReport(ctx, a, in.PoliceReportPath)
	if err != nil {
		return nil, err
	}
	if r.Receipt == 0 {
		return nil, &rehab.Error{Code: rehab.Refused, Message: "no receipt is waited for"}
	}
	receipt, id, err := s.work.Receive(ctx, a, r, in.IdempotencyKey, in.Body)
	if err != nil {
		return nil, err
	}
	out := &policeReceiptOutput{http.StatusOK, id, PoliceReceipt{Seq: receipt.Seq, Duplicate: receipt.Duplicate, Pending: receipt.Pending}}
	if receipt.Pending {
		out.Status = http.StatusAccepted
	}
	return out, nil
}
