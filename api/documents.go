package api

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"guitu/board"
	"guitu/casework"
	"guitu/documents"
	"guitu/dossier"
	"guitu/office"
	"guitu/rehab"
)

// DocumentList is what papers the events of a case have produced, and the drafts due.
type DocumentList struct {
	Documents []DocumentRow  `json:"documents" nullable:"false" doc:"In the order of their events; the case file as it now is comes last."`
	Numbers   []office.Paper `json:"numbers" nullable:"false" doc:"Every number that the papers of the case have or had, in the order in which they got it."`
}

// DocumentRow is a paper of the file and where it is.
type DocumentRow struct {
	documents.Entry
	Path string `json:"path" example:"/v1/cases/c-1/documents/12/agreement"`
}

func (s *server) documentRoutes() {
	operation(s, huma.Operation{
		OperationID: "list-documents", Method: http.MethodGet, Path: "/v1/cases/{id}/documents", Tags: []string{"documents"},
		Summary: "List the papers of a case file, and the drafts that are due",
	}, s.listDocuments)
	operation(s, huma.Operation{
		OperationID: "get-document", Method: http.MethodGet, Path: "/v1/cases/{id}/documents/{seq}/{kind}", Tags: []string{"documents"},
		Summary: "Show a paper of a case file, ready to print",
		Description: "A draft says what is known now; a paper with a number says the same, byte for byte, whenever it is asked for. It shows the identity in full: " +
			"to the worker and the station head of the case alone.",
		Responses: sheet(),
	}, s.getDocument)
	s.paperRoutes()
}

// sheet is the answer that a paper is: a page, or the same as PDF.
func sheet() map[string]*huma.Response {
	return map[string]*huma.Response{"200": {
		Description: "A page of HTML in A4 that loads nothing, or the same as PDF.",
		Content: map[string]*huma.MediaType{
			"text/html": {Schema: &huma.Schema{Type: huma.TypeString}}, "application/pdf": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}},
		},
	}}
}

type documentsInput struct {
	ID string `path:"id" doc:"Case id."`
}

type documentsOutput struct{ Body DocumentList }

