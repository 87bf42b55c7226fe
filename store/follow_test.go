package store_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"guitu/board"
	"guitu/store"
)

// reader follows the ledger and the outbox in small pages and keeps what it was told.
type reader struct {
	b              *bundle
	change, notice board.Cursor
	changes        []string // case/sequence
	notices        []int64  // positions
}

// read goes on until nothing more comes.
func (r *reader) read() {
	r.b.t.Helper()
	for more := true; more; {
		changes, err := r.b.store.Changes(r.b.t.Context(), r.change, 2)
		require.NoError(r.b.t, err)
		for _, c := range changes {
			r.changes, r.change = append(r.changes, fmt.Sprint(c.CaseID, "/", c.Seq)), c.Cursor()
		}
		notices, err := r.b.store.Notices(r.b.t.Context(), r.notice, 2)
		require.NoError(r.b.t, err)
		for _, n := range notices {
			r.notices, r.notice = append(r.notices, n.Position), n.Cursor()
		}
		more = len(changes)+len(notices) > 0
	}
}

// reads waits until so many changes and notices have been told: a row is settled once no
// older transaction of the whole server is under way.
func (r *reader) reads(changes, notices int) {
	r.b.t.Helper()
	require.Eventually(r.b.t, func() bool {
		r.read()
		return len(r.changes) >= changes && len(r.notices) >= notices
	}, 30*time.Second, 10*time.Millisecond)
	require.Len(r.b.t, r.changes, changes)
	require.Len(r.b.t, r.notices, notices)
}

// writer is a transaction that adds an event and a notice to a case by hand, at positions
// that it took before.
type writer struct {
	pgx.Tx
	b             *bundle
	event, notice int64
}

func (b *bundle) writer() *writer {
	b.t.Helper()
	w := &writer{b: b}
	conn := b.superuser()
	const take = `SELECT nextval(pg_get_serial_sequence('case_events', 'position')), nextval(pg_get_serial_sequence('notices', 'position'))`
	require.NoError(b.t, conn.QueryRow(b.t.Context(), take).Scan(&w.event, &w.notice))
	var err error
	w.Tx, err = conn.Begin(b.t.Context())
	require.NoError(b.t, err)
	return w
}

// numbers gives the transaction its number, as any first write does.
func (w *writer) numbers() {
	_, err := w.Exec(w.b.t.Context(), `SELECT pg_current_xact_id()`)
	require.NoError(w.b.t, err)
}

func (w *writer) writes(caseID string, seq int) {
	w.b.t.Helper()
	_, err := w.Exec(w.b.t.Context(), `INSERT INTO case_events (position, case_id, seq, type, recorded_at, occurred_at, actor, command, data, hash)
OVERRIDING SYSTEM VALUE VALUES ($1, $2, $3, 'term_passed', now(), now(), '', '', '{}', '')`, w.event, caseID, seq)
	require.NoError(w.b.t, err)
	_, err = w.Exec(w.b.t.Context(), `INSERT INTO notices (position, case_id, seq, created_at, role, place, worker, type, channel, escalation, obligation)
OVERRIDING SYSTEM VALUE VALUES ($1, $2, $3, now(), 'station_head', '110101001', '', 'escalation_opened', 'call', 1, '')`, w.notice, caseID, seq)
	require.NoError(w.b.t, err)
}

func (w *writer) commits() { require.NoError(w.b.t, w.Commit(w.b.t.Context())) }

func TestAFollowerSkipsNothingAndHearsNothingTwice(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.open("c-1") // three events
	b.subscribe("s-1", nil)
	r := &reader{b: b}
	r.reads(3, 0)
	at := noon(2026, 3, 1)

	// The positions of late are the lowest, and its transaction is the last to get a number.
	late, early := b.writer(), b.writer()
	early.writes("c-1", 101)
	early.commits()
	r.reads(4, 1)
	b.takenUp("s-1", 1, at)
	late.writes("c-1", 102)
	between := b.writer()
	between.writes("c-1", 103)
	between.commits()
	for range 3 { // what is behind an open transaction waits for it
		r.reads(4, 1)
		b.takenUp("s-1", 1, at)
	}
	late.commits()
	r.reads(6, 3)
	require.Equal(t, []string{"c-1/1", "c-1/2", "c-1/3", "c-1/101", "c-1/102", "c-1/103"}, r.changes)
	require.Equal(t, []int64{early.notice, late.notice, between.notice}, r.notices)
	b.takenUp("s-1", 3, at)

	// A number that is taken first, and rows that are written and committed last.
	slow, quick := b.writer(), b.writer()
	slow.numbers()
	quick.writes("c-1", 201)
	quick.commits()
	r.reads(6, 3)
	b.takenUp("s-1", 3, at)
	slow.writes("c-1", 202)
	r.reads(6, 3)
	slow.commits()
	r.reads(8, 5)
	require.Equal(t, []string{"c-1/202", "c-1/201"}, r.changes[6:])
	list := b.takenUp("s-1", 5, at)
	require.Equal(t, quick.notice, list[0].Position, "listed by position")

	gone := b.writer()
	gone.writes("c-1", 301)
	require.NoError(t, gone.Rollback(t.Context()))
	b.live("c-2")
	var changes, notices int
	require.NoError(t, b.superuser().QueryRow(t.Context(), `SELECT (SELECT count(*) FROM case_events), (SELECT count(*) FROM notices)`).Scan(&changes, &notices))
	r.reads(changes, notices)
}

