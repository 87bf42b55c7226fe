package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"
	"golang.org/x/term"

	"guitu/internal/roster"
)

func newImport(p *program) *cobra.Command {
	var parallel int
	cmd := &cobra.Command{
		Use:   "import FILE",
		Short: "Open a case for each order of a roster (.csv or .xlsx)",
		Long: "import sends each row to the API. A row that is refused is named with its column and the\n" +
			"rule, and nothing of it is kept. Running the same file again opens nothing twice.\n\n" +
			"The columns are those of the order form. For cases already under way, reported_on,\n" +
			"agreement_on, tests_done and contacts_done say what was done before, so that nothing of\n" +
			"it is called missed.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.importFile(cmd, args[0], parallel, orderList())
		},
	}
	importFlags(cmd, &parallel)
	return cmd
}

func newWorkers(p *program) *cobra.Command {
	var parallel int
	cmd := group("workers", "Keep the registry of workers")
	load := &cobra.Command{
		Use:   "import FILE",
		Short: "Register each worker of a list (.csv or .xlsx)",
		Long: "import sends each row to the API. A row that is refused is named with its column and the\n" +
			"rule, and nothing of it is kept. Running the same file again registers nobody twice.\n\n" +
			"The columns are id, name, post, place (a code) and from, and optionally qualification and limit.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.importFile(cmd, args[0], parallel, workerList())
		},
	}
	importFlags(load, &parallel)
	cmd.AddCommand(load)
	return cmd
}

func importFlags(cmd *cobra.Command, parallel *int) {
	cmd.Flags().IntVar(parallel, "parallel", 8, "rows sent at the same time")
	cmd.Flags().String("remote.server", "", "address of the API")
	cmd.Flags().String("remote.token", "", "bearer token (better given as GUITU_REMOTE_TOKEN)")
}

// list is a kind of list that can be imported.
type list struct {
	what, done string
	path       string // of the API that takes a row
	read       func(string, io.Reader) ([]roster.Row, error)
}

func orderList() list  { return list{"orders", "opened", "/v1/cases", roster.Read} }
func workerList() list { return list{"workers", "registered", "/v1/workers", roster.ReadWorkers} }

func (p *program) importFile(cmd *cobra.Command, name string, parallel int, l list) error {
	c, _, err := p.configure(cmd, "remote.token")
	if err != nil {
		return err
	}
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	rows, err := l.read(filepath.Base(name), f)
	if err != nil {
		return err
	}
	im := importer{server: strings.TrimRight(c.Remote.Server, "/"), path: l.path, token: c.Remote.Token, http: &http.Client{Timeout: time.Minute}}
	bar := progressbar.NewOptions(len(rows), progressbar.OptionSetWriter(p.stderr), progressbar.OptionSetDescription(l.what),
		progressbar.OptionShowCount(), progressbar.OptionClearOnFinish(), progressbar.OptionSetVisibility(isTerminal(p.stderr)))
	report, err := im.run(cmd.Context(), rows, parallel, func() { _ = bar.Add(1) })
	_ = bar.Finish()
	if err != nil {
		return err
	}
	report.print(p.stdout, l.done)
	if len(report.refused) > 0 {
		return errReported
	}
	return nil
}

// isTerminal tells a screen from a file or a pipe, in which a moving bar is noise.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// importer sends rows to the API.
type importer struct {
	server, path, token string
	http                *http.Client
}

// importReport is what became of each row.
type importReport struct {
	opened, known int
	refused       []refusal
	warned        []refusal // rows that were taken, and what the API asks to look at
}

// refusal is what is said of a row.
type refusal struct {
	row     int
	problem roster.Problem
}

func said(row roster.Row, problems []roster.Problem) []refusal {
	var out []refusal
	for _, p := range problems {
		out = append(out, refusal{row.Number, p})
	}
	return out
}

// print says of the new rows what was done with them.
func (r *importReport) print(w io.Writer, done string) {
	rows := make(map[int]bool)
	for _, x := range r.refused {
		rows[x.row] = true
	}
	fmt.Fprintf(w, "%d %s, %d known already, %d refused\n", r.opened, done, r.known, len(rows))
	for _, x := range r.refused {
		fmt.Fprintf(w, "row %d, %s: %s\n", x.row, x.problem.Column, x.problem.Rule)
	}
	for _, x := range r.warned {
		fmt.Fprintf(w, "row %d was taken; look at %s: %s\n", x.row, x.problem.Column, x.problem.Rule)
	}
}

