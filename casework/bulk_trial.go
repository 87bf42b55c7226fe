package casework

import (
	"context"
	"errors"
	"slices"

	"guitu/bulk"
	"guitu/rehab"
)

// Trial is what would become of one case of a bulk operation. N counts from 1.
type Trial struct {
	N       int
	CaseID  string
	Body    rehab.CommandBody
	Refusal *rehab.Error // nil: it would be done
}

// BulkTrial is what a dry run found: how many cases the operation is for, how many of these are
// known to be refused, and what would become of those that were tried.
type BulkTrial struct {
	Place   string
	Total   int
	Refused int
	Tried   []Trial
	Next    int // after which the next page begins; 0: all were tried
}

// TryBulk is the dry run of an operation that tries its cases one by one, as many as the order
// names: by the very decision that each command takes, on copies. Nothing changes.
func (s *Service) TryBulk(ctx context.Context, a rehab.Actor, order BulkOrder) (BulkTrial, error) {
	var out BulkTrial
	if err := permitBulk(a, order.Kind); err != nil {
		return out, err
	}
	place, err := Narrow(a, order.Place)
	if err != nil {
		return out, err
	}
	all, err := s.trialsOf(ctx, a, order, place)
	if err != nil {
		return out, err
	}
	out.Place, out.Total = place, len(all)
	for i := range all {
		all[i].N = i + 1
		if all[i].Refusal != nil {
			out.Refused++
		}
	}
	rest := all[min(order.TryAfter, len(all)):]
	out.Tried = rest[:min(order.Try, len(rest))]
	if len(out.Tried) < len(rest) {
		out.Next = order.TryAfter + len(out.Tried)
	}
	for i := range out.Tried {
		t := &out.Tried[i]
		if t.Refusal != nil {
			continue // counted already
		}
		if err := s.try(ctx, a, t); err != nil {
			return out, err
		}
		if t.Refusal != nil {
			out.Refused++
		}
	}
	return out, nil
}

// trialsOf are the cases of the operation. An assignment that cannot be made is one that is
// refused, where the operation itself would not begin.
func (s *Service) trialsOf(ctx context.Context, a rehab.Actor, o BulkOrder, place string) ([]Trial, error) {
	if o.Kind == bulk.Reassign {
		return s.assignmentTrials(ctx, o, place)
	}
	changes, err := s.planBulk(ctx, a, o, place)
	out := make([]Trial, len(changes))
	for i, c := range changes {
		out[i] = Trial{CaseID: c.CaseID, Body: c.Body}
	}
	return out, err
}

// assignmentTrials holds each assignment against scope and registry by itself.
func (s *Service) assignmentTrials(ctx context.Context, o BulkOrder, place string) ([]Trial, error) {
	worker, ids, err := assigned(o)
	if err != nil {
		return nil, err
	}
	rows := make(map[string]rehab.Summary, len(ids))
	for part := range slices.Chunk(ids, bulkPage) {
		list, err := s.Bulk.LiveCases(ctx, place, part, "", bulkPage)
		if err != nil {
			return nil, err
		}
		for _, row := range list {
			rows[row.CaseID] = row
		}
	}
	var out []Trial
	answers := make(map[[2]string]*rehab.Error)
	for _, id := range ids {
		row, here := rows[id]
		t := Trial{CaseID: id, Body: rehab.AssignWorker{Worker: worker[id]}}
		if !here {
			t.Refusal = &rehab.Error{Code: rehab.NotFound, Message: "the case is not there, or closed"}
			out = append(out, t)
			continue
		}
		if _, changes := bulk.ChangeOf(row, t.Body); !changes {
			continue
		}
		pair := [2]string{worker[id], row.Place}
		no, asked := answers[pair]
		if !asked {
			if _, err := s.mayTake(ctx, pair[0], pair[1], true); err != nil && !errors.As(err, &no) {
				return nil, err
			}
			if no != nil && (no.Code == rehab.Internal || no.Code == rehab.Unavailable) {
				return nil, no
			}
			answers[pair] = no
		}
		t.Refusal = no
		out = append(out, t)
	}
	return out, nil
}

// try rehearses the command of one case.
func (s *Service) try(ctx context.Context, a rehab.Actor, t *Trial) error {
	cmd, err := s.Compose(a, t.CaseID, "", t.Body, Facts{})
	if err != nil {
		return err
	}
	h, err := s.Past.History(ctx, t.CaseID)
	if err != nil {
		return err
	}
	_, err = h.Rehearse(cmd, s.Policies, s.Now())
	if errors.As(err, &t.Refusal) && t.Refusal.Code != rehab.Internal && t.Refusal.Code != rehab.Unavailable {
		return nil
	}
	return err
}
