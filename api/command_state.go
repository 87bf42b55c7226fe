package api

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"guitu/board"
	"guitu/rehab"
	"guitu/words"
)

// CommandStates keeps what became of commands.
type CommandStates interface {
	// KeepCommandState keeps the state of a command of the actor that the ledger does not hold.
	KeepCommandState(ctx context.Context, actor, key string, c board.CommandState) error
	// CommandStates are those of the actor's own commands under the key, one a case.
	CommandStates(ctx context.Context, actor, key string) ([]board.CommandState, error)
}

// CommandState says what became of a command.
type CommandState struct {
	CaseID  string                `json:"case_id"`
	Command string                `json:"command,omitempty" doc:"Its name; missing where it was recorded before names were kept."`
	State   board.CommandStanding `json:"state" enum:"accepted,recorded,refused,known" doc:"accepted: left with the engine, which has not taken it yet. recorded: in the ledger. known: the record said so already. refused: nothing was recorded; problem says why."`
	Seq     int64                 `json:"seq,omitempty" doc:"Of the record in the timeline of the case."`
	At      time.Time             `json:"at" doc:"When it came to that."`
	Problem *Problem              `json:"problem,omitempty" doc:"What it was answered when it was refused."`
}

// CommandStateList has one state for each case that the key was used for.
type CommandStateList struct {
	Commands []CommandState `json:"commands" nullable:"false"`
}

func (s *server) commandStateRoutes() {
	operation(s, huma.Operation{
		OperationID: "get-command", Method: http.MethodGet, Path: "/v1/commands/{key}", Tags: []string{"commands"},
		Summary: "Say what became of one's own command, by its Idempotency-Key",
		Description: "For who was answered 202, or not at all. Commands of others are not there. What the ledger does not hold, because it was refused or known, " +
			"is kept for 30 days. A key that was never seen is 404: send the command again under it.",
	}, s.commandState)
}

type commandStateInput struct {
	Key string `path:"key" minLength:"1" maxLength:"128" doc:"The Idempotency-Key that the command was sent with, or that its answer had."`
}

type commandStateOutput struct{ Body CommandStateList }

func (s *server) commandState(ctx context.Context, a rehab.Actor, in *commandStateInput) (*commandStateOutput, error) {
	if err := rehab.CheckKey(in.Key); err != nil {
		return nil, err
	}
	list, err := s.CommandStates.CommandStates(ctx, a.ID, in.Key)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, &rehab.Error{Code: rehab.NotFound, Message: "no command of yours came under this key"}
	}
	out := &commandStateOutput{CommandStateList{Commands: []CommandState{}}}
	for _, c := range list {
		x := CommandState{CaseID: c.CaseID, Command: c.Type, State: c.State, Seq: c.Seq, At: c.At}
		if c.Refusal != nil {
			x.Problem = problemOf(c.Refusal)
		}
		out.Body.Commands = append(out.Body.Commands, x)
	}
	return out, nil
}

func (l CommandStateList) in(lang words.Lang) any {
	l.Commands = slices.Clone(l.Commands)
	for i := range l.Commands {
		if p := l.Commands[i].Problem; p != nil {
			l.Commands[i].Problem = p.in(lang)
		}
	}
	return l
}
