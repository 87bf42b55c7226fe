package api

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"guitu/casework"
	"guitu/input"
	"guitu/office"
	"guitu/once"
	"guitu/rehab"
)

// PlaceList is the organisation from the city down to the streets.
type PlaceList struct {
	On     rehab.Date     `json:"on"`
	Places []office.Place `json:"places" nullable:"false"`
}

// PlaceView is one place as it is on a day, and all that was ever said about it.
type PlaceView struct {
	On      rehab.Date         `json:"on"`
	Place   office.Place       `json:"place"`
	History []office.PlaceFact `json:"history" nullable:"false" doc:"Every change in the order of recording: from which day, when written down, by whom."`
}

// PlaceChanged answers a change with the place as it is from that day on.
type PlaceChanged struct {
	Place     office.Place `json:"place"`
	CommandID string       `json:"command_id"`
	Duplicate bool         `json:"duplicate,omitempty"`
	Warnings  []string     `json:"warnings,omitempty" nullable:"false"`
}

// The bodies of the changes of a place.
type (
	renamePlace struct {
		From rehab.Date `json:"from"`
		Name string     `json:"name" minLength:"1" maxLength:"64"`
	}
	mergePlace struct {
		From rehab.Date `json:"from" doc:"First day on which the street is part of the other."`
		Into string     `json:"into" minLength:"9" maxLength:"9" doc:"Code of the street that goes on."`
	}
	closePlace struct {
		From rehab.Date `json:"from" doc:"First day without the street."`
		Into string     `json:"into,omitempty" maxLength:"9" doc:"Code of the street that takes over, where there is one."`
	}
	reopenPlace struct {
		From rehab.Date `json:"from"`
	}
	setStation struct {
		From    rehab.Date `json:"from"`
		Head    string     `json:"head,omitempty" maxLength:"64" doc:"Staff id of the head."`
		Phone   string     `json:"phone,omitempty" maxLength:"20" pattern:"^([0-9]{5,20})?$" patternDescription:"5 to 20 digits" doc:"Of the office."`
		Address string     `json:"address,omitempty" maxLength:"200"`
	}
	setLeadingGroup struct {
		From    rehab.Date `json:"from"`
		Lead    string     `json:"lead" minLength:"1" maxLength:"64" doc:"Staff id."`
		Members []string   `json:"members,omitempty" maxItems:"30" nullable:"false" doc:"Staff ids."`
	}
)

// placeChange is the body of a change of a place.
type placeChange interface{ fact() office.PlaceFact }

func placeFact(from rehab.Date, change office.PlaceChange) office.PlaceFact {
	return office.PlaceFact{Record: office.Record{From: from}, Change: change}
}

func (b renamePlace) fact() office.PlaceFact {
	f := placeFact(b.From, office.Renamed)
	f.Name = strings.TrimSpace(b.Name)
	return f
}

func (b mergePlace) fact() office.PlaceFact {
	f := placeFact(b.From, office.Merged)
	f.Successor = b.Into
	return f
}

func (b closePlace) fact() office.PlaceFact {
	f := placeFact(b.From, office.Closed)
	f.Successor = b.Into
	return f
}

func (b reopenPlace) fact() office.PlaceFact { return placeFact(b.From, office.Reopened) }

func (b setStation) fact() office.PlaceFact {
	f := placeFact(b.From, office.StationSet)
	f.Station = &office.Station{Head: b.Head, Phone: b.Phone, Address: b.Address}
	return f
}

func (b setLeadingGroup) fact() office.PlaceFact {
	f := placeFact(b.From, office.LeadGroupSet)
	f.Group = &office.LeadingGroup{Lead: b.Lead, Members: b.Members}
	return f
}

func (s *server) placeRoutes() {
	tag := []string{"organisation"}
	operation(s, huma.Operation{OperationID: "list-places", Method: http.MethodGet, Path: "/v1/places", Tags: tag,
		Summary: "List city, districts and streets, as they are or were on a day"}, s.places)
	operation(s, huma.Operation{OperationID: "get-place", Method: http.MethodGet, Path: "/v1/places/{code}", Tags: tag,
		Summary: "Show a place as it is or was on a day, and its history"}, s.place)
	changePlace[renamePlace](s, "rename", "The place has another name from a day on")
	changePlace[mergePlace](s, "merge", "The street is part of another from a day on")
	changePlace[closePlace](s, "close", "The street is no more from a day on")
	changePlace[reopenPlace](s, "reopen", "Take a merger or a closing back from a day on")
	changePlace[setStation](s, "set-station", "Say how the station is reached and who heads it")
	changePlace[setLeadingGroup](s, "set-leading-group", "Say who leads the work at the place")
}

type placesInput struct {
	On string `query:"on" format:"date" doc:"A day; today where it is missing."`
}

type placesOutput struct{ Body PlaceList }

func (s *server) places(ctx context.Context, _ rehab.Actor, in *placesInput) (*placesOutput, error) {
	on, err := s.dayOr(in.On)
	if err != nil {
		return nil, err
	}
	list, err := s.Places.Places(ctx, on)
	if err != nil {
		return nil, err
	}
	for i := range list { // how a station is reached is shown inside the area: get-place
		list[i].Station, list[i].Group = nil, nil
	}
	return &placesOutput{PlaceList{on, append([]office.Place{}, list...)}}, nil
}