func TestAReaderBeginsAtTheHeadOrWhereItsPositionsWere(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.live("c-1")
	all := &reader{b: b}
	late := b.writer()
	late.writes("c-1", 101)
	head, err := b.store.Head(t.Context())
	require.NoError(t, err)
	now := &reader{b: b, change: head, notice: head}
	late.commits()
	b.open("c-2")
	require.Eventually(t, func() bool { now.read(); return len(now.changes) >= 4 }, 30*time.Second, 10*time.Millisecond)
	require.Subset(t, now.changes, []string{"c-1/101", "c-2/1", "c-2/2", "c-2/3"}, "what was under way is still to come")

	all.read()
	last := len(all.changes) - 1
	var change int64
	require.NoError(t, b.superuser().QueryRow(t.Context(), `SELECT position FROM case_events WHERE case_id = 'c-2' AND seq = 2`).Scan(&change))
	old := &reader{b: b}
	old.change, old.notice, err = b.store.CursorsOf(t.Context(), change, late.notice-1)
	require.NoError(t, err)
	old.read()
	require.Contains(t, old.changes, all.changes[last])
	require.Contains(t, old.notices, late.notice)
	old.change, old.notice, err = b.store.CursorsOf(t.Context(), 1<<60, 1<<60)
	require.NoError(t, err)
	settled, err := b.store.Head(t.Context())
	require.NoError(t, err)
	require.LessOrEqual(t, old.change.Compare(settled), 0)
}

// TestWhatWasRestoredElsewhereIsFollowedAsBefore makes the numbers those of a server that
// had counted further, as a dump brings them.
func TestWhatWasRestoredElsewhereIsFollowedAsBefore(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.subscribe("s-1", nil)
	before := b.writer()
	b.open("c-1")
	before.writes("c-1", 101)
	before.commits()
	at := noon(2026, 3, 1)
	b.takenUp("s-1", 1, at)
	for _, statement := range []string{
		`ALTER TABLE case_events DISABLE TRIGGER USER`, `UPDATE case_events SET tx = tx + 1000000000`, `ALTER TABLE case_events ENABLE TRIGGER USER`,
		`UPDATE notices SET tx = tx + 1000000000`, `UPDATE subscriptions SET cursor = cursor + 1000000000`,
	} {
		_, err := b.superuser().Exec(t.Context(), statement)
		require.NoError(t, err)
	}
	hidden := &reader{b: b}
	hidden.reads(0, 0)

	shift := func() (n int64) {
		require.NoError(t, store.Migrate(t.Context(), b.dsn))
		require.NoError(t, b.superuser().QueryRow(t.Context(), `SELECT ledger_shift()`).Scan(&n))
		return n
	}
	first := shift()
	require.Greater(t, first, int64(1)<<32)
	r := &reader{b: b}
	r.reads(4, 1)
	ahead := &reader{b: b, change: board.Cursor{Tx: r.change.Tx + 1000, Position: 7}} // it saw what the backup lost
	after := b.writer()
	after.writes("c-1", 102)
	after.commits()
	r.reads(5, 2)
	require.Equal(t, "c-1/102", r.changes[4], "what is new comes after all that was restored")
	ahead.read()
	require.Equal(t, []string{"c-1/102"}, ahead.changes)
	b.takenUp("s-1", 2, at)
	require.Equal(t, first, shift(), "an era begins once")
}

func TestWhoFollowsReadsTheEndOfATableAlone(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.open("c-1")
	conn := b.superuser()
	for _, statement := range []string{
		`INSERT INTO case_events (case_id, seq, type, recorded_at, occurred_at, actor, command, data, hash, tx)
SELECT 'c-1', 100 + n, 'term_passed', now(), now(), '', '', '{}', '', n / 5 FROM generate_series(1, 50000) n`,
		`INSERT INTO notices (case_id, seq, created_at, role, place, worker, type, channel, escalation, obligation, tx)
SELECT 'c-1', n, now(), 'station_head', '110101001', '', 'escalation_opened', 'call', 1, '', n / 5 FROM generate_series(1, 50000) n`,
		`ANALYZE case_events, notices`,
	} {
		_, err := conn.Exec(t.Context(), statement)
		require.NoError(t, err)
	}
	for _, table := range []string{"case_events", "notices"} {
		plan := explain(t.Context(), t, conn, `SELECT * FROM `+table+` WHERE tx >= 9990 AND (tx, position) > (9990, 7) AND tx < 14086 ORDER BY tx, position LIMIT 500`)
		require.Contains(t, plan, table+"_order")
	}
	require.Contains(t, explain(t.Context(), t, conn, `SELECT min(tx) FROM case_events WHERE position > 49990`), "case_events_order")
}