func (s *server) listDocuments(ctx context.Context, a rehab.Actor, in *documentsInput) (*documentsOutput, error) {
	_, events, err := s.wholeHistory(ctx, a, in.ID)
	if err != nil {
		return nil, err
	}
	books, err := s.Books.Papers(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	out := &documentsOutput{DocumentList{Documents: []DocumentRow{}, Numbers: append([]office.Paper{}, books...)}}
	for _, x := range documents.List(in.ID, events, books) {
		out.Body.Documents = append(out.Body.Documents, DocumentRow{x, fmt.Sprintf("/v1/cases/%s/documents/%d/%s", in.ID, x.Seq, x.Kind)})
	}
	return out, nil
}

// PaperPath is where a paper is.
type PaperPath struct {
	ID   string         `path:"id" doc:"Case id."`
	Seq  int64          `path:"seq" minimum:"1" doc:"Sequence of the event that produced it."`
	Kind documents.Kind `path:"kind" maxLength:"40"`
}

type documentInput struct {
	PaperPath
	Format string `query:"format" enum:"html,pdf" default:"html" doc:"PDF where the server has a browser to print with."`
	Copy   bool   `query:"copy" doc:"The copy for the file: with the paper's mark at its foot."`
}

type documentOutput struct {
	ContentType string `header:"Content-Type"`
	Policy      string `header:"Content-Security-Policy"`
	Body        []byte
}

func (s *server) getDocument(ctx context.Context, a rehab.Actor, in *documentInput) (*documentOutput, error) {
	if err := s.mayPrint(ctx, a, in.ID); err != nil {
		return nil, err
	}
	return s.print(ctx, paperLink{Case: in.ID, Seq: in.Seq, Kind: in.Kind, Format: in.Format, Copy: in.Copy})
}

// mayPrint lets the worker and the station head of the case see its papers.
func (s *server) mayPrint(ctx context.Context, a rehab.Actor, caseID string) error {
	if err := casework.PermitReading(a); err != nil {
		return err
	}
	row, err := s.work.CaseInScope(ctx, a, caseID)
	if err != nil {
		return err
	}
	as, err := s.work.AsWorkerOf(ctx, a, row.Worker)
	switch {
	case err != nil:
		return err
	case !casework.Unmasked(as, row):
		return &rehab.Error{Code: rehab.Forbidden, Message: "papers show the identity in full: they are for the worker and the station head of the case"}
	}
	return nil
}

// print fills the paper, and has it printed where PDF is asked for.
func (s *server) print(ctx context.Context, l paperLink) (*documentOutput, error) {
	input, err := s.paperOf(ctx, l.Case, l.Seq, l.Kind)
	if err != nil {
		return nil, err
	}
	input.Copy = l.Copy
	var day rehab.Date
	if l.Seq <= int64(len(input.History)) {
		day = rehab.DateOf(input.History[l.Seq-1].RecordedAt)
	}
	look := s.work.NamesOn(ctx, day)
	input.Place, input.Name = look.Place, look.Person
	paper, err := s.Templates.Render(input, l.Seq, l.Kind)
	if err == nil {
		err = look.Err()
	}
	if err != nil {
		return nil, err
	}
	if l.Format != formatPDF {
		return &documentOutput{"text/html; charset=utf-8", paper.Policy, paper.HTML}, nil
	}
	if s.Printer == nil {
		return nil, &rehab.Error{Code: rehab.Refused, Field: "format", Message: "this server has no browser to print with: ask for html and print it from yours"}
	}
	pdf, err := s.Printer.PDF(ctx, paper.HTML)
	if err != nil {
		return nil, err
	}
	return &documentOutput{"application/pdf", "default-src 'none'; frame-ancestors 'none'", pdf}, nil
}

// paperOf gathers what a paper is filled from, but for the names.
func (s *server) paperOf(ctx context.Context, caseID string, seq int64, kind documents.Kind) (documents.Input, error) {
	input := documents.Input{CaseID: caseID, Policy: s.Policies.Policy}
	who, err := s.Clients.ClientHistory(ctx, caseID)
	if err != nil {
		return input, err
	}
	if input.History, err = s.Ledger.Timeline(ctx, caseID, 0, longest); err != nil {
		return input, err
	}
	if input.Books, err = s.Books.Papers(ctx, caseID); err != nil {
		return input, err
	}
	x, ok := entryIn(input, seq, kind)
	input.Identity = clientOn(who, x, input.Books)
	if ok {
		input.Draft, err = s.Books.PaperDraft(ctx, x.Key(caseID))
	}
	return input, err
}

// clientOn is who the client was on the day of the paper: of a draft, now; of a paper of an
// act, on its day. A paper with a number says what was known when it got it, and nothing else
// ever after.
func clientOn(who dossier.History, x documents.Entry, books []office.Paper) board.Identity {
	var day rehab.Date
	if !x.Draft && x.Kind != documents.CaseFile {
		day = x.On
	}
	for i := range books {
		if p := &books[i]; !p.Spoilt() && p.Kind == string(x.Kind) && p.Origin == x.Origin {
			if x.Draft {
				day = rehab.DateOf(p.At)
			}
			return who.As(day, p.At)
		}
	}
	return who.As(day, time.Time{})
}

// entryIn finds the paper in the list of the history.
func entryIn(in documents.Input, seq int64, kind documents.Kind) (documents.Entry, bool) {
	events := make([]rehab.Event, len(in.History))
	for i, e := range in.History {
		events[i] = e.Event
	}
	for _, x := range documents.List(in.CaseID, events, in.Books) {
		if x.Seq == seq && x.Kind == kind {
			return x, true
		}
	}
	return documents.Entry{}, false
}
