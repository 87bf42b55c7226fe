package api

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"guitu/board"
	"guitu/rehab"
)

// The two views of a past day.
const (
	knownThen = "then"
	knownNow  = "now"
)

func (s *server) pastRoutes() {
	operation(s, huma.Operation{
		OperationID: "get-board", Method: http.MethodGet, Path: "/v1/board", Tags: []string{"cases"},
		Summary: "Show the cases of a place as they stood on a day: counts per street and worker, and the rows",
		Description: "known=then shows what the system knew at the end of the day, known=now what is known now to have been then. Cases that are " +
			"in the place now are counted where they were then: for those that have moved since, ask for the place above. The counts come " +
			"with the first page and cover at most 5,000 cases.",
	}, s.board)
}

// CaseInput names a case, and the past day as of which it is looked at.
type CaseInput struct {
	ID    string `path:"id" doc:"Case id."`
	AsOf  string `query:"as_of" format:"date" doc:"Show the case as it stood at the end of that day."`
	Known string `query:"known" enum:"then,now" default:"then" doc:"Of a past day: what the system knew then, or what is known now to have been."`
}

// viewCase is the case now, or of the day that is asked for. Whoever may see a case now
// may see its past.
func (s *server) viewCase(ctx context.Context, in *CaseInput, row rehab.Summary) (CaseView, error) {
	if in.AsOf != "" {
		return s.viewPast(ctx, in)
	}
	c, err := s.Ledger.Load(ctx, in.ID)
	if err != nil {
		return CaseView{}, err
	}
	view := CaseView{Summary: row}
	view.show(c)
	if err := s.showRows(ctx, &view); err != nil {
		return view, err
	}
	return view, s.work.MarkForms(ctx, view.Summary, view.Obligations)
}

func (s *server) viewPast(ctx context.Context, in *CaseInput) (CaseView, error) {
	day, err := s.pastDay("as_of", in.AsOf)
	if err != nil {
		return CaseView{}, err
	}
	h, err := s.Past.History(ctx, in.ID)
	if err != nil {
		return CaseView{}, err
	}
	seen, err := s.seen(&h, in.Known, day.End())
	if err != nil {
		return CaseView{}, err
	}
	c := seen.Case
	if c.Phase == "" {
		return CaseView{}, errNotHereThen
	}
	view := CaseView{AsOf: day, Known: in.Known, Late: seen.Late, Moot: seen.Moot}
	view.show(c)
	view.showFold(c)
	for _, d := range rehab.Decisions(h.Events, len(h.Events)) {
		stood := slices.ContainsFunc(c.Obligations, func(o rehab.Obligation) bool { return o.ID.String() == d.Of })
		if stood && !d.RecordedAt.Before(day.End()) {
			view.Since = append(view.Since, d)
		}
	}
	return view, nil
}

// pastDay reads the day of a look back; none is today.
func (s *server) pastDay(field, text string) (rehab.Date, error) {
	today := rehab.DateOf(s.Now())
	if text == "" {
		return today, nil
	}
	day, err := rehab.ParseDate(text)
	switch {
	case err != nil:
		return 0, rehab.InvalidField(field, "is a day such as 2026-10-08")
	case day > today:
		return 0, rehab.InvalidField(field, "%s lies in the future", day)
	}
	return day, nil
}

// seen folds or replays a history up to the instant. What has not happened yet is in
// neither view: today ends now.
func (s *server) seen(h *rehab.History, known string, before time.Time) (rehab.Hindsight, error) {
	if now := s.Now(); before.After(now) {
		before = now.Add(time.Millisecond)
	}
	if known == knownThen {
		return rehab.Hindsight{Case: h.Known(before)}, nil
	}
	return h.Hindsight(before, s.Policies)
}

// show takes from the fold what no read model has.
func (v *CaseView) show(c *rehab.Case) {
	v.Counters, v.Care, v.Refusals = c.Counters, careOf(c), c.Refusals
	v.Pending, v.Amendments = append([]rehab.Positive{}, c.Pending...), append([]rehab.Amendment{}, c.Amendments...)
}

// showFold takes everything from the fold: a past day has no read models.
func (v *CaseView) showFold(c *rehab.Case) {
	v.Summary, v.Obligations, v.Escalations = c.Summary(), []board.ObligationRow{}, []board.EscalationRow{}
	for _, o := range c.Obligations {
		v.Obligations = append(v.Obligations, board.ObligationRow{CaseID: c.ID, Place: c.Place, Worker: c.Worker, Risk: c.Risk, Obligation: o})
	}
	for _, e := range c.Escalations {
		v.Escalations = append(v.Escalations, board.EscalationRow{CaseID: c.ID, Place: c.Place, Worker: c.Worker, Escalation: e})
	}
}
