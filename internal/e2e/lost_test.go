package e2e_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"guitu/config"
	"guitu/internal/postgres"
	"guitu/internal/wiring"
)

func TestEveryCaseComesBackWhenTemporalIsLost(t *testing.T) {
	t.Parallel()
	w := newWorld(t, rosterClock()...)
	out, errs, code := w.guitu(t, "import", "../../testdata/roster.csv")
	require.Zero(t, code, "%s%s", out, errs)
	moved, ended := w.someMove(t), w.oneHasEnded(t)
	w.oneIsReleased(t) // and lives on until its record is sealed
	order := newOrder(2, today().AddDays(-3), "w-1")
	ordered := w.open(t, order)
	open := len(w.cases(t)) - 1
	w.verify(t)
	before := w.wakes(t)
	require.Len(t, before, open+1)

	w.loseTemporal(t)
	w.isBare(t, open, ended)
	w.restores(t, open, 0)
	require.Contains(t, w.verify(t), fmt.Sprintf("%d cases, %d open, 0 findings", open+1, open))
	require.Equal(t, before, w.wakes(t), "a case wakes at another time than before")
	w.timersStand(t, before)
	w.restores(t, 0, open)

	w.loseTemporal(t)
	w.healsItself(t, moved)
	require.Equal(t, ordered, w.open(t, order), "the order again heals its case")
	w.restores(t, open-len(moved)-1, len(moved)+1)
	require.Contains(t, w.verify(t), fmt.Sprintf("%d cases, %d open, 0 findings", open+1, open))
}

// someMove gives a few cases a past and answers with their paths.
func (w *world) someMove(t *testing.T) []string {
	t.Helper()
	var paths []string
	for _, c := range w.cases(t) {
		path := "/v1/cases/" + c.CaseID
		if len(paths) == 5 {
			return paths
		}
		if c.Phase == "awaiting_report_in" {
			w.do(t, "", path+"/report-in", "in", object{})
			w.do(t, "", path+"/sign-agreement", "sign", object{})
			paths = append(paths, path)
		}
	}
	require.FailNow(t, "the roster has too few cases that wait for report-in")
	return nil
}

// oneIsReleased opens a case whose term is over and releases it.
func (w *world) oneIsReleased(t *testing.T) {
	t.Helper()
	order := newOrder(1, today().AddDays(-3*366-40), "w-1")
	order["carried"] = object{"reported_on": today().AddDays(-3*366 - 30).String(), "agreement_on": today().AddDays(-3*366 - 30).String()}
	path := w.open(t, order)
	await(t, 10*time.Second, "the term to have ended", func() bool { return get[view](t, w, path).Summary.Phase == "term_ended" })
	w.do(t, "", path+"/release", "release", object{})
	require.Equal(t, "released", get[view](t, w, path).Summary.Phase)
}

// oneHasEnded opens a case, ends it without release and gives its path.
func (w *world) oneHasEnded(t *testing.T) string {
	t.Helper()
	path := w.open(t, newOrder(3, today().AddDays(-3), "w-1"))
	w.do(t, "", path+"/terminate", "end", object{"ground": "death", "note": "a certificate was shown"})
	require.Equal(t, "terminated", get[view](t, w, path).Summary.Phase)
	return path
}

// wakes is when each case wakes, as the ledger's read model has it.
func (w *world) wakes(t *testing.T) map[string]time.Time {
	t.Helper()
	out := make(map[string]time.Time)
	for _, c := range w.cases(t) {
		out[c.CaseID] = c.WakeAt
	}
	return out
}

// loseTemporal drops both databases of Temporal while guitu-dev is down.
func (w *world) loseTemporal(t *testing.T) {
	t.Helper()
	w.stop(t)
	server, err := postgres.Start(t.Context(), postgres.Options{DataDir: filepath.Join(w.dir, "postgres")})
	require.NoError(t, err)
	drop := func() error {
		conn, err := pgx.Connect(t.Context(), server.DSN("postgres"))
		if err != nil {
			return err
		}
		defer func() { _ = conn.Close(t.Context()) }()
		for _, name := range []string{"temporal", "temporal_visibility"} {
			if _, err := conn.Exec(t.Context(), "DROP DATABASE "+name); err != nil {
				return err
			}
		}
		return nil
	}
	err = drop()
	require.NoError(t, server.Stop(context.WithoutCancel(t.Context())))
	require.NoError(t, err)
	w.start(t)
}

// isBare: verify exits 1 and names every open case, and no closed one.
func (w *world) isBare(t *testing.T, open int, ended string) {
	t.Helper()
	out, errs, code := w.guitu(t, "verify", "--json")
	require.Equal(t, 1, code, "%s%s", out, errs)
	var report struct {
		Cases, Open int
		Findings    []struct {
			CaseID    string `json:"case_id"`
			Invariant string `json:"invariant"`
		}
	}
	require.NoError(t, json.Unmarshal([]byte(out), &report), out)
	require.Equal(t, open, report.Open)
	named := make(map[string]bool)
	for _, f := range report.Findings {
		require.Equal(t, "every live case has a running workflow", f.Invariant)
		named[f.CaseID] = true
	}
	require.Len(t, named, open)
	require.NotContains(t, named, idOf(ended))
}

// restores is "guitu restore", which has to start and to find running so many.
func (w *world) restores(t *testing.T, started, running int) {
	t.Helper()
	out, errs, code := w.guitu(t, "restore")
	require.Zero(t, code, errs)
	require.Equal(t, fmt.Sprintf("%d cases started, %d were running", started, running), strings.TrimSpace(out))
}

// timersStand asks each workflow: its timer fires at the wake, or within the hours after
// midnight over which the cases are spread.
func (w *world) timersStand(t *testing.T, wakes map[string]time.Time) {
	t.Helper()
	c, err := config.Load(w.configFile(), nil, nil)
	require.NoError(t, err)
	s, err := wiring.Open(t.Context(), c, slog.New(slog.DiscardHandler), nil)
	require.NoError(t, err)
	defer s.Close()
	for id, wake := range wakes {
		if wake.IsZero() {
			continue
		}
		state, err := s.Cases.State(t.Context(), id)
		require.NoError(t, err, id)
		late := state.Timer.Sub(wake)
		require.True(t, late >= 0 && late < 6*time.Hour, "%s wakes at %s and its timer is set to %s", id, wake, state.Timer)
	}
}

// healsItself: a command to a case without a workflow starts it again, be it a new one
// or one that acted before the loss.
func (w *world) healsItself(t *testing.T, paths []string) {
	t.Helper()
	for i, path := range paths {
		seq := get[view](t, w, path).Summary.Seq
		if i%2 == 0 {
			r := w.do(t, "", path+"/record-contact", "after", object{"channel": "phone", "outcome": "no_answer"})
			require.False(t, r.Duplicate)
			require.Equal(t, seq+1, r.Seq)
			continue
		}
		r := w.do(t, "", path+"/sign-agreement", "sign", object{})
		require.True(t, r.Duplicate, "a command that acted before the loss acted again")
		require.Equal(t, seq, get[view](t, w, path).Summary.Seq)
	}
	refused := w.post(t, "", paths[0]+"/report-in", "again", object{})
	require.Equal(t, http.StatusUnprocessableEntity, refused.status, refused)
}
