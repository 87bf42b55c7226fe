package casework

import (
	"context"
	"slices"

	"guitu/board"
	"guitu/input"
	"guitu/rehab"
)

// openingCommand opens a case.
const openingCommand = "open-case"

// Open opens the case of the order, or with dry only says what would become of it. It keeps
// the identity first, so that no case exists without one, and takes it back when the engine
// refuses and there is no case. The order number is the key: the same order again answers with
// the case that it opened. Flaws are all that is wrong with the order by itself.
func (s *Service) Open(ctx context.Context, a rehab.Actor, o *Order, dry bool) (*Given, error) {
	if err := Permit(a, openingCommand); err != nil {
		return nil, err
	}
	written := o.inOneForm()
	if flaws := o.Check(rehab.DateOf(s.Now())); len(flaws) > 0 {
		return nil, flaws
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
	out := &Given{
		Key: cmd.ID, Receipt: board.Receipt{CaseID: caseID, CommandID: cmd.ID}, Warnings: append(written, warnings...),
		Case: rehab.Summary{CaseID: caseID, Measure: body.Measure, Phase: rehab.AwaitingReportIn, Place: body.Place, Worker: body.Worker, Risk: body.Risk},
	}
	if dry {
		return s.openDry(ctx, a, cmd, o, out)
	}
	if out.Receipt, err = s.open(ctx, caseID, cmd, o.Identity()); err != nil {
		return nil, err
	}
	if out.Case, err = s.opened(ctx, a, caseID, out.Case); err != nil {
		return nil, err
	}
	if slices.Contains(rehab.OpenPhases(), out.Case.Phase) {
		twice, err := s.otherMeasures(ctx, a, caseID, o.Identity().IDNumber)
		if err != nil {
			return nil, err
		}
		out.Warnings = append(out.Warnings, twice...)
	}
	return out, nil
}

// opened is the case as it stands, as far as whoever sent its order sees it now.
func (s *Service) opened(ctx context.Context, a rehab.Actor, caseID string, asked rehab.Summary) (rehab.Summary, error) {
	row, err := s.Board.Case(ctx, caseID)
	switch {
	case err != nil:
		return asked, nil //nolint:nilerr // it is open, whatever cannot be read now
	case row.Phase == rehab.Sealed:
		return asked, ErrSealed
	case !Sees(a, row.Place, row.Worker) && !Covers(a, row.Place):
		return asked, errElsewhere
	}
	return row, nil
}

// openDry says what would become of an order that is in order by itself.
func (s *Service) openDry(ctx context.Context, a rehab.Actor, cmd rehab.Command, o *Order, out *Given) (*Given, error) {
	caseID := out.Receipt.CaseID
	receipt, found, err := s.ReceiptOf(ctx, caseID, cmd)
	switch {
	case err != nil && rehab.CodeOf(err) == rehab.Conflict:
		return nil, errOrderNoInUse
	case err != nil:
		return nil, err
	case found:
		out.Receipt = receipt
		return out, nil
	}
	twice, err := s.otherMeasures(ctx, a, caseID, o.IDNumber)
	out.Warnings = append(out.Warnings, twice...)
	out.Rehearsal = &rehab.Rehearsal{
		TakenBack: []rehab.TakenBackEvent{}, Added: []rehab.AddedEvent{}, Moved: []rehab.Shifted{}, Moot: []rehab.Fact{}, Fell: []rehab.EscalationFell{},
		After: rehab.Standing{Phase: rehab.AwaitingReportIn},
	}
	return out, err
}

// otherMeasures warns of the person's other cases under way. It looks once the case is
// there: of two orders at the same time, the later answer names the other. The case of a
// place or worker that the actor does not see has no id in the warning.
func (s *Service) otherMeasures(ctx context.Context, a rehab.Actor, caseID, idNumber string) ([]string, error) {
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
		case PermitReading(a) == nil && Sees(a, row.Place, row.Worker):
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
func (s *Service) open(ctx context.Context, caseID string, cmd rehab.Command, id board.Identity) (board.Receipt, error) {
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
	receipt, err = s.AsDuplicate(ctx, caseID, cmd, err)
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
func (s *Service) checkStreets(ctx context.Context, a rehab.Actor, o *Order) error {
	known := make(map[string]bool)
	var flaws input.Checklist
	for _, f := range []struct{ field, code string }{
		{"household_street", o.HouseholdStreet}, {"residence_street", o.ResidenceStreet}, {"execution_street", o.ExecutionStreet},
	} {
		if f.code == "" {
			continue
		}
		street, looked := known[f.code]
		if !looked {
			var err error
			if street, err = s.IsStreet(ctx, f.code); err != nil {
				return err
			}
			known[f.code] = street
		}
		if !street {
			flaws.Add(f.field, "is not the code of a street or town")
		}
	}
	if err := flaws.Err(); err != nil {
		return err
	}
	if !Covers(a, o.ExecutionStreet) {
		return &rehab.Error{Code: rehab.Forbidden, Field: "execution_street", Message: "this street lies outside your area"}
	}
	return nil
}

// policyFor is the policy of the place. Whoever opens a case names another only where the
// configuration allows it; an authority may name any.
func (s *Service) policyFor(a rehab.Actor, o *Order) (rehab.PolicyRef, error) {
	ref := s.DefaultPolicy(o.ExecutionStreet)
	if o.Policy == nil || *o.Policy == ref {
		return ref, nil
	}
	if !Registrar(a.Role) && (s.MayPick == nil || !s.MayPick(*o.Policy)) {
		return ref, &rehab.Error{Code: rehab.Forbidden, Field: "policy", Message: "cases of this place are opened under " + ref.String() + ": another policy is for the district and city offices to name"}
	}
	if s.Policies.Policy(*o.Policy) == nil {
		return ref, rehab.InvalidField("policy", "there is no such policy")
	}
	return *o.Policy, s.inUse("policy", *o.Policy)
}

// dropOrphanIdentity drops the identity that was kept for a case that then was not opened. A
// case that is there keeps its identity, whatever this request was refused for.
func (s *Service) dropOrphanIdentity(ctx context.Context, caseID string, refusal error) error {
	if !IsRefusal(refusal) {
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
