package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"guitu/board"
	"guitu/casework"
	"guitu/rehab"
)

func (s *server) coverageRoutes() {
	operation(s, huma.Operation{
		OperationID: "get-coverage", Method: http.MethodGet, Path: "/v1/coverage", Tags: []string{"coverage"},
		Summary:     "Show that every open case of a place is covered, or what it lacks",
		Description: "All of the answer comes from one snapshot, taken at taken_at: no gaps is the proof of it.",
	}, s.coverage)
	operation(s, huma.Operation{
		OperationID: "list-coverage-runs", Method: http.MethodGet, Path: "/v1/coverage/runs", Tags: []string{"coverage"},
		Summary:     "Show how the coverage of a place has changed, as the watch found it",
		Description: "A row for each change of the figures, the latest first.",
	}, s.coverageRuns)
	operation(s, huma.Operation{
		OperationID: "list-coverage-on", Method: http.MethodGet, Path: "/v1/coverage/on/{day}", Tags: []string{"coverage"},
		Summary:     "Show how the places below a place stood at the end of a day, to compare with",
		Description: "Of a city its districts, of a district its streets, of a street itself: the figures that the watch had last found. A place that it had not looked at yet is left out.",
	}, s.coverageOn)
}

type coverageInput struct {
	Place string `query:"place" maxLength:"12" pattern:"^[0-9]*$" patternDescription:"digits" doc:"A place and all below it; the actor's own by default."`
}

type coverageOutput struct{ Body board.Coverage }

func (s *server) coverage(ctx context.Context, a rehab.Actor, in *coverageInput) (*coverageOutput, error) {
	place, err := s.coveragePlace(a, in.Place)
	if err != nil {
		return nil, err
	}
	c, err := s.Board.Coverage(ctx, place, s.Now())
	return &coverageOutput{c}, err
}

// coveragePlace is the place whose coverage the actor may see.
func (s *server) coveragePlace(a rehab.Actor, asked string) (string, error) {
	if err := casework.PermitReading(a); err != nil {
		return "", err
	}
	if a.Role == rehab.WorkerRole {
		return "", &rehab.Error{Code: rehab.Forbidden, Message: "coverage is shown to stations and offices"}
	}
	return casework.Narrow(a, asked)
}

type coverageRunsInput struct {
	Place  string    `query:"place" maxLength:"12" pattern:"^[0-9]*$" patternDescription:"digits" doc:"One place; the actor's own by default."`
	Before time.Time `query:"before" doc:"Only what was found before this instant."`
	Limit  int       `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

// CoverageRuns is the history of the coverage of a place.
type CoverageRuns struct {
	Runs []board.CoverageRun `json:"runs" nullable:"false"`
}

type coverageRunsOutput struct{ Body CoverageRuns }

func (s *server) coverageRuns(ctx context.Context, a rehab.Actor, in *coverageRunsInput) (*coverageRunsOutput, error) {
	place, err := s.coveragePlace(a, in.Place)
	if err != nil {
		return nil, err
	}
	if in.Before.IsZero() {
		in.Before = s.Now().Add(time.Minute)
	}
	runs, err := s.Board.CoverageRuns(ctx, place, in.Before, in.Limit)
	return &coverageRunsOutput{CoverageRuns{append([]board.CoverageRun{}, runs...)}}, err
}

type coverageOnInput struct {
	Day   string `path:"day" format:"date" doc:"A calendar day in Beijing that is over or runs."`
	Place string `query:"place" maxLength:"12" pattern:"^[0-9]*$" patternDescription:"digits" doc:"A place; the actor's own by default."`
}

// CoverageOn is how places stood at the end of a day.
type CoverageOn struct {
	Day    rehab.Date          `json:"day"`
	Places []board.CoverageRun `json:"places" nullable:"false"`
}

type coverageOnOutput struct{ Body CoverageOn }

func (s *server) coverageOn(ctx context.Context, a rehab.Actor, in *coverageOnInput) (*coverageOnOutput, error) {
	place, err := s.coveragePlace(a, in.Place)
	if err != nil {
		return nil, err
	}
	day, err := s.pastDay("day", in.Day)
	if err != nil {
		return nil, err
	}
	places, err := s.Board.CoverageAt(ctx, place, day.AddDays(1).Start().Add(-time.Microsecond))
	return &coverageOnOutput{CoverageOn{day, append([]board.CoverageRun{}, places...)}}, err
}
