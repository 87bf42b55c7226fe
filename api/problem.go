package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gin-gonic/gin"

	"guitu/casework"
	"guitu/input"
	"guitu/rehab"
)

// Problem is the one form of every error (RFC 9457). Code says what the caller can do
// about it, Field which input is wrong, Citation which rule says no.
type Problem struct {
	Type      string        `json:"type" doc:"A name for the class of the problem." example:"urn:guitu:problem:refused"`
	Title     string        `json:"title" doc:"The HTTP status in words."`
	Status    int           `json:"status" minimum:"400" maximum:"599"`
	Detail    string        `json:"detail" doc:"What is wrong, in a sentence."`
	Code      string        `json:"code" enum:"invalid,unauthenticated,second_factor,not_found,conflict,forbidden,refused,known,too_many,unavailable,internal"`
	Field     string        `json:"field,omitempty" doc:"Path of the field that is wrong." example:"carried.reported_on"`
	Citation  string        `json:"citation,omitempty" doc:"The rule that says no." example:"DRR art.14"`
	Record    int64         `json:"record,omitempty" doc:"Of what is known already: the sequence of its record in the timeline."`
	RequestID string        `json:"request_id,omitempty"`
	Errors    []ProblemItem `json:"errors,omitempty" nullable:"false" doc:"Each thing that is wrong, where there are several."`

	header http.Header
	said   *rehab.Error  // what it was made of,
	items  []ProblemItem // or these
}

// ProblemItem is one of several things that are wrong.
type ProblemItem struct {
	Field    string `json:"field"`
	Detail   string `json:"detail"`
	Citation string `json:"citation,omitempty"`
}

// unauthenticated is the code of a request without a valid token.
const unauthenticated = "unauthenticated"

// statusOf is the table from code to HTTP status.
var statusOf = map[rehab.Code]int{
	rehab.Invalid:     http.StatusUnprocessableEntity,
	rehab.NotFound:    http.StatusNotFound,
	rehab.Conflict:    http.StatusConflict,
	rehab.Forbidden:   http.StatusForbidden,
	rehab.Refused:     http.StatusUnprocessableEntity,
	rehab.Known:       http.StatusConflict, // where nobody made a receipt of it
	rehab.Unavailable: http.StatusServiceUnavailable,
	rehab.Internal:    http.StatusInternalServerError,
}

// problemOf turns any error into a Problem. What is inside an internal error stays
// inside: the caller logs it.
func problemOf(err error) *Problem {
	var p *Problem
	if errors.As(err, &p) {
		return p
	}
	var flaws input.Flaws
	if errors.As(err, &flaws) {
		items := make([]ProblemItem, len(flaws))
		for i, f := range flaws {
			items[i] = ProblemItem(f)
		}
		return invalid(http.StatusUnprocessableEntity, items...)
	}
	var faults casework.FormFaults
	if errors.As(err, &faults) {
		return faultsProblem(faults)
	}
	if p := signInProblem(err); p != nil {
		return p
	}
	var e *rehab.Error
	if !errors.As(err, &e) {
		e = &rehab.Error{Code: rehab.Internal}
		if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
			e = &rehab.Error{Code: rehab.Unavailable, Message: "the answer took too long"}
		}
	}
	status, known := statusOf[e.Code]
	if !known || e.Code == rehab.Internal {
		return problem(http.StatusInternalServerError, "a fault of the engine; it was logged under this request id")
	}
	p = problem(status, e.Message)
	if e.Code == rehab.Invalid {
		p.Detail = sentence(e.Field, e.Message)
	}
	p.setCode(string(e.Code))
	p.Field, p.Citation, p.Record, p.said = e.Field, e.Citation, e.Record, e
	if e.Code == rehab.Unavailable {
		p.header = http.Header{"Retry-After": {"2"}}
	}
	return p
}

// problem of a status alone; the code follows from it.
func problem(status int, detail string) *Problem {
	p := &Problem{Title: http.StatusText(status), Status: status, Detail: detail}
	switch {
	case status == http.StatusUnauthorized:
		p.setCode(unauthenticated)
		p.header = http.Header{"WWW-Authenticate": {`Bearer realm="guitu"`}}
	case status == http.StatusForbidden:
		p.setCode(string(rehab.Forbidden))
	case status == http.StatusNotFound:
		p.setCode(string(rehab.NotFound))
	case status == http.StatusConflict:
		p.setCode(string(rehab.Conflict))
	case status == http.StatusTooManyRequests:
		p.setCode("too_many")
	case status == http.StatusServiceUnavailable:
		p.setCode(string(rehab.Unavailable))
	case status >= http.StatusInternalServerError:
		p.setCode(string(rehab.Internal))
	default:
		p.setCode(string(rehab.Invalid))
	}
	return p
}

// invalid is a Problem about one or several fields.
func invalid(status int, items ...ProblemItem) *Problem {
	p := problem(status, sentence(items[0].Field, items[0].Detail))
	p.Field, p.Citation, p.items = items[0].Field, items[0].Citation, items
	if len(items) > 1 {
		p.Errors = items
	}
	return p
}

// sentence gives a detail its subject.
func sentence(field, detail string) string {
	if field == "" || field == "body" {
		return detail
	}
	return field + ": " + detail
}

func (p *Problem) setCode(code string) { p.Code, p.Type = code, "urn:guitu:problem:"+code }

func (p *Problem) Error() string { return p.Code + ": " + p.Detail }

// GetStatus, GetHeaders and ContentType tell huma how to write the Problem.
func (p *Problem) GetStatus() int { return p.Status }

// GetHeaders are the headers that belong to the status.
func (p *Problem) GetHeaders() http.Header { return p.header }

// ContentType is the one of RFC 9457.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// write answers a request that did not reach an operation.
func (p *Problem) write(c *gin.Context) {
	p = p.in(language(c.Request.Context()))
	p.RequestID = requestID(c.Request.Context())
	for k := range p.header {
		c.Header(k, p.header[k][0])
	}
	c.Header("Content-Type", p.ContentType(""))
	c.Status(p.Status)
	_ = json.NewEncoder(c.Writer).Encode(p) // the client is gone: nobody is left to tell
	c.Abort()
}

// rewriteHumaError brings huma's own validation errors into our form, without the
// values that were sent.
func rewriteHumaError(ctx huma.Context, _ string, v any) (any, error) {
	m, ok := v.(*huma.ErrorModel)
	if !ok {
		return v, nil
	}
	p := problem(m.Status, m.Detail)
	if len(m.Errors) > 0 {
		items := make([]ProblemItem, len(m.Errors))
		for i, e := range m.Errors {
			items[i] = itemOf(e)
		}
		p = invalid(m.Status, items...)
	}
	p.RequestID = requestID(ctx.Context())
	return p, nil
}

const requiredProperty = "expected required property "

// itemOf names the field as the caller wrote it: no "body." before it, and a missing
// property by its own name instead of its parent's.
func itemOf(e *huma.ErrorDetail) ProblemItem {
	field, detail := e.Location, e.Message
	for _, in := range []string{"body.", "query.", "header.", "path."} {
		if rest, ok := strings.CutPrefix(field, in); ok {
			field = rest
			break
		}
	}
	if rest, ok := strings.CutPrefix(detail, requiredProperty); ok {
		name := strings.TrimSuffix(rest, " to be present")
		detail = "is missing"
		if field == "body" {
			return ProblemItem{Field: name, Detail: detail}
		}
		return ProblemItem{Field: field + "." + name, Detail: detail}
	}
	if detail == "unexpected property" {
		detail = "is not a field of this request"
	}
	return ProblemItem{Field: field, Detail: detail}
}
