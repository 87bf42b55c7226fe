package rehab

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Command asks the case to change. ID is the caller's, or Reserved: a command id acts once.
// OccurredAt is when the thing happened in the world. Digest is a hash of the whole
// request as the caller sent it, texts included: the same id with another digest is a
// conflict. Texts are kept outside, under the case and the command's id.
type Command struct {
	ID         string
	Actor      Actor
	OccurredAt time.Time
	Digest     string
	Body       CommandBody
}

// CommandBody is what is asked. The set is closed: each topic lists its own.
type CommandBody interface {
	CommandType() string
	// check looks at the body alone: types, ranges, enumerations, in the order of the fields.
	check() *Error
	// decide emits what the command brings to the case, or refuses it before the first
	// event. on is the day of OccurredAt in Shanghai.
	decide(d *decision, on Date) *Error
}

// DecodeCommandBody reads the body of a command of the named type and refuses
// fields it does not know.
func DecodeCommandBody(commandType string, body []byte) (CommandBody, error) {
	if k, ok := commandKinds[commandType]; ok {
		return k.read(body)
	}
	return nil, InvalidField("type", "unknown command %q", commandType)
}

func readCommand[T CommandBody](body []byte) (CommandBody, error) {
	var v T
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&v); err != nil {
		return nil, unreadable(v.CommandType(), err)
	}
	return v, nil
}

// unreadable names the field of a body that is not of its command, in words that know
// nothing of the language this is written in.
func unreadable(command string, err error) *Error {
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) {
		kind, _, _ := strings.Cut(wrong.Value, " ") // "number 1.5" too
		if wrong.Field == "" {
			return InvalidField("body", "is the object of a %s, not a %s", command, kind)
		}
		return InvalidField(wrong.Field, "does not take a %s", kind)
	}
	if name, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		return InvalidField(strings.Trim(name, `"`), "is not a field of %s", command)
	}
	return InvalidField("body", "not a %s: %s", command, strings.TrimPrefix(err.Error(), "json: "))
}

type commandJSON struct {
	ID         string          `json:"id"`
	Type       string          `json:"type"`
	Actor      Actor           `json:"actor"`
	OccurredAt time.Time       `json:"occurred"`
	Digest     string          `json:"digest,omitempty"`
	Body       json.RawMessage `json:"body,omitempty"`
}

// MarshalJSON writes the command with its type beside its body.
func (c Command) MarshalJSON() ([]byte, error) {
	body, err := json.Marshal(c.Body)
	if err != nil {
		return nil, err
	}
	return json.Marshal(commandJSON{c.ID, c.Body.CommandType(), c.Actor, c.OccurredAt, c.Digest, body})
}

// UnmarshalJSON reads what MarshalJSON wrote. A missing body is an empty one.
func (c *Command) UnmarshalJSON(b []byte) error {
	var w commandJSON
	if err := json.Unmarshal(b, &w); err != nil {
		return InvalidField("command", "not a command: %v", err)
	}
	if len(w.Body) == 0 {
		w.Body = json.RawMessage("{}")
	}
	body, err := DecodeCommandBody(w.Type, w.Body)
	if err != nil {
		return err
	}
	*c = Command{w.ID, w.Actor, w.OccurredAt, w.Digest, body}
	return nil
}

// Check looks at the command alone, before any case is known: the id, the actor and
// the body's own types and ranges.
func (c *Command) Check() *Error {
	if c.Body == nil {
		return InvalidField("type", "a command needs a type and a body")
	}
	if err := checkCommandID(c.ID); err != nil {
		return err
	}
	switch {
	case c.Actor.ID == "":
		return InvalidField("actor", "a command needs to name who acts")
	case c.OccurredAt.IsZero():
		return InvalidField("occurred_at", "when it happened is missing")
	}
	return c.Body.check()
}

func missing(field string) *Error { return InvalidField(field, "is missing") }

func notOneOf[T ~string](field string, v T, all ...T) *Error {
	if v == "" {
		return missing(field)
	}
	if oneOf(v, all...) {
		return nil
	}
	return InvalidField(field, "%q is not one of %s", string(v), fmt.Sprint(slices.Clone(all))) // the clone keeps all on the stack
}
