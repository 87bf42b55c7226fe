package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"guitu/board"
	"guitu/casework"
	"guitu/rehab"
)

// CaseBrief is what a list or an answer says about a case in passing.
type CaseBrief struct {
	Measure rehab.Measure `json:"measure"`
	Phase   rehab.Phase   `json:"phase,omitempty"`
	Place   string        `json:"place"`
	Worker  string        `json:"worker,omitempty"`
	Risk    rehab.Risk    `json:"risk"`
}

func briefOf(c rehab.Summary) CaseBrief {
	return CaseBrief{Measure: c.Measure, Phase: c.Phase, Place: c.Place, Worker: c.Worker, Risk: c.Risk}
}

// CommandResult answers a command.
type CommandResult struct {
	board.Receipt
	Case         CaseBrief      `json:"case" doc:"As it stands after the command; as it stood before where the command waits to be taken (202), or took the case out of what you see."`
	Effects      *rehab.Effects `json:"effects,omitempty" doc:"What the command did: met, opened, moved, ended, and what is due next. Missing where it waits to be taken (202), of a visit, and where the case is not yours to see."`
	Warnings     []string       `json:"warnings,omitempty" nullable:"false" doc:"What to look at; the command acted all the same."`
	Instructions []rehab.Line   `json:"instructions,omitempty" nullable:"false" doc:"What to do at once: after raise-crisis, the calls to make."`

	DryRun *rehab.Rehearsal `json:"dry_run,omitempty" doc:"With dry_run: what the command would change. Nothing was recorded."`
}

type openInput struct {
	DryRun bool `query:"dry_run" doc:"Only say what would become of the order; nothing is recorded."`
	Body   casework.Order
}

type commandOutput struct {
	Status         int
	Location       string `header:"Location"`
	IdempotencyKey string `header:"Idempotency-Key"`
	Body           CommandResult
}

func (s *server) openOperation() huma.Operation {
	spec, _ := rehab.SpecOf(openingCommand)
	return huma.Operation{
		OperationID: spec.Type, Method: http.MethodPost, Path: "/v1/cases", Tags: []string{"cases"},
		Summary:       spec.EN,
		Description:   "The order number is the key: the same order again answers 200 with the case it opened, another order under the number 409. Another open case of the same person is named in the warnings. With dry_run the order is held against every rule and opens nothing.",
		DefaultStatus: http.StatusCreated,
		Responses:     answers[CommandResult](s, http.StatusOK, http.StatusAccepted),
	}
}

func (s *server) openCase(ctx context.Context, a rehab.Actor, in *openInput) (*commandOutput, error) {
	g, err := s.work.Open(ctx, a, &in.Body, in.DryRun)
	if err != nil {
		return nil, err
	}
	out := outputOf(g)
	if in.DryRun {
		out.IdempotencyKey = ""
		return out, nil
	}
	out.Location = "/v1/cases/" + g.Receipt.CaseID
	if out.Status == http.StatusOK && !g.Receipt.Duplicate {
		out.Status = http.StatusCreated
	}
	return out, nil
}

// runCommand gives one command to its case.
func (s *server) runCommand(ctx context.Context, a rehab.Actor, id, key string, body rehab.CommandBody, facts casework.Facts) (*commandOutput, error) {
	g, err := s.work.Run(ctx, a, id, key, body, facts)
	if err != nil {
		return nil, urgently(body, err)
	}
	out := outputOf(g)
	out.Body.Instructions = instructions(body)
	return out, nil
}

// rehearse answers with what the command would change. It shows the case: that is in the read log.
func (s *server) rehearse(ctx context.Context, a rehab.Actor, id, key string, body rehab.CommandBody, facts casework.Facts) (*commandOutput, error) {
	g, err := s.work.Rehearse(ctx, a, id, key, body, facts)
	if err != nil {
		return nil, err
	}
	out := outputOf(g)
	out.IdempotencyKey = ""
	if g.Rehearsal == nil {
		return out, nil
	}
	return out, s.note(ctx, a, "rehearse", out)
}

// outputOf writes what became of a command.
func outputOf(g *casework.Given) *commandOutput {
	out := &commandOutput{Status: http.StatusOK, IdempotencyKey: g.Key, Body: CommandResult{
		Receipt: g.Receipt, Case: briefOf(g.Case), Effects: g.Effects, Warnings: g.Warnings, DryRun: g.Rehearsal,
	}}
	if g.Receipt.Pending {
		out.Status = http.StatusAccepted
	}
	return out
}
