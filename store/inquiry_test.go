package store_test

import (
	"net/url"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"guitu/archive"
	"guitu/board"
	"guitu/rehab"
	"guitu/store"
	"guitu/suite"
)

// holders are three people who hold the two parts; keys are their private keys.
func (b *bundle) holders() (keys map[string]string) {
	b.t.Helper()
	s, err := suite.Named(suiteOf(b.t))
	require.NoError(b.t, err)
	keys = make(map[string]string)
	for id, part := range map[string]int{"archive-1": 1, "office-1": 2, "office-2": 2} {
		public, private, err := s.NewPair()
		require.NoError(b.t, err)
		require.NoError(b.t, b.store.AddHolder(b.t.Context(), store.Holder{ID: id, Part: part, PublicKey: public}))
		keys[id] = private
	}
	return keys
}

// sealedCase is a case with something in every table, sealed.
func (b *bundle) sealedCase() string {
	b.t.Helper()
	id := b.written()
	c, err := b.store.Load(b.t.Context(), id)
	require.NoError(b.t, err)
	b.sealed(c)
	return id
}

func asked(caseID string) archive.Inquiry {
	return archive.Inquiry{CaseID: caseID, Organ: "某某区公安分局", Ground: "办理SECRET案", Document: "查字〔2026〕1号", Shows: []string{archive.ShowIdentity}, Hours: 24}
}

func TestTheKeyOfASealedCaseIsOpenedByTwoHoldersAndByNothingElse(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ctx := t.Context()
	keys := b.holders()
	id := b.sealedCase()
	conn := b.superuser()
	var wrapped []byte
	var parts int
	require.NoError(t, conn.QueryRow(ctx, `SELECT wrapped, (SELECT count(*) FROM sealed_parts WHERE case_id = $1) FROM case_keys WHERE case_id = $1`, id).Scan(&wrapped, &parts))
	require.Nil(t, wrapped, "the master key opens nothing")
	require.Equal(t, 3, parts)
	_, err := b.store.Identity(ctx, id)
	require.Equal(t, rehab.Refused, rehab.CodeOf(err))
	require.NoError(t, b.store.Rebuild(ctx, func(string) {}))
	require.NoError(t, b.store.ReindexClients(ctx, true, func(int) {}))
	require.Empty(t, b.broken())

	_, err = b.store.AskInquiry(ctx, asked(id), "archive-1", keys["office-1"])
	require.Equal(t, rehab.Refused, rehab.CodeOf(err), "with the key of another")
	q, err := b.store.AskInquiry(ctx, asked(id), "office-1", keys["office-1"])
	require.NoError(t, err)
	_, err = b.store.ReadInquiry(ctx, q, rehab.Actor{ID: "office-1"})
	require.Equal(t, rehab.NotFound, rehab.CodeOf(err), "one holder opens nothing")
	for _, who := range []string{"office-1", "office-2"} {
		require.Equal(t, rehab.Refused, rehab.CodeOf(b.store.OpenInquiry(ctx, q, who, keys[who])), "two of the same part open nothing")
	}
	require.NoError(t, b.store.OpenInquiry(ctx, q, "archive-1", keys["archive-1"]))
	d, err := b.store.ReadInquiry(ctx, q, rehab.Actor{ID: "office-1"})
	require.NoError(t, err)
	require.Equal(t, ann.Name, d.Identity.Name)
	require.Empty(t, d.Record, "what was asked for and no more")
	require.Empty(t, d.Papers)
	_, err = b.store.Identity(ctx, id)
	require.Equal(t, rehab.Refused, rehab.CodeOf(err), "for nobody else is it open")

	reads, err := b.store.Reads(ctx, board.ReadFilter{Place: "11", CaseID: id, Limit: 10})
	require.NoError(t, err)
	require.Len(t, reads, 1)
	require.Contains(t, reads[0].Reason, "查字〔2026〕1号")
	require.Equal(t, "office-1", reads[0].Actor.ID)
	var plain string
	require.NoError(t, conn.QueryRow(ctx, `SELECT q::text || encode(words, 'escape') FROM inquiries q`).Scan(&plain))
	require.NotContains(t, plain, "SECRET")
	require.NotContains(t, plain, "公安")
	require.Empty(t, b.broken())
}

