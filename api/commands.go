package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"guitu/casework"
	"guitu/rehab"
)

// Reasoned are the Facts of a command that needs a reason.
type Reasoned struct {
	OccurredAt string `json:"occurred_at,omitempty" maxLength:"40" doc:"When it happened: an instant (RFC 3339) or a day in Shanghai; now by default." example:"2026-10-08"`
	Note       string `json:"note" minLength:"1" maxLength:"2000" doc:"Why, or what will be done, in words. Kept under the case's own key."`
}

type commandInput struct {
	ID string `path:"id" doc:"Case id."`
	KeyInput
	DryRun bool `query:"dry_run" doc:"Only show what the command would change; nothing is recorded."`
	Body   json.RawMessage
}

// commandRoutes makes a route of every command of the core's table, and of the aliases.
func (s *server) commandRoutes() {
	operation(s, s.openOperation(), s.openCase)
	for _, spec := range rehab.Commands() {
		if spec.Type != openingCommand && spec.Type != casework.FormCommand {
			s.command(routeOf(spec))
		}
	}
	s.command(visitCompletedRoute())
}

// openingCommand has a route of its own: POST /v1/cases.
const openingCommand = "open-case"

// commandRoute is a command as it is sent: the fields of fields, and the Facts.
type commandRoute struct {
	name, summary string
	subject       string
	example       string // fields, as they are sent
	reason        bool
	fields        reflect.Type
	read          func(json.RawMessage) (rehab.CommandBody, error)
}

// routeOf is the route of a command: the fields are the core's own, save for those that
// are written in another way.
func routeOf(spec rehab.CommandSpec) commandRoute {
	fields := reflect.TypeOf(spec.Body)
	r := commandRoute{name: spec.Type, summary: spec.EN, subject: spec.Subject, example: exampleOf(spec), reason: spec.Reason, fields: fields}
	r.read = func(raw json.RawMessage) (rehab.CommandBody, error) {
		v := reflect.New(fields)
		err := json.Unmarshal(raw, v.Interface())
		body, _ := v.Elem().Interface().(rehab.CommandBody)
		return body, err
	}
	if reflect.TypeFor[rehab.CorrectRecord]() == fields {
		r.fields, r.read = reflect.TypeFor[correctRecord](), readCorrection
	}
	return r
}

// exampleOf is a body of the command as it is sent, with the note that it needs.
func exampleOf(spec rehab.CommandSpec) string {
	if !spec.Reason {
		return spec.Example
	}
	note := `"note":"已电话核实，详见工作记录"}`
	if spec.Example == "{}" {
		return "{" + note
	}
	return strings.TrimSuffix(spec.Example, "}") + "," + note
}

func (s *server) command(r commandRoute) {
	op := huma.Operation{
		OperationID: r.name, Method: http.MethodPost, Path: "/v1/cases/{id}/" + r.name, Tags: []string{r.subject}, Summary: r.summary,
		Description: "Answers 200 once the command is in the ledger, with duplicate: true when it acted before, and known: true when the " +
			"record says so already; 202 when it was left with the engine.",
		Responses:   answers[CommandResult](s, http.StatusAccepted),
		RequestBody: &huma.RequestBody{Content: map[string]*huma.MediaType{"application/json": {Schema: s.bodySchema(r), Example: json.RawMessage(r.example)}}},
	}
	operation(s, op, func(ctx context.Context, a rehab.Actor, in *commandInput) (*commandOutput, error) {
		body, err := r.read(in.Body)
		if err != nil {
			return nil, unreadable(err)
		}
		var facts casework.Facts
		if err := json.Unmarshal(in.Body, &facts); err != nil {
			return nil, unreadable(err)
		}
		if in.DryRun {
			return s.rehearse(ctx, a, in.ID, in.IdempotencyKey, body, facts)
		}
		return s.runCommand(ctx, a, in.ID, in.IdempotencyKey, body, facts)
	})
}

// bodySchema is the schema of the body on the wire, under the name of the fields' type.
func (s *server) bodySchema(r commandRoute) *huma.Schema {
	facts := reflect.TypeFor[casework.Facts]()
	if r.reason {
		facts = reflect.TypeFor[Reasoned]()
	}
	fields := append(fieldsOf(r.fields), fieldsOf(facts)...)
	name := schemaName(r.fields, "")
	return s.api.OpenAPI().Components.Schemas.Schema(reflect.StructOf(fields), true, name)
}

// fieldsOf are the fields of a struct as they stand in JSON: its own before those of the
// structs that it embeds.
func fieldsOf(t reflect.Type) (out []reflect.StructField) {
	var embedded []reflect.StructField
	for i := range t.NumField() {
		f := t.Field(i)
		f.Index, f.Offset = nil, 0
		if f.Anonymous {
			embedded = append(embedded, fieldsOf(f.Type)...)
		} else {
			out = append(out, f)
		}
	}
	return append(out, embedded...)
}

// unreadable is a body that its schema let pass and that cannot be read all the same. What
// the core or we say about it stays as it is.
func unreadable(err error) error {
	var own *rehab.Error
	if errors.As(err, &own) {
		return own
	}
	return invalid(http.StatusUnprocessableEntity, ProblemItem{Field: "body", Detail: err.Error()})
}

// visitCompleted is a home visit at which the client was met, unless it says otherwise.
type visitCompleted struct {
	Channel rehab.Channel `json:"channel,omitempty" doc:"home_visit by default"`
	Outcome rehab.Outcome `json:"outcome,omitempty" doc:"met by default"`
	Excuse  rehab.Excuse  `json:"excuse,omitempty"`
	Who     rehab.Who     `json:"who,omitempty"`
	Mood    rehab.Mood    `json:"mood,omitempty"`
}

func visitCompletedRoute() commandRoute {
	return commandRoute{
		name: "visit-completed", subject: "contact", example: `{}`, summary: "Record a completed visit: record-contact with the usual channel and outcome",
		fields: reflect.TypeFor[visitCompleted](),
		read: func(raw json.RawMessage) (rehab.CommandBody, error) {
			var b visitCompleted
			err := json.Unmarshal(raw, &b)
			return b.command(), err
		},
	}
}

func (b visitCompleted) command() rehab.CommandBody {
	c := rehab.RecordContact{Channel: b.Channel, Outcome: b.Outcome, Excuse: b.Excuse, Who: b.Who, Mood: b.Mood}
	if c.Channel == "" {
		c.Channel = rehab.HomeVisit
	}
	if c.Outcome == "" {
		c.Outcome = rehab.Met
	}
	return c
}

// correctRecord takes a day for the time at which a thing happened (PIPL art.46).
type correctRecord struct {
	Record     int64           `json:"record" minimum:"1" doc:"Sequence of the record in the timeline."`
	HappenedAt string          `json:"happened_at,omitempty" maxLength:"40" doc:"When it really happened: an instant (RFC 3339) or a day in Shanghai; as recorded by default." example:"2026-10-08T09:30:00+08:00"`
	Fields     json.RawMessage `json:"fields,omitempty" doc:"Of the command's fields, those that were wrong, with what they should have said." example:"{\"result\": \"negative\"}"`
}

func readCorrection(raw json.RawMessage) (rehab.CommandBody, error) {
	var b correctRecord
	if err := json.Unmarshal(raw, &b); err != nil {
		return nil, err
	}
	c := rehab.CorrectRecord{Record: b.Record, Fields: b.Fields}
	if b.HappenedAt == "" {
		return c, nil
	}
	var err error
	c.HappenedAt, err = casework.ReadInstant("happened_at", b.HappenedAt)
	return c, err
}
