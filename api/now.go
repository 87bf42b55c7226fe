package api

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"guitu/inbox"
	"guitu/input"
	"guitu/rehab"
	"guitu/words"
)

// Now is a page of the one list of what waits for the actor, with the counts of all of it.
type Now struct {
	TakenAt    time.Time          `json:"taken_at"`
	Total      int                `json:"total"`
	Counts     map[inbox.Step]int `json:"counts" doc:"Lines by step, over the whole scope."`
	Items      []NowRow           `json:"items" nullable:"false" doc:"The most urgent first; each thing stands once."`
	Next       string             `json:"next,omitempty" doc:"The value of after for the next page."`
	Snoozed    int                `json:"snoozed" doc:"What the actor put off and is hidden."`
	NextReturn rehab.Date         `json:"next_return,omitzero" doc:"When the first of that comes back."`
	Handled    int                `json:"handled_today" doc:"What the actor settled today."`
	Coverage   *inbox.NowCoverage `json:"coverage,omitempty" doc:"Of the place, as the watch found it last; missing for a worker."`
}

// NowRow is one thing that waits.
type NowRow struct {
	Step   inbox.Step `json:"step" enum:"crisis,hours,climb,miss,decision,today,soon"`
	Reason string     `json:"rank_reason" doc:"Why it stands where it stands."`

	CaseID    string     `json:"case_id"`
	Short     string     `json:"short" example:"C-7K2Q" doc:"The end of the case id, to be read out."`
	Place     string     `json:"place"`
	PlaceName string     `json:"place_name,omitempty"`
	Worker    string     `json:"worker,omitempty"`
	Risk      rehab.Risk `json:"risk"`
	Name      string     `json:"name,omitempty" doc:"Own clients in full, others masked; a city office sees none."`
	Phone     string     `json:"phone,omitempty" doc:"As the name."`
	Masked    bool       `json:"masked" doc:"Whether name and phone are masked."`

	Subject    inbox.Subject `json:"subject" enum:"duty,leave,transfer,client_change"`
	Kind       rehab.Kind    `json:"kind,omitempty" doc:"Of a duty."`
	Obligation string        `json:"obligation,omitempty" example:"contact-47"`
	Number     int64         `json:"number,omitempty" doc:"Of a leave, a transfer or a change."`
	Status     rehab.Status  `json:"status,omitempty"`
	What       string        `json:"what"`
	Due        rehab.Date    `json:"due,omitzero" doc:"Last day."`
	Since      time.Time     `json:"since" doc:"Since when it waits: a miss since the end of its last day."`
	Until      time.Time     `json:"until,omitzero" doc:"When something happens unless it is settled: the limit ends, the next office is told."`
	Climb      *NowClimb     `json:"escalation,omitempty" doc:"What climbs over it."`
	Command    *NowCommand   `json:"command,omitempty" doc:"What settles it; missing where the actor may not."`
	Also       []NowCommand  `json:"also,omitempty" doc:"What else the actor may answer."`
	Citation   string        `json:"cite,omitempty"`
	Mark       rehab.Mark    `json:"mark,omitempty" doc:"How sure the number behind the last day is."`

	what, reason *rehab.Error
}

// NowClimb is the escalation over a line.
type NowClimb struct {
	ID      int64      `json:"id"`
	Rung    int        `json:"rung"`
	Role    rehab.Role `json:"role"`
	ToldAt  time.Time  `json:"told_at"`
	NextAt  time.Time  `json:"next_at,omitzero"`
	Promise rehab.Date `json:"promise,omitzero"`
	AckedBy string     `json:"acked_by,omitempty"`
	Yours   bool       `json:"yours" doc:"It waits for an answer of the actor's role."`
}

// NowCommand is a request that the actor may make, with the fields that are known.
type NowCommand struct {
	Type   string         `json:"type" example:"confirm-miss"`
	Route  string         `json:"route" example:"/v1/cases/c-1/confirm-miss" doc:"To be posted to."`
	Fields map[string]any `json:"fields" doc:"Of the body, as far as they are known."`
	Note   bool           `json:"note" doc:"It needs a note."`
}

func (n Now) in(l words.Lang) any {
	n.Items = slices.Clone(n.Items)
	for i := range n.Items {
		r := &n.Items[i]
		r.Reason, r.Citation = l.Error(r.reason), l.Cite(r.Citation)
		if l != words.EN { // which calls the duty by its name already
			r.What = l.Error(r.what)
		}
	}
	return n
}

