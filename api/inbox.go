package api

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"guitu/board"
	"guitu/casework"
	"guitu/inbox"
	"guitu/input"
	"guitu/rehab"
)

// Inbox is what waits for the actor, in parts. Waiting for an answer of the actor are
// settle, leaves and escalations.
type Inbox struct {
	Due         []inbox.Task          `json:"due" nullable:"false" doc:"Open obligations that are due soon or to be reminded of, the first due first."`
	Overdue     []inbox.Task          `json:"overdue" nullable:"false" doc:"Provisional misses: a person confirms or dismisses each."`
	Settle      []inbox.Task          `json:"settle" nullable:"false" doc:"What the actor's role has to settle, each with the command that does."`
	Leaves      []inbox.LeaveRequest  `json:"leaves" nullable:"false" doc:"Reported leaves that the actor's role has to decide."`
	Escalations []board.EscalationRow `json:"escalations" nullable:"false" doc:"Escalations that wait for an answer of the actor's role, the longest told first."`
	Snoozed     []inbox.Snoozed       `json:"snoozed" nullable:"false" doc:"What the actor put off and is still hidden, the first to come back first."`
	Notices     []board.NoticeRow     `json:"notices" nullable:"false" doc:"Notices to the actor, the newest first."`
	More        bool                  `json:"more" doc:"Some part has more rows than it shows."`
	Next        map[string]string     `json:"next,omitempty" doc:"Of each part with more rows: the value of after for its next page."`
}

func (s *server) inboxRoutes() {
	tag := []string{"inbox"}
	operation(s, huma.Operation{OperationID: "get-inbox", Method: http.MethodGet, Path: "/v1/inbox", Tags: tag,
		Summary: "Show what is due, what is overdue, what waits for an answer and what was put off"}, s.inbox)
	operation(s, huma.Operation{OperationID: "list-escalations", Method: http.MethodGet, Path: "/v1/escalations", Tags: tag,
		Summary: "List the open escalations in scope"}, s.escalations)
	operation(s, huma.Operation{
		OperationID: "snooze", Method: http.MethodPost, Path: "/v1/inbox/snooze", Tags: tag, Summary: "Put one thing off in the own inbox, with a reason",
		Description: "It comes back on the day until, on its last day, and as soon as the case brings a miss or a climb. It is put off for nobody else.",
	}, s.snooze)
	operation(s, huma.Operation{OperationID: "unsnooze", Method: http.MethodPost, Path: "/v1/inbox/unsnooze", Tags: tag,
		Summary: "Bring a thing back that was put off"}, s.unsnooze)
}

