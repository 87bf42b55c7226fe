package api

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"guitu/board"
	"guitu/casework"
	"guitu/input"
	"guitu/rehab"
)

// CaseRow is a case in a list: its identity is always masked.
type CaseRow struct {
	rehab.Summary
	Identity *Client `json:"identity,omitempty" doc:"Masked; missing where the record is sealed."`
}

// CaseList is a page of cases. Next is the value of after for the next page.
type CaseList struct {
	Cases []CaseRow `json:"cases" nullable:"false"`
	Next  string    `json:"next,omitempty"`
}

// CaseView is one case in full.
type CaseView struct {
	Summary     rehab.Summary         `json:"summary"`
	AsOf        rehab.Date            `json:"as_of,omitzero" doc:"The day at whose end the case stood so; now where it is missing."`
	Known       string                `json:"known,omitempty" enum:"then,now" doc:"Of a past day: what the system knew then, or what is known now to have been."`
	Identity    *Client               `json:"identity,omitempty" doc:"In full for the worker and the station head of the case, masked for all others."`
	Masked      bool                  `json:"masked" doc:"Whether the identity is masked."`
	Obligations []board.ObligationRow `json:"obligations" nullable:"false" doc:"All there ever were; as of a past day, those that were open or missed then."`
	Escalations []board.EscalationRow `json:"escalations" nullable:"false" doc:"All there ever were; as of a past day, those that were open then."`
	Pending     []rehab.Positive      `json:"provisional_positives" nullable:"false"`
	Refusals    []rehab.Refusal       `json:"provisional_refusals,omitempty" doc:"Refused and evaded tests that a person has to confirm before they count (DRR art.20)."`
	Care
	Amendments []rehab.Amendment `json:"amendments" nullable:"false" doc:"Corrections and withdrawals that were proposed and wait for another person."`
	Counters   rehab.Counters    `json:"counters" doc:"Over the whole measure, across transfers (DRR art.20)."`
	Late       []rehab.Fact      `json:"late,omitempty" doc:"Of a past day: what had happened by then and was recorded later."`
	Moot       []rehab.Fact      `json:"moot,omitempty" doc:"As known now: what was decided by then and turned out to have no ground."`
	Since      []rehab.Decision  `json:"decided_since,omitempty" doc:"Of a past day: what was decided later about what stood open then."`
}

// Entry is an event of a case's timeline with the texts that came with it.
type Entry struct {
	Seq        int64             `json:"seq"`
	Type       string            `json:"type"`
	Title      string            `json:"title" doc:"What the type is called, in the language of the request."`
	RecordedAt time.Time         `json:"recorded_at"`
	OccurredAt time.Time         `json:"occurred_at"`
	Actor      rehab.Actor       `json:"actor"`
	Command    string            `json:"command,omitempty"`
	Data       any               `json:"data" doc:"What the event says; its form depends on the type."`
	Texts      map[string]string `json:"texts,omitempty"`

	TakenBack int64 `json:"taken_back,omitempty" doc:"Sequence of the revision that took the entry back: it holds no longer."`
	Instead   int64 `json:"instead,omitempty" doc:"Sequence of the entry that took its place."`
}

// Timeline is a page of a case's history, oldest first.
type Timeline struct {
	Entries []Entry `json:"entries" nullable:"false"`
	Next    int64   `json:"next,omitempty"`
}

func (s *server) caseRoutes() {
	read := func(id, path, summary string) huma.Operation {
		return huma.Operation{OperationID: id, Method: http.MethodGet, Path: path, Summary: summary, Tags: []string{"cases"}}
	}
	operation(s, read("list-cases", "/v1/cases", "List the cases in scope, identities masked"), s.listCases)
	operation(s, read("get-case", "/v1/cases/{id}", "Show one case, now or as of a past day"), s.getCase)
	operation(s, read("explain-case", "/v1/cases/{id}/why", "Say why the case is as it is and what happens next, now or as of a past day"), s.explainCase)
	operation(s, read("list-windows", "/v1/cases/{id}/windows", "List the windows to come of the recurring duties of a case"), s.windows)
	operation(s, read("get-timeline", "/v1/cases/{id}/timeline", "Show the history of a case"), s.timeline)
}

