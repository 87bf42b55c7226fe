package rehab

import (
	"errors"
	"fmt"
)

// Code classes an error by what the caller can do about it.
type Code string

// The codes, from the caller's mistake to ours.
const (
	Invalid     Code = "invalid"     // the input is malformed: correct the named field
	NotFound    Code = "not_found"   // there is no such thing, or not for this actor
	Conflict    Code = "conflict"    // the same id was used before for something else
	Forbidden   Code = "forbidden"   // this actor may not do this
	Refused     Code = "refused"     // the input is well-formed, a rule says no: see Citation
	Known       Code = "known"       // the fact is in the record already, under Record: nothing is to be done
	Unavailable Code = "unavailable" // a part is down or busy: the same call may be made again
	Internal    Code = "internal"    // a fault of the engine
)

// Error is the one error type that crosses the layers. Field is the path of the
// input field that is wrong ("served_on"), Citation the rule that refuses ("DRR art.14").
// Message is English; Key and Args are the format it was made from and what went into it,
// so that it can be said in another language. Without a Key, Message is its own.
type Error struct {
	Code     Code     `json:"code"`
	Message  string   `json:"message"`
	Key      string   `json:"key,omitempty"`
	Args     []string `json:"args,omitempty"`
	Field    string   `json:"field,omitempty"`
	Citation string   `json:"citation,omitempty"`
	Record   int64    `json:"record,omitempty"` // of what is known: the sequence of its event
}

func (e *Error) Error() string {
	s := string(e.Code) + ": "
	if e.Field != "" {
		s += e.Field + ": "
	}
	s += e.Message
	if e.Citation != "" {
		s += " (" + e.Citation + ")"
	}
	return s
}

// CodeOf is the code of the first *Error in the chain, or Internal.
func CodeOf(err error) Code {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return Internal
}

// InvalidField is an Invalid error about one field.
func InvalidField(field, format string, args ...any) *Error {
	return (&Error{Code: Invalid, Field: field}).Say(format, args...)
}

// refuse is a Refused error: the rule cited says no.
func refuse(field, citation, format string, args ...any) *Error {
	return (&Error{Code: Refused, Field: field, Citation: citation}).Say(format, args...)
}

// Say sets the message, and what it is made from.
func (e *Error) Say(format string, args ...any) *Error {
	e.Message, e.Key, e.Args = fmt.Sprintf(format, args...), "", nil
	if len(args) > 0 {
		e.Key = format
		for _, a := range args {
			e.Args = append(e.Args, fmt.Sprint(a))
		}
	}
	return e
}

// in says of which element of a list the error is.
func (e *Error) in(list string, i int) *Error {
	e.Field = fmt.Sprintf("%s[%d].%s", list, i, e.Field)
	return e
}
