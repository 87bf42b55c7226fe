package store_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"guitu/board"
	"guitu/internal/ledgertest"
	"guitu/internal/pgtest"
	"guitu/rehab"
	"guitu/rehab/policy"
	"guitu/store"
)

var head = rehab.Actor{ID: "head-1", Role: rehab.StationHead, Place: "110101001"}

// bundle is a store on a database of its own.
type bundle struct {
	t     testing.TB
	store *store.Store
	dsn   string
	rules *policy.Set
	keys  *store.Keys

	masterText, index string // the secrets that keys were read from
}

func setup(t testing.TB) *bundle {
	t.Helper()
	dsn := pgtest.New(t, "store", store.Migrate)
	master, index, err := store.GenerateKeysOf(suiteOf(t))
	require.NoError(t, err)
	keys, err := store.NewKeys(master, index)
	require.NoError(t, err)
	s, err := store.Open(t.Context(), store.Options{DSN: dsn, MaxConns: 8, Keys: keys})
	require.NoError(t, err)
	t.Cleanup(s.Close)
	rules, err := policy.Load()
	require.NoError(t, err)
	return &bundle{t, s, dsn, rules, keys, master, index}
}

// play gives a command to the case as the shell does, and answers with the ledger's answer.
func (b *bundle) play(c *rehab.Case, id string, at time.Time, body rehab.CommandBody) rehab.RecordResult {
	b.t.Helper()
	return b.playAt(c, id, at, at, body)
}

// playAt gives the command for what occurred before.
func (b *bundle) playAt(c *rehab.Case, id string, at, occurred time.Time, body rehab.CommandBody) rehab.RecordResult {
	b.t.Helper()
	return b.playAs(head, c, id, at, occurred, body)
}

func (b *bundle) playAs(a rehab.Actor, c *rehab.Case, id string, at, occurred time.Time, body rehab.CommandBody) rehab.RecordResult {
	b.t.Helper()
	cmd := rehab.Command{ID: id, Actor: a, OccurredAt: occurred, Digest: id, Body: body}
	env := rehab.Env{Now: at, Policy: b.rules.Policy(rehab.PolicyRef{ID: "national", Version: "2026.1"}), Calendar: b.rules.Calendar()}
	events, err := c.Decide(cmd, env)
	if errors.Is(err, rehab.ErrHistory) {
		history, readErr := b.store.History(b.t.Context(), c.ID)
		require.NoError(b.t, readErr)
		events, err = history.Decide(cmd, b.rules, at)
	}
	require.NoError(b.t, err)
	res, err := b.store.Record(b.t.Context(), rehab.NewRecord(c, cmd, events))
	require.NoError(b.t, err)
	c.Fold(res.Events)
	return res
}

func (b *bundle) open(id string) *rehab.Case {
	b.t.Helper()
	c := &rehab.Case{ID: id}
	res := b.play(c, "open", noon(2026, 1, 5), rehab.OpenCase{
		Measure: rehab.Treatment, TermMonths: 36, DecidedOn: rehab.NewDate(2026, 1, 4), ServedOn: rehab.NewDate(2026, 1, 5), Method: rehab.ServedDirect,
		Place: "110101001", Risk: rehab.High, Policy: rehab.PolicyRef{ID: "national", Version: "2026.1"},
	})
	require.Equal(b.t, rehab.Recorded, res.Outcome)
	return c
}

