package store_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/board"
	"guitu/registers"
	"guitu/rehab"
	"guitu/store"
)

// sealed closes the case for good, as the ledger does it after all the years.
func (b *bundle) sealed(c *rehab.Case) {
	b.t.Helper()
	at := noon(2026, 6, 1)
	events := []rehab.Event{{Seq: c.Seq + 1, RecordedAt: at, OccurredAt: at, Actor: head, Data: rehab.CaseSealed{On: rehab.DateOf(at)}}}
	_, err := b.store.Record(b.t.Context(), rehab.NewRecord(c, rehab.Command{}, events))
	require.NoError(b.t, err)
}

func TestAfterTheSealNoStoreOpensTheKey(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ctx := t.Context()
	c := b.open("c-1")
	require.NoError(t, b.store.SaveIdentity(ctx, "c-1", board.Identity{Name: "某某", IDNumber: "1"}))
	require.NoError(t, b.store.SaveTexts(ctx, "c-1", "open", map[string]string{"note": "words"}))
	kept, _, err := b.store.AddRecord(ctx, registers.Record{
		ID: "sv-1", Place: "110101001", CaseID: "c-1", Note: "words", Actor: head, RecordedAt: noon(2026, 5, 1), Command: "k", Digest: "d",
		Data: registers.Supervision{Status: registers.Requested, RequestedOn: rehab.NewDate(2026, 5, 1), Supervisees: []string{"w-1"}},
	})
	require.NoError(t, err)
	require.Equal(t, "words", kept.Note)
	// Another process, which has the key in its memory.
	other, err := store.Open(ctx, store.Options{DSN: b.dsn, MaxConns: 2, Keys: b.keys})
	require.NoError(t, err)
	t.Cleanup(other.Close)
	_, err = other.Identity(ctx, "c-1")
	require.NoError(t, err)
	b.sealed(c)

	for _, s := range []*store.Store{b.store, other} {
		_, err := s.Identity(ctx, "c-1")
		require.Equal(t, rehab.Refused, rehab.CodeOf(err))
		list, err := s.Identities(ctx, []string{"c-1"})
		require.NoError(t, err)
		require.Empty(t, list)
		timeline, err := s.Timeline(ctx, "c-1", 0, 10)
		require.NoError(t, err)
		for _, e := range timeline {
			require.Empty(t, e.Texts)
		}
		r, err := s.RegisterRecord(ctx, "sv-1")
		require.NoError(t, err)
		require.Empty(t, r.Note)
		records, err := s.Records(ctx, registers.Filter{Kind: registers.SupervisionKind, Place: "11", Limit: 10})
		require.NoError(t, err)
		require.Empty(t, records)
		require.Equal(t, rehab.Refused, rehab.CodeOf(s.SaveTexts(ctx, "c-1", "more", map[string]string{"note": "words"})))
		require.Equal(t, rehab.Refused, rehab.CodeOf(s.SaveIdentity(ctx, "c-1", board.Identity{Name: "某某", IDNumber: "1"})))
	}
	_, err = b.superuser().Exec(ctx, `UPDATE case_keys SET sealed_at = NULL`)
	require.ErrorContains(t, err, "sealed", "nobody takes the seal off")
}

func TestASupervisionIsListedWhereItsCaseIs(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ctx := t.Context()
	c := b.open("c-1")
	b.play(c, "worker", noon(2026, 1, 5), rehab.AssignWorker{Worker: "w-1"})
	_, _, err := b.store.AddRecord(ctx, registers.Record{
		ID: "sv-1", Place: "110101001", CaseID: "c-1", Actor: head, RecordedAt: noon(2026, 5, 1), Command: "k", Digest: "d",
		Data: registers.Supervision{Status: registers.Requested, RequestedOn: rehab.NewDate(2026, 5, 1), Supervisees: []string{"w-1", "w-2"}},
	})
	require.NoError(t, err)
	count := func(place, worker string) int {
		list, err := b.store.Records(ctx, registers.Filter{Kind: registers.SupervisionKind, Place: place, Worker: worker, Limit: 10})
		require.NoError(t, err)
		return len(list)
	}
	require.Equal(t, []int{1, 1, 0}, []int{count("110101001", ""), count("", "w-1"), count("", "w-2")})
	b.move(c, "away", rehab.Actor{ID: "c-1", Role: rehab.CityOffice, Place: "11"}, "110102003")
	require.Equal(t, []int{0, 1, 1}, []int{count("110101001", ""), count("110102003", ""), count("", "w-1")})
}

func TestTheTokenOfAWorkerWhoLeftIsRefused(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ctx := t.Context()
	conn := b.superuser()
	for _, id := range []string{"w-1", "w-2", "w-3"} {
		require.NoError(t, b.store.KeepToken(ctx, "token-"+id, rehab.Actor{ID: id, Role: rehab.WorkerRole, Place: "110101001"}, "", noon(2099, 1, 1)))
	}
	_, err := conn.Exec(ctx, `INSERT INTO worker_periods (worker, from_day, to_day, place, post, qualification, case_limit)
VALUES ('w-1', '2020-01-01', '2021-01-01', '110101001', 'worker', '', 0), ('w-2', '2020-01-01', '2021-01-01', '110101001', 'worker', '', 0), ('w-2', '2021-01-02', NULL, '110101001', 'worker', '', 0)`)
	require.NoError(t, err)
	_, err = b.store.Actor(ctx, "token-w-1")
	require.Equal(t, rehab.NotFound, rehab.CodeOf(err))
	for _, id := range []string{"w-2", "w-3"} {
		_, err = b.store.Actor(ctx, "token-"+id)
		require.NoError(t, err, id)
	}
}
