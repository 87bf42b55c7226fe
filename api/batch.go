package api

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"golang.org/x/sync/errgroup"

	"guitu/board"
	"guitu/casework"
	"guitu/input"
	"guitu/rehab"
)

// BatchItem is a command captured elsewhere, on a phone without a network for instance.
type BatchItem struct {
	ID         string          `json:"id" minLength:"1" maxLength:"128" doc:"The command's own id: given once, it acts once, by whichever door."`
	CaseID     string          `json:"case_id" minLength:"1" maxLength:"64"`
	Type       string          `json:"type" maxLength:"40" doc:"A command such as record-contact, or visit-completed." example:"record-contact"`
	OccurredAt string          `json:"occurred_at" minLength:"1" maxLength:"40" doc:"When it happened: an instant (RFC 3339) or a day in Shanghai."`
	Note       string          `json:"note,omitempty" maxLength:"2000" doc:"Free text, kept under the case's own key."`
	Body       json.RawMessage `json:"body,omitempty" doc:"The command's own fields."`
	Form       *BatchForm      `json:"form,omitempty" doc:"A form that was filled in with it. The command acts whatever becomes of the form."`
}

// BatchForm is a form beside a command.
type BatchForm struct {
	Form       string             `json:"form" minLength:"1" maxLength:"40" example:"visit_record"`
	Version    int                `json:"version" minimum:"1" maximum:"1000000"`
	Obligation rehab.ObligationID `json:"obligation,omitzero" doc:"The duty that it is filled in for."`
	Answers    json.RawMessage    `json:"answers" doc:"By the fields of the form."`
}

// BatchAnswer is what became of one item: the status it would have had alone.
type BatchAnswer struct {
	ID           string         `json:"id"`
	Status       int            `json:"status"`
	Receipt      *board.Receipt `json:"receipt,omitempty"`
	Problem      *Problem       `json:"problem,omitempty"`
	Instructions []rehab.Line   `json:"instructions,omitempty" nullable:"false" doc:"What to do at once."`
	Warnings     []string       `json:"warnings,omitempty" nullable:"false" doc:"What to look at; the command acted all the same."`
	Form         *BatchFiled    `json:"form,omitempty" doc:"What became of the form."`
}

// BatchFiled is what became of a form beside a command: the status it would have had alone.
type BatchFiled struct {
	Status  int                 `json:"status"`
	Filed   *casework.FormFiled `json:"filed,omitempty"`
	Problem *Problem            `json:"problem,omitempty"`
}

// BatchResult holds one answer per item, in the order of the items.
type BatchResult struct {
	Taken   int           `json:"taken"`
	Refused int           `json:"refused"`
	Items   []BatchAnswer `json:"items" nullable:"false"`
}

type batchInput struct {
	Body struct {
		Items []BatchItem `json:"items" minItems:"1" maxItems:"200"`
	}
}

type batchOutput struct{ Body BatchResult }

func (s *server) batchRoutes() {
	operation(s, huma.Operation{
		OperationID: "give-commands", Method: http.MethodPost, Path: "/v1/commands", Tags: []string{"commands"},
		Summary: "Give commands that were captured elsewhere",
		Description: "Each item is taken or refused by itself; those of one case are taken in the order in which they happened, whatever " +
			"their order here. Send what was answered 503 or not at all again with the same ids.",
	}, s.batch)
}

// batch takes the items case by case, several cases at a time.
func (s *server) batch(ctx context.Context, a rehab.Actor, in *batchInput) (*batchOutput, error) {
	items := in.Body.Items
	byCase := make(map[string][]int)
	for i, item := range items {
		byCase[item.CaseID] = append(byCase[item.CaseID], i)
	}
	answers := make([]BatchAnswer, len(items))
	var group errgroup.Group // each item has its own answer: nothing here fails
	group.SetLimit(8)
	for _, mine := range byCase {
		slices.SortStableFunc(mine, func(x, y int) int { return cmp.Compare(s.happened(items[x]), s.happened(items[y])) })
		group.Go(func() error {
			for _, i := range mine {
				answers[i] = s.batchItem(ctx, a, i, items[i])
			}
			return nil
		})
	}
	_ = group.Wait()
	out := &batchOutput{BatchResult{Items: answers}}
	for _, x := range answers {
		if x.Problem == nil {
			out.Body.Taken++
		} else {
			out.Body.Refused++
		}
	}
	return out, nil
}