func TestAnInquiryEndsByItself(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ctx := t.Context()
	keys := b.holders()
	id := b.sealedCase()
	open := func() string {
		in := asked(id)
		in.Shows = []string{archive.ShowRecord, archive.ShowPapers}
		q, err := b.store.AskInquiry(ctx, in, "archive-1", keys["archive-1"])
		require.NoError(t, err)
		require.NoError(t, b.store.OpenInquiry(ctx, q, "office-2", keys["office-2"]))
		d, err := b.store.ReadInquiry(ctx, q, rehab.Actor{ID: "office-2"})
		require.NoError(t, err)
		require.Equal(t, "SECRETNOTE", d.Record[0].Texts["note"])
		require.Equal(t, "SECRETPAPER", d.Papers[0].Words["words"])
		require.Nil(t, d.Identity)
		return q
	}
	q := open()
	conn := b.superuser()
	_, err := conn.Exec(ctx, `UPDATE inquiries SET until = now() - interval '1 second'`)
	require.NoError(t, err)
	_, err = b.store.ReadInquiry(ctx, q, rehab.Actor{ID: "office-2"})
	require.Equal(t, rehab.NotFound, rehab.CodeOf(err))

	q = open()
	_, err = conn.Exec(ctx, `UPDATE inquiries SET until = now() - interval '1 second' WHERE id = $1`, q)
	require.NoError(t, err)
	other, err := b.under(b.masterText) // whoever starts takes it away
	require.NoError(t, err)
	var left int
	require.NoError(t, conn.QueryRow(ctx, `SELECT count(*) FROM inquiries WHERE wrapped IS NOT NULL OR part IS NOT NULL`).Scan(&left))
	require.Zero(t, left)

	q = open()
	require.NoError(t, other.EndInquiry(ctx, q))
	_, err = other.ReadInquiry(ctx, q, rehab.Actor{ID: "office-2"})
	require.Equal(t, rehab.NotFound, rehab.CodeOf(err))
	list, err := b.store.Inquiries(ctx, "", "")
	require.NoError(t, err)
	require.Len(t, list, 3)
	require.Equal(t, "某某区公安分局", list[0].Organ)
	for _, x := range list {
		require.False(t, x.EndedAt.IsZero())
	}
}

func TestKeysSealedBeforeThereWereHoldersAreGivenToThemLater(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ctx := t.Context()
	id := b.sealedCase()
	var refused *rehab.Error
	require.ErrorAs(t, b.store.SealPending(ctx, func(string) {}), &refused)
	require.Equal(t, "holders", refused.Field)
	keys := b.holders()
	var done []string
	require.NoError(t, b.store.SealPending(ctx, func(id string) { done = append(done, id) }))
	require.Equal(t, []string{id}, done)
	require.NoError(t, b.store.SealPending(ctx, func(string) { t.Error("twice") }))
	q, err := b.store.AskInquiry(ctx, asked(id), "office-1", keys["office-1"])
	require.NoError(t, err)
	require.NoError(t, b.store.OpenInquiry(ctx, q, "archive-1", keys["archive-1"]))
	d, err := b.store.ReadInquiry(ctx, q, rehab.Actor{ID: "archive-1"})
	require.NoError(t, err)
	require.Equal(t, ann.Name, d.Identity.Name)
}

func TestTheLoginOfTheAPIOpensNoInquiryAndGivesNoKeyAway(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ctx := t.Context()
	keys := b.holders()
	id := b.sealedCase()
	other := b.opened(board.Identity{OrderNo: "ORDER-79", Name: "SECRETNAME", IDNumber: "2"})
	s, conn := b.asRuntime()
	_, err := s.AskInquiry(ctx, asked(id), "office-1", keys["office-1"])
	require.Equal(t, rehab.Forbidden, rehab.CodeOf(err))
	require.Equal(t, rehab.Forbidden, rehab.CodeOf(s.AddHolder(ctx, store.Holder{ID: "x-1", Part: 1, PublicKey: mustPublic(t)})))
	_, err = conn.Exec(ctx, `SELECT seal_key($1, '{archive-1,office-1}', '{x,y}')`, other)
	require.ErrorContains(t, err, "the case is not sealed")
	_, err = conn.Exec(ctx, `SELECT seal_key($1, '{office-2,office-1}', '{x,y}')`, id)
	require.ErrorContains(t, err, "both parts")
	for _, sql := range []string{`SELECT * FROM inquiries`, `SELECT * FROM sealed_parts`, `DELETE FROM sealed_parts`, `UPDATE key_holders SET public_key = ''`} {
		_, err := conn.Exec(ctx, sql)
		require.ErrorContains(t, err, "permission denied", sql)
	}
}

