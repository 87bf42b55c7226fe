package api

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"guitu/casework"
	"guitu/dossier"
	"guitu/input"
	"guitu/rehab"
)

func (s *server) clientRoutes() {
	op := func(id, method, path, summary, description string) huma.Operation {
		return huma.Operation{OperationID: id, Method: method, Path: path, Tags: []string{"clients"}, Summary: summary, Description: description}
	}
	operation(s, op("update-client", http.MethodPost, "/v1/cases/{id}/update-client", "Change who the client is: name, document, phones, family, addresses, place of work",
		"What is left out stays; an empty value says that there is none any more. Name and document wait for another person, all else acts at once. What is so already changes nothing."), s.updateClient)
	operation(s, op("update-client-of-order", http.MethodPost, "/v1/cases/update-client", "Put the client of a known order right from the order form",
		"The order is the same in measure, term and days; name, document, phones, streets and family that differ are changed as update-client changes them. What the form leaves empty stays."), s.updateByOrder)
	operation(s, op("confirm-client-change", http.MethodPost, "/v1/cases/{id}/confirm-client-change", "Confirm a change of name or document that another person proposed",
		"By a station head or an office above, and never by who proposed it."), s.confirmClientChange)
	operation(s, op("decline-client-change", http.MethodPost, "/v1/cases/{id}/decline-client-change", "Decline a change of name or document, or take back one's own", ""), s.declineClientChange)
	operation(s, op("get-client-history", http.MethodGet, "/v1/cases/{id}/client/history", "Show what was changed of who the client is: by whom, when, since when and why",
		"Values in full for the worker and the station head of the case, and those of a change that waits for whoever may confirm it; masked for all others."), s.clientHistory)
	operation(s, op("list-client-changes", http.MethodGet, "/v1/client-changes", "List the changes of name or document that wait for another person", ""), s.waitingChanges)
}

// ClientChange is a change of who the client is.
type ClientChange struct {
	N      int                      `json:"change" doc:"Number of the change, by which it is confirmed."`
	State  dossier.State            `json:"state" enum:"waiting,acted,declined"`
	Fields []dossier.Field          `json:"fields" nullable:"false" doc:"What it is about."`
	From   map[dossier.Field]string `json:"from,omitempty" doc:"What it took the place of; of one that waits, what is kept now."`
	To     map[dossier.Field]string `json:"to" doc:"What is said to be so; empty for what is no more."`
	Masked bool                     `json:"masked"`
	Since  rehab.Date               `json:"since,omitzero" doc:"The day since which it is so; without it what was kept before was wrong."`
	Why    string                   `json:"why,omitempty"`
	By     rehab.Actor              `json:"by"`
	At     time.Time                `json:"at"`

	DecidedBy  *rehab.Actor `json:"decided_by,omitempty" doc:"Who confirmed or declined it; missing where it needed nobody."`
	DecidedAt  time.Time    `json:"decided_at,omitzero"`
	DecidedWhy string       `json:"decided_why,omitempty"`
}

// ClientChanges answers what became of a request. Nothing in it is nothing new.
type ClientChanges struct {
	CaseID    string         `json:"case_id"`
	CommandID string         `json:"command_id"`
	Duplicate bool           `json:"duplicate,omitempty" doc:"The request acted before."`
	DryRun    bool           `json:"dry_run,omitempty" doc:"Nothing was kept."`
	Changes   []ClientChange `json:"changes" nullable:"false" doc:"What is new by it; empty where all was so already, or waits already."`
	Warnings  []string       `json:"warnings,omitempty" nullable:"false"`
}

type clientChangesOutput struct {
	IdempotencyKey string `header:"Idempotency-Key"`
	Body           ClientChanges
}

type updateClientInput struct {
	ID string `path:"id" doc:"Case id."`
	KeyInput
	DryRun bool `query:"dry_run" doc:"Only say what would change."`
	Body   casework.ClientUpdate
}

func (s *server) updateClient(ctx context.Context, a rehab.Actor, in *updateClientInput) (*clientChangesOutput, error) {
	return clientsOutput(a, in.DryRun)(s.work.UpdateClient(ctx, a, in.ID, in.IdempotencyKey, in.Body, in.DryRun))
}

type orderClientInput struct {
	KeyInput
	DryRun bool `query:"dry_run" doc:"Only say what would change."`
	Body   casework.Order
}

func (s *server) updateByOrder(ctx context.Context, a rehab.Actor, in *orderClientInput) (*clientChangesOutput, error) {
	return clientsOutput(a, in.DryRun)(s.work.UpdateClientOfOrder(ctx, a, in.IdempotencyKey, &in.Body, in.DryRun))
}

// clientsOutput shows what became of a change as far as the actor may read it.
func clientsOutput(a rehab.Actor, dry bool) func(*casework.ClientGiven, error) (*clientChangesOutput, error) {
	return func(g *casework.ClientGiven, err error) (*clientChangesOutput, error) {
		if err != nil {
			return nil, err
		}
		return &clientChangesOutput{g.Key, ClientChanges{
			CaseID: g.Case.CaseID, CommandID: g.Key, Duplicate: g.Known, DryRun: dry, Changes: changesFor(a, g.Case, g.Changes, nil), Warnings: g.Warnings,
		}}, nil
	}
}

type decideClientInput struct {
	ID string `path:"id" doc:"Case id."`
	KeyInput
	Body struct {
		Change int    `json:"change" minimum:"1" maximum:"1000000"`
		Note   string `json:"note,omitempty" maxLength:"2000" doc:"Why. Kept under the case's own key."`
	}
}