type inboxInput struct {
	Days  int    `query:"days" minimum:"0" maximum:"90" default:"7" doc:"How many days ahead to look."`
	Limit int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"Most rows of each part."`
	Part  string `query:"part" enum:"due,overdue,settle,leaves,escalations,snoozed,notices" doc:"Show this part alone; all where it is missing."`
	After string `query:"after" maxLength:"512" pattern:"^[A-Za-z0-9_-]*$" patternDescription:"as it was given" doc:"With part: the value of next of the page before."`
}

type inboxOutput struct{ Body Inbox }

func (s *server) inbox(ctx context.Context, a rehab.Actor, in *inboxInput) (*inboxOutput, error) {
	f, err := s.inboxFilter(ctx, a, in)
	if err != nil {
		return nil, err
	}
	box := Inbox{
		Due: []inbox.Task{}, Overdue: []inbox.Task{}, Settle: []inbox.Task{}, Leaves: []inbox.LeaveRequest{},
		Escalations: []board.EscalationRow{}, Snoozed: []inbox.Snoozed{}, Notices: []board.NoticeRow{},
	}
	soon := f.Today.AddDays(in.Days)
	parts := []struct {
		name string
		read func() error
	}{
		{"due", func() error {
			return fill(ctx, &box, f, "due", &box.Due, s.Inbox.Due, taskKey)
		}},
		{"overdue", func() error {
			return fill(ctx, &box, f, "overdue", &box.Overdue, s.Inbox.Overdue, taskKey)
		}},
		{"settle", func() error { return s.toSettle(ctx, &box, f, soon) }},
		{"leaves", func() error { return s.leaves(ctx, &box, f) }},
		{"escalations", func() error {
			return fill(ctx, &box, f, "escalations", &box.Escalations, s.Inbox.Told, toldKey)
		}},
		{"snoozed", func() error {
			return fill(ctx, &box, f, "snoozed", &box.Snoozed, s.Inbox.Snoozed, snoozeKey)
		}},
		{"notices", func() error {
			return fill(ctx, &box, f, "notices", &box.Notices, s.Inbox.NoticesTo, func(n board.NoticeRow) inbox.Position { return inbox.Position{N: n.Position} })
		}},
	}
	for _, part := range parts {
		if in.Part != "" && in.Part != part.name {
			continue
		}
		if err := part.read(); err != nil {
			return nil, err
		}
	}
	s.remind(box.Due, box.Overdue, box.Settle)
	box.Due = slices.DeleteFunc(box.Due, func(t inbox.Task) bool { return t.Due > soon && (t.RemindOn == 0 || t.RemindOn > f.Today) })
	return &inboxOutput{box}, nil
}

// inboxFilter is whose inbox it is: of a worker the own cases and those of workers whom it
// stands in for today, of others their area.
// It looks as far ahead as any reminder reaches.
func (s *server) inboxFilter(ctx context.Context, a rehab.Actor, in *inboxInput) (inbox.Filter, error) {
	tasks, err := s.taskFilter(a, "", 0)
	today := rehab.DateOf(s.Now())
	f := inbox.Filter{
		Actor: a.ID, Role: a.Role, Place: tasks.Place, Worker: tasks.Worker, Today: today,
		DueBy: today.AddDays(max(in.Days, rehab.LongestReminder)), Limit: in.Limit + 1,
	}
	if err != nil {
		return f, err
	}
	if f.Also, err = s.work.StandsInFor(ctx, a); err != nil || in.After == "" {
		return f, err
	}
	if in.Part == "" {
		return f, rehab.InvalidField("after", "belongs to one part: name it")
	}
	f.After, err = readPosition(in.After)
	return f, err
}

// writePosition is where the next page begins, as the caller gives it back.
func writePosition(p inbox.Position) (string, error) {
	raw, err := json.Marshal(p)
	return base64.RawURLEncoding.EncodeToString(raw), err
}

func readPosition(after string) (p inbox.Position, err error) {
	raw, err := base64.RawURLEncoding.DecodeString(after)
	if err == nil {
		err = json.Unmarshal(raw, &p)
	}
	if err != nil || input.Bad(p.CaseID+string(p.Kind), false) != "" {
		return p, rehab.InvalidField("after", "is not what next was")
	}
	return p, nil
}

func toldKey(e board.EscalationRow) inbox.Position {
	return inbox.Position{At: e.ToldAt, CaseID: e.CaseID, N: e.ID}
}

// fill reads one part and notes in the box where the next page begins.
func fill[T any](ctx context.Context, box *Inbox, f inbox.Filter, name string, into *[]T, read func(context.Context, inbox.Filter) ([]T, error), key func(T) inbox.Position) error {
	rows, err := read(ctx, f)
	if err != nil {
		return err
	}
	if len(rows) == f.Limit {
		rows = rows[:f.Limit-1]
		next, err := writePosition(key(rows[len(rows)-1]))
		if err != nil {
			return err
		}
		if box.Next == nil {
			box.Next = make(map[string]string)
		}
		box.More, box.Next[name] = true, next
	}
	*into = append(*into, rows...)
	return nil
}

func taskKey(t inbox.Task) inbox.Position {
	return inbox.Position{Day: t.Due, CaseID: t.CaseID, Kind: t.ID.Kind, N: int64(t.ID.N)}
}

func snoozeKey(z inbox.Snoozed) inbox.Position {
	if z.Escalation != 0 {
		return inbox.Position{Day: z.Until, CaseID: z.CaseID, N: z.Escalation}
	}
	return inbox.Position{Day: z.Until, CaseID: z.CaseID, Kind: z.Obligation.Kind, N: int64(z.Obligation.N)}
}

// missConfirmation answers a provisional miss of any kind.
const missConfirmation = "confirm-miss"

// toSettle is for those who may confirm a miss.
func (s *server) toSettle(ctx context.Context, box *Inbox, f inbox.Filter, soon rehab.Date) error {
	if !mayGive(f.Role, missConfirmation) {
		return nil
	}
	kinds, above := toDecide(f.Role)
	f.DueBy = soon
	read := func(ctx context.Context, f inbox.Filter) ([]inbox.Task, error) {
		return s.Inbox.ToSettle(ctx, f, kinds, above)
	}
	if err := fill(ctx, box, f, "settle", &box.Settle, read, taskKey); err != nil {
		return err
	}
	for i := range box.Settle {
		t := &box.Settle[i]
		t.Command = rehab.SettledBy(t.ID.Kind, t.Unconfirmed).Type
		if t.Status == rehab.Missed && !t.Unconfirmed {
			t.Command = missConfirmation
		}
	}
	box.Settle = slices.DeleteFunc(box.Settle, func(t inbox.Task) bool { // a report that only has to be sent is due, and no decision
		return mayGive(rehab.WorkerRole, t.Command)
	})
	return nil
}

// toDecide lists the kinds of duties that the role has to decide while they are open:
// those of which the next command is no worker's. Those in above are not the station head's either.
func toDecide(role rehab.Role) (kinds, above []string) {
	kinds, above = []string{}, []string{}
	for _, d := range rehab.Duties() {
		next := rehab.SettledBy(d.Kind, true)
		if d.Elsewhere || !next.MayGive(role) || next.MayGive(rehab.WorkerRole) {
			continue
		}
		kinds = append(kinds, string(d.Kind))
		if !next.MayGive(rehab.StationHead) {
			above = append(above, string(d.Kind))
		}
	}
	return kinds, above
}

func mayGive(role rehab.Role, command string) bool {
	spec, _ := rehab.SpecOf(command)
	return spec.MayGive(role)
}

// leaves wait for the station head, or for whoever stands in for all.
func (s *server) leaves(ctx context.Context, box *Inbox, f inbox.Filter) error {
	if f.Role != rehab.StationHead && f.Role != rehab.Admin {
		return nil
	}
	return fill(ctx, box, f, "leaves", &box.Leaves, s.Inbox.LeaveRequests, func(l inbox.LeaveRequest) inbox.Position {
		return inbox.Position{Day: l.From, CaseID: l.CaseID, N: l.Leave}
	})
}

// remind says of each task when to remind of it, by the policy of its case.
func (s *server) remind(parts ...[]inbox.Task) {
	for _, tasks := range parts {
		for i := range tasks {
			if p := s.Policies.Policy(tasks[i].Policy); p != nil && tasks[i].Status == rehab.Open {
				tasks[i].RemindOn = p.RemindOn(tasks[i].Obligation)
			}
		}
	}
}

type escalationsInput struct {
	Place string `query:"place" maxLength:"12" pattern:"^[0-9]*$" patternDescription:"digits" doc:"A place and all below it."`
	After string `query:"after" maxLength:"512" pattern:"^[A-Za-z0-9_-]*$" patternDescription:"as it was given" doc:"The value of next of the page before."`
	Limit int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

// EscalationList is a page of the open escalations in scope, the longest told first. Next
// is the value of after for the next page.
type EscalationList struct {
	Escalations []board.EscalationRow `json:"escalations" nullable:"false"`
	Next        string                `json:"next,omitempty"`
}

type escalationsOutput struct{ Body EscalationList }

func (s *server) escalations(ctx context.Context, a rehab.Actor, in *escalationsInput) (*escalationsOutput, error) {
	f, err := s.taskFilter(a, in.Place, in.Limit+1)
	if err != nil {
		return nil, err
	}
	if in.After != "" {
		p, err := readPosition(in.After)
		if err != nil {
			return nil, err
		}
		f.AfterTold, f.AfterCase, f.AfterID = p.At, p.CaseID, p.N
	}
	rows, err := s.Board.Escalations(ctx, f)
	if err != nil {
		return nil, err
	}
	rows, last := upTo(rows, in.Limit, toldKey)
	out := &escalationsOutput{EscalationList{Escalations: append([]board.EscalationRow{}, rows...)}}
	if last != (inbox.Position{}) {
		out.Body.Next, err = writePosition(last)
	}
	return out, err
}

// taskFilter is the actor's scope: for a worker the own cases, for others their area.
func (s *server) taskFilter(a rehab.Actor, place string, limit int) (board.TaskFilter, error) {
	f := board.TaskFilter{Limit: limit}
	if err := casework.PermitReading(a); err != nil {
		return f, err
	}
	if a.Role == rehab.WorkerRole {
		f.Worker, f.Place = a.ID, place
		return f, nil
	}
	var err error
	f.Place, err = casework.Narrow(a, place)
	return f, err
}
