package api

import (
	"context"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"guitu/casework"
	"guitu/input"
	"guitu/rehab"
)

// mostPreviewed is how many open cases one preview looks at.
const mostPreviewed = 5000

// Previewer looks at what another version of a policy would bring. NotFound where there is
// none of that name; Invalid where the place has more open cases than most.
type Previewer interface {
	PreviewPolicy(ctx context.Context, o rehab.PreviewOrder, most int) (rehab.PolicyPreview, error)
}

func (s *server) previewRoutes() {
	operation(s, huma.Operation{
		OperationID: "preview-policy", Method: http.MethodPost, Path: "/v1/policies/preview", Tags: []string{"planning"},
		Summary: "Show what another version of a policy would bring to the open cases of a place",
		Description: "Which limits move from which day to which, what would be overdue at once, sums per street: by the very decision that " +
			"migrate-policy takes, on copies. Nothing changes. At most 5,000 open cases.",
	}, s.preview)
}

type previewInput struct {
	Body struct {
		From  string `json:"from,omitempty" maxLength:"80" doc:"id@version: only cases that are under it; all others too where it is left out."`
		To    string `json:"to" maxLength:"80" doc:"id@version of the policy to come." example:"beijing@2026.2"`
		Place string `json:"place,omitempty" maxLength:"12" pattern:"^[0-9]*$" patternDescription:"digits" doc:"A place and all below it; the actor's own by default."`
		After string `json:"after,omitempty" maxLength:"128" doc:"Case id of the last row of the page before."`
		Limit int    `json:"limit,omitempty" minimum:"1" maximum:"200" default:"50"`
	}
}

type previewOutput struct{ Body rehab.PolicyPreview }

func (s *server) preview(ctx context.Context, a rehab.Actor, in *previewInput) (*previewOutput, error) {
	if err := permitPlanning(a); err != nil {
		return nil, err
	}
	b := &in.Body
	o := rehab.PreviewOrder{After: b.After, Limit: b.Limit}
	var err error
	if o.Place, err = casework.Narrow(a, b.Place); err != nil {
		return nil, err
	}
	if o.To, err = policyRef("to", b.To); err != nil {
		return nil, err
	}
	if b.From != "" {
		if o.From, err = policyRef("from", b.From); err != nil {
			return nil, err
		}
	}
	out, err := s.Previewer.PreviewPolicy(ctx, o, mostPreviewed)
	return &previewOutput{out}, err
}

// policyRef reads "beijing@2026.1".
func policyRef(field, text string) (rehab.PolicyRef, error) {
	id, version, ok := strings.Cut(text, "@")
	if !ok || !input.IsToken(id, 40) || !input.IsToken(version, 40) {
		return rehab.PolicyRef{}, rehab.InvalidField(field, "is a policy with its version, such as beijing@2026.1")
	}
	return rehab.PolicyRef{ID: id, Version: version}, nil
}
