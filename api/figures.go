package api

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"guitu/board"
	"guitu/casework"
	"guitu/evaluation"
	"guitu/rehab"
)

// Figures are counted from the read models, for charts.
type Figures interface {
	// Trend counts the duties of a place by month and kind.
	Trend(ctx context.Context, q evaluation.TrendQuery) ([]evaluation.DueMonth, error)
	// Climbs counts the escalations of a place by how far they went.
	Climbs(ctx context.Context, f board.ClimbFilter) ([]board.ClimbCount, error)
}

// Funnel says how far the escalations of a span climbed.
type Funnel struct {
	Place         string       `json:"place"`
	From          rehab.Date   `json:"from"`
	To            rehab.Date   `json:"to"`
	TakenAt       time.Time    `json:"taken_at"`
	Climbs        int          `json:"climbs" doc:"Escalations that began in the span, over cases that are in the place now."`
	AnsweredFirst int          `json:"answered_first" doc:"Of these, those that a person answered and of which nobody was told after the first. Where a promise is broken the next one is told."`
	Share         *float64     `json:"share" doc:"Per cent of the escalations that were answered so; null where there was none."`
	Steps         []FunnelStep `json:"steps" nullable:"false" doc:"From the worker to the city office."`
}

// FunnelStep is one role on the way.
type FunnelStep struct {
	Role     rehab.Role `json:"role"`
	Told     int        `json:"told" doc:"Escalations of which the role was told."`
	Stopped  int        `json:"stopped" doc:"Of these, those that went no further."`
	Answered int        `json:"answered" doc:"Of those that went no further: answered by a person."`
	Waiting  int        `json:"waiting" doc:"Of those that went no further: open and not answered."`
}

func (s *server) figureRoutes() {
	operation(s, huma.Operation{
		OperationID: "get-escalation-funnel", Method: http.MethodGet, Path: "/v1/escalations/funnel", Tags: []string{"misses"},
		Summary:     "Count the escalations of a span by whom they reached",
		Description: "Which roles an escalation passed on its way follows from the ladder of the case's policy. No case is named. The answer may be some seconds old (evaluation.age): taken_at.",
	}, s.funnel)
	operation(s, huma.Operation{
		OperationID: "get-evaluation-trend", Method: http.MethodGet, Path: "/v1/evaluation/trend", Tags: []string{"evaluation"},
		Summary: "Show indicators of deadlines month by month",
		Description: "For indicators that are made of duties and their last days alone. The numbers are those of GET /v1/evaluation for each month, of one snapshot; " +
			"the month that runs holds what was due until yesterday. The answer may be some seconds old (evaluation.age): taken_at.",
	}, s.trend)
}

// funnelDays is the span that is shown where none is asked for, with today; mostFunnelDays the longest.
const (
	funnelDays     = 90
	mostFunnelDays = 366
)

type funnelInput struct {
	Place string `query:"place" maxLength:"12" pattern:"^[0-9]*$" patternDescription:"digits" doc:"A place and all below it; the actor's own by default."`
	From  string `query:"from" format:"date" doc:"The first day; 89 days before the last by default."`
	To    string `query:"to" format:"date" doc:"The last day; today by default."`
}

type funnelOutput struct{ Body Funnel }

func (s *server) funnel(ctx context.Context, a rehab.Actor, in *funnelInput) (*funnelOutput, error) {
	place, err := figuresPlace(a, in.Place)
	if err != nil {
		return nil, err
	}
	now := s.Now()
	to, err := dayOr("to", in.To, rehab.DateOf(now))
	if err != nil {
		return nil, err
	}
	from, err := dayOr("from", in.From, to.AddDays(1-funnelDays))
	if err != nil {
		return nil, err
	}
	if to < from || to >= from.AddDays(mostFunnelDays) {
		return nil, rehab.InvalidField("to", "lies within %d days from the first", mostFunnelDays)
	}
	f, err := s.funnels.get(ctx, fmt.Sprint(place, "/", from, "/", to), func(ctx context.Context) (Funnel, error) {
		counts, err := s.Figures.Climbs(ctx, board.ClimbFilter{Place: place, From: from.Start(), Until: to.End()})
		if err != nil {
			return Funnel{}, err
		}
		return s.funnelOf(Funnel{Place: place, From: from, To: to, TakenAt: now.UTC()}, counts), nil
	})
	return &funnelOutput{f}, err
}

