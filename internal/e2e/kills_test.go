package e2e_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

const (
	kills   = 20
	callers = 8
)

// TestNothingAcknowledgedIsLostInTwentyKills is not parallel: how far each round comes
// before the kill depends on the machine.
func TestNothingAcknowledgedIsLostInTwentyKills(t *testing.T) { //nolint:paralleltest // says why
	w := newWorld(t)
	seed := uint64(time.Now().UnixNano())
	dice := rand.New(rand.NewPCG(seed, 1))
	t.Logf("the dice were thrown with the seed %d", seed)
	town := startTown(t, w)
	var starts []time.Duration
	for round := range kills {
		enough := town.count() + 1 + dice.IntN(120)
		await(t, time.Minute, "the callers to get something done", func() bool { return town.failed() || town.count() >= enough })
		w.killAsDiceFall(t, round)
		if round%5 == 4 { // and once more while it starts
			_, serving := w.launch(t)
			select {
			case <-serving:
			case <-time.After(time.Duration(dice.IntN(800)) * time.Millisecond):
			}
			w.kill()
		}
		starts = append(starts, w.start(t))
	}
	town.finish(t)
	slices.Sort(starts)
	t.Logf("%d commands in %d cases were acknowledged, %d tried again (%d of them had acted), %d left with the engine; a start took %s (median), %s (longest)",
		len(town.acknowledged), len(town.cases), town.retried, town.acted, town.pending, starts[len(starts)/2].Round(time.Millisecond), starts[len(starts)-1].Round(time.Millisecond))
	require.NotZero(t, town.retried, "no kill met a command")
	town.everyCommandActedOnce(t)
	t.Log(strings.TrimSpace(w.verify(t)))
}

// killAsDiceFall kills guitu-dev and, in some rounds, its PostgreSQL in the same way; in
// the others that has to end by itself, which is waited for only now and then: the next
// start has to cope with one that still runs.
func (w *world) killAsDiceFall(t *testing.T, round int) {
	t.Helper()
	pid := w.postgres()
	require.NotZero(t, pid)
	switch round % 4 {
	case 0:
		w.kill()
		w.awaitPostgresGone(t, 30*time.Second)
	case 1:
		require.NoError(t, syscall.Kill(pid, syscall.SIGKILL)) // the database first, under a living owner
		w.kill()
	case 2:
		w.kill()
		_ = syscall.Kill(pid, syscall.SIGKILL) // it may have ended
	default:
		w.kill()
	}
}

// inLedger is what the ledger says of a command.
type inLedger struct {
	CaseID, ID string
	LastSeq    int64
	Type       string // of its own event
	Events     int64  // of that type under the command
}

// everyCommandActedOnce holds what callers noted against the ledger, by SQL and by the
// timelines of the API.
func (town *town) everyCommandActedOnce(t *testing.T) {
	t.Helper()
	db := town.w.database(t)
	rows := query(t, db, pgx.RowToStructByPos[inLedger], `SELECT c.case_id, c.command_id, c.last_seq, e.type, count(*)
FROM commands c JOIN case_events e ON e.case_id = c.case_id AND e.command = c.command_id
WHERE e.type IN ('case_opened', 'reported_in', 'agreement_signed', 'contact_recorded', 'command_refused')
GROUP BY 1, 2, 3, 4`)
	ledger := make(map[command]inLedger, len(rows))
	for _, r := range rows {
		key := command{r.CaseID, r.ID}
		require.NotContains(t, ledger, key, "a command did two kinds of things")
		require.EqualValues(t, 1, r.Events, "%v acted more than once", key)
		ledger[key] = r
	}
	for key, note := range town.acknowledged {
		found, ok := ledger[key]
		require.True(t, ok, "%v was acknowledged with %d and is not in the ledger", key, note.status)
		require.Equal(t, note.event, found.Type, "%v", key)
		if note.seq != 0 {
			require.Equal(t, note.seq, found.LastSeq, "%v", key)
		}
	}
	require.Len(t, ledger, len(town.acknowledged), "the ledger holds commands that nobody gave")
	require.Zero(t, one[int64](t, db, `SELECT count(*) FROM case_events e WHERE command <> ''
AND NOT EXISTS (SELECT FROM commands c WHERE c.case_id = e.case_id AND c.command_id = e.command)`), "an event of a command that is not known")
	require.EqualValues(t, len(town.cases), one[int64](t, db, `SELECT count(*) FROM cases`), "a case nobody opened, or one opened twice")
	require.EqualValues(t, len(town.cases), one[int64](t, db, `SELECT count(*) FROM clients`), "an identity without a case, or a case without one")
	require.EqualValues(t, 2*len(town.cases), one[int64](t, db, `SELECT count(*) FROM texts`), "two notes a case were sent")

	seen := make(map[command]int)
	for path := range town.cases {
		for i, e := range town.w.timeline(t, path) {
			require.EqualValues(t, i+1, e.Seq, "a gap in %s", path)
			if note, ok := town.acknowledged[command{idOf(path), e.Command}]; ok && e.Type == note.event {
				seen[command{idOf(path), e.Command}]++
			}
		}
	}
	for key := range town.acknowledged {
		require.Equal(t, 1, seen[key], "%v in the timeline", key)
	}
}