func (s *server) confirmClientChange(ctx context.Context, a rehab.Actor, in *decideClientInput) (*clientChangesOutput, error) {
	return s.decideClient(ctx, a, in, true)
}

func (s *server) declineClientChange(ctx context.Context, a rehab.Actor, in *decideClientInput) (*clientChangesOutput, error) {
	return s.decideClient(ctx, a, in, false)
}

func (s *server) decideClient(ctx context.Context, a rehab.Actor, in *decideClientInput, confirm bool) (*clientChangesOutput, error) {
	d := casework.ClientDecision{Change: in.Body.Change, Note: in.Body.Note}
	return clientsOutput(a, false)(s.work.DecideClient(ctx, a, in.ID, in.IdempotencyKey, d, confirm))
}

// ClientHistory is what was changed of the client of a case, in the order in which it was told.
type ClientHistory struct {
	CaseID  string         `json:"case_id"`
	Changes []ClientChange `json:"changes" nullable:"false"`
}

type clientHistoryInput struct {
	ID string `path:"id" doc:"Case id."`
}

type clientHistoryOutput struct{ Body ClientHistory }

func (s *server) clientHistory(ctx context.Context, a rehab.Actor, in *clientHistoryInput) (*clientHistoryOutput, error) {
	if err := casework.PermitReading(a); err != nil {
		return nil, err
	}
	row, err := s.work.CaseInScope(ctx, a, in.ID)
	if err != nil {
		return nil, err
	}
	h, err := s.Clients.ClientHistory(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return &clientHistoryOutput{ClientHistory{in.ID, changesFor(a, row, h.Changes, &h)}}, nil
}

// changesFor shows changes as far as the actor may read them: whoever works with the client
// in full, whoever may confirm one that waits what they would confirm.
func changesFor(a rehab.Actor, row rehab.Summary, list []*dossier.Change, h *dossier.History) []ClientChange {
	out := []ClientChange{}
	for _, c := range list {
		v := ClientChange{
			N: c.N, State: c.State, Fields: c.Fields(), From: c.Before, To: c.Values, Since: c.Since, Why: c.Why, By: c.By, At: c.At,
			Masked: !casework.Unmasked(a, row) && !c.MayDecide(a), DecidedAt: c.DecidedAt, DecidedWhy: c.DecidedWhy,
		}
		if c.DecidedBy.ID != "" {
			by := c.DecidedBy
			v.DecidedBy = &by
		}
		if c.State == dossier.Waiting && h != nil {
			v.From = h.Kept(c)
		}
		if v.Masked {
			v.From, v.To = maskValues(v.From), maskValues(v.To)
		}
		if a.Role == rehab.Admin || a.Role == rehab.IntegrationRole { // who keeps it running reads no texts
			v.Why, v.DecidedWhy = "", ""
		}
		if a.Role == rehab.IntegrationRole { // which gives commands and reads nothing: it hears its own words alone
			v.From = nil
			if c.By.ID != a.ID {
				v.To = map[dossier.Field]string{}
			}
		}
		out = append(out, v)
	}
	return out
}

func maskValues(values map[dossier.Field]string) map[dossier.Field]string {
	if values == nil {
		return nil
	}
	out := make(map[dossier.Field]string, len(values))
	for f, v := range values {
		out[f] = maskValue(f, v)
	}
	return out
}

// WaitingChange is a change that waits, without its values.
type WaitingChange struct {
	CaseID string          `json:"case_id"`
	Place  string          `json:"place"`
	Worker string          `json:"worker,omitempty"`
	N      int             `json:"change"`
	Fields []dossier.Field `json:"fields" nullable:"false"`
	By     rehab.Actor     `json:"by"`
	At     time.Time       `json:"at"`
	Yours  bool            `json:"yours" doc:"Whether you may confirm it."`
}

// WaitingChanges is a page of the changes that wait. Next is the value of after for the next page.
type WaitingChanges struct {
	Changes []WaitingChange `json:"changes" nullable:"false"`
	Next    string          `json:"next,omitempty"`
}

type waitingInput struct {
	Place string `query:"place" maxLength:"12" pattern:"^[0-9]*$" patternDescription:"digits" doc:"A place and all below it."`
	After string `query:"after" maxLength:"140"`
	Limit int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

type waitingOutput struct{ Body WaitingChanges }

func (s *server) waitingChanges(ctx context.Context, a rehab.Actor, in *waitingInput) (*waitingOutput, error) {
	if err := casework.PermitReading(a); err != nil {
		return nil, err
	}
	place, worker := in.Place, a.ID
	if a.Role != rehab.WorkerRole {
		var err error
		if place, err = casework.Narrow(a, in.Place); err != nil {
			return nil, err
		}
		worker = ""
	}
	id, number, _ := strings.Cut(in.After, "/")
	n, err := strconv.Atoi(number)
	if in.After != "" && (err != nil || n < 0 || n > 1_000_000 || !input.IsToken(id, 128)) {
		return nil, rehab.InvalidField("after", "is no key of a page")
	}
	rows, err := s.Clients.WaitingChanges(ctx, place, worker, id, n, in.Limit+1)
	if err != nil {
		return nil, err
	}
	out := &waitingOutput{WaitingChanges{Changes: []WaitingChange{}}}
	rows, out.Body.Next = upTo(rows, in.Limit, func(x dossier.Row) string { return fmt.Sprintf("%s/%d", x.CaseID, x.N) })
	for _, x := range rows {
		c := dossier.Change{By: x.By, State: dossier.Waiting}
		out.Body.Changes = append(out.Body.Changes, WaitingChange{x.CaseID, x.Place, x.Worker, x.N, append([]dossier.Field{}, x.Fields...), x.By, x.At, c.MayDecide(a)})
	}
	return out, nil
}