// dayOr reads a day of a query; where it is empty it is the other one.
func dayOr(field, text string, other rehab.Date) (rehab.Date, error) {
	if text == "" {
		return other, nil
	}
	d, err := rehab.ParseDate(text)
	if err != nil {
		return 0, rehab.InvalidField(field, "is a day such as 2026-10-08")
	}
	return d, nil
}

func (s *server) funnelOf(f Funnel, counts []board.ClimbCount) Funnel {
	steps := make(map[rehab.Role]*FunnelStep)
	roles := []rehab.Role{rehab.WorkerRole, rehab.StationHead, rehab.DistrictOffice, rehab.CityOffice}
	for _, r := range roles {
		steps[r] = &FunnelStep{Role: r}
	}
	for _, c := range counts {
		last := steps[c.Role]
		if last == nil {
			continue
		}
		f.Climbs += c.Climbs
		last.Stopped += c.Climbs
		for _, role := range s.toldOf(c) {
			if step := steps[role]; step != nil {
				step.Told += c.Climbs
			}
		}
		switch {
		case c.Answered:
			last.Answered += c.Climbs
			if !c.Climbed {
				f.AnsweredFirst += c.Climbs
			}
		case c.Open:
			last.Waiting += c.Climbs
		}
	}
	if f.Climbs > 0 {
		share := 100 * float64(f.AnsweredFirst) / float64(f.Climbs)
		f.Share = &share
	}
	for _, r := range roles {
		f.Steps = append(f.Steps, *steps[r])
	}
	return f
}

// toldOf are the roles that were told, each once: those of the rungs up to the last one.
func (s *server) toldOf(c board.ClimbCount) []rehab.Role {
	out := []rehab.Role{c.Role}
	p := s.Policies.Policy(c.Policy)
	if p == nil || !c.Climbed {
		return out
	}
	for i, rung := range p.Rungs(c.Kind) {
		if i < c.Rung && rung.Role != c.Role {
			out = append(out, rung.Role)
		}
	}
	return out
}

type trendInput struct {
	Place     string `query:"place" maxLength:"12" pattern:"^[0-9]*$" patternDescription:"digits" doc:"A place and all below it; the actor's own by default."`
	Indicator string `query:"indicator" maxLength:"64" pattern:"^[a-z0-9_]*$" patternDescription:"an id of an indicator" doc:"One alone."`
	Until     string `query:"until" maxLength:"7" doc:"The last month; the one that runs by default." example:"2026-05"`
	Periods   int    `query:"periods" minimum:"1" maximum:"24" default:"12" doc:"How many months."`
}

type trendOutput struct{ Body evaluation.Trend }

func (s *server) trend(ctx context.Context, a rehab.Actor, in *trendInput) (*trendOutput, error) {
	place, err := figuresPlace(a, in.Place)
	if err != nil {
		return nil, err
	}
	now := s.Now()
	last := rehab.DateOf(now)
	if in.Until != "" {
		p, err := evaluation.ParsePeriod(in.Until)
		if err != nil || p.Span != evaluation.Month {
			return nil, rehab.InvalidField("until", "is a month such as 2026-05")
		}
		last = p.From
	}
	months := evaluation.LastMonths(last, in.Periods)
	q := evaluation.TrendQuery{Place: place, From: months[0].From, To: months[len(months)-1].To, Now: now}
	if _, err := s.Indicators.Trend(q, months, in.Indicator, nil); err != nil {
		return nil, err
	}
	key := fmt.Sprint(place, "/", in.Indicator, "/", q.From, "/", q.To, "/", rehab.DateOf(now))
	t, err := s.trends.get(ctx, key, func(ctx context.Context) (evaluation.Trend, error) {
		counted, err := s.Figures.Trend(ctx, q)
		if err != nil {
			return evaluation.Trend{}, err
		}
		return s.Indicators.Trend(q, months, in.Indicator, counted)
	})
	return &trendOutput{t}, err
}

// figuresPlace is the place whose figures the actor may see.
func figuresPlace(a rehab.Actor, asked string) (string, error) {
	if err := casework.PermitReading(a); err != nil {
		return "", err
	}
	if a.Role == rehab.WorkerRole {
		return "", &rehab.Error{Code: rehab.Forbidden, Message: "figures of places are shown to stations and offices"}
	}
	return casework.Narrow(a, asked)
}
