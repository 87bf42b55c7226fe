package api

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"guitu/board"
	"guitu/casework"
	"guitu/input"
	"guitu/rehab"
)

// HelpView is the helping side of one case.
type HelpView struct {
	CaseID     string            `json:"case_id"`
	AsOf       rehab.Date        `json:"as_of,omitzero" doc:"The day at whose end it stood so; now where it is missing."`
	Plan       PlanView          `json:"plan"`
	Group      GroupView         `json:"working_group"`
	Referrals  []rehab.Referral  `json:"referrals" nullable:"false"`
	Placements []rehab.Placement `json:"placements" nullable:"false"`
	WantsWork  bool              `json:"employment_intent"`
	InWork     bool              `json:"in_work"`
	Volunteer  VolunteerView     `json:"volunteer"`
	Counts     rehab.HelpCounts  `json:"counts" doc:"Over the whole measure, by class of work."`
	Activities []Entry           `json:"activities" nullable:"false" doc:"Help that was given, oldest first."`
	Positive   []Entry           `json:"positive_events" nullable:"false"`
	History    []Entry           `json:"history" nullable:"false" doc:"Every other event of the helping side, oldest first."`
}

// PlanView is the three-stage plan; made_on is missing while there is none.
type PlanView struct {
	MadeOn     rehab.Date   `json:"made_on,omitzero"`
	Stage      rehab.Stage  `json:"stage,omitempty"`
	StageSince rehab.Date   `json:"stage_since,omitzero"`
	ReviewedOn rehab.Date   `json:"reviewed_on,omitzero"`
	Goals      []rehab.Goal `json:"goals" nullable:"false"`
}

// GroupView is the working group. A member is an id, never a name.
type GroupView struct {
	Worker   string            `json:"worker,omitempty" doc:"The full-time worker: the worker of the case."`
	Members  []rehab.Member    `json:"members" nullable:"false"`
	NoFamily bool              `json:"no_family,omitempty"`
	Lacks    []rehab.GroupRole `json:"lacks" nullable:"false" doc:"Roles that the law names and nobody fills (DRR art.17)."`
}

// VolunteerView is the client as a volunteer, and what stands in the way of it.
type VolunteerView struct {
	State    rehab.VolunteerState `json:"state,omitempty"`
	Since    rehab.Date           `json:"since,omitzero"`
	Lost     []string             `json:"lost,omitempty" doc:"What took the standing."`
	Standing []rehab.Line         `json:"standing_lacks" nullable:"false" doc:"What keeps the client from good standing; empty: it is good."`
}

func (s *server) helpRoutes() {
	operation(s, huma.Operation{
		OperationID: "get-help", Method: http.MethodGet, Path: "/v1/cases/{id}/help", Tags: []string{"help"},
		Summary: "Show the helping side of a case: plan, working group, referrals, placements, what was done",
	}, s.help)
	operation(s, huma.Operation{
		OperationID: "list-referrals", Method: http.MethodGet, Path: "/v1/referrals", Tags: []string{"help"},
		Summary: "List the referrals in scope",
	}, s.referrals)
}

type helpInput struct {
	ID   string `path:"id" doc:"Case id."`
	AsOf string `query:"as_of" format:"date" doc:"Show it as it was known at the end of that day."`
}

type helpOutput struct{ Body HelpView }

// help folds the case from its history, which tells its events too.
func (s *server) help(ctx context.Context, a rehab.Actor, in *helpInput) (*helpOutput, error) {
	history, err := s.work.HistoryInScope(ctx, a, in.ID)
	if err != nil {
		return nil, err
	}
	today, err := s.pastDay("as_of", in.AsOf)
	if err != nil {
		return nil, err
	}
	var asOf rehab.Date
	if in.AsOf != "" {
		asOf = today
	}
	view := HelpView{CaseID: in.ID, AsOf: asOf, Activities: []Entry{}, Positive: []Entry{}, History: []Entry{}}
	c := &rehab.Case{ID: in.ID}
	for _, e := range history {
		if asOf != 0 && !e.RecordedAt.Before(asOf.End()) {
			break
		}
		c.Apply(e.Event)
		view.tell(a, e)
	}
	if c.Phase == "" {
		return nil, errNotHereThen
	}
	env, err := s.envOf(c, s.Now())
	if err != nil {
		return nil, err
	}
	view.show(c, env.Policy, today)
	return &helpOutput{view}, nil
}

