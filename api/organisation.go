package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"guitu/rehab"
)

// Me is who the token speaks for and what it may do.
type Me struct {
	rehab.Actor
	Commands []string  `json:"commands" nullable:"false" doc:"The commands the role may give."`
	Now      time.Time `json:"now" doc:"What the cases' clock says. That of a demonstration runs faster than the world's."`
}

func (s *server) organisationRoutes() {
	tag := []string{"organisation"}
	operation(s, huma.Operation{OperationID: "get-me", Method: http.MethodGet, Path: "/v1/me", Tags: tag,
		Summary: "Show who the token speaks for"}, s.me)
	operation(s, huma.Operation{OperationID: "get-policy", Method: http.MethodGet, Path: "/v1/policies/{id}/{version}", Tags: tag,
		Summary: "Show one version of a policy with the source of every number"}, s.policy)
}

type meOutput struct{ Body Me }

func (s *server) me(_ context.Context, a rehab.Actor, _ *struct{}) (*meOutput, error) {
	me := Me{Actor: a, Commands: []string{}, Now: s.Now().UTC()}
	for _, c := range rehab.Commands() {
		if c.MayGive(a.Role) {
			me.Commands = append(me.Commands, c.Type)
		}
	}
	return &meOutput{me}, nil
}

type policyInput struct {
	ID      string `path:"id"`
	Version string `path:"version"`
}

type policyOutput struct{ Body rehab.Policy }

func (s *server) policy(_ context.Context, _ rehab.Actor, in *policyInput) (*policyOutput, error) {
	p := s.Policies.Policy(rehab.PolicyRef{ID: in.ID, Version: in.Version})
	if p == nil {
		return nil, &rehab.Error{Code: rehab.NotFound, Message: "there is no such policy"}
	}
	return &policyOutput{*p}, nil
}
