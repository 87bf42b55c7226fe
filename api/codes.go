package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"guitu/rehab"
	"guitu/words"
)

// Codes is the vocabulary of the API: what every code is called, for forms and lists.
type Codes struct {
	Enums    []rehab.Enum  `json:"enums" nullable:"false" doc:"What a field may say, and what the engine says: roles, phases, risk classes and so on."`
	Commands []CommandWord `json:"commands" nullable:"false" doc:"In the order of a life."`
	Duties   []DutyWord    `json:"duties" nullable:"false" doc:"The kinds of obligations, in the order of a life."`
}

// CommandWord is a command with its words and what it asks for.
type CommandWord struct {
	Code         string       `json:"code"`
	ZH           string       `json:"zh"`
	EN           string       `json:"en"`
	Roles        []rehab.Role `json:"roles" nullable:"false" doc:"Who may give it."`
	Reason       bool         `json:"reason" doc:"It needs a note."`
	Settles      []rehab.Kind `json:"settles" nullable:"false" doc:"The duties that it is the answer to."`
	AfterRelease bool         `json:"after_release" doc:"A released case takes it."`
	Suspended    bool         `json:"suspended" doc:"A suspended case takes it."`
}

// DutyWord is a kind of duty with its words, and the command that settles it.
type DutyWord struct {
	Code      string `json:"code"`
	ZH        string `json:"zh"`
	EN        string `json:"en"`
	Client    bool   `json:"client" doc:"The client owes it; all others the offices owe."`
	Recurring bool   `json:"recurring" doc:"It comes in windows."`
	Command   string `json:"command" doc:"What settles it."`
}

func (s *server) codesRoutes() {
	operation(s, huma.Operation{
		OperationID: "get-codes", Method: http.MethodGet, Path: "/v1/codes", Tags: []string{"organisation"},
		Summary:     "Name every code in Chinese and English: enums, commands, duties",
		Description: "The same for everybody, until the next release: it may be kept for an hour.",
	}, s.codes)
}

type codesOutput struct {
	CacheControl string `header:"Cache-Control"`
	Body         Codes
}

func (s *server) codes(context.Context, rehab.Actor, *struct{}) (*codesOutput, error) {
	out := &codesOutput{CacheControl: "private, max-age=3600", Body: Codes{Enums: append(rehab.Enums(), words.Lists()...), Commands: []CommandWord{}, Duties: []DutyWord{}}}
	for _, c := range rehab.Commands() {
		out.Body.Commands = append(out.Body.Commands, CommandWord{
			Code: c.Type, ZH: c.ZH, EN: c.EN, Roles: c.By, Reason: c.Reason,
			Settles: append([]rehab.Kind{}, c.Settles...), AfterRelease: c.AfterRelease, Suspended: !c.MovesClock,
		})
	}
	for _, d := range rehab.Duties() {
		out.Body.Duties = append(out.Body.Duties, DutyWord{
			Code: string(d.Kind), ZH: d.ZH, EN: d.EN, Client: d.Client, Recurring: d.Recurring,
			Command: rehab.SettledBy(d.Kind, false).Type,
		})
	}
	return out, nil
}
