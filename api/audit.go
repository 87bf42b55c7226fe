package api

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"

	"guitu/board"
	"guitu/input"
	"guitu/rehab"
)

// Audit keeps the read log. Note answers Unavailable where it takes no entry: the read is
// refused then, so that nothing is shown that was not logged.
type Audit interface {
	Note(r board.Read) error
}

// ReadLog reads the read log.
type ReadLog interface {
	// Reads lists entries, the latest first.
	Reads(ctx context.Context, f board.ReadFilter) ([]board.Read, error)
}

// unlogged are the reads that show nothing of a person: what is added later is logged.
var unlogged = []string{
	"get-me", "get-codes", "list-places", "get-place", "get-place-history", "list-indicators", "stream-events", "list-policies", "get-policy", "list-calendars", "list-webhook-events",
	"get-session", "list-sessions", "list-passkeys",
	"list-forms", "get-form", "get-form-figures", "get-escalation-funnel", "get-evaluation-trend", "list-coverage-on", "list-simulations", "get-simulation", "list-views",
}

// shows are the acts that show a file as a read does.
var shows = []string{"list-identities", "link-document", "find-case", "search-clients", codecOperation}

// isRead reports whether the operation shows something that is logged.
func isRead(op huma.Operation) bool {
	return op.OperationID == "open-document" || len(op.Security) > 0 &&
		(op.Method == http.MethodGet && !slices.Contains(unlogged, op.OperationID) || slices.Contains(shows, op.OperationID))
}

// asking is where a request comes from and what it names.
type asking struct{ subject, reason, address string }

const maxReason = 200 // characters

// withAsking keeps for the read log what the handler does not see.
func (s *server) withAsking(ctx huma.Context) huma.Context {
	address := humagin.Unwrap(ctx).ClientIP()
	if address == "" {
		address = ctx.RemoteAddr()
	}
	subject := ctx.Param("id")
	if subject == "" {
		subject = ctx.Query("place")
	}
	return huma.WithValue(ctx, askingKey, asking{cut(subject, 128), reasonOf(ctx.Header("Read-Reason")), cut(address, 64)})
}

// reasonOf is the header as it may be kept.
func reasonOf(header string) string {
	if !utf8.ValidString(header) || input.Bad(header, false) != "" {
		return ""
	}
	return cut(strings.TrimSpace(header), maxReason)
}

// cut shortens a text to what the database takes.
func cut(text string, n int) string {
	runes := []rune(strings.Map(func(r rune) rune {
		if r < 0x20 || r == utf8.RuneError {
			return -1
		}
		return r
	}, text))
	return string(runes[:min(n, len(runes))])
}

// lists is an answer that shows identities of several cases.
type lists interface{ listed() []string }

func (o *listOutput) listed() []string  { return idsOf(o.Body.Cases) }
func (o *boardOutput) listed() []string { return idsOf(o.Body.Rows) }

func idsOf(rows []CaseRow) []string {
	out := make([]string, len(rows))
	for i, r := range rows {
		out[i] = r.CaseID
	}
	return out
}

// note writes the read of the request into the log, before its answer goes out.
func (s *server) note(ctx context.Context, a rehab.Actor, operation string, out any) error {
	asked, _ := ctx.Value(askingKey).(asking)
	r := board.Read{
		At: s.Wall(), Actor: a, Operation: operation, Subject: asked.subject, Reason: asked.reason, Address: asked.address, RequestID: requestID(ctx),
	}
	if a == (rehab.Actor{}) {
		r.Actor = rehab.Actor{Role: "link"}
	}
	if l, ok := out.(lists); ok {
		r.Cases = l.listed()
	}
	return s.Audit.Note(r)
}

// AuditList is a page of the read log, the latest first. Next is the value of before for the
// next page.
type AuditList struct {
	Reads []board.Read `json:"reads" nullable:"false"`
	Next  int64        `json:"next,omitempty"`
}

func (s *server) auditRoutes() {
	operation(s, huma.Operation{
		OperationID: "list-audit", Method: http.MethodGet, Path: "/v1/audit", Tags: []string{"audit"},
		Summary:     "List who read what, the latest first",
		Description: "For the auditor: of an area, what accounts of that area read. Reading the log is in the log. What was read a moment ago may take a tenth of a second to appear.",
	}, s.listAudit)
}

type auditInput struct {
	CaseID string `query:"case_id" maxLength:"128" pattern:"^[A-Za-z0-9._:-]*$" patternDescription:"an id" doc:"What was read of one case or record."`
	Actor  string `query:"actor" maxLength:"64" pattern:"^[A-Za-z0-9._:-]*$" patternDescription:"an id" doc:"What one account read."`
	Before int64  `query:"before" minimum:"0" doc:"Position of the last entry of the page before."`
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

type auditOutput struct{ Body AuditList }

func (s *server) listAudit(ctx context.Context, a rehab.Actor, in *auditInput) (*auditOutput, error) {
	if a.Role != rehab.Admin && a.Role != rehab.Auditor {
		return nil, &rehab.Error{Code: rehab.Forbidden, Message: "the read log is for the auditor"}
	}
	list, err := s.ReadLog.Reads(ctx, board.ReadFilter{Place: a.Place, CaseID: in.CaseID, Actor: in.Actor, Before: in.Before, Limit: in.Limit + 1})
	if err != nil {
		return nil, err
	}
	out := &auditOutput{AuditList{Reads: []board.Read{}}}
	list, out.Body.Next = upTo(list, in.Limit, func(x board.Read) int64 { return x.Position })
	out.Body.Reads = append(out.Body.Reads, list...)
	return out, nil
}