func mustPublic(t *testing.T) string {
	t.Helper()
	s, err := suite.Named(suiteOf(t))
	require.NoError(t, err)
	public, _, err := s.NewPair()
	require.NoError(t, err)
	return public
}

// The API changes no keys by its own login; with one that may, lawful inquiries go through it.
func TestALoginOfItsOwnTakesInquiriesWhereThatOfTheAPIMayNot(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ctx := t.Context()
	keys := b.holders()
	id := b.sealedCase()
	s, conn := b.asRuntime()
	require.Equal(t, rehab.Forbidden, rehab.CodeOf(failure(s.AskInquiry(ctx, asked(id), "office-1", keys["office-1"]))))
	_, err := b.superuser().Exec(ctx, `DO $$ BEGIN
  CREATE ROLE keeper_of_tests LOGIN PASSWORD 'keeper' IN ROLE guitu_app, guitu_keys;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$`)
	require.NoError(t, err)
	runtime, err := url.Parse(b.dsn)
	require.NoError(t, err)
	keeper := *runtime
	keeper.User = url.UserPassword("keeper_of_tests", "keeper")
	_, api := b.behind()
	runtime.User = url.UserPassword("api_of_tests", "api")
	with, err := store.Open(ctx, store.Options{DSN: runtime.String(), KeeperDSN: keeper.String(), MaxConns: 2, Keys: b.keys, Scoped: true})
	require.NoError(t, err)
	t.Cleanup(with.Close)
	in := asked(id)
	in.Shows = append(in.Shows, archive.ShowRecord, archive.ShowPapers)
	q, err := with.AskInquiry(ctx, in, "office-1", keys["office-1"])
	require.NoError(t, err)
	shown := func() (n int) { // to the login of the API, whatever it names
		rows := seen(t, api, board.Scope{Kind: board.AreaScope, Place: "11", Cases: []string{id}})
		return len(rows["clients"])
	}
	require.Zero(t, shown(), "before it is open")
	require.NoError(t, with.OpenInquiry(ctx, q, "archive-1", keys["archive-1"]))
	require.NotZero(t, shown())
	scoped := board.WithScope(ctx, board.Scope{Kind: board.AreaScope, Place: "110101"})
	d, err := with.ReadInquiry(scoped, q, rehab.Actor{ID: "office-1", Role: rehab.DistrictOffice, Place: "110101"})
	require.NoError(t, err)
	require.NotNil(t, d.Identity)
	require.Equal(t, "SECRETNOTE", d.Record[0].Texts["note"])
	require.Equal(t, "SECRETPAPER", d.Papers[0].Words["words"])
	for place, n := range map[string]int{"": 1, "110101": 1, "110102": 0} {
		list, err := with.Inquiries(ctx, place, q)
		require.NoError(t, err)
		require.Len(t, list, n, place)
	}
	reads, err := b.store.Reads(ctx, board.ReadFilter{CaseID: id, Actor: "office-1", Limit: 5})
	require.NoError(t, err)
	require.Len(t, reads, 1)
	require.Equal(t, rehab.DistrictOffice, reads[0].Actor.Role, "as whom it was looked at")
	require.NoError(t, with.EndInquiry(ctx, q))
	require.Zero(t, shown(), "after it has ended")
	for _, c := range []*pgx.Conn{conn, api} {
		_, err = c.Exec(ctx, `SET ROLE guitu_keys`)
		require.ErrorContains(t, err, "permission denied")
	}
}
