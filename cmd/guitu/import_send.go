package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"guitu/internal/roster"
	"guitu/words"
)

// importer sends rows to the API.
type importer struct {
	server, path, token string
	lang                roster.Lang
	http                *http.Client
}

// errElsewhere says that the API sent a request on to another host: names and identity
// numbers go to the one that was configured, or nowhere.
type errElsewhere struct{ host string }

func (e errElsewhere) Error() string { return "redirect to " + e.host }

func newImporter(server, token, path string, check bool, lang roster.Lang) importer {
	if check {
		path += "?dry_run=true"
	}
	return importer{server: strings.TrimRight(server, "/"), path: path, token: token, lang: lang, http: &http.Client{
		Timeout: time.Minute,
		CheckRedirect: func(req *http.Request, via []*http.Request) error {
			if first := via[0].URL; req.URL.Host != first.Host || req.URL.Scheme != first.Scheme {
				return errElsewhere{req.URL.Scheme + "://" + req.URL.Host}
			}
			if len(via) >= 5 {
				return errors.New("the API redirects in a circle")
			}
			return nil
		},
	}}
}

// places are those of the API, by which names are read. An API without such a list leaves
// codes alone.
func (im importer) places(ctx context.Context) (roster.Places, error) {
	status, raw, err := im.call(ctx, http.MethodGet, "/v1/places", nil)
	switch {
	case err != nil:
		return nil, im.unreachable(err)
	case status == http.StatusUnauthorized:
		return nil, im.fail("api.token", im.server, replyOf(status, raw).Detail)
	}
	var list struct {
		Places roster.Places `json:"places"`
	}
	if status == http.StatusOK && json.Unmarshal(raw, &list) != nil {
		list.Places = nil // whatever answered has no list
	}
	return list.Places, nil
}

// checks finds out whether the API can say what would become of a row: one that cannot
// would take it.
func (im importer) checks(ctx context.Context) error {
	status, raw, err := im.call(ctx, http.MethodGet, "/openapi.json", nil)
	if err != nil {
		return im.unreachable(err)
	}
	var document struct {
		Paths map[string]struct {
			Post struct {
				Parameters []struct {
					Name string `json:"name"`
				} `json:"parameters"`
			} `json:"post"`
		} `json:"paths"`
	}
	if status == http.StatusOK && json.Unmarshal(raw, &document) == nil {
		path, _, _ := strings.Cut(im.path, "?")
		for _, p := range document.Paths[path].Post.Parameters {
			if p.Name == "dry_run" {
				return nil
			}
		}
	}
	return im.fail("api.nocheck", im.server)
}

func (im importer) fail(key string, args ...any) error {
	return errors.New(roster.Say(im.lang, key, args...))
}

func (im importer) unreachable(err error) error {
	var elsewhere errElsewhere
	if errors.As(err, &elsewhere) {
		return im.fail("redirect", elsewhere.host)
	}
	return im.fail("api.unreachable", im.server, err)
}

// run sends every row without a problem of its own, several at a time. The error is
// about the whole: the API cannot be reached or does not accept the token.
func (im importer) run(ctx context.Context, rows []roster.Row, parallel int, done func()) (importReport, error) {
	type outcome struct {
		status   int
		problems []roster.Problem
	}
	outcomes := make([]outcome, len(rows))
	var mu sync.Mutex // of done
	group, sending := errgroup.WithContext(ctx)
	group.SetLimit(max(parallel, 1))
	for i, row := range rows {
		if sending.Err() != nil {
			break
		}
		outcomes[i].problems = row.Problems
		if len(row.Problems) > 0 {
			done()
			continue
		}
		group.Go(func() error {
			status, problems, err := im.send(sending, row)
			outcomes[i] = outcome{status, problems}
			mu.Lock()
			defer mu.Unlock()
			done()
			return err
		})
	}
	if err := cmp.Or(group.Wait(), ctx.Err()); err != nil {
		return importReport{}, err
	}
	var report importReport
	for i, row := range rows {
		switch outcomes[i].status {
		case http.StatusOK:
			report.known++
		case http.StatusCreated:
			report.opened++
		default:
			report.refused = append(report.refused, roster.Refused{Row: row, Problems: outcomes[i].problems})
			continue
		}
		if all := append(row.Warnings, outcomes[i].problems...); len(all) > 0 {
			report.warned = append(report.warned, roster.Refused{Row: row, Problems: all})
		}
	}
	return report, nil
}