// tell sorts an event of the helping side into its list.
func (v *HelpView) tell(a rehab.Actor, e board.TimelineEntry) {
	if !rehab.IsHelp(e.Data.EventType()) {
		return
	}
	entry := Entry{
		Seq: e.Seq, Type: e.Data.EventType(), RecordedAt: e.RecordedAt, OccurredAt: e.OccurredAt,
		Actor: e.Actor, Command: e.Command, Data: e.Data, Texts: textsFor(a, e.Texts),
	}
	switch e.Data.(type) {
	case rehab.HelpGiven:
		v.Activities = append(v.Activities, entry)
	case rehab.PositiveEvent:
		v.Positive = append(v.Positive, entry)
	default:
		v.History = append(v.History, entry)
	}
}

func (v *HelpView) show(c *rehab.Case, p *rehab.Policy, today rehab.Date) {
	h := &c.Help
	v.Plan = PlanView{h.Plan.MadeOn, h.Plan.Stage, h.Plan.StageSince, h.Plan.ReviewedOn, append([]rehab.Goal{}, h.Plan.Goals...)}
	v.Group = GroupView{c.Worker, append([]rehab.Member{}, h.Group.Members...), h.Group.NoFamily, append([]rehab.GroupRole{}, c.GroupLacks()...)}
	v.Referrals = append([]rehab.Referral{}, h.Referrals...)
	v.Placements = append([]rehab.Placement{}, h.Placements...)
	v.WantsWork, v.InWork, v.Counts = c.WantsWork, h.InWork(), h.Counts
	v.Volunteer = VolunteerView{h.Volunteer.State, h.Volunteer.Since, h.Volunteer.Lost, append([]rehab.Line{}, c.Standing(p, today)...)}
}

// ReferralList is a page of referrals. Next is the value of after for the next page.
type ReferralList struct {
	Referrals []board.ReferralRow `json:"referrals" nullable:"false"`
	Next      string              `json:"next,omitempty"`
}

type referralsInput struct {
	Place  string              `query:"place" maxLength:"12" pattern:"^[0-9]*$" patternDescription:"digits" doc:"A place and all below it."`
	State  rehab.ReferralState `query:"state"`
	Agency rehab.Agency        `query:"agency"`
	After  string              `query:"after" maxLength:"160" doc:"The value of next of the page before."`
	Limit  int                 `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

type referralsOutput struct{ Body ReferralList }

// referrals lists those of the own area; a worker's are those of the own cases.
func (s *server) referrals(ctx context.Context, a rehab.Actor, in *referralsInput) (*referralsOutput, error) {
	if err := casework.PermitReading(a); err != nil {
		return nil, err
	}
	f := board.ReferralFilter{Place: in.Place, State: in.State, Agency: in.Agency, Limit: in.Limit + 1}
	if a.Role == rehab.WorkerRole {
		f.Worker = a.ID
	} else {
		place, err := casework.Narrow(a, in.Place)
		if err != nil {
			return nil, err
		}
		f.Place = place
	}
	if in.After != "" {
		caseID, id, ok := strings.Cut(in.After, "/")
		n, err := strconv.ParseInt(id, 10, 64)
		if !ok || err != nil || !input.IsToken(caseID, 128) {
			return nil, rehab.InvalidField("after", "is the value of next of the page before")
		}
		f.AfterCase, f.AfterID = caseID, n
	}
	rows, err := s.Board.Referrals(ctx, f)
	if err != nil {
		return nil, err
	}
	out := &referralsOutput{ReferralList{Referrals: append([]board.ReferralRow{}, rows...)}}
	if len(rows) > in.Limit {
		last := rows[in.Limit-1]
		out.Body.Referrals, out.Body.Next = out.Body.Referrals[:in.Limit], fmt.Sprintf("%s/%d", last.CaseID, last.ID)
	}
	return out, nil
}
