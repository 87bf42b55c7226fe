package store_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"guitu/board"
	"guitu/inbox"
	"guitu/rehab"
)

func ids(tasks []inbox.Task) (out []string) {
	for _, t := range tasks {
		out = append(out, t.CaseID+" "+t.ID.String())
	}
	return out
}

func TestTheInboxIsPagedByItsKey(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, id := range []string{"c-1", "c-2", "c-3"} {
		b.live(id)
	}
	f := inbox.Filter{Actor: "head-1", Role: rehab.StationHead, Place: street, Today: rehab.NewDate(2026, 2, 26), DueBy: rehab.NewDate(2027, 1, 1)}
	all, err := b.store.Due(t.Context(), f)
	require.NoError(t, err)
	require.Greater(t, len(all), 6)
	require.Equal(t, "national", all[0].Policy.ID)
	var paged []inbox.Task
	for f.Limit = 2; ; {
		page, err := b.store.Due(t.Context(), f)
		require.NoError(t, err)
		if len(page) == 0 {
			break
		}
		paged = append(paged, page...)
		last := page[len(page)-1]
		f.After = inbox.Position{Day: last.Due, CaseID: last.CaseID, Kind: last.ID.Kind, N: int64(last.ID.N)}
	}
	require.Equal(t, ids(all), ids(paged))

	f.Limit, f.After = 0, inbox.Position{}
	missed, err := b.store.Overdue(t.Context(), f)
	require.NoError(t, err)
	require.NotEmpty(t, missed)
	settle, err := b.store.ToSettle(t.Context(), f, []string{"assign_worker"}, nil)
	require.NoError(t, err)
	require.Equal(t, ids(missed), ids(settle), "the station head settles every miss of the street")
	f.Role, f.Place = rehab.DistrictOffice, "110101"
	settle, err = b.store.ToSettle(t.Context(), f, nil, nil)
	require.NoError(t, err)
	told, err := b.store.Told(t.Context(), f)
	require.NoError(t, err)
	require.Equal(t, len(told) > 0, len(settle) > 0, "the district what has climbed to it")
	above, err := b.store.ToSettle(t.Context(), f, []string{"test"}, []string{"test"})
	require.NoError(t, err)
	require.Greater(t, len(above), len(settle), "at once what no station head may settle")
	f.Role, f.Worker = rehab.WorkerRole, "w-2"
	none, err := b.store.Due(t.Context(), f)
	require.NoError(t, err)
	require.Empty(t, none)
}

func shelving(id string, at time.Time) inbox.SnoozeCommand {
	return inbox.SnoozeCommand{ID: id, Digest: "d", Since: at}
}

