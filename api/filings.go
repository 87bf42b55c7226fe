package api

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"guitu/board"
	"guitu/casework"
	"guitu/rehab"
)

func (s *server) filingRoutes() {
	op := func(id, method, path, summary, description string) huma.Operation {
		return huma.Operation{OperationID: id, Method: method, Path: path, Tags: []string{"forms"}, Summary: summary, Description: description}
	}
	operation(s, op("file-form", http.MethodPost, "/v1/cases/{id}/forms", "File a form about a case, or put its answers right",
		"For the worker and the station head of the case. The answers lie under the case's own key; the ledger has the form, its version and a digest. "+
			"With replaces and reason a new version of the answers takes the place of one; the old one stays."), s.fileForm)
	operation(s, op("list-case-forms", http.MethodGet, "/v1/cases/{id}/forms", "List the forms of a case, their scores over time, and those that are missing", ""), s.caseForms)
	operation(s, op("get-case-form", http.MethodGet, "/v1/cases/{id}/forms/{seq}", "Show what was answered",
		"In full for the worker and the station head. District and city see scores and coded answers; with a Read-Reason, which is logged, all but what is private. "+
			"Answers that were put right are for the station head."), s.caseForm)
	page := op("print-case-form", http.MethodGet, "/v1/cases/{id}/forms/{seq}/page", "Print a form that was filled in", "")
	page.Responses = map[string]*huma.Response{"200": {Description: "The page.", Content: map[string]*huma.MediaType{
		"text/html": {Schema: &huma.Schema{Type: huma.TypeString}},
	}}}
	operation(s, page, s.printForm)
	operation(s, op("open-form", http.MethodGet, "/v1/cases/{id}/blank-forms/{form}", "Open a form for a case: with what the engine knows already", ""), s.openForm)
}

type filingInput struct {
	ID string `path:"id" doc:"Case id."`
	KeyInput
	Body casework.FormOrder
}

type filingOutput struct {
	Status         int
	IdempotencyKey string `header:"Idempotency-Key"`
	Body           casework.FormFiled
}

func (s *server) fileForm(ctx context.Context, a rehab.Actor, in *filingInput) (*filingOutput, error) {
	filed, key, err := s.work.FileForm(ctx, a, in.ID, in.IdempotencyKey, in.Body, langOf(ctx))
	if err != nil {
		return nil, err
	}
	return &filingOutput{statusOfFiled(filed), key, filed}, nil
}

func statusOfFiled(f casework.FormFiled) int {
	if f.Pending {
		return http.StatusAccepted
	}
	return http.StatusOK
}

// fileBeside files the form that came with a command. The command acted, whatever becomes of
// the form.
func (s *server) fileBeside(ctx context.Context, a rehab.Actor, i int, item BatchItem, r board.Receipt) *BatchFiled {
	order := casework.FormOrder{Form: item.Form.Form, Version: item.Form.Version, Obligation: item.Form.Obligation, Answers: item.Form.Answers}
	filed, err := s.work.FileBeside(ctx, a, item.CaseID, item.ID, r, order, langOf(ctx))
	if err == nil {
		return &BatchFiled{Status: statusOfFiled(filed), Filed: &filed}
	}
	p := problemOf(err)
	p.Field = strings.TrimSuffix("items["+strconv.Itoa(i)+"].form."+p.Field, ".")
	for j := range p.Errors {
		p.Errors[j].Field = "items[" + strconv.Itoa(i) + "].form." + p.Errors[j].Field
	}
	return &BatchFiled{Status: p.Status, Problem: p}
}
