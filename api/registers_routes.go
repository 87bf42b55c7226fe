package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"guitu/casework"
	"guitu/registers"
	"guitu/rehab"
)

// registerRoutes lists the operations on the work that is no case.
func (s *server) registerRoutes() {
	s.supervisionRoutes()
	s.trainingRoutes()
	s.publicityRoutes()
}

// Reason says why something that was recorded is changed.
type Reason struct {
	Reason string `json:"reason" minLength:"1" maxLength:"500" doc:"Why. About a client it is kept under the key of the case."`
}

// Correction replaces what a record says.
type Correction[D registers.Data] struct {
	Data D `json:"data"`
	Reason
}

type correctInput[D registers.Data] struct {
	ChangeInput
	Body Correction[D]
}

type reasonInput struct {
	ChangeInput
	Body Reason
}

// corrections registers how a record of any kind is corrected and withdrawn.
func corrections[D registers.Data](s *server) {
	var d D
	route := recordRoutes[d.Kind()]
	operation(s, change[D](s, route, "correct", "Correct what a record says, with the reason"),
		func(ctx context.Context, a rehab.Actor, in *correctInput[D]) (*recordOutput[D], error) {
			return changed[D](s.work.CorrectRecord(ctx, a, in.command(), in.Body.Data, in.Body.Reason.Reason))
		})
	operation(s, change[D](s, route, "withdraw", "Say that a record was a mistake: it counts nowhere"),
		func(ctx context.Context, a rehab.Actor, in *reasonInput) (*recordOutput[D], error) {
			return changed[D](s.work.WithdrawRecord(ctx, a, route.kind, in.command(), in.Body.Reason))
		})
}

// create and change are the operations that write.
func create[D registers.Data](s *server, id, path, summary string) huma.Operation {
	return huma.Operation{
		OperationID: id, Method: http.MethodPost, Path: path, Tags: []string{"practice"}, Summary: summary, DefaultStatus: http.StatusCreated,
		Description: "The same request again under the same Idempotency-Key answers 200 with the record that it made.",
		Responses:   answers[RecordResult[D]](s, http.StatusOK),
	}
}

func change[D registers.Data](s *server, route recordRoute, step, summary string) huma.Operation {
	return huma.Operation{OperationID: step + "-" + route.noun(), Method: http.MethodPost, Path: route.path + "/{id}/" + step, Tags: []string{"practice"}, Summary: summary,
		Responses: answers[RecordResult[D]](s)}
}

// PageInput is what every list of records can be asked for.
type PageInput struct {
	Place  string `query:"place" maxLength:"12" pattern:"^[0-9]*$" patternDescription:"digits" doc:"A place and all below it."`
	Worker string `query:"worker" maxLength:"64" pattern:"^[A-Za-z0-9._:-]*$" patternDescription:"an id" doc:"Records that name the worker."`
	From   string `query:"from" format:"date" doc:"First day."`
	To     string `query:"to" format:"date" doc:"Last day."`
	After  string `query:"after" maxLength:"64" pattern:"^[a-z0-9-]*$" patternDescription:"an id of a record" doc:"Id of the last row of the page before."`
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

func (in PageInput) filter() (registers.Filter, error) {
	f := registers.Filter{Place: in.Place, Worker: in.Worker, After: in.After, Limit: in.Limit}
	for _, d := range []struct {
		field, text string
		day         *rehab.Date
	}{{"from", in.From, &f.From}, {"to", in.To, &f.To}} {
		if d.text == "" {
			continue
		}
		var err error
		if *d.day, err = rehab.ParseDate(d.text); err != nil {
			return f, rehab.InvalidField(d.field, "is a day such as 2026-10-08")
		}
	}
	return f, nil
}

// The routes of publicity.

type publicityInput struct {
	KeyInput
	Body casework.NewPublicity
}

func (s *server) publicityRoutes() {
	operation(s, create[registers.Publicity](s, "add-publicity", "/v1/publicity", "Record a publicity activity"), s.addPublicity)
	reads[registers.Publicity, PageInput](s)
	corrections[registers.Publicity](s)
}

func (s *server) addPublicity(ctx context.Context, a rehab.Actor, in *publicityInput) (*recordOutput[registers.Publicity], error) {
	return created[registers.Publicity](s.work.AddPublicity(ctx, a, in.IdempotencyKey, in.Body))
}