func (b *bundle) superuser() *pgx.Conn {
	conn, err := pgx.Connect(b.t.Context(), b.dsn)
	require.NoError(b.t, err)
	b.t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

func noon(y int, m time.Month, d int) time.Time {
	return rehab.NewDate(y, m, d).Start().Add(12 * time.Hour)
}

// live plays a life with a miss, an escalation, a promise, late evidence and a test.
func (b *bundle) live(id string) *rehab.Case {
	c := b.open(id)
	b.play(c, "worker", noon(2026, 1, 5), rehab.AssignWorker{Worker: "w-1"})
	b.play(c, "in", noon(2026, 1, 8), rehab.ReportIn{})
	b.play(c, "sign", noon(2026, 1, 9), rehab.SignAgreement{})
	b.play(c, "late", noon(2026, 1, 25), rehab.RecordContact{Channel: rehab.Phone, Outcome: rehab.NoAnswer})
	b.play(c, "ack", noon(2026, 1, 25), rehab.AcknowledgeEscalation{Escalation: c.Escalations[0].ID, Promise: rehab.NewDate(2026, 1, 27)})
	b.play(c, "confirm", noon(2026, 1, 26), rehab.ConfirmMiss{Obligation: rehab.ObligationID{Kind: rehab.ContactDuty, N: 1}})
	b.play(c, "visit", noon(2026, 1, 30), rehab.RecordContact{Channel: rehab.HomeVisit, Outcome: rehab.Met})
	b.play(c, "test", noon(2026, 2, 2), rehab.RecordTest{Method: rehab.Urine, Result: rehab.PositiveProvisional})
	b.play(c, "justify", noon(2026, 2, 25), rehab.JustifyMiss{Obligation: rehab.ObligationID{Kind: rehab.ContactDuty, N: 6}, Reason: rehab.Illness, Until: rehab.NewDate(2026, 3, 2)})
	return c
}

func TestTheLedgerFoldsToTheCaseAndTheRowsFollow(t *testing.T) {
	t.Parallel()
	b := setup(t)
	c := b.live("c-1")
	loaded, err := b.store.Load(t.Context(), "c-1")
	require.NoError(t, err)
	require.Empty(t, cmp.Diff(c, loaded))
	require.NoError(t, b.store.VerifyChain(t.Context(), "c-1"))
	diffs, err := b.store.CompareReadModel(t.Context(), "c-1")
	require.NoError(t, err)
	require.Empty(t, diffs)
	row, err := b.store.Case(t.Context(), "c-1")
	require.NoError(t, err)
	require.Empty(t, cmp.Diff(c.Summary(), row))
}

func TestTheRowsFollowASuspensionAndATermination(t *testing.T) {
	t.Parallel()
	b := setup(t)
	c := b.live("c-1")
	b.play(c, "leave", noon(2026, 2, 26), rehab.ReportLeave{From: rehab.NewDate(2026, 3, 1), To: rehab.NewDate(2026, 3, 5)})
	b.play(c, "approve", noon(2026, 2, 26), rehab.DecideLeave{Leave: c.Leaves[0].ID, Approved: true})
	for i, step := range []struct {
		on   time.Time
		body rehab.CommandBody
	}{
		{noon(2026, 2, 27), rehab.Suspend{Ground: rehab.Detention}},
		{noon(2026, 5, 1), rehab.Resume{}},
		{noon(2026, 5, 20), rehab.RecordContact{Channel: rehab.Talk, Outcome: rehab.Met}},
		{noon(2026, 6, 1), rehab.Terminate{Ground: rehab.Imprisonment}},
	} {
		b.play(c, fmt.Sprint("step-", i), step.on, step.body)
		diffs, err := b.store.CompareReadModel(t.Context(), "c-1")
		require.NoError(t, err)
		require.Empty(t, diffs, step.body.CommandType())
	}
	open, err := b.store.LiveCaseIDs(t.Context(), "", 10)
	require.NoError(t, err)
	require.Empty(t, open)
	require.NoError(t, b.store.Rebuild(t.Context(), func(string) {}))
	diffs, err := b.store.CompareReadModel(t.Context(), "c-1")
	require.NoError(t, err)
	require.Empty(t, diffs)
}

func TestTheLedgerInPostgresDoesWhatEveryLedgerDoes(t *testing.T) {
	t.Parallel()
	ledgertest.Run(t, func(t *testing.T) ledgertest.Ledger {
		t.Helper()
		return setup(t).store
	})
}

func TestACommandActsOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	c := b.open("c-1")
	before := c.Clone()
	cmd := rehab.Command{ID: "in", Actor: head, OccurredAt: noon(2026, 1, 8), Digest: "d", Body: rehab.ReportIn{}}
	env := rehab.Env{Now: noon(2026, 1, 8), Policy: b.rules.Policy(c.Policy), Calendar: b.rules.Calendar()}
	events, err := c.Decide(cmd, env)
	require.NoError(t, err)
	record := rehab.NewRecord(c, cmd, events)

	first, err := b.store.Record(t.Context(), record)
	require.NoError(t, err)
	second, err := b.store.Record(t.Context(), record)
	require.NoError(t, err)
	require.Equal(t, rehab.Recorded, first.Outcome)
	require.Equal(t, rehab.Duplicate, second.Outcome)
	require.Equal(t, first.CommandSeq, second.CommandSeq)
	require.Empty(t, cmp.Diff(events, second.Events), "the tail is what the caller lacks")

	record.Digest = "another"
	third, err := b.store.Record(t.Context(), record)
	require.NoError(t, err)
	require.Equal(t, rehab.DigestMismatch, third.Outcome)

	record.Command, record.Digest = "in-2", "d"
	fourth, err := b.store.Record(t.Context(), record)
	require.NoError(t, err)
	require.Equal(t, rehab.Stale, fourth.Outcome)
	require.Len(t, fourth.Events, len(events))
	before.Fold(fourth.Events)
	require.Equal(t, first.Seq, before.Seq)
}