func TestASnoozeHidesUntilItsDayOrUntilItGetsWorse(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ctx := t.Context()
	c := b.open("c-1")
	b.play(c, "worker", noon(2026, 1, 5), rehab.AssignWorker{Worker: "w-1"})
	b.play(c, "in", noon(2026, 1, 8), rehab.ReportIn{})
	b.play(c, "sign", noon(2026, 1, 9), rehab.SignAgreement{})
	test := rehab.ObligationID{Kind: rehab.TestDuty, N: 1}
	due := c.Obligation(test).Due
	z := inbox.Snooze{CaseID: "c-1", Obligation: test, Until: due.AddDays(-2), Since: noon(2026, 1, 9), Seq: c.Seq, Note: "away for work"}
	require.NoError(t, b.store.Snooze(ctx, "w-1", z, shelving("k-1", z.Since)))
	f := inbox.Filter{Actor: "w-1", Role: rehab.WorkerRole, Worker: "w-1", Today: rehab.NewDate(2026, 1, 10), DueBy: rehab.NewDate(2027, 1, 1)}
	seen := func() bool {
		list, err := b.store.Due(ctx, f)
		require.NoError(t, err)
		hidden, err := b.store.Snoozed(ctx, f)
		require.NoError(t, err)
		shown := strings.Contains(fmt.Sprint(ids(list)), test.String())
		require.Equal(t, shown, len(hidden) == 0, "it is in one of the two")
		if !shown {
			require.Equal(t, "away for work", hidden[0].Note)
			require.Equal(t, due, hidden[0].Due)
		}
		return shown
	}
	require.False(t, seen())
	f.Actor = "w-2"
	require.True(t, seen(), "another's snooze hides nothing")
	f.Actor, f.Today = "w-1", z.Until
	require.True(t, seen(), "its day has come")
	f.Today = rehab.NewDate(2026, 1, 10)
	known, err := b.store.Unsnooze(ctx, "w-1", z, shelving("k-2", z.Since))
	require.NoError(t, err)
	require.True(t, known && seen())

	require.Equal(t, rehab.Conflict, rehab.CodeOf(b.store.Snooze(ctx, "w-1", z, shelving("k-1", z.Since))), "a command acts once")
	_, err = b.store.Unsnooze(ctx, "w-1", z, shelving("k-1", z.Since))
	require.Equal(t, rehab.Conflict, rehab.CodeOf(err))
	require.True(t, seen())
	was, found, err := b.store.SnoozeCommand(ctx, "w-1", "k-2")
	require.NoError(t, err)
	require.True(t, found)
	require.Equal(t, inbox.SnoozeCommand{ID: "k-2", Digest: "d", Since: z.Since, Known: true}, was)
	_, found, err = b.store.SnoozeCommand(ctx, "w-2", "k-2")
	require.NoError(t, err)
	require.False(t, found, "it is the actor's own")

	require.NoError(t, b.store.Snooze(ctx, "w-1", z, shelving("k-3", z.Since)))
	require.False(t, seen())
	b.play(c, "late", noon(2026, 1, 20), rehab.RecordContact{Channel: rehab.Phone, Outcome: rehab.NoAnswer}) // a contact is missed
	f.Today = rehab.NewDate(2026, 1, 20)
	require.True(t, seen(), "a new miss wakes it")

	told, err := b.store.Told(ctx, f)
	require.NoError(t, err)
	require.NotEmpty(t, told)
	before := len(told)
	climb := inbox.Snooze{CaseID: "c-1", Escalation: told[0].ID, Until: rehab.NewDate(2026, 1, 30), Since: noon(2026, 1, 20), Seq: c.Seq, Note: "x"}
	require.NoError(t, b.store.Snooze(ctx, "w-1", climb, shelving("k-4", noon(2026, 4, 1))))
	told, err = b.store.Told(ctx, f)
	require.NoError(t, err)
	require.Len(t, told, before-1)
	var kept []string
	require.NoError(t, b.superuser().QueryRow(ctx, `SELECT array_agg(command ORDER BY command) FROM snooze_commands`).Scan(&kept))
	require.Equal(t, []string{"k-2", "k-4"}, kept, "what could not act again is forgotten")
	require.False(t, has(told, climb.Escalation))
	b.play(c, "later", noon(2026, 1, 24), rehab.RecordContact{Channel: rehab.Phone, Outcome: rehab.NoAnswer}) // the climb went on
	f.Role = rehab.Admin
	told, err = b.store.Told(ctx, f)
	require.NoError(t, err)
	require.True(t, has(told, climb.Escalation), "a climb wakes it")

	var plain int
	require.NoError(t, b.superuser().QueryRow(ctx, `SELECT count(*) FROM snoozes WHERE encode(ciphertext, 'escape') LIKE '%away for work%'`).Scan(&plain))
	require.Zero(t, plain)
}

func has(rows []board.EscalationRow, id int64) bool {
	return slices.ContainsFunc(rows, func(e board.EscalationRow) bool { return e.ID == id })
}

func TestALeaveWaitsUntilItIsDecided(t *testing.T) {
	t.Parallel()
	b := setup(t)
	c := b.live("c-1")
	b.play(c, "leave", noon(2026, 2, 26), rehab.ReportLeave{From: rehab.NewDate(2026, 3, 1), To: rehab.NewDate(2026, 3, 5)})
	f := inbox.Filter{Actor: "head-1", Role: rehab.StationHead, Place: street, Today: rehab.NewDate(2026, 2, 26)}
	list, err := b.store.LeaveRequests(t.Context(), f)
	require.NoError(t, err)
	require.Len(t, list, 1)
	require.Equal(t, c.Leaves[0].ID, list[0].Leave)
	_, err = b.superuser().Exec(t.Context(), `DELETE FROM leave_requests`)
	require.NoError(t, err)
	diffs, err := b.store.CompareReadModel(t.Context(), "c-1")
	require.NoError(t, err)
	require.Len(t, diffs, 1)
	require.NoError(t, b.store.Rebuild(t.Context(), func(string) {}))
	b.play(c, "approve", noon(2026, 2, 26), rehab.DecideLeave{Leave: c.Leaves[0].ID, Approved: true})
	list, err = b.store.LeaveRequests(t.Context(), f)
	require.NoError(t, err)
	require.Empty(t, list)
	diffs, err = b.store.CompareReadModel(t.Context(), "c-1")
	require.NoError(t, err)
	require.Empty(t, diffs)
}

