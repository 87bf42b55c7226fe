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

// Command asks the case to change. ID is the caller's: a command id acts once.
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
	// check looks at the body alone: types, ranges, enumerations.
	check() *Error
	// decide emits what the command brings to the case, or refuses it before the first
	// event. on is the day of OccurredAt in Shanghai.
	decide(d *decision, on Date) *Error
}

// OpenCase opens the case with the service of the order. All other commands need an
// open case. Carried tells what was done before the case came into the system.
type OpenCase struct {
	Measure     Measure       `json:"measure"`
	TermMonths  int           `json:"term_months"`
	DecidedOn   Date          `json:"decided_on"`
	ServedOn    Date          `json:"served_on"`
	Method      ServiceMethod `json:"service_method"`
	FamilyTold  Date          `json:"family_told_on,omitzero"` // when the family had the order (DRR art.13)
	PrintedEnd  Date          `json:"printed_end,omitzero"`
	CreditDays  int           `json:"credit_days,omitempty"`
	Place       string        `json:"place"`
	Worker      string        `json:"worker,omitempty"`
	Risk        Risk          `json:"risk"`
	Maintenance bool          `json:"maintenance_therapy,omitempty"`
	WantsWork   bool          `json:"employment_intent,omitempty"`
	Sex         Sex           `json:"sex,omitempty"` // missing in cases opened before it was asked
	Policy      PolicyRef     `json:"policy"`
	Carried     *Carried      `json:"carried,omitempty"`
}

// Carried is the state of a case already under way elsewhere. AgreementOn may be empty.
// ChangedOn says that the place of execution changed to ours on that day: the client has to
// report in here, and signs anew (DRR art.22). With it, ReportedOn may be empty: the place
// changed before the first report-in. What counts under DRR art.20 counts on; Violations
// are the grounds of which the police were told elsewhere.
type Carried struct {
	ReportedOn  Date `json:"reported_on,omitzero"`
	AgreementOn Date `json:"agreement_on,omitzero"`
	ChangedOn   Date `json:"changed_on,omitzero"`
	Tests       int  `json:"tests,omitempty"`
	Contacts    int  `json:"contacts,omitempty"`

	TestBreaches   int      `json:"test_breaches,omitempty"`
	Leavings       int      `json:"leavings,omitempty"`
	AbsenceDays    int      `json:"absence_days,omitempty"`
	DeemedRefusals int      `json:"deemed_refusals,omitempty"`
	Relapses       int      `json:"relapses,omitempty"`
	Violations     []Ground `json:"violations,omitempty"`
}

// ReportIn is the client's report at the station, on the day of OccurredAt.
type ReportIn struct{ Another }

// SignAgreement is the signing of the agreement, on the day of OccurredAt.
type SignAgreement struct{ Another }

// RecordContact is a contact attempt or a visit. What goes beyond channel and outcome may
// be left out: the excuse of a client who declined, who was met, how the client seemed,
// and whether a new phone number was learnt (the number itself belongs to the identity).
type RecordContact struct {
	Channel      Channel `json:"channel"`
	Outcome      Outcome `json:"outcome"`
	Excuse       Excuse  `json:"excuse,omitempty"`
	Who          Who     `json:"who,omitempty"`
	Mood         Mood    `json:"mood,omitempty"`
	PhoneChanged bool    `json:"phone_changed,omitempty"`
	Another
}

// RecordAssessment is a half-yearly or yearly assessment.
type RecordAssessment struct{ Another }

// ConfirmMiss confirms a provisional miss. For a test, Evasion says that it counts
// as evading under DRR art.20; a miss of report-in is confirmed as deemed refusal.
type ConfirmMiss struct {
	Obligation ObligationID `json:"obligation"`
	Evasion    bool         `json:"evasion,omitempty"`
}

// DismissMiss says that a miss was none; the reason is the command's text.
type DismissMiss struct {
	Obligation ObligationID `json:"obligation"`
}

// JustifyMiss gives a justified reason. Until is the new last day of what still has
// to be done; it may be left out for a window.
type JustifyMiss struct {
	Obligation ObligationID    `json:"obligation"`
	Reason     JustifiedReason `json:"reason"`
	Until      Date            `json:"until,omitzero"`
}

// AcknowledgeEscalation answers for an escalation: by the end of the day Promise
// something will have been done. Who: the actor; what and why: the command's text.
type AcknowledgeEscalation struct {
	Escalation int64 `json:"escalation"`
	Promise    Date  `json:"promise"`
}

// ChangeRisk puts the client into another risk class from the day of OccurredAt.
type ChangeRisk struct {
	Risk Risk `json:"risk"`
}

// AssignWorker gives the case to a worker.
type AssignWorker struct {
	Worker string `json:"worker"`
}

// RecordLeaving records an unauthorised leaving; To is the day of return.
type RecordLeaving struct {
	From Date `json:"from"`
	To   Date `json:"to"`
}

// SubmitReleaseFile says that the file went to the police on the day of OccurredAt.
type SubmitReleaseFile struct{}

// Release records the police's notice of release of the day of OccurredAt.
type Release struct{}

func (OpenCase) CommandType() string              { return "open-case" }
func (ReportIn) CommandType() string              { return "report-in" }
func (SignAgreement) CommandType() string         { return "sign-agreement" }
func (RecordContact) CommandType() string         { return "record-contact" }
func (RecordAssessment) CommandType() string      { return "record-assessment" }
func (ConfirmMiss) CommandType() string           { return "confirm-miss" }
func (DismissMiss) CommandType() string           { return "dismiss-miss" }
func (JustifyMiss) CommandType() string           { return "justify-miss" }
func (AcknowledgeEscalation) CommandType() string { return "acknowledge-escalation" }
func (ChangeRisk) CommandType() string            { return "change-risk" }
func (AssignWorker) CommandType() string          { return "assign-worker" }
func (RecordLeaving) CommandType() string         { return "record-leaving" }
func (SubmitReleaseFile) CommandType() string     { return "submit-release-file" }
func (Release) CommandType() string               { return "release" }

// CommandTypes lists every command a case takes, in the order of a life.
func CommandTypes() []string {
	out := make([]string, 0, len(commandKinds))
	for _, t := range topics() {
		for _, k := range t.commands {
			out = append(out, k.name)
		}
	}
	return out
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
	switch {
	case c.Body == nil:
		return InvalidField("type", "a command needs a type and a body")
	case len(c.ID) == 0 || len(c.ID) > 128:
		return InvalidField("command_id", "a command id has 1 to 128 characters, this one has %d", len(c.ID))
	case c.Actor.ID == "":
		return InvalidField("actor", "a command needs to name who acts")
	case c.OccurredAt.IsZero():
		return InvalidField("occurred_at", "when it happened is missing")
	}
	for _, r := range c.ID {
		if r < 0x21 || r > 0x7e {
			return InvalidField("command_id", "a command id holds visible ASCII characters only")
		}
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