func TestTheApplicationCannotChangeWhatIsInTheLedger(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.open("c-1")
	conn := b.superuser()
	_, err := conn.Exec(t.Context(), "UPDATE case_events SET type = 'x'")
	require.ErrorContains(t, err, "append-only", "not even the owner")
	_, err = conn.Exec(t.Context(), "TRUNCATE case_events")
	require.ErrorContains(t, err, "append-only")
	_, err = conn.Exec(t.Context(), "SET ROLE guitu_app")
	require.NoError(t, err)
	for _, sql := range []string{"UPDATE case_events SET type = 'x'", "DELETE FROM case_events", "TRUNCATE case_events", "UPDATE commands SET digest = ''", "DELETE FROM notices", "ALTER TABLE case_events DISABLE TRIGGER ALL"} {
		_, err = conn.Exec(t.Context(), sql)
		require.Error(t, err, sql)
	}
}

func TestTamperingBreaksTheChain(t *testing.T) {
	t.Parallel()
	for name, sql := range map[string]string{
		"a changed body":  `UPDATE case_events SET data = '{"on":"2026-01-07"}' WHERE type = 'agreement_signed'`,
		"a changed time":  `UPDATE case_events SET occurred_at = occurred_at - interval '1 day' WHERE seq = 3`,
		"a changed actor": `UPDATE case_events SET actor = '' WHERE seq = 3`,
		"a missing event": `DELETE FROM case_events WHERE seq = 4`,
		"a missing tail":  `DELETE FROM case_events WHERE seq = (SELECT max(seq) FROM case_events)`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			b.live("c-1")
			require.NoError(t, b.store.VerifyChain(t.Context(), "c-1"))
			conn := b.superuser()
			_, err := conn.Exec(t.Context(), "ALTER TABLE case_events DISABLE TRIGGER ALL")
			require.NoError(t, err)
			tag, err := conn.Exec(t.Context(), sql)
			require.NoError(t, err)
			require.EqualValues(t, 1, tag.RowsAffected())
			require.Error(t, b.store.VerifyChain(t.Context(), "c-1"))
		})
	}
}

func TestARebuildGivesTheSameRowsAndMendsBrokenOnes(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.live("c-1")
	b.open("c-2")
	conn := b.superuser()
	_, err := conn.Exec(t.Context(), `UPDATE cases SET overdue = 99, place = '99'; DELETE FROM escalations; UPDATE obligations SET status = 'met'`)
	require.NoError(t, err)
	diffs, err := b.store.CompareReadModel(t.Context(), "c-1")
	require.NoError(t, err)
	require.NotEmpty(t, diffs)
	n := 0
	require.NoError(t, b.store.Rebuild(t.Context(), func(string) { n++ }))
	require.Equal(t, 2, n)
	for _, id := range []string{"c-1", "c-2"} {
		diffs, err := b.store.CompareReadModel(t.Context(), id)
		require.NoError(t, err)
		require.Empty(t, diffs)
		require.NoError(t, b.store.VerifyChain(t.Context(), id))
	}
}

