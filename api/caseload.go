package api

import (
	"context"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"guitu/casework"
	"guitu/office"
	"guitu/rehab"
)

// CaseloadList is a page of loads. Next is the value of after for the next page.
type CaseloadList struct {
	Place   string          `json:"place"`
	On      rehab.Date      `json:"on"`
	Policy  rehab.PolicyRef `json:"policy" doc:"Whose limit and weights are used."`
	Workers []office.Load   `json:"workers" nullable:"false"`
	Next    string          `json:"next,omitempty"`
}

// Suggestion asks who should take which case: of a list of cases, of all that a worker
// has, or of all that nobody has.
type Suggestion struct {
	Cases       []string `json:"cases,omitempty" maxItems:"500" nullable:"false" doc:"Case ids."`
	Leaving     string   `json:"leaving,omitempty" maxLength:"64" doc:"A worker all of whose open cases in your area need somebody else."`
	Unassigned  string   `json:"unassigned,omitempty" maxLength:"12" pattern:"^[0-9]*$" patternDescription:"digits" doc:"A place: all open cases there and below it that nobody has."`
	BeyondLimit bool     `json:"beyond_limit,omitempty" doc:"Go above the limit rather than leave a case without anybody."`
}

func (s *server) caseloadRoutes() {
	tag := []string{"organisation"}
	operation(s, huma.Operation{OperationID: "get-caseload", Method: http.MethodGet, Path: "/v1/caseload", Tags: tag,
		Summary: "Show how many open cases each worker has, by risk, against the limit"}, s.caseload)
	operation(s, huma.Operation{
		OperationID: "suggest-workers", Method: http.MethodPost, Path: "/v1/caseload/suggest", Tags: tag, Summary: "Suggest who takes which case, with loads before and after",
		Description: "Nothing is changed. assignments is the plan as data: case id -> worker id; order is the body of POST /v1/fleets that carries it out.",
	}, s.suggest)
}

type caseloadInput struct {
	Place string `query:"place" maxLength:"12" pattern:"^[0-9]*$" patternDescription:"digits" doc:"A place and all below it; the actor's own by default."`
	After string `query:"after" maxLength:"64" pattern:"^[!-~]*$" patternDescription:"visible ASCII characters" doc:"Id of the last row of the page before."`
	Limit int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

type caseloadOutput struct{ Body CaseloadList }

// caseload counts all cases of a worker, also those elsewhere: a load is one. A worker sees the own.
func (s *server) caseload(ctx context.Context, a rehab.Actor, in *caseloadInput) (*caseloadOutput, error) {
	if err := casework.PermitReading(a); err != nil {
		return nil, err
	}
	place, err := casework.Narrow(a, in.Place)
	if err != nil {
		return nil, err
	}
	p := s.work.PolicyAt(place)
	f := office.LoadFilter{Place: place, On: rehab.DateOf(s.Now()), After: in.After, Limit: in.Limit + 1}
	if a.Role == rehab.WorkerRole {
		f.Worker = a.ID
	}
	loads, err := s.Loads.Loads(ctx, f)
	out := &caseloadOutput{CaseloadList{Place: place, On: f.On, Policy: p.Ref(), Workers: []office.Load{}}}
	loads, out.Body.Next = upTo(loads, in.Limit, func(x office.Load) string { return x.Worker })
	for _, l := range loads {
		l.Weigh(p)
		l.Places = slices.DeleteFunc(l.Places, func(code string) bool { // none outside the area is named
			return !rehab.PlaceCode(place).Contains(rehab.PlaceCode(code)) && !rehab.PlaceCode(code).Contains(rehab.PlaceCode(place))
		})
		out.Body.Workers = append(out.Body.Workers, l)
	}
	return out, err
}

type suggestInput struct{ Body Suggestion }

type suggestOutput struct{ Body office.AssignmentPlan }

func (s *server) suggest(ctx context.Context, a rehab.Actor, in *suggestInput) (*suggestOutput, error) {
	if err := casework.PermitReading(a); err != nil {
		return nil, err
	}
	if err := casework.Permit(a, "assign-worker"); err != nil {
		return nil, err
	}
	place, err := casework.Narrow(a, "")
	if err != nil {
		return nil, err
	}
	cases, err := s.casesToAssign(ctx, a, place, in.Body)
	if err != nil {
		return nil, err
	}
	p := s.work.PolicyAt(place)
	loads, err := s.candidates(ctx, cases, in.Body.Leaving, p)
	if err != nil {
		return nil, err
	}
	plan := office.Suggest(cases, loads, p, in.Body.BeyondLimit)
	for _, id := range in.Body.Cases {
		if !slices.ContainsFunc(cases, func(c office.UnassignedCase) bool { return c.CaseID == id }) {
			plan.Unplaced = append(plan.Unplaced, office.Unplaced{CaseID: id, Reason: "no_open_case"})
		}
	}
	return &suggestOutput{plan}, nil
}

// casesToAssign finds the cases that the suggestion is about.
func (s *server) casesToAssign(ctx context.Context, a rehab.Actor, place string, b Suggestion) ([]office.UnassignedCase, error) {
	asked := 0
	for _, given := range []bool{len(b.Cases) > 0, b.Leaving != "", b.Unassigned != ""} {
		if given {
			asked++
		}
	}
	switch {
	case asked != 1:
		return nil, rehab.InvalidField("cases", "give either cases, or the worker who is leaving, or the place whose unassigned cases are meant")
	case b.Unassigned == "":
		return s.Loads.CasesToAssign(ctx, place, b.Cases, b.Leaving)
	}
	within, err := casework.Narrow(a, b.Unassigned)
	if err != nil {
		return nil, err
	}
	return s.Loads.Unassigned(ctx, within)
}

// candidates may take cases where these are: active, not about to go, and, where the
// registry is strict, in it.
func (s *server) candidates(ctx context.Context, cases []office.UnassignedCase, leaving string, p *rehab.Policy) ([]office.Load, error) {
	var streets []string
	for _, c := range cases {
		if !slices.Contains(streets, c.Place) {
			streets = append(streets, c.Place)
		}
	}
	if len(streets) == 0 {
		return nil, nil
	}
	loads, err := s.Loads.Loads(ctx, office.LoadFilter{Streets: streets, On: rehab.DateOf(s.Now())})
	loads = slices.DeleteFunc(loads, func(l office.Load) bool {
		return l.Worker != leaving && (l.Until != 0 || !l.Registered && s.StrictRegistry)
	})
	for i := range loads {
		loads[i].Weigh(p)
		if loads[i].Worker == leaving {
			loads[i].Places = nil // shown with what remains, and given nothing
		}
	}
	return loads, err
}