func TestANoticeIsFoundBehindABusyOutbox(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.live("c-1")
	conn := b.superuser()
	_, err := conn.Exec(t.Context(), `INSERT INTO notices (case_id, seq, created_at, role, place, worker, type, channel, escalation, obligation)
SELECT 'c-9', 1, now(), 'worker', '110102003', 'w-' || n % 50 + 10, 'worker_assigned', 'inbox', 0, '' FROM generate_series(1, 20000) n`)
	require.NoError(t, err)
	mine := inbox.Filter{Actor: "w-1", Role: rehab.WorkerRole, Limit: 2}
	first, err := b.store.NoticesTo(t.Context(), mine)
	require.NoError(t, err)
	require.Len(t, first, 2)
	require.Greater(t, first[0].Position, first[1].Position)
	mine.After.N = first[1].Position
	rest, err := b.store.NoticesTo(t.Context(), mine)
	require.NoError(t, err)
	require.NotEmpty(t, rest)
	require.Less(t, rest[0].Position, first[1].Position)
	heads, err := b.store.NoticesTo(t.Context(), inbox.Filter{Role: rehab.StationHead, Place: street})
	require.NoError(t, err)
	require.NotEmpty(t, heads)
	for _, n := range heads {
		require.Equal(t, rehab.StationHead, n.Role)
	}
}

func TestEscalationsArePagedByTheirKey(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, id := range []string{"c-1", "c-2", "c-3"} {
		b.live(id) // at the same instants
	}
	f := board.TaskFilter{Place: "1101"}
	all, err := b.store.Escalations(t.Context(), f)
	require.NoError(t, err)
	require.Greater(t, len(all), 3)
	var paged []board.EscalationRow
	for f.Limit = 2; ; {
		page, err := b.store.Escalations(t.Context(), f)
		require.NoError(t, err)
		if len(page) == 0 {
			break
		}
		paged = append(paged, page...)
		last := page[len(page)-1]
		f.AfterTold, f.AfterCase, f.AfterID = last.ToldAt, last.CaseID, last.ID
	}
	require.Equal(t, all, paged)
}

// The city's inbox reads the front of an index, whatever stands behind it.
func TestTheInboxOfTheCityReadsInTheOrderOfAnIndex(t *testing.T) {
	t.Parallel()
	b := setup(t)
	conn := b.superuser()
	seed := `INSERT INTO cases (case_id, seq, hash, measure, phase, place, worker, risk, policy, next_kind, overdue, escalations, top_rung, violations, opened_at)
SELECT 'c-' || n, 1, '', 'treatment', 'in_execution', '1101' || lpad((n % 16 + 1)::text, 2, '0') || '001', 'w-' || n % 700, 'low', 'national@2026.1',
  '', 0, 0, '', 0, now() FROM generate_series(1, 5000) n`
	_, err := conn.Exec(t.Context(), seed)
	require.NoError(t, err)
	_, err = conn.Exec(t.Context(), `INSERT INTO obligations SELECT 'c-' || n, 'contact', k, '2026-01-01', '2026-01-01'::date + (n * 7 + k * 14) % 400, NULL, NULL,
  CASE WHEN k < 8 THEN 'met' ELSE 'open' END, '', 0, '', NULL FROM generate_series(1, 5000) n, generate_series(1, 10) k`)
	require.NoError(t, err)
	_, err = conn.Exec(t.Context(), `INSERT INTO waiting SELECT o.n, o.opens, o.due, 2, false, NULL, o.case_id, o.kind, o.status, c.place, c.worker
FROM obligations o JOIN cases c USING (case_id) WHERE o.status = 'open'`)
	require.NoError(t, err)
	_, err = conn.Exec(t.Context(), `ANALYZE cases, obligations, waiting`)
	require.NoError(t, err)
	for who, index := range map[string]string{`o.place LIKE '11%'`: "waiting_open", `o.worker = 'w-7'`: "waiting_worker"} {
		plan := explain(t.Context(), t, conn, `SELECT o.case_id FROM waiting o WHERE (o.due, o.case_id, o.kind, o.n) > ('2026-02-01', '', '', 0) AND `+who+`
AND o.status = 'open' AND o.due <= '2026-06-01' ORDER BY o.due, o.case_id, o.kind, o.n LIMIT 51`)
		require.Contains(t, plan, index)
	}
	plan := explain(t.Context(), t, conn, `SELECT position FROM notices WHERE role = 'worker' AND worker = 'w-1' ORDER BY position DESC LIMIT 51`)
	require.Contains(t, plan, "notices_worker")
	f := inbox.Filter{Actor: "c", Role: rehab.CityOffice, Place: "11", Today: rehab.NewDate(2026, 2, 1), DueBy: rehab.NewDate(2026, 6, 1), Limit: 51}
	list, err := b.store.Due(t.Context(), f)
	require.NoError(t, err)
	require.Len(t, list, 51)
}

func explain(ctx context.Context, t *testing.T, conn *pgx.Conn, sql string) string {
	t.Helper()
	rows, err := conn.Query(ctx, "EXPLAIN "+sql)
	require.NoError(t, err)
	lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	return strings.Join(lines, "\n")
}
