package api

import (
	"context"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"guitu/board"
	"guitu/casework"
	"guitu/input"
	"guitu/rehab"
)

// Views keeps views of the board.
type Views interface {
	// SaveView keeps one. The same again is known, another under its id is a Conflict; Refused
	// where somebody keeps too many.
	SaveView(ctx context.Context, v board.View, digest string) (known bool, err error)
	// Views are the own ones and those shared with the place or one above it.
	Views(ctx context.Context, owner, place string) ([]board.View, error)
	// DropView forgets one.
	DropView(ctx context.Context, id string) error
}

// ViewOrder is a view to be saved.
type ViewOrder struct {
	Name  string          `json:"name" minLength:"1" maxLength:"30" doc:"What the view is called. No name of a client belongs into it."`
	Query board.ViewQuery `json:"query"`
	Place string          `json:"place,omitempty" maxLength:"12" pattern:"^[0-9]*$" patternDescription:"digits" doc:"Share it with this place and all below it: the own one or one below. For stations and offices."`
}

// SavedView is a view and what one may do with it.
type SavedView struct {
	board.View
	Mine      bool `json:"mine"`
	Removable bool `json:"removable" doc:"Whether it can be removed by whoever asks: by its maker, and a shared one by an office of that place."`
}

// SavedViews are the views that one sees.
type SavedViews struct {
	Views    []SavedView `json:"views" nullable:"false" doc:"In the order in which they were saved."`
	MayShare bool        `json:"may_share" doc:"Whether whoever asks may share views."`
}

func (s *server) viewRoutes() {
	tag := []string{"cases"}
	operation(s, huma.Operation{OperationID: "list-views", Method: http.MethodGet, Path: "/v1/views", Tags: tag,
		Summary: "List the saved views of the board, one's own and those shared with one's place"}, s.listViews)
	operation(s, huma.Operation{OperationID: "save-view", Method: http.MethodPost, Path: "/v1/views", Tags: tag, DefaultStatus: http.StatusCreated,
		Summary: "Save the conditions of the board under a name", Responses: answers[SavedView](s, http.StatusOK)}, s.saveView)
	operation(s, huma.Operation{OperationID: "remove-view", Method: http.MethodDelete, Path: "/v1/views/{id}", Tags: tag, DefaultStatus: http.StatusNoContent,
		Summary: "Remove a saved view"}, s.removeView)
}

type viewsOutput struct{ Body SavedViews }

func (s *server) listViews(ctx context.Context, a rehab.Actor, _ *struct{}) (*viewsOutput, error) {
	list, err := s.viewsOf(ctx, a)
	out := &viewsOutput{SavedViews{Views: []SavedView{}, MayShare: sharesViews(a)}}
	for i := range list {
		out.Body.Views = append(out.Body.Views, savedView(a, list[i]))
	}
	return out, err
}

// viewsOf are the views that the actor sees.
func (s *server) viewsOf(ctx context.Context, a rehab.Actor) ([]board.View, error) {
	if err := casework.PermitReading(a); err != nil {
		return nil, err
	}
	place, _ := casework.Area(a)
	return s.Views.Views(ctx, a.ID, place)
}

func sharesViews(a rehab.Actor) bool {
	_, placed := casework.Area(a)
	return placed && casework.Leads(a.Role)
}

func savedView(a rehab.Actor, v board.View) SavedView {
	mine := v.Owner == a.ID
	place, _ := casework.Area(a)
	return SavedView{View: v, Mine: mine, Removable: mine || sharesViews(a) && v.Place != "" && v.Place == place}
}

type saveViewInput struct {
	KeyInput
	Body ViewOrder
}

type viewOutput struct {
	Status int
	Body   SavedView
}

func (s *server) saveView(ctx context.Context, a rehab.Actor, in *saveViewInput) (*viewOutput, error) {
	o := in.Body
	if err := casework.PermitReading(a); err != nil {
		return nil, err
	}
	if o.Name = strings.TrimSpace(o.Name); o.Name == "" {
		return nil, rehab.InvalidField("name", "is empty")
	}
	if detail := input.Bad(o.Name, false); detail != "" {
		return nil, rehab.InvalidField("name", "%s", detail)
	}
	if o.Place != "" && !sharesViews(a) {
		return nil, &rehab.Error{Code: rehab.Forbidden, Field: "place", Message: "views are shared by stations and offices"}
	}
	if o.Place != "" && !casework.Covers(a, o.Place) {
		return nil, &rehab.Error{Code: rehab.Forbidden, Message: "this place lies outside your area", Field: "place"}
	}
	digest, err := s.work.Digest("view", "", a.ID, o, casework.Facts{})
	if err != nil {
		return nil, err
	}
	id, err := in.id(a)
	if err != nil {
		return nil, err
	}
	v := board.View{ID: id, Name: o.Name, Query: o.Query, Place: o.Place, Owner: a.ID, CreatedAt: s.Now().UTC()}
	known, err := s.Views.SaveView(ctx, v, digest)
	if err != nil {
		return nil, err
	}
	out := &viewOutput{http.StatusCreated, savedView(a, v)}
	if known {
		out.Status = http.StatusOK
	}
	return out, nil
}

type viewInput struct {
	ID string `path:"id" maxLength:"64"`
}

// removeView finds the view among those that the actor sees; any other is not there.
func (s *server) removeView(ctx context.Context, a rehab.Actor, in *viewInput) (*struct{}, error) {
	list, err := s.viewsOf(ctx, a)
	if err != nil {
		return nil, err
	}
	for i := range list {
		if list[i].ID != in.ID {
			continue
		}
		if !savedView(a, list[i]).Removable {
			return nil, &rehab.Error{Code: rehab.Forbidden, Message: "a shared view is removed by its maker, or by an office of its place"}
		}
		return nil, s.Views.DropView(ctx, in.ID)
	}
	return nil, &rehab.Error{Code: rehab.NotFound, Message: "there is no such view"}
}