// happened is the instant of an item, as far as it can be read; an unreadable one is
// refused in its turn.
func (s *server) happened(item BatchItem) int64 {
	at, err := s.work.OccurredAt(item.OccurredAt)
	if err != nil {
		return 0
	}
	return at.UnixNano()
}

func (s *server) batchItem(ctx context.Context, a rehab.Actor, i int, item BatchItem) BatchAnswer {
	out, err := s.takeItem(ctx, a, item)
	if err == nil {
		answer := BatchAnswer{ID: item.ID, Status: out.Status, Receipt: &out.Body.Receipt, Instructions: out.Body.Instructions, Warnings: out.Body.Warnings}
		if item.Form != nil {
			answer.Form = s.fileBeside(ctx, a, i, item, out.Body.Receipt)
		}
		return answer
	}
	p := problemOf(err)
	if p.Status >= http.StatusInternalServerError {
		s.Log.ErrorContext(ctx, "an item of a batch was not taken", "case", item.CaseID, "code", p.Code)
	}
	if p.Field != "" {
		p.Field = "items[" + strconv.Itoa(i) + "]." + p.Field
	}
	return BatchAnswer{ID: item.ID, Status: p.Status, Problem: p}
}

func (s *server) takeItem(ctx context.Context, a rehab.Actor, item BatchItem) (*commandOutput, error) {
	if !input.IsToken(item.CaseID, 64) {
		return nil, &rehab.Error{Code: rehab.NotFound, Message: "there is no such case"}
	}
	item, err := noteOf(item)
	if err != nil {
		return nil, err
	}
	if spec, _ := rehab.SpecOf(item.Type); spec.Reason && strings.TrimSpace(item.Note) == "" {
		return nil, rehab.InvalidField("note", "is missing: this command needs a reason")
	}
	raw := item.Body
	if len(bytes.TrimSpace(raw)) == 0 {
		raw = json.RawMessage("{}")
	}
	body, err := decodeBody(item.Type, raw)
	if err != nil {
		return nil, err
	}
	return s.runCommand(ctx, a, item.CaseID, item.ID, body, casework.Facts{OccurredAt: item.OccurredAt, Note: item.Note})
}

// noteOf takes the note out of the body, where it stands as in the route of the command.
func noteOf(item BatchItem) (BatchItem, error) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(item.Body, &fields); err != nil || fields["note"] == nil {
		return item, nil //nolint:nilerr // a body that is no object is refused where it is decoded
	}
	var note string
	switch err := json.Unmarshal(fields["note"], &note); {
	case err != nil || len([]rune(note)) > 2000:
		return item, rehab.InvalidField("body.note", "is text of at most 2,000 characters")
	case item.Note != "" && item.Note != note:
		return item, rehab.InvalidField("note", "is another one than that of the body")
	}
	delete(fields, "note")
	raw, err := json.Marshal(fields)
	item.Note, item.Body = note, raw
	return item, err
}

// decodeBody reads the body of a command by the name of its route.
func decodeBody(name string, raw json.RawMessage) (rehab.CommandBody, error) {
	switch name {
	case openingCommand:
		return nil, rehab.InvalidField("type", "a case is opened by POST /v1/cases")
	case casework.FormCommand:
		return nil, rehab.InvalidField("type", "a form is sent beside its command, or by POST /v1/cases/{id}/forms")
	case "visit-completed":
		body, err := rehab.DecodeCommandBody("record-contact", raw)
		if c, ok := body.(rehab.RecordContact); ok && err == nil {
			return visitCompleted{Channel: c.Channel, Outcome: c.Outcome, Excuse: c.Excuse, Who: c.Who, Mood: c.Mood}.command(), nil
		}
		return nil, err
	}
	if name == "correct-record" {
		return decodeCorrection(raw)
	}
	return rehab.DecodeCommandBody(name, raw)
}

// decodeCorrection takes a day for a time, as the route does.
func decodeCorrection(raw json.RawMessage) (rehab.CommandBody, error) {
	var fields map[string]json.RawMessage
	var text string
	if json.Unmarshal(raw, &fields) != nil || json.Unmarshal(fields["happened_at"], &text) != nil {
		return rehab.DecodeCommandBody("correct-record", raw)
	}
	at, err := casework.ReadInstant("happened_at", text)
	if err != nil {
		return nil, err
	}
	if fields["happened_at"], err = json.Marshal(at); err == nil {
		raw, err = json.Marshal(fields)
	}
	if err != nil {
		return nil, err
	}
	return rehab.DecodeCommandBody("correct-record", raw)
}
