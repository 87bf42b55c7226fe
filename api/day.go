package api

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"
	"golang.org/x/sync/errgroup"

	"guitu/board"
	"guitu/casework"
	"guitu/rehab"
)

// maxDay is how many cases a day holds at most, and dayReaders how many of them are read at a time.
const (
	maxDay     = 300
	dayReaders = 4
)

// Day is what a worker takes along: the cases under way, with what is still to be done.
type Day struct {
	Cases []CaseView `json:"cases" nullable:"false" doc:"The own cases, those of workers whom the worker stands in for, and those of the street that nobody has. Of their duties those that are open, missed or lack a form; of their escalations the open ones."`
}

func (s *server) dayRoutes() {
	operation(s, huma.Operation{
		OperationID: "get-day", Method: http.MethodGet, Path: "/v1/day", Tags: []string{"inbox"},
		Summary:     "Take the day along: every case of the worker with its client, its duties and its state in one answer",
		Description: "For a worker. With the ETag of the last answer in If-None-Match, 304 says that nothing has changed since. At most 300 cases.",
		Responses:   map[string]*huma.Response{"304": {Description: "Nothing has changed."}},
	}, s.day)
}

type dayInput struct {
	Have string `header:"If-None-Match" maxLength:"100" doc:"The ETag of the answer that is there."`
}

type dayOutput struct {
	Status int
	ETag   string `header:"ETag"`
	Body   Day
}

func (o *dayOutput) listed() []string {
	out := make([]string, len(o.Body.Cases))
	for i, c := range o.Body.Cases {
		out[i] = c.Summary.CaseID
	}
	return out
}

func (s *server) day(ctx context.Context, a rehab.Actor, in *dayInput) (*dayOutput, error) {
	if a.Role != rehab.WorkerRole {
		return nil, &rehab.Error{Code: rehab.Forbidden, Message: "the day is that of a worker"}
	}
	rows, err := s.casesInScope(ctx, a, board.CaseFilter{Open: true, Limit: maxDay})
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(rows))
	for i, r := range rows {
		ids[i] = r.CaseID
	}
	who, err := s.Identities.Identities(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := &dayOutput{Status: http.StatusOK, Body: Day{Cases: make([]CaseView, len(rows))}}
	if out.ETag, err = s.dayTag(ctx, a, rows, who); err != nil {
		return nil, err
	}
	if in.Have == out.ETag {
		out.Status, out.Body.Cases = http.StatusNotModified, []CaseView{}
		return out, nil
	}
	day := dayOf{who: who}
	if day.obligations, err = s.Board.ObligationsOf(ctx, ids); err != nil {
		return nil, err
	}
	if day.escalations, err = s.Board.OpenEscalationsOf(ctx, ids); err != nil {
		return nil, err
	}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(dayReaders)
	for i, row := range rows {
		group.Go(func() (err error) {
			out.Body.Cases[i], err = s.dayCase(ctx, a, row, day)
			return err
		})
	}
	return out, group.Wait()
}

// dayOf is what is read of all cases at once.
type dayOf struct {
	who         map[string]board.Identity
	obligations []board.ObligationRow
	escalations []board.EscalationRow
}

// dayTag stands for all that the answer is made of: a case changes with its sequence and an
// identity by itself. The names of duties and forms have the language of the request.
func (s *server) dayTag(ctx context.Context, a rehab.Actor, rows []rehab.Summary, who map[string]board.Identity) (string, error) {
	text, err := json.Marshal([]any{a, language(ctx), rehab.DateOf(s.Now()), rows, who})
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(text)
	return `"` + hex.EncodeToString(sum[:16]) + `"`, nil
}

func (s *server) dayCase(ctx context.Context, a rehab.Actor, row rehab.Summary, day dayOf) (CaseView, error) {
	view := CaseView{Summary: row, Obligations: []board.ObligationRow{}, Escalations: []board.EscalationRow{}}
	c, err := s.Ledger.Load(ctx, row.CaseID)
	if err != nil {
		return view, err
	}
	view.show(c)
	for _, o := range day.obligations {
		if o.CaseID == row.CaseID {
			view.Obligations = append(view.Obligations, o)
		}
	}
	for _, e := range day.escalations {
		if e.CaseID == row.CaseID {
			view.Escalations = append(view.Escalations, e)
		}
	}
	if err := s.work.MarkForms(ctx, row, view.Obligations); err != nil {
		return view, err
	}
	as, err := s.work.AsWorkerOf(ctx, a, row.Worker)
	if err != nil {
		return view, err
	}
	if id, ok := day.who[row.CaseID]; ok {
		view.identify(id, casework.Unmasked(as, row))
	}
	view.Obligations = slices.DeleteFunc(view.Obligations, func(o board.ObligationRow) bool {
		return o.Status != rehab.Open && o.Status != rehab.Missed && len(o.FormsMissing) == 0
	})
	return view, nil
}