func (s *server) nowRoutes() {
	operation(s, huma.Operation{
		OperationID: "list-now", Method: http.MethodGet, Path: "/v1/now", Tags: []string{"inbox"},
		Summary: "List what waits for the actor, the most urgent first, each thing once",
		Description: "In this order: open crises; limits in hours, by the time left; escalations that wait for the actor, the highest rung and the longest told first; " +
			"provisional misses, those of statutory limits first; decisions, by their last day; what is due today; what is due within three days. " +
			"Within a step by risk, then by how long it waits. A worker sees the own cases and those of workers whom it stands in for, an office its area.",
	}, s.now)
}

type nowInput struct {
	Place  string     `query:"place" maxLength:"12" pattern:"^[0-9]*$" patternDescription:"digits" doc:"A place and all below it."`
	Worker string     `query:"worker" maxLength:"64" doc:"Cases of this worker alone."`
	Step   inbox.Step `query:"step" enum:"crisis,hours,climb,miss,decision,today,soon" doc:"This step alone; the counts are of all."`
	After  string     `query:"after" maxLength:"600" pattern:"^[A-Za-z0-9_-]*$" patternDescription:"as it was given" doc:"The value of next of the page before."`
	Limit  int        `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

type nowOutput struct{ Body Now }

func (o *nowOutput) listed() []string {
	var out []string
	for i := range o.Body.Items {
		if id := o.Body.Items[i].CaseID; !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out
}

func (s *server) now(ctx context.Context, a rehab.Actor, in *nowInput) (*nowOutput, error) {
	f, err := s.nowFilter(ctx, a, in)
	if err != nil {
		return nil, err
	}
	list, err := s.Inbox.Now(ctx, f)
	if err != nil {
		return nil, err
	}
	out := &nowOutput{Now{
		TakenAt: s.Now().UTC(), Counts: list.Counts, Items: []NowRow{}, Snoozed: list.Snoozed, NextReturn: list.NextReturn, Handled: list.Handled, Coverage: list.Coverage,
	}}
	for _, n := range list.Counts {
		out.Body.Total += n
	}
	items, last := upTo(list.Items, in.Limit, func(i inbox.NowItem) inbox.NowKey { return i.Key() })
	if last != (inbox.NowKey{}) {
		raw, err := json.Marshal(last)
		if err != nil {
			return nil, err
		}
		out.Body.Next = base64.RawURLEncoding.EncodeToString(raw)
	}
	return out, s.showNow(ctx, a, f, items, &out.Body)
}

func (s *server) nowFilter(ctx context.Context, a rehab.Actor, in *nowInput) (inbox.NowFilter, error) {
	var f inbox.NowFilter
	if detail := input.Bad(in.Worker, false); detail != "" {
		return f, rehab.InvalidField("worker", "%s", detail)
	}
	tasks, err := s.taskFilter(a, in.Place, 0)
	if err != nil {
		return f, err
	}
	today := rehab.DateOf(s.Now())
	f.Filter = inbox.Filter{
		Actor: a.ID, Role: a.Role, Place: tasks.Place, Worker: tasks.Worker, Today: today, DueBy: today.AddDays(rehab.LongestReminder), Limit: in.Limit + 1,
	}
	if f.Also, err = s.work.StandsInFor(ctx, a); err != nil {
		return f, err
	}
	f.Of, f.Step, f.By = in.Worker, in.Step, a
	kinds, above := toDecide(a.Role)
	switch a.Role {
	case rehab.WorkerRole:
	case rehab.StationHead, rehab.Admin:
		f.Decides, f.Leaves = kinds, true
	default:
		f.Decides = above
	}
	f.Changes, f.Proposers = proposers(a.Role)
	for _, d := range rehab.Duties() {
		if rehab.SettledBy(d.Kind, true).Type != rehab.SettledBy(d.Kind, false).Type {
			f.Drafts = append(f.Drafts, string(d.Kind))
		}
	}
	for _, ref := range s.Policies.Refs() {
		for _, k := range s.Policies.Policy(ref).StatutoryKinds() {
			f.Statutory = append(f.Statutory, ref.String()+"/"+string(k))
		}
	}
	if in.After != "" {
		raw, err := base64.RawURLEncoding.DecodeString(in.After)
		if err == nil {
			err = json.Unmarshal(raw, &f.Key)
		}
		if err != nil || input.Bad(f.Key.CaseID+f.Key.Kind, false) != "" {
			return f, rehab.InvalidField("after", "is not what next was")
		}
	}
	return f, nil
}

// proposers are the roles whose changes of clients wait for the role; nil is all: a station
// head confirms what anybody proposed, an office above what the one below it did.
func proposers(r rehab.Role) (confirms bool, of []string) {
	switch r {
	case rehab.StationHead:
		return true, nil
	case rehab.DistrictOffice:
		return true, []string{string(rehab.StationHead)}
	case rehab.CityOffice:
		return true, []string{string(rehab.DistrictOffice)}
	}
	return false, nil
}
