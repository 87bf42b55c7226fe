package api

import (
	"context"
	"fmt"
	"slices"
	"time"

	"guitu/casework"
	"guitu/rehab"
)

// Why says why a case is as it is, and what was decided about it.
type Why struct {
	rehab.Explanation
	Known     string         `json:"known,omitempty" enum:"then,now" doc:"Of a past day."`
	Decisions []DecisionView `json:"decisions" nullable:"false" doc:"The last ones, the latest first."`
}

// DecisionView is a decision with the words that came with it.
type DecisionView struct {
	rehab.Decision
	Event string            `json:"event" doc:"Where the history shows its event." example:"/v1/cases/c-1/timeline?after=40&limit=1"`
	Texts map[string]string `json:"texts,omitempty"`
}

type whyInput struct {
	CaseInput
	Decisions int `query:"decisions" minimum:"0" maximum:"100" default:"10" doc:"How many of the last decisions."`
}

type whyOutput struct{ Body Why }

func (s *server) explainCase(ctx context.Context, a rehab.Actor, in *whyInput) (*whyOutput, error) {
	history, err := s.work.HistoryInScope(ctx, a, in.ID)
	if err != nil {
		return nil, err
	}
	sight, at, err := s.sight(&in.CaseInput)
	if err != nil {
		return nil, err
	}
	events := casework.EventsOf(history)
	c := &rehab.Case{ID: in.ID}
	c.Fold(events)
	out := &whyOutput{Why{Decisions: []DecisionView{}}}
	if in.AsOf != "" {
		out.Body.Known = in.Known
		if c, err = s.caseThen(ctx, in.ID, in.Known, sight.Before); err != nil {
			return nil, err
		}
	}
	for _, d := range decisionsSeen(events, sight, in.Decisions) {
		out.Body.Decisions = append(out.Body.Decisions, DecisionView{
			Decision: d, Texts: textsFor(a, history[d.Seq-1].Texts),
			Event: fmt.Sprintf("/v1/cases/%s/timeline?after=%d&limit=1", in.ID, d.Seq-1),
		})
	}
	env, err := s.envOf(c, at)
	if err == nil {
		out.Body.Explanation = c.Explain(env)
	}
	return out, err
}

// decisionsSeen are the last of those that belong to the sight.
func decisionsSeen(events []rehab.Event, sight casework.Sight, n int) []rehab.Decision {
	if !sight.Before.IsZero() && !sight.KnownNow {
		events = slices.DeleteFunc(slices.Clone(events), func(e rehab.Event) bool { return !sight.Sees(&e) })
	}
	all := slices.DeleteFunc(rehab.Decisions(events, len(events)), func(d rehab.Decision) bool {
		return !sight.Sees(&rehab.Event{OccurredAt: d.OccurredAt, RecordedAt: d.RecordedAt})
	})
	return all[:min(n, len(all))]
}

// sight is how the request looks at the case, and the instant of it: the end of the day that it
// names, or now.
func (s *server) sight(in *CaseInput) (casework.Sight, time.Time, error) {
	if in.AsOf == "" {
		return casework.Sight{}, s.Now(), nil
	}
	day, err := s.pastDay("as_of", in.AsOf)
	if err != nil {
		return casework.Sight{}, time.Time{}, err
	}
	before := day.End()
	if now := s.Now(); before.After(now) {
		before = now.Add(time.Millisecond)
	}
	return casework.Sight{Before: before, KnownNow: in.Known == knownNow}, before.Add(-time.Millisecond), nil
}

// caseThen is the case just before the instant, in one of the two views.
func (s *server) caseThen(ctx context.Context, id, known string, before time.Time) (*rehab.Case, error) {
	h, err := s.Past.History(ctx, id)
	if err != nil {
		return nil, err
	}
	seen, err := s.seen(&h, known, before)
	if err == nil && seen.Case.Phase == "" {
		err = errNotHereThen
	}
	return seen.Case, err
}

var errNotHereThen = &rehab.Error{Code: rehab.NotFound, Field: "as_of", Message: "the case was not here on that day"}

// envOf is what the case is asked under: the policy that it was signed under.
func (s *server) envOf(c *rehab.Case, at time.Time) (rehab.Env, error) {
	env := rehab.NewEnv(s.Policies, c, nil, at)
	if env.Policy == nil {
		return env, &rehab.Error{Code: rehab.Internal, Message: "the policy " + c.Policy.String() + " of the case is not loaded"}
	}
	return env, nil
}