type listInput struct {
	Place      string           `query:"place" maxLength:"12" pattern:"^[0-9]*$" patternDescription:"digits" doc:"A place and all below it."`
	Worker     string           `query:"worker" maxLength:"64"`
	Phase      rehab.Phase      `query:"phase"`
	Risk       rehab.Risk       `query:"risk"`
	Measure    rehab.Measure    `query:"measure"`
	Overdue    bool             `query:"overdue" doc:"Only cases with provisional misses."`
	Escalated  bool             `query:"escalated" doc:"Only cases with open escalations."`
	Engagement rehab.Engagement `query:"engagement" doc:"How the client stands to those who help."`
	Crisis     bool             `query:"crisis" doc:"Only cases with open crises."`
	Open       bool             `query:"open" doc:"Only cases that are not closed."`
	After      string           `query:"after" maxLength:"128" doc:"Case id of the last row of the page before."`
	Limit      int              `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

type listOutput struct{ Body CaseList }

func (s *server) listCases(ctx context.Context, a rehab.Actor, in *listInput) (*listOutput, error) {
	f := board.CaseFilter{
		Place: in.Place, Worker: in.Worker, Phase: in.Phase, Risk: in.Risk, Measure: in.Measure,
		Overdue: in.Overdue, Escalated: in.Escalated, Engaged: in.Engagement, Crisis: in.Crisis, Open: in.Open, After: in.After, Limit: in.Limit + 1,
	}
	if err := casework.PermitReading(a); err != nil {
		return nil, err
	}
	for field, text := range map[string]string{"worker": in.Worker, "after": in.After} {
		if detail := input.Bad(text, false); detail != "" {
			return nil, rehab.InvalidField(field, "%s", detail)
		}
	}
	rows, err := s.casesInScope(ctx, a, f)
	if err != nil {
		return nil, err
	}
	out := &listOutput{Body: CaseList{Cases: []CaseRow{}}}
	rows, out.Body.Next = upTo(rows, in.Limit, func(x rehab.Summary) string { return x.CaseID })
	return out, s.fillRows(ctx, &out.Body, rows)
}

// casesInScope asks for what the actor sees. A worker's list is of two parts, the own
// cases and those of the street that nobody has, merged in the order of the key.
func (s *server) casesInScope(ctx context.Context, a rehab.Actor, f board.CaseFilter) ([]rehab.Summary, error) {
	if a.Role != rehab.WorkerRole {
		place, err := casework.Narrow(a, f.Place)
		if err != nil {
			return nil, err
		}
		f.Place = place
		return s.Board.Cases(ctx, f)
	}
	var own []rehab.Summary
	also, err := s.work.StandsInFor(ctx, a)
	if err != nil {
		return nil, err
	}
	for _, worker := range append([]string{a.ID}, also...) {
		if f.Worker != "" && f.Worker != worker {
			continue
		}
		mine := f
		mine.Worker = worker
		rows, err := s.Board.Cases(ctx, mine)
		if err != nil {
			return nil, err
		}
		own = append(own, rows...)
	}
	if f.Worker != "" || a.Place == "" || !rehab.PlaceCode(f.Place).Contains(a.Area()) {
		return firstCases(own, f.Limit), nil
	}
	free, err := s.unassigned(ctx, a.Place, f)
	return firstCases(append(own, free...), f.Limit), err
}

func firstCases(rows []rehab.Summary, n int) []rehab.Summary {
	slices.SortFunc(rows, func(x, y rehab.Summary) int { return strings.Compare(x.CaseID, y.CaseID) })
	return rows[:min(len(rows), n)]
}

// unassigned walks through a street's cases for those that nobody has.
func (s *server) unassigned(ctx context.Context, street string, f board.CaseFilter) ([]rehab.Summary, error) {
	const page = 200
	want := f.Limit
	f.Place, f.Worker, f.Limit = street, "", page
	var free []rehab.Summary
	for {
		rows, err := s.Board.Cases(ctx, f)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			if r.Worker == "" {
				free = append(free, r)
			}
		}
		if len(rows) < page || len(free) >= want {
			return free, nil
		}
		f.After = rows[len(rows)-1].CaseID
	}
}

func (s *server) fillRows(ctx context.Context, list *CaseList, rows []rehab.Summary) error {
	if len(rows) == 0 {
		return nil
	}
	ids := make([]string, len(rows))
	for i, r := range rows {
		ids[i] = r.CaseID
	}
	who, err := s.Identities.Identities(ctx, ids)
	if err != nil {
		return err
	}
	for _, r := range rows {
		row := CaseRow{Summary: r}
		if r.Phase == rehab.Sealed { // that it is, and no more
			list.Cases = append(list.Cases, CaseRow{Summary: rehab.Summary{CaseID: r.CaseID, Phase: r.Phase, Place: r.Place, Measure: r.Measure, Risk: r.Risk}})
			continue
		}
		if id, ok := who[r.CaseID]; ok {
			row.Identity = mask(id)
		}
		list.Cases = append(list.Cases, row)
	}
	return nil
}

type caseOutput struct{ Body CaseView }

func (s *server) getCase(ctx context.Context, a rehab.Actor, in *CaseInput) (*caseOutput, error) {
	if err := casework.PermitReading(a); err != nil {
		return nil, err
	}
	row, err := s.work.CaseInScope(ctx, a, in.ID)
	if err != nil {
		return nil, err
	}
	view, err := s.viewCase(ctx, in, row)
	if err != nil {
		return nil, err
	}
	as, err := s.work.AsWorkerOf(ctx, a, row.Worker)
	if err != nil {
		return nil, err
	}
	full, err := s.seesInFull(ctx, as, row)
	if err != nil {
		return nil, err
	}
	id, err := s.Identities.Identity(ctx, in.ID)
	switch {
	case err == nil:
		view.identify(id, full)
	case rehab.CodeOf(err) != rehab.NotFound:
		return nil, err
	}
	return &caseOutput{view}, nil
}

// identify says who the client is, to whoever sees that in full or else masked.
func (v *CaseView) identify(id board.Identity, full bool) {
	if full {
		v.Identity = inFull(id)
		return
	}
	v.Identity, v.Masked = mask(id), true
}

// showRows takes obligations and escalations, with their past, from the read models.
func (s *server) showRows(ctx context.Context, v *CaseView) error {
	obligations, err := s.Board.Obligations(ctx, v.Summary.CaseID)
	if err != nil {
		return err
	}
	escalations, err := s.Board.CaseEscalations(ctx, v.Summary.CaseID)
	v.Obligations = append([]board.ObligationRow{}, obligations...)
	v.Escalations = append([]board.EscalationRow{}, escalations...)
	return err
}

type timelineInput struct {
	ID    string `path:"id" doc:"Case id."`
	After int64  `query:"after" minimum:"0" doc:"Sequence of the last entry of the page before."`
	Limit int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

// upTo cuts a list, read with one row more than the limit, and names the key to go on
// after; the zero key where there is no more.
func upTo[T, K any](list []T, limit int, key func(T) K) (cut []T, next K) {
	if len(list) <= limit {
		return list, next
	}
	return list[:limit], key(list[limit-1])
}

type timelineOutput struct{ Body Timeline }

func (s *server) timeline(ctx context.Context, a rehab.Actor, in *timelineInput) (*timelineOutput, error) {
	if err := casework.PermitReading(a); err != nil {
		return nil, err
	}
	if _, err := s.work.CaseInScope(ctx, a, in.ID); err != nil {
		return nil, err
	}
	list, err := s.Ledger.Timeline(ctx, in.ID, in.After, in.Limit+1)
	if err != nil {
		return nil, err
	}
	struck, err := s.Ledger.TakenBack(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	out := &timelineOutput{Timeline{Entries: []Entry{}}}
	list, out.Body.Next = upTo(list, in.Limit, func(x board.TimelineEntry) int64 { return x.Seq })
	for _, e := range list {
		out.Body.Entries = append(out.Body.Entries, Entry{
			Seq: e.Seq, Type: e.Data.EventType(), RecordedAt: e.RecordedAt, OccurredAt: e.OccurredAt,
			Actor: e.Actor, Command: e.Command, Data: e.Data, Texts: textsFor(a, e.Texts),
			TakenBack: struck[e.Seq].By, Instead: struck[e.Seq].Instead,
		})
	}
	return out, nil
}
