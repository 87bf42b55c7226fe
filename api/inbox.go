package api

import (
	"context"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"guitu/rehab"
)

// Inbox is what waits for the actor.
type Inbox struct {
	Due         []rehab.ObligationRow `json:"due" nullable:"false" doc:"Open obligations that are due soon, the first first."`
	Overdue     []rehab.ObligationRow `json:"overdue" nullable:"false" doc:"Provisional misses: a person confirms or dismisses each."`
	Escalations []rehab.EscalationRow `json:"escalations" nullable:"false" doc:"Escalations that wait for an answer of the actor's role."`
	Notices     []rehab.NoticeRow     `json:"notices" nullable:"false" doc:"Notices to the actor among the latest of all, the newest first."`
	More        bool                  `json:"more" doc:"Some part has more rows than it shows."`
}

func (s *server) inboxRoutes() {
	tag := []string{"inbox"}
	operation(s, huma.Operation{OperationID: "get-inbox", Method: http.MethodGet, Path: "/v1/inbox", Tags: tag,
		Summary: "Show what is due, what is overdue and what waits for an answer"}, s.inbox)
	operation(s, huma.Operation{OperationID: "list-escalations", Method: http.MethodGet, Path: "/v1/escalations", Tags: tag,
		Summary: "List the open escalations in scope"}, s.escalations)
}

type inboxInput struct {
	Days  int `query:"days" minimum:"0" maximum:"90" default:"7" doc:"How many days ahead to look."`
	Limit int `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"Most rows of each part."`
}

type inboxOutput struct{ Body Inbox }

// scan is how many rows are looked through for those of the actor.
const scan = 1000

func (s *server) inbox(ctx context.Context, a rehab.Actor, in *inboxInput) (*inboxOutput, error) {
	f, err := s.taskFilter(a, "", scan)
	if err != nil {
		return nil, err
	}
	f.DueBy = rehab.DateOf(s.Now()).AddDays(in.Days)
	tasks, err := s.Board.Tasks(ctx, f)
	if err != nil {
		return nil, err
	}
	escalations, err := s.Board.Escalations(ctx, f)
	if err != nil {
		return nil, err
	}
	notices, err := s.latestNotices(ctx)
	if err != nil {
		return nil, err
	}
	box := Inbox{More: len(tasks) == scan || len(escalations) == scan}
	box.Due = pick(&box, in.Limit, tasks, func(t rehab.ObligationRow) bool { return t.Status == rehab.Open })
	box.Overdue = pick(&box, in.Limit, tasks, func(t rehab.ObligationRow) bool { return t.Status == rehab.Missed })
	box.Escalations = pick(&box, in.Limit, escalations, func(e rehab.EscalationRow) bool { return waitsFor(a, e) })
	box.Notices = pick(&box, in.Limit, notices, func(n rehab.NoticeRow) bool { return isFor(a, n.Notice) })
	return &inboxOutput{box}, nil
}

// pick takes the rows that fit, at most limit, and notes in the box when there are more.
func pick[T any](box *Inbox, limit int, rows []T, fits func(T) bool) []T {
	out := []T{}
	for _, r := range rows {
		switch {
		case !fits(r):
		case len(out) == limit:
			box.More = true
			return out
		default:
			out = append(out, r)
		}
	}
	return out
}

// latestNotices are the end of the outbox, the newest first.
func (s *server) latestNotices(ctx context.Context) ([]rehab.NoticeRow, error) {
	_, head, err := s.Board.Head(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := s.Board.Notices(ctx, max(0, head-scan), scan)
	slices.Reverse(rows)
	return rows, err
}

// waitsFor reports whether the escalation waits for an answer of the actor.
func waitsFor(a rehab.Actor, e rehab.EscalationRow) bool {
	return !e.Acknowledged() && (e.Role == a.Role || a.Role == rehab.Admin)
}

type escalationsInput struct {
	Place string `query:"place" maxLength:"12" pattern:"^[0-9]*$" patternDescription:"digits" doc:"A place and all below it."`
	Limit int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

// EscalationList is the open escalations in scope.
type EscalationList struct {
	Escalations []rehab.EscalationRow `json:"escalations" nullable:"false"`
}

type escalationsOutput struct{ Body EscalationList }

func (s *server) escalations(ctx context.Context, a rehab.Actor, in *escalationsInput) (*escalationsOutput, error) {
	f, err := s.taskFilter(a, in.Place, in.Limit)
	if err != nil {
		return nil, err
	}
	rows, err := s.Board.Escalations(ctx, f)
	if err != nil {
		return nil, err
	}
	return &escalationsOutput{EscalationList{append([]rehab.EscalationRow{}, rows...)}}, nil
}

// taskFilter is the actor's scope: for a worker the own cases, for others their area.
func (s *server) taskFilter(a rehab.Actor, place string, limit int) (rehab.TaskFilter, error) {
	f := rehab.TaskFilter{Limit: limit}
	if err := permitReading(a); err != nil {
		return f, err
	}
	if a.Role == rehab.WorkerRole {
		f.Worker, f.Place = a.ID, place
		return f, nil
	}
	var err error
	f.Place, err = narrow(a, place)
	return f, err
}
