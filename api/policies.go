package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"guitu/casework"
	"guitu/rehab"
)

// PolicyList is every version of a policy that is known.
type PolicyList struct {
	Place    string          `json:"place,omitempty" doc:"Whose cases are counted; missing for who counts none."`
	Policies []PolicyVersion `json:"policies" nullable:"false" doc:"In the order in which they were read."`
}

// PolicyVersion is one version, and how many cases are under it.
type PolicyVersion struct {
	ID       string     `json:"id"`
	Version  string     `json:"version"`
	Title    string     `json:"title"`
	InForce  rehab.Date `json:"in_force,omitzero" doc:"The first day on which it is to be used; missing where the file does not say."`
	Draft    bool       `json:"draft,omitempty" doc:"It can be previewed and simulated; no case goes under it."`
	Fallback bool       `json:"default,omitempty" doc:"Cases are opened under it where none is named."`
	Cases    int        `json:"cases" doc:"Of the place, without void and sealed ones."`
	Open     int        `json:"open" doc:"Of these, those whose measure is under way."`
}

// CalendarList is what is known of the days of each year.
type CalendarList struct {
	Years []rehab.CalendarYear `json:"years" nullable:"false" doc:"Official: the State Council's notice is known, issued on the day. Otherwise the regulation's own days alone are known, and what was added to them. Off leaves out weekends that nobody named."`
}

func (s *server) policyRoutes() {
	tag := []string{"organisation"}
	operation(s, huma.Operation{
		OperationID: "list-policies", Method: http.MethodGet, Path: "/v1/policies", Tags: tag,
		Summary:     "List every version of a policy that is known, with the cases under each",
		Description: "Stations and offices see how many cases of theirs are under each; the others see the versions.",
	}, s.policyVersions)
	operation(s, huma.Operation{
		OperationID: "list-calendars", Method: http.MethodGet, Path: "/v1/calendars", Tags: tag,
		Summary: "List the years whose days off are known, by notice or by the regulation alone",
	}, s.calendars)
}

type policiesInput struct {
	Place string `query:"place" maxLength:"12" pattern:"^[0-9]*$" patternDescription:"digits" doc:"A place and all below it; the actor's own by default."`
}

type policiesOutput struct{ Body PolicyList }

func (s *server) policyVersions(ctx context.Context, a rehab.Actor, in *policiesInput) (*policiesOutput, error) {
	out := PolicyList{Policies: []PolicyVersion{}}
	cases, open := make(map[rehab.PolicyRef]int), make(map[rehab.PolicyRef]int)
	if casework.Leads(a.Role) {
		place, err := casework.Narrow(a, in.Place)
		if err != nil {
			return nil, err
		}
		counts, err := s.Board.PolicyCounts(ctx, place)
		if err != nil {
			return nil, err
		}
		out.Place = place
		for _, n := range counts {
			cases[n.Policy], open[n.Policy] = n.Cases, n.Open
		}
	}
	for _, ref := range s.Policies.Refs() {
		p := s.Policies.Policy(ref)
		out.Policies = append(out.Policies, PolicyVersion{
			ID: ref.ID, Version: ref.Version, Title: p.Title, InForce: p.InForce, Draft: p.Draft, Fallback: ref == s.DefaultPolicy(out.Place),
			Cases: cases[ref], Open: open[ref],
		})
	}
	return &policiesOutput{out}, nil
}

type calendarsOutput struct{ Body CalendarList }

func (s *server) calendars(_ context.Context, _ rehab.Actor, _ *struct{}) (*calendarsOutput, error) {
	calendar, out := s.Policies.Calendar(), CalendarList{Years: []rehab.CalendarYear{}}
	today := rehab.DateOf(s.Now()).Year()
	first, last := calendar.Span(today, today+1)
	for y := first; y <= last; y++ {
		out.Years = append(out.Years, calendar.Year(y))
	}
	return &calendarsOutput{out}, nil
}