// dayOr reads the day of a query; today where there is none.
func (s *server) dayOr(text string) (rehab.Date, error) {
	if text == "" {
		return rehab.DateOf(s.Now()), nil
	}
	on, err := rehab.ParseDate(text)
	if err != nil {
		return 0, rehab.InvalidField("on", "is a day such as 2026-10-08")
	}
	return on, nil
}

type placeInput struct {
	Code string `path:"code" maxLength:"12" pattern:"^[0-9]+$" patternDescription:"digits"`
	On   string `query:"on" format:"date" doc:"A day; today where it is missing."`
}

type placeOutput struct{ Body PlaceView }

// place shows a place inside the actor's area, or above it: whom to turn to.
func (s *server) place(ctx context.Context, a rehab.Actor, in *placeInput) (*placeOutput, error) {
	if err := casework.PermitReading(a); err != nil {
		return nil, err
	}
	if prefix, _ := casework.Area(a); !casework.Covers(a, in.Code) && !rehab.PlaceCode(in.Code).Contains(rehab.PlaceCode(prefix)) {
		return nil, outsideArea("")
	}
	on, err := s.dayOr(in.On)
	if err != nil {
		return nil, err
	}
	p, err := s.Places.Place(ctx, in.Code, on)
	if err != nil {
		return nil, err
	}
	history, err := s.Places.PlaceHistory(ctx, in.Code)
	return &placeOutput{PlaceView{on, p, append([]office.PlaceFact{}, history...)}}, err
}

func outsideArea(field string) error {
	return &rehab.Error{Code: rehab.Forbidden, Message: "this place lies outside your area", Field: field}
}

type placeChangeInput[B placeChange] struct {
	Code string `path:"code" maxLength:"12" pattern:"^[0-9]+$" patternDescription:"digits"`
	KeyInput
	Body B
}

type placeChangedOutput struct {
	IdempotencyKey string `header:"Idempotency-Key"`
	Body           PlaceChanged
}

func changePlace[B placeChange](s *server, name, summary string) {
	op := huma.Operation{
		OperationID: name + "-place", Method: http.MethodPost, Path: "/v1/places/{code}/" + name, Tags: []string{"organisation"}, Summary: summary,
		Description: "Adds to the history and overwrites nothing. For the city office and the district offices, each inside its area.",
	}
	operation(s, op, func(ctx context.Context, a rehab.Actor, in *placeChangeInput[B]) (*placeChangedOutput, error) {
		return s.changePlace(ctx, a, in.Code, in.IdempotencyKey, in.Body.fact())
	})
}

func (s *server) changePlace(ctx context.Context, a rehab.Actor, code, key string, f office.PlaceFact) (*placeChangedOutput, error) {
	switch {
	case !casework.Registrar(a.Role):
		return nil, mayNot(a, "change the organisation")
	case !casework.Covers(a, code):
		return nil, outsideArea("")
	case f.Successor != "" && !casework.Covers(a, f.Successor):
		return nil, outsideArea("into")
	}
	if err := checkStaff(f); err != nil {
		return nil, err
	}
	cmd, err := s.officeCommand(a, "place/"+string(f.Change), code, key, f)
	if err != nil {
		return nil, err
	}
	done, err := s.Places.ChangePlace(ctx, cmd, code, f)
	if err != nil {
		return nil, err
	}
	p, err := s.Places.Place(ctx, code, f.From)
	out := &placeChangedOutput{IdempotencyKey: cmd.ID, Body: PlaceChanged{Place: p, CommandID: cmd.ID, Duplicate: done.Duplicate}}
	if done.Open > 0 {
		out.Body.Warnings = []string{fmt.Sprintf("%d open cases are at %s: move them by %s", done.Open, code, f.From.AddDays(-1))}
	}
	return out, err
}

// checkStaff requires ids where staff is named.
func checkStaff(f office.PlaceFact) error {
	switch {
	case f.Station != nil && f.Station.Head != "" && !input.IsWorker(f.Station.Head):
		return rehab.InvalidField("head", input.NotAWorker)
	case f.Group != nil && !input.IsWorker(f.Group.Lead):
		return rehab.InvalidField("lead", input.NotAWorker)
	case f.Group != nil && slices.ContainsFunc(f.Group.Members, func(id string) bool { return !input.IsWorker(id) }):
		return rehab.InvalidField("members", input.NotAWorker)
	}
	return nil
}

func mayNot(a rehab.Actor, what string) error {
	return &rehab.Error{Code: rehab.Forbidden, Message: "the role " + string(a.Role) + " may not " + what}
}

// officeCommand is who changes a history, with the digest of what was sent.
func (s *server) officeCommand(a rehab.Actor, kind, subject, key string, body any) (office.Command, error) {
	digest, err := s.work.Digest(kind, subject, a.ID, body, casework.Facts{})
	if err != nil {
		return office.Command{}, err
	}
	if key == "" {
		if key, err = once.Key(""); err != nil {
			return office.Command{}, err
		}
	}
	return office.Command{ID: key, Digest: digest, Actor: a, At: s.Now()}, nil
}