func TestWhatWaitsIsComparedAndRebuilt(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.open("c-1")
	for _, broken := range []string{`UPDATE waiting SET worker = 'w-77'`, `DELETE FROM waiting`, `INSERT INTO waiting SELECT n + 7, opens, due, risk, unconfirmed, due_at, case_id, kind, status, place, worker FROM waiting`} {
		tag, err := b.superuser().Exec(t.Context(), broken)
		require.NoError(t, err)
		require.Positive(t, tag.RowsAffected(), broken)
		diffs, err := b.store.CompareReadModel(t.Context(), "c-1")
		require.NoError(t, err)
		require.NotEmpty(t, diffs, broken)
		require.Contains(t, diffs[0], "waiting ", broken)
		require.NoError(t, b.store.Rebuild(t.Context(), func(string) {}))
		diffs, err = b.store.CompareReadModel(t.Context(), "c-1")
		require.NoError(t, err)
		require.Empty(t, diffs, broken)
	}
}

func TestBoardsShowTheirPlaceAlone(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.live("c-1")
	b.open("c-2")
	for _, f := range []struct {
		filter board.CaseFilter
		want   []string
	}{
		{board.CaseFilter{}, []string{"c-1", "c-2"}},
		{board.CaseFilter{Place: "110101"}, []string{"c-1", "c-2"}},
		{board.CaseFilter{Place: "110102"}, nil},
		{board.CaseFilter{Place: "1101%"}, nil},
		{board.CaseFilter{Worker: "w-1"}, []string{"c-1"}},
		{board.CaseFilter{Overdue: true}, []string{"c-1"}},
		{board.CaseFilter{Phase: rehab.AwaitingReportIn}, []string{"c-2"}},
		{board.CaseFilter{Limit: 1}, []string{"c-1"}},
		{board.CaseFilter{After: "c-1", Limit: 1}, []string{"c-2"}},
	} {
		list, err := b.store.Cases(t.Context(), f.filter)
		require.NoError(t, err)
		var got []string
		for _, c := range list {
			got = append(got, c.CaseID)
		}
		require.Equal(t, f.want, got, "%+v", f.filter)
	}
	tasks, err := b.store.Tasks(t.Context(), board.TaskFilter{Place: "110101001", DueBy: rehab.NewDate(2026, 1, 20)})
	require.NoError(t, err)
	require.NotEmpty(t, tasks)
	none, err := b.store.Tasks(t.Context(), board.TaskFilter{Place: "110102", DueBy: rehab.NewDate(2036, 1, 20)})
	require.NoError(t, err)
	require.Empty(t, none)
	counts, err := b.store.Counts(t.Context())
	require.NoError(t, err)
	require.EqualValues(t, 1, counts["phase_in_execution"])
	require.Eventually(t, func() bool {
		notices, err := b.store.Notices(t.Context(), board.Cursor{}, 100)
		return err == nil && len(notices) > 0
	}, 20*time.Second, 10*time.Millisecond)
	places, err := b.store.Places(t.Context(), rehab.NewDate(2026, 1, 1))
	require.NoError(t, err)
	require.Len(t, places, 1+16+349)
}

func TestMigrationsRunTwiceAndAtOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	done := make(chan error, 3)
	for range cap(done) {
		go func() { done <- store.Migrate(context.WithoutCancel(t.Context()), b.dsn) }()
	}
	for range cap(done) {
		require.NoError(t, <-done)
	}
}

func TestADatabaseThatIsNotThereIsUnavailable(t *testing.T) {
	t.Parallel()
	b := setup(t)
	_, err := store.Open(t.Context(), store.Options{DSN: "postgres://nobody@127.0.0.1:1/none", Keys: nil})
	require.Equal(t, rehab.Unavailable, rehab.CodeOf(err))
	_, err = b.superuser().Exec(t.Context(), `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`)
	require.NoError(t, err)
	c := b.open("c-1") // on a new connection
	require.EqualValues(t, 3, c.Seq)
}

func BenchmarkRecord(b *testing.B) {
	x := setup(b)
	c := x.open("c-1")
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		n++
		x.play(c, fmt.Sprint("visit-", n), noon(2026, 1, 6), rehab.RecordContact{Channel: rehab.Phone, Outcome: rehab.Met})
	}
}
