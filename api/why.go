package api

import (
	"context"
	"fmt"

	"guitu/board"
	"guitu/casework"
	"guitu/rehab"
)

// Why says why a case is as it is, and what was decided about it.
type Why struct {
	rehab.Explanation
	Decisions []DecisionView `json:"decisions" nullable:"false" doc:"The last ones, the latest first."`
}

// DecisionView is a decision with the words that came with it.
type DecisionView struct {
	rehab.Decision
	Event string            `json:"event" doc:"Where the history shows its event." example:"/v1/cases/c-1/timeline?after=40&limit=1"`
	Texts map[string]string `json:"texts,omitempty"`
}

type whyInput struct {
	ID        string `path:"id" doc:"Case id."`
	Decisions int    `query:"decisions" minimum:"0" maximum:"100" default:"10" doc:"How many of the last decisions."`
}

type whyOutput struct{ Body Why }

// longest is more events than any case has.
const longest = 1 << 30

// wholeHistory of a case in scope, with its texts and as events alone.
func (s *server) wholeHistory(ctx context.Context, a rehab.Actor, id string) ([]board.TimelineEntry, []rehab.Event, error) {
	if err := casework.PermitReading(a); err != nil {
		return nil, nil, err
	}
	if _, err := s.work.CaseInScope(ctx, a, id); err != nil {
		return nil, nil, err
	}
	history, err := s.Ledger.Timeline(ctx, id, 0, longest)
	events := make([]rehab.Event, len(history))
	for i, e := range history {
		events[i] = e.Event
	}
	return history, events, err
}

func (s *server) explainCase(ctx context.Context, a rehab.Actor, in *whyInput) (*whyOutput, error) {
	history, events, err := s.wholeHistory(ctx, a, in.ID)
	if err != nil {
		return nil, err
	}
	c := &rehab.Case{ID: in.ID}
	c.Fold(events)
	out := &whyOutput{Why{Decisions: []DecisionView{}}}
	for _, d := range rehab.Decisions(events, in.Decisions) {
		out.Body.Decisions = append(out.Body.Decisions, DecisionView{
			Decision: d, Texts: textsFor(a, history[d.Seq-1].Texts),
			Event: fmt.Sprintf("/v1/cases/%s/timeline?after=%d&limit=1", in.ID, d.Seq-1),
		})
	}
	out.Body.Explanation, err = s.Explainer.Explain(ctx, c)
	return out, err
}
