package api

import (
	"context"
	"fmt"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"guitu/casework"
	"guitu/documents"
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
		Summary: "List the papers of a case file, and the drafts that are due, now or as of a past day",
		Description: "With as_of, known=then lists what stood in the file at the end of the day, and known=now the papers of what is known now to have " +
			"happened by then, drafts as far as they are due still.",
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

type documentsOutput struct{ Body DocumentList }

func (s *server) listDocuments(ctx context.Context, a rehab.Actor, in *CaseInput) (*documentsOutput, error) {
	sight, _, err := s.sight(in)
	if err != nil {
		return nil, err
	}
	papers, books, err := s.work.Papers(ctx, a, in.ID, sight)
	if err != nil {
		return nil, err
	}
	out := &documentsOutput{DocumentList{Documents: []DocumentRow{}, Numbers: append([]office.Paper{}, books...)}}
	for _, x := range papers {
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

func (p PaperPath) paper() casework.PaperID {
	return casework.PaperID{Case: p.ID, Seq: p.Seq, Kind: p.Kind}
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
	paper, err := s.work.Paper(ctx, a, in.paper(), in.Copy)
	if err != nil {
		return nil, err
	}
	return s.sheetOf(ctx, paper, in.Format)
}

// sheetOf is the paper as a page, printed where PDF is asked for.
func (s *server) sheetOf(ctx context.Context, paper documents.Paper, format string) (*documentOutput, error) {
	if format != formatPDF {
		return &documentOutput{"text/html; charset=utf-8", paper.Policy, paper.HTML}, nil
	}
	if s.Printer == nil {
		return nil, errNoPrinter
	}
	pdf, err := s.Printer.PDF(ctx, paper.HTML)
	if err != nil {
		return nil, err
	}
	return &documentOutput{"application/pdf", "default-src 'none'; frame-ancestors 'none'", pdf}, nil
}

var errNoPrinter = &rehab.Error{Code: rehab.Refused, Field: "format", Message: "this server has no browser to print with: ask for html and print it from yours"}
