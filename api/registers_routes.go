package api

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

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

func (r Reason) text() (string, error) {
	if strings.TrimSpace(r.Reason) == "" {
		return "", rehab.InvalidField("reason", "is empty")
	}
	return r.Reason, nil
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

// corrections registers how a record of any kind is corrected and withdrawn. fits may
// refuse a correction for what stands in other records.
func corrections[D registers.Data](s *server, fits func(context.Context, registers.Record) error) {
	var d D
	route := recordRoutes[d.Kind()]
	operation(s, change[D](s, route, "correct", "Correct what a record says, with the reason"),
		func(ctx context.Context, a rehab.Actor, in *correctInput[D]) (*recordOutput[D], error) {
			reason, err := in.Body.text()
			if err != nil {
				return nil, err
			}
			if fits != nil {
				r, err := s.recordToKeep(ctx, a, route.kind, in.ID)
				if err != nil {
					return nil, err
				}
				r.Data = in.Body.Data
				if err := fits(ctx, r); err != nil {
					return nil, err
				}
			}
			return alter[D](ctx, s, a, in.ChangeInput, "correct-"+route.noun, in.Body, func(now registers.Record) (registers.Record, error) {
				r, err := now.Correct(in.Body.Data, rehab.DateOf(s.Now()))
				r.Reason = reason
				return r, err
			})
		})
	operation(s, change[D](s, route, "withdraw", "Say that a record was a mistake: it counts nowhere"),
		func(ctx context.Context, a rehab.Actor, in *reasonInput) (*recordOutput[D], error) {
			reason, err := in.Body.text()
			if err != nil {
				return nil, err
			}
			return alter[D](ctx, s, a, in.ChangeInput, "withdraw-"+route.noun, in.Body, func(now registers.Record) (registers.Record, error) {
				now.Withdrawn, now.Reason = true, reason
				return now, nil
			})
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
	return huma.Operation{OperationID: step + "-" + route.noun, Method: http.MethodPost, Path: route.path + "/{id}/" + step, Tags: []string{"practice"}, Summary: summary,
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

// NewPublicity is an activity to record.
type NewPublicity struct {
	Place string              `json:"place" minLength:"2" maxLength:"12" doc:"Street, district or city whose activity it was."`
	Data  registers.Publicity `json:"data"`
}

type publicityInput struct {
	KeyInput
	Body NewPublicity
}

func (s *server) publicityRoutes() {
	operation(s, create[registers.Publicity](s, "add-publicity", "/v1/publicity", "Record a publicity activity"), s.addPublicity)
	reads[registers.Publicity, PageInput](s)
	corrections[registers.Publicity](s, nil)
}

// addPublicity: a worker records the own activities at the own street.
func (s *server) addPublicity(ctx context.Context, a rehab.Actor, in *publicityInput) (*recordOutput[registers.Publicity], error) {
	r := registers.Record{Place: in.Body.Place, Data: in.Body.Data}
	own := a.Role == rehab.WorkerRole && a.Place == r.Place && slices.Contains(in.Body.Data.By, a.ID)
	if err := mayKeep(a, r); err != nil && !own {
		return nil, err
	}
	return add[registers.Publicity](ctx, s, a, in.KeyInput, r, in.Body)
}
