package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"guitu/rehab"
)

func (s *server) coverageRoutes() {
	operation(s, huma.Operation{
		OperationID: "get-coverage", Method: http.MethodGet, Path: "/v1/coverage", Tags: []string{"organisation"},
		Summary:     "Show that every open case of a place is covered, or what it lacks",
		Description: "All of the answer comes from one snapshot, taken at taken_at: no gaps is the proof of it.",
	}, s.coverage)
}

type coverageInput struct {
	Place string `query:"place" maxLength:"12" pattern:"^[0-9]*$" patternDescription:"digits" doc:"A place and all below it; the actor's own by default."`
}

type coverageOutput struct{ Body rehab.Coverage }

func (s *server) coverage(ctx context.Context, a rehab.Actor, in *coverageInput) (*coverageOutput, error) {
	if err := permitReading(a); err != nil {
		return nil, err
	}
	if a.Role == rehab.WorkerRole {
		return nil, &rehab.Error{Code: rehab.Forbidden, Message: "coverage is shown to stations and offices"}
	}
	place, err := narrow(a, in.Place)
	if err != nil {
		return nil, err
	}
	c, err := s.Board.Coverage(ctx, place, s.Now())
	return &coverageOutput{c}, err
}