// run sends every row without a problem of its own, several at a time. The error is
// about the whole: the API cannot be reached or does not accept the token.
func (im importer) run(ctx context.Context, rows []roster.Row, parallel int, done func()) (importReport, error) {
	var report importReport
	var mu sync.Mutex
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(max(parallel, 1))
	for _, row := range rows {
		if ctx.Err() != nil {
			break
		}
		group.Go(func() error {
			defer done()
			status, problems := 0, row.Problems
			if len(problems) == 0 {
				var err error
				if status, problems, err = im.send(ctx, row); err != nil {
					return err
				}
			}
			mu.Lock()
			defer mu.Unlock()
			switch status {
			case http.StatusOK:
				report.known++
			case http.StatusCreated:
				report.opened++
			default:
				report.refused = append(report.refused, said(row, problems)...)
				return nil
			}
			report.warned = append(report.warned, said(row, problems)...)
			return nil
		})
	}
	err := group.Wait()
	byRow := func(a, b refusal) int { return cmp.Compare(a.row, b.row) }
	slices.SortStableFunc(report.refused, byRow)
	slices.SortStableFunc(report.warned, byRow)
	return report, err
}

// send brings one row to the API. Status is 201 for a new one and 200 for one that is
// known, with problems that are the API's warnings; else they are its reasons to refuse
// the row. A busy API is asked again.
func (im importer) send(ctx context.Context, row roster.Row) (status int, problems []roster.Problem, err error) {
	body, err := json.Marshal(row.Request)
	if err != nil {
		return 0, nil, err
	}
	for attempt := 0; ; attempt++ {
		status, reply, err := im.post(ctx, body)
		switch {
		case err != nil:
			return 0, nil, fmt.Errorf("the API at %s cannot be reached: %w", im.server, err)
		case status == http.StatusOK || status == http.StatusCreated:
			return status, reply.warnings(), nil
		case status == http.StatusUnauthorized:
			return 0, nil, fmt.Errorf("the API at %s does not accept the token: %s", im.server, reply.Detail)
		case status == http.StatusServiceUnavailable && attempt < 5:
			select {
			case <-ctx.Done():
				return 0, nil, ctx.Err()
			case <-time.After(time.Duration(attempt+1) * 500 * time.Millisecond):
			}
		case status >= 500:
			return 0, nil, fmt.Errorf("row %d: the API answered %d: %s", row.Number, status, reply.Detail)
		default:
			return status, reply.problems(), nil
		}
	}
}

// problemReply is the part of an RFC 9457 answer that says what is wrong, or of a receipt
// that says what to look at.
type problemReply struct {
	Warnings []string `json:"warnings"`
	Detail   string   `json:"detail"`
	Field    string   `json:"field"`
	Citation string   `json:"citation"`
	Errors   []struct {
		Field  string `json:"field"`
		Detail string `json:"detail"`
	} `json:"errors"`
}

func (r problemReply) problems() []roster.Problem {
	var out []roster.Problem
	for _, e := range r.Errors {
		out = append(out, roster.Problem{Column: cmp.Or(e.Field, "row"), Rule: e.Detail})
	}
	if len(out) == 0 {
		rule := strings.TrimPrefix(r.Detail, r.Field+": ")
		if r.Citation != "" {
			rule += " (" + r.Citation + ")"
		}
		out = append(out, roster.Problem{Column: cmp.Or(r.Field, "row"), Rule: rule})
	}
	return out
}

// warnings name their column where they are about one.
func (r problemReply) warnings() []roster.Problem {
	var out []roster.Problem
	for _, w := range r.Warnings {
		column, rule, ok := strings.Cut(w, ": ")
		if !ok || strings.Contains(column, " ") {
			column, rule = "row", w
		}
		out = append(out, roster.Problem{Column: column, Rule: rule})
	}
	return out
}

func (im importer) post(ctx context.Context, body []byte) (int, problemReply, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, im.server+im.path, bytes.NewReader(body))
	if err != nil {
		return 0, problemReply{}, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+im.token)
	res, err := im.http.Do(req)
	if err != nil {
		return 0, problemReply{}, err
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(res.Body, 1<<20))
	var reply problemReply
	if json.Unmarshal(raw, &reply) != nil && res.StatusCode >= 400 {
		reply.Detail = strings.TrimSpace(string(raw))
	}
	return res.StatusCode, reply, err
}
