package api

import (
	"context"
	"fmt"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"guitu/board"
	"guitu/documents"
	"guitu/rehab"
)

// DocumentList is what papers the events of a case have produced, and the drafts due.
type DocumentList struct {
	Documents []DocumentRow `json:"documents" nullable:"false" doc:"In the order of their events; the case file as it now is comes last."`
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
		Summary:     "Show a paper of a case file, ready to print",
		Description: "The same paper asked for again is the same, byte for byte. It shows the identity in full: to the worker and the station head of the case alone.",
		Responses: map[string]*huma.Response{"200": {
			Description: "A page of HTML in A4 that loads nothing.",
			Content:     map[string]*huma.MediaType{"text/html": {Schema: &huma.Schema{Type: huma.TypeString}}},
		}},
	}, s.getDocument)
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
	out := &documentsOutput{DocumentList{Documents: []DocumentRow{}}}
	for _, x := range documents.List(in.ID, events) {
		out.Body.Documents = append(out.Body.Documents, DocumentRow{x, fmt.Sprintf("/v1/cases/%s/documents/%d/%s", in.ID, x.Seq, x.Kind)})
	}
	return out, nil
}

type documentInput struct {
	ID   string         `path:"id" doc:"Case id."`
	Seq  int64          `path:"seq" minimum:"1" doc:"Sequence of the event that produced it."`
	Kind documents.Kind `path:"kind" maxLength:"40"`
}

type documentOutput struct {
	ContentType string `header:"Content-Type"`
	Policy      string `header:"Content-Security-Policy"`
	Body        []byte
}

func (s *server) getDocument(ctx context.Context, a rehab.Actor, in *documentInput) (*documentOutput, error) {
	if err := permitReading(a); err != nil {
		return nil, err
	}
	row, err := s.caseInScope(ctx, a, in.ID)
	switch {
	case err != nil:
		return nil, err
	case !unmasked(a, row):
		return nil, &rehab.Error{Code: rehab.Forbidden, Message: "papers show the identity in full: they are for the worker and the station head of the case"}
	}
	identity, err := s.Identities.Identity(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	history, err := s.Ledger.Timeline(ctx, in.ID, 0, longest)
	if err != nil {
		return nil, err
	}
	input := documents.Input{CaseID: in.ID, History: history, Identity: identity}
	if in.Seq <= int64(len(history)) {
		if input.Place, err = s.placeNames(ctx, rehab.DateOf(history[in.Seq-1].RecordedAt), identity, history); err != nil {
			return nil, err
		}
	}
	paper, err := documents.Render(input, in.Seq, in.Kind)
	if err != nil {
		return nil, err
	}
	return &documentOutput{"text/html; charset=utf-8", paper.Policy, paper.HTML}, nil
}

// placeNames looks up what the places of a paper were called on its day. A place the
// organisation does not know keeps its code.
func (s *server) placeNames(ctx context.Context, on rehab.Date, id board.Identity, history []board.TimelineEntry) (func(string) string, error) {
	c, names := &rehab.Case{}, map[string]string{"": ""}
	codes := []string{id.HouseholdStreet, id.ResidenceStreet}
	for _, e := range history {
		c.Apply(e.Event)
		codes = append(codes, c.Place, c.Transfer.To, c.Arrival.From)
	}
	for _, code := range codes {
		if _, known := names[code]; known {
			continue
		}
		p, err := s.Places.Place(ctx, code, on)
		switch {
		case err == nil:
			names[code] = p.Name
		case rehab.CodeOf(err) == rehab.NotFound:
			names[code] = code
		default:
			return nil, err
		}
	}
	return func(code string) string { return names[code] }, nil
}
