package main

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"

	"guitu/internal/roster"
)

// correct puts the client of a known order right, where the row is that order with another
// name, phone or address. Where it is another order, what the API said of it stays.
func (im importer) correct(ctx context.Context, row roster.Row, body []byte, refusal problemReply) (int, []roster.Problem, error) {
	path, query, dry := strings.Cut(im.path, "?")
	path += "/update-client"
	if dry {
		path += "?" + query
	}
	status, raw, err := im.call(ctx, http.MethodPost, path, body)
	if err != nil {
		return 0, nil, im.unreachable(err)
	}
	reply := replyOf(status, raw)
	switch {
	case status == http.StatusOK:
	case status == http.StatusUnprocessableEntity:
		return status, reply.problems(), nil
	case status < http.StatusInternalServerError:
		return http.StatusConflict, refusal.problems(), nil
	default:
		return 0, nil, im.fail("api.failed", row.Number, status, reply.Detail)
	}
	var done struct {
		Changes []struct {
			State  string   `json:"state"`
			Fields []string `json:"fields"`
		} `json:"changes"`
	}
	if err := json.Unmarshal(raw, &done); err != nil {
		return 0, nil, im.fail("api.failed", row.Number, status, err)
	}
	var told []roster.Problem
	for _, c := range done.Changes {
		key := "client.changed"
		if c.State == "waiting" {
			key = "client.waits"
		} else if dry {
			key = "client.would"
		}
		for _, f := range c.Fields {
			told = append(told, roster.Problem{Column: f, Message: roster.Message{Key: key}})
		}
	}
	return http.StatusOK, told, nil
}
