package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"guitu/rehab"
)

// Facts are what every command may say beside its own fields.
type Facts struct {
	OccurredAt string `json:"occurred_at,omitempty" maxLength:"40" doc:"When it happened: an instant (RFC 3339) or a day in Shanghai; now by default." example:"2026-10-08"`
	Note       string `json:"note,omitempty" maxLength:"2000" doc:"Free text, kept under the case's own key."`
}

// Reasoned are the Facts of a command that needs a reason.
type Reasoned struct {
	OccurredAt string `json:"occurred_at,omitempty" maxLength:"40" doc:"When it happened: an instant (RFC 3339) or a day in Shanghai; now by default." example:"2026-10-08"`
	Note       string `json:"note" minLength:"1" maxLength:"2000" doc:"Why, or what will be done, in words. Kept under the case's own key."`
}

func (f Facts) facts() Facts    { return f }
func (r Reasoned) facts() Facts { return Facts(r) }

// wire is the body of a command as it is sent.
type wire interface {
	command() rehab.CommandBody
	facts() Facts
}

// reading is a body that may say what cannot be read.
type reading interface {
	read() (rehab.CommandBody, error)
}

func bodyOf(b wire) (rehab.CommandBody, error) {
	if r, ok := b.(reading); ok {
		return r.read()
	}
	return b.command(), nil
}

// The bodies: the core's own, and what came with them.
type (
	reportIn struct {
		rehab.ReportIn
		Facts
	}
	signAgreement struct {
		rehab.SignAgreement
		Facts
	}
	recordContact struct {
		rehab.RecordContact
		Facts
	}
	visitCompleted struct {
		Channel rehab.Channel `json:"channel,omitempty" doc:"home_visit by default"`
		Outcome rehab.Outcome `json:"outcome,omitempty" doc:"met by default"`
		Excuse  rehab.Excuse  `json:"excuse,omitempty"`
		Who     rehab.Who     `json:"who,omitempty"`
		Mood    rehab.Mood    `json:"mood,omitempty"`
		Facts
	}
	recordTest struct {
		rehab.RecordTest
		Facts
	}
	recordAssessment struct {
		rehab.RecordAssessment
		Facts
	}
	confirmMiss struct {
		rehab.ConfirmMiss
		Facts
	}
	dismissMiss struct {
		rehab.DismissMiss
		Reasoned
	}
	justifyMiss struct {
		rehab.JustifyMiss
		Reasoned
	}
	acknowledgeEscalation struct {
		rehab.AcknowledgeEscalation
		Reasoned
	}
	changeRisk struct {
		rehab.ChangeRisk
		Facts
	}
	assignWorker struct {
		rehab.AssignWorker
		Facts
	}
	recordLeaving struct {
		rehab.RecordLeaving
		Facts
	}
	submitReleaseFile struct {
		rehab.SubmitReleaseFile
		Facts
	}
	release struct {
		rehab.Release
		Facts
	}
)

func (b reportIn) command() rehab.CommandBody              { return b.ReportIn }
func (b signAgreement) command() rehab.CommandBody         { return b.SignAgreement }
func (b recordContact) command() rehab.CommandBody         { return b.RecordContact }
func (b recordTest) command() rehab.CommandBody            { return b.RecordTest }
func (b recordAssessment) command() rehab.CommandBody      { return b.RecordAssessment }
func (b confirmMiss) command() rehab.CommandBody           { return b.ConfirmMiss }
func (b dismissMiss) command() rehab.CommandBody           { return b.DismissMiss }
func (b justifyMiss) command() rehab.CommandBody           { return b.JustifyMiss }
func (b acknowledgeEscalation) command() rehab.CommandBody { return b.AcknowledgeEscalation }
func (b changeRisk) command() rehab.CommandBody            { return b.ChangeRisk }
func (b assignWorker) command() rehab.CommandBody          { return b.AssignWorker }
func (b recordLeaving) command() rehab.CommandBody         { return b.RecordLeaving }
func (b submitReleaseFile) command() rehab.CommandBody     { return b.SubmitReleaseFile }
func (b release) command() rehab.CommandBody               { return b.Release }

// command of a completed visit: a home visit at which the client was met, unless it says otherwise.
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

// commandRoutes lists the commands a case takes, in the order of a life.
func (s *server) commandRoutes() {
	operation(s, s.openOperation(), s.openCase)
	command[reportIn](s, "report-in", "The client reported in at the station")
	command[signAgreement](s, "sign-agreement", "The agreement was signed")
	command[recordContact](s, "record-contact", "Record an attempt to reach the client, whatever came of it")
	command[visitCompleted](s, "visit-completed", "Record a completed visit: record-contact with the usual channel and outcome")
	command[recordTest](s, "record-test", "Record a test or the failed attempt at one")
	s.testingRoutes()
	command[recordAssessment](s, "record-assessment", "Record a half-yearly or yearly assessment")
	command[confirmMiss](s, "confirm-miss", "Confirm a provisional miss")
	command[dismissMiss](s, "dismiss-miss", "Say that a miss was none, and why")
	command[justifyMiss](s, "justify-miss", "Accept a justified reason for a miss")
	command[acknowledgeEscalation](s, "acknowledge-escalation", "Answer for an escalation: what will be done, by when")
	command[changeRisk](s, "change-risk", "Put the client into another risk class")
	command[assignWorker](s, "assign-worker", "Give the case to a worker")
	command[recordLeaving](s, "record-leaving", "Record an unauthorised leaving")
	s.breachRoutes()
	s.outreachRoutes()
	s.rarerRoutes()
	s.helpCommandRoutes()
	s.referralCommandRoutes()
	s.transferCommands()
	command[submitReleaseFile](s, "submit-release-file", "Say that the release file went to the police")
	command[release](s, "release", "Record the police's notice of release: the measure ends, after-care begins")
	s.afterCareRoutes()
	s.migrationRoutes()
	s.amendRoutes()
}

type commandInput[B wire] struct {
	ID             string `path:"id" doc:"Case id."`
	IdempotencyKey string `header:"Idempotency-Key" maxLength:"128" pattern:"^[!-~]*$" patternDescription:"visible ASCII characters" doc:"Id of the command: it acts once, however often it is sent. Made by the server where it is missing."`
	DryRun         bool   `query:"dry_run" doc:"Only show what the command would change; nothing is recorded."`
	Body           B
}

func command[B wire](s *server, name, summary string) {
	op := huma.Operation{
		OperationID: name, Method: http.MethodPost, Path: "/v1/cases/{id}/" + name, Tags: []string{"commands"}, Summary: summary,
		Description: "Answers 200 once the command is in the ledger, with duplicate: true when it acted before, and known: true when the " +
			"record says so already; 202 when it was left with the engine.",
		Responses: answers[CommandResult](s, http.StatusAccepted),
	}
	operation(s, op, func(ctx context.Context, a rehab.Actor, in *commandInput[B]) (*commandOutput, error) {
		body, err := bodyOf(in.Body)
		if err != nil {
			return nil, err
		}
		if in.DryRun {
			return s.rehearse(ctx, a, in.ID, in.IdempotencyKey, body, in.Body.facts())
		}
		return s.take(ctx, a, in.ID, in.IdempotencyKey, body, in.Body.facts())
	})
}
