package api

import (
	"context"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"guitu/rehab"
)

// HealthReport says whether the service can work.
type HealthReport struct {
	Status  string `json:"status" enum:"ok"`
	Version string `json:"version"`
}

type healthOutput struct{ Body HealthReport }

// readyTimeout is how long a part has to answer.
const readyTimeout = 3 * time.Second

func (s *server) healthRoutes() {
	tag, open := []string{"operation"}, []map[string][]string{}
	operation(s, huma.Operation{OperationID: "healthz", Method: http.MethodGet, Path: "/healthz", Tags: tag, Security: open,
		Summary: "Say whether the process runs"}, s.alive)
	operation(s, huma.Operation{OperationID: "readyz", Method: http.MethodGet, Path: "/readyz", Tags: tag, Security: open,
		Summary: "Say whether the parts behind it answer; 503 names those that do not"}, s.ready)
}

func (s *server) alive(context.Context, rehab.Actor, *struct{}) (*healthOutput, error) {
	return &healthOutput{HealthReport{"ok", s.Version}}, nil
}

func (s *server) ready(ctx context.Context, _ rehab.Actor, _ *struct{}) (*healthOutput, error) {
	ctx, cancel := context.WithTimeout(ctx, readyTimeout)
	defer cancel()
	var down []string
	for part, err := range s.Health.Check(ctx) {
		if err != nil {
			down = append(down, part)
			s.Log.LogAttrs(ctx, slog.LevelWarn, "part is down", slog.String("part", part), slog.String("error", err.Error()))
		}
	}
	if len(down) == 0 {
		return s.alive(ctx, rehab.Actor{}, nil)
	}
	slices.Sort(down)
	p := *problemOf(&rehab.Error{Code: rehab.Unavailable, Message: strings.Join(down, " and ") + " cannot be reached"})
	for _, part := range down {
		p.Errors = append(p.Errors, ProblemItem{Field: part, Detail: "cannot be reached"})
	}
	return nil, &p
}