// send brings one row to the API. Status is 201 for a new one and 200 for one that is
// known, with problems that are the API's warnings; else they are its reasons to refuse
// the row. A busy API is asked again; what it knows then, it opened for the attempt whose answer
// was lost.
func (im importer) send(ctx context.Context, row roster.Row) (status int, problems []roster.Problem, err error) {
	body, err := json.Marshal(row.Request)
	if err != nil {
		return 0, nil, err
	}
	for attempt := 0; ; attempt++ {
		status, raw, err := im.call(ctx, http.MethodPost, im.path, body)
		if err != nil {
			return 0, nil, im.unreachable(err)
		}
		reply := replyOf(status, raw)
		switch {
		case status == http.StatusOK && len(reply.DryRun) > 0 && !reply.Duplicate && strings.Contains(im.path, "dry_run"):
			return http.StatusCreated, reply.warnings(row), nil // would be opened
		case status == http.StatusOK && attempt > 0:
			return http.StatusCreated, reply.warnings(row), nil
		case status == http.StatusOK || status == http.StatusCreated:
			return status, reply.warnings(row), nil
		case status == http.StatusUnauthorized:
			return 0, nil, im.fail("api.token", im.server, reply.Detail)
		case status == http.StatusConflict && reply.Field == "order_no":
			return im.correct(ctx, row, body, reply)
		case status == http.StatusServiceUnavailable && attempt < 5:
			select {
			case <-ctx.Done():
				return 0, nil, ctx.Err()
			case <-time.After(time.Duration(attempt+1) * 500 * time.Millisecond):
			}
		case status >= http.StatusInternalServerError, status >= http.StatusMultipleChoices && status < http.StatusBadRequest:
			return 0, nil, im.fail("api.failed", row.Number, status, reply.Detail)
		default:
			return status, reply.problems(), nil
		}
	}
}

func (im importer) call(ctx context.Context, method, path string, body []byte) (int, []byte, error) {
	req, err := http.NewRequestWithContext(ctx, method, im.server+path, bytes.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept-Language", string(im.lang))
	req.Header.Set("Authorization", "Bearer "+im.token)
	res, err := im.http.Do(req)
	if err != nil {
		return 0, nil, err
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(res.Body, 16<<20))
	if err != nil {
		return 0, nil, fmt.Errorf("read the answer: %w", err)
	}
	return res.StatusCode, raw, nil
}

// problemReply is the part of an RFC 9457 answer that says what is wrong, or of a receipt
// that says what to look at.
type problemReply struct {
	Warnings  []string        `json:"warnings"`
	Duplicate bool            `json:"duplicate"`
	DryRun    json.RawMessage `json:"dry_run"`
	Detail    string          `json:"detail"`
	Field     string          `json:"field"`
	Citation  string          `json:"citation"`
	Errors    []struct {
		Field  string `json:"field"`
		Detail string `json:"detail"`
	} `json:"errors"`
}

func replyOf(status int, raw []byte) problemReply {
	var reply problemReply
	if json.Unmarshal(raw, &reply) != nil && status >= http.StatusBadRequest {
		reply.Detail = strings.TrimSpace(string(raw))
	}
	return reply
}

func saidOf(column, rule string) roster.Problem {
	return roster.Problem{Column: cmp.Or(column, "row"), Message: roster.Message{Said: rule}}
}

func (r problemReply) problems() []roster.Problem {
	var out []roster.Problem
	for _, e := range r.Errors {
		out = append(out, saidOf(e.Field, e.Detail))
	}
	if len(out) == 0 {
		rule := r.Detail
		if rest, ok := strings.CutPrefix(rule, r.Field); ok {
			rule = strings.TrimPrefix(strings.TrimPrefix(rest, ": "), "：")
		}
		if r.Citation != "" && strings.HasPrefix(r.Citation, "《") {
			rule += "（" + r.Citation + "）"
		} else if r.Citation != "" {
			rule += " (" + r.Citation + ")"
		}
		out = append(out, saidOf(r.Field, rule))
	}
	return out
}

// warnings name their column where they are about one. What the row was told already is
// not said again.
func (r problemReply) warnings(row roster.Row) []roster.Problem {
	var out []roster.Problem
	for _, w := range r.Warnings {
		column, rule, ok := strings.Cut(strings.Replace(w, "：", ": ", 1), ": ")
		if !ok || strings.Contains(column, " ") {
			column, rule = "row", w
		}
		column = words.FieldNamed(column)
		if column == "order_no" || column == "id_number" && (strings.HasPrefix(rule, "ends in 000") || strings.HasPrefix(rule, "以000结尾")) && row.Warned("id_number") {
			continue
		}
		out = append(out, saidOf(column, rule))
	}
	return out
}
