package api

import (
	"context"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"guitu/board"
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
	Body   Order
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

// openCase keeps the identity first, so that no case exists without one, and takes it
// back when the engine refuses and there is no case.
func (s *server) openCase(ctx context.Context, a rehab.Actor, in *openInput) (*commandOutput, error) {
	o := &in.Body
	if err := permit(a, openingCommand); err != nil {
		return nil, err
	}
	written := o.inOneForm()
	if items := o.Check(rehab.DateOf(s.Now())); len(items) > 0 {
		return nil, invalid(http.StatusUnprocessableEntity, items...)
	}
	if err := s.checkStreets(ctx, a, o); err != nil {
		return nil, err
	}
	policy, err := s.policyFor(a, o)
	if err != nil {
		return nil, err
	}
	caseID := s.Identities.CaseIDFor(o.OrderNo)
	body := o.command(o.ExecutionStreet, policy)
	digest, err := s.orderDigest(caseID, o)
	if err != nil {
		return nil, err
	}
	cmd := rehab.Command{ID: OpenCommandID(caseID), Actor: a, OccurredAt: s.Now(), Digest: digest, Body: body}
	if err := cmd.Check(); err != nil {
		return nil, err
	}
	warnings, err := s.openable(ctx, caseID, o)
	if err != nil {
		return nil, err
	}
	warnings = append(written, warnings...)
	brief := CaseBrief{Measure: body.Measure, Phase: rehab.AwaitingReportIn, Place: body.Place, Worker: body.Worker, Risk: body.Risk}
	if in.DryRun {
		return s.openDry(ctx, a, cmd, o, result(board.Receipt{CaseID: caseID, CommandID: cmd.ID}, brief, warnings...))
	}
	receipt, err := s.open(ctx, caseID, cmd, o.Identity())
	if err != nil {
		return nil, err
	}
	if brief, err = s.opened(ctx, a, caseID, brief); err != nil {
		return nil, err
	}
	if slices.Contains(rehab.OpenPhases(), brief.Phase) {
		twice, err := s.otherMeasures(ctx, a, caseID, o.Identity().IDNumber)
		if err != nil {
			return nil, err
		}
		warnings = append(warnings, twice...)
	}
	out := result(receipt, brief, warnings...)
	out.Location, out.IdempotencyKey = "/v1/cases/"+caseID, cmd.ID
	if out.Status == http.StatusOK && !receipt.Duplicate {
		out.Status = http.StatusCreated
	}
	return out, nil
}

// opened is the case as it stands, as far as whoever sent its order sees it now.
func (s *server) opened(ctx context.Context, a rehab.Actor, caseID string, asked CaseBrief) (CaseBrief, error) {
	row, err := s.Board.Case(ctx, caseID)
	switch {
	case err != nil:
		return asked, nil //nolint:nilerr // it is open, whatever cannot be read now
	case row.Phase == rehab.Sealed:
		return asked, errSealed
	case !sees(a, row.Place, row.Worker) && !covers(a, row.Place):
		return asked, errElsewhere
	}
	return briefOf(row), nil
}

// openDry says what would become of an order that is in order by itself.
func (s *server) openDry(ctx context.Context, a rehab.Actor, cmd rehab.Command, o *Order, out *commandOutput) (*commandOutput, error) {
	caseID := out.Body.CaseID
	receipt, found, err := s.receiptOf(ctx, caseID, cmd)
	switch {
	case err != nil && rehab.CodeOf(err) == rehab.Conflict:
		return nil, errOrderNoInUse
	case err != nil:
		return nil, err
	case found:
		out.Body.Receipt = receipt
		return out, nil
	}
	twice, err := s.otherMeasures(ctx, a, caseID, o.IDNumber)
	out.Body.Warnings = append(out.Body.Warnings, twice...)
	out.Body.DryRun = &rehab.Rehearsal{
		TakenBack: []rehab.TakenBackEvent{}, Added: []rehab.AddedEvent{}, Moved: []rehab.Shifted{}, Moot: []rehab.Fact{}, Fell: []rehab.EscalationFell{},
		After: rehab.Standing{Phase: rehab.AwaitingReportIn},
	}
	return out, err
}

// otherMeasures warns of the person's other cases under way. It looks once the case is
// there: of two orders at the same time, the later answer names the other. The case of a
// place or worker that the actor does not see has no id in the warning.
func (s *server) otherMeasures(ctx context.Context, a rehab.Actor, caseID, idNumber string) ([]string, error) {
	cases, err := s.Identities.CasesOfPerson(ctx, idNumber)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, id := range cases {
		if id == caseID {
			continue
		}
		row, err := s.Board.Case(ctx, id)
		switch {
		case err != nil && rehab.CodeOf(err) == rehab.NotFound: // an identity whose case is not open yet
		case err != nil:
			return nil, err
		case !slices.Contains(rehab.OpenPhases(), row.Phase):
		case permitReading(a) == nil && sees(a, row.Place, row.Worker):
			out = append(out, "id_number: this person has an open case already: "+id)
		default:
			out = append(out, "id_number: this person has an open case already, outside your area: ask the office above")
		}
	}
	return out, nil
}

// errOrderNoInUse is the conflict of one order number with two orders.
var errOrderNoInUse = &rehab.Error{Code: rehab.Conflict, Field: "order_no", Message: "this order number was used before for another order"}

// errElsewhere says of an order that was opened before, and whose case has moved, nothing more.
var errElsewhere = &rehab.Error{Code: rehab.Conflict, Field: "order_no", Message: "this order was opened before, and its case is not in your area any more"}

// open saves the identity and has the engine open the case.
func (s *server) open(ctx context.Context, caseID string, cmd rehab.Command, id board.Identity) (board.Receipt, error) {
	if err := s.Identities.SaveIdentity(ctx, caseID, id); err != nil {
		if rehab.CodeOf(err) == rehab.Conflict {
			return board.Receipt{}, errOrderNoInUse
		}
		return board.Receipt{}, err
	}
	receipt, err := s.Engine.Do(ctx, caseID, cmd)
	if err == nil {
		if !receipt.Duplicate { // the same order, refused at the same time in other words, may have dropped it
			err = s.Identities.SaveIdentity(context.WithoutCancel(ctx), caseID, id)
		}
		return receipt, err
	}
	receipt, err = s.asDuplicate(ctx, caseID, cmd, err)
	switch {
	case err == nil:
		return receipt, nil
	case rehab.CodeOf(err) == rehab.Conflict:
		return receipt, errOrderNoInUse
	}
	return receipt, s.dropOrphanIdentity(ctx, caseID, err)
}

// OpenCommandID is the id of the command that opens the case: there is one in its life, over
// HTTP or by import.
func OpenCommandID(caseID string) string { return "open-" + caseID }

// checkStreets finds out whether the places of the order are streets, and whether the
// actor may open a case at the one that executes.
func (s *server) checkStreets(ctx context.Context, a rehab.Actor, o *Order) error {
	known := make(map[string]bool)
	var items []ProblemItem
	for _, f := range []struct{ field, code string }{
		{"household_street", o.HouseholdStreet}, {"residence_street", o.ResidenceStreet}, {"execution_street", o.ExecutionStreet},
	} {
		if f.code == "" {
			continue
		}
		street, looked := known[f.code]
		if !looked {
			var err error
			if street, err = s.isStreet(ctx, f.code); err != nil {
				return err
			}
			known[f.code] = street
		}
		if !street {
			items = append(items, ProblemItem{Field: f.field, Detail: "is not the code of a street or town"})
		}
	}
	if len(items) > 0 {
		return invalid(http.StatusUnprocessableEntity, items...)
	}
	if !covers(a, o.ExecutionStreet) {
		return &rehab.Error{Code: rehab.Forbidden, Field: "execution_street", Message: "this street lies outside your area"}
	}
	return nil
}

func (s *server) isStreet(ctx context.Context, code string) (bool, error) {
	if !isToken(code, 12) {
		return false, nil
	}
	p, err := s.Places.Place(ctx, code, rehab.DateOf(s.Now()))
	if err != nil && rehab.CodeOf(err) == rehab.NotFound {
		return false, nil
	}
	return p.Level == "street", err
}

// policyFor is the policy of the place. Whoever opens a case names another only where the
// configuration allows it; an authority may name any.
func (s *server) policyFor(a rehab.Actor, o *Order) (rehab.PolicyRef, error) {
	ref := s.DefaultPolicy(o.ExecutionStreet)
	if o.Policy == nil || *o.Policy == ref {
		return ref, nil
	}
	if !slices.Contains(registrars, a.Role) && (s.MayPick == nil || !s.MayPick(*o.Policy)) {
		return ref, &rehab.Error{Code: rehab.Forbidden, Field: "policy", Message: "cases of this place are opened under " + ref.String() + ": another policy is for the district and city offices to name"}
	}
	if s.Policies.Policy(*o.Policy) == nil {
		return ref, rehab.InvalidField("policy", "there is no such policy")
	}
	return *o.Policy, nil
}

// dropOrphanIdentity drops the identity that was kept for a case that then was not opened. A
// case that is there keeps its identity, whatever this request was refused for.
func (s *server) dropOrphanIdentity(ctx context.Context, caseID string, refusal error) error {
	if !isRefusal(refusal) {
		return refusal // nobody knows yet whether the case was opened
	}
	ctx = context.WithoutCancel(ctx)
	if _, err := s.Board.Case(ctx, caseID); err == nil || rehab.CodeOf(err) != rehab.NotFound {
		return refusal
	}
	if err := s.Identities.DropIdentity(ctx, caseID); err != nil {
		s.Log.ErrorContext(ctx, "identity without a case was not dropped", "case", caseID, "code", string(rehab.CodeOf(err)))
	}
	return refusal
}
