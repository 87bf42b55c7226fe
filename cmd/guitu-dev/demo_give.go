package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"

	"guitu/api"
	"guitu/board"
	"guitu/rehab"
)

// do gives the command that an obligation asks for.
func (d *demo) do(ctx context.Context, o board.ObligationRow, key string, today rehab.Date, c command) error {
	return d.command(ctx, o.CaseID, key, today, c, func() (bool, error) {
		rows, err := d.boards.Obligations(ctx, o.CaseID)
		return slices.ContainsFunc(rows, func(x board.ObligationRow) bool { return x.Obligation == o.Obligation }), err
	})
}

// command gives a command once a day at most. What is refused although things are still
// as they were is a fault of the demonstration, or of the rules, and is told as one.
func (d *demo) command(ctx context.Context, caseID, key string, today rehab.Date, c command, still func() (bool, error)) error {
	key = "demo-" + key
	if d.tried[caseID+key] == today {
		return nil
	}
	d.tried[caseID+key], d.busy[caseID] = today, true
	status, answer, err := d.post(ctx, "/v1/cases/"+caseID+"/"+c.name, key, c.body)
	switch {
	case err != nil:
		return err
	case status < 300:
		d.done[c.name]++
		return nil
	case status >= 500:
		return fmt.Errorf("%s, %s: %d %s", c.name, caseID, status, answer)
	}
	same, err := still()
	if err != nil {
		return err
	}
	if !same {
		d.done["overtaken"]++ // by time, between the look and the command
		return nil
	}
	d.refuse(c.name, status, answer)
	return nil
}

// refuse counts a refusal by command and reason, and tells of the first of each.
func (d *demo) refuse(name string, status int, answer string) {
	var p api.Problem
	reason := answer
	if json.Unmarshal([]byte(answer), &p) == nil && p.Code != "" {
		reason = p.Code + ": " + p.Field + ": " + p.Detail
		for _, e := range p.Errors {
			reason += "; " + e.Field + ": " + e.Detail
		}
	}
	reason = name + ": " + days.ReplaceAllString(reason, "#")
	if d.refused[reason]++; d.refused[reason] == 1 {
		d.log.Error(d.story.lang.Line("the demonstration was refused a command"), "command", name, "status", status, "answer", answer)
	}
}

// days are left out of a reason, so that it is the same on each of them.
var days = regexp.MustCompile(`\d{4}-\d\d-\d\d`)

func (d *demo) post(ctx context.Context, path, key string, body any) (int, string, error) {
	raw, err := json.Marshal(body)
	if err != nil {
		return 0, "", err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, d.server+path, bytes.NewReader(raw)) //nolint:gosec // the API of this very process
	if err != nil {
		return 0, "", err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+d.token)
	req.Header.Set("Accept-Language", "en")
	if key != "" {
		req.Header.Set("Idempotency-Key", key)
	}
	res, err := d.http.Do(req) //nolint:gosec // likewise
	if err != nil {
		return 0, "", err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(res.Body, 1<<16))
	return res.StatusCode, string(answer), err
}
