package store_test

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"guitu/board"
	"guitu/forms"
	"guitu/inbox"
	"guitu/office"
	"guitu/rehab"
	"guitu/store"
)

// master is another master key, as text.
func (b *bundle) master() string {
	b.t.Helper()
	text, _, err := store.GenerateKeysOf(suiteOf(b.t))
	require.NoError(b.t, err)
	return text
}

// under opens the database with these master keys.
func (b *bundle) under(masters string) (*store.Store, error) {
	b.t.Helper()
	keys, err := store.NewKeys(masters, b.index)
	require.NoError(b.t, err)
	s, err := store.Open(b.t.Context(), store.Options{DSN: b.dsn, MaxConns: 4, Keys: keys})
	if err == nil {
		b.t.Cleanup(s.Close)
	}
	return s, err
}

// written is a case with something in every table under its key.
func (b *bundle) written() string {
	b.t.Helper()
	ctx := b.t.Context()
	id := b.opened(ann)
	_, _, err := b.update(id, "change", head, values{"phone": "12000009002"})
	require.NoError(b.t, err)
	require.NoError(b.t, b.store.SaveTexts(ctx, id, "open", map[string]string{"note": "SECRETNOTE"}))
	r := request("sv-1", id)
	r.Note = "SECRETTALK"
	_, _, err = b.store.AddRecord(ctx, r)
	require.NoError(b.t, err)
	z := inbox.Snooze{CaseID: id, Obligation: rehab.ObligationID{Kind: rehab.TestDuty, N: 1}, Until: rehab.NewDate(2026, 3, 1), Since: noon(2026, 1, 9), Seq: 1, Note: "SECRETWAIT"}
	require.NoError(b.t, b.store.Snooze(ctx, "w-1", z, shelving("k-1", z.Since)))
	for _, origin := range []int64{5, 7} {
		require.NoError(b.t, b.store.SavePaperDraft(ctx, office.PaperKey{CaseID: id, Kind: "police_report", Origin: origin}, map[string]string{"words": "SECRETPAPER"}))
	}
	_, err = b.store.NumberPaper(ctx, paper(id, 5, 2026), inSeries(2026))
	require.NoError(b.t, err)
	filing := forms.Filing{CaseID: id, CommandID: "f-1", Ref: forms.Ref{Form: "talk_record", Version: 1}, About: rehab.NewDate(2026, 1, 9), At: noon(2026, 1, 9), Content: &forms.Content{Answers: json.RawMessage(`{"content":"SECRETANSWER"}`)}}
	require.NoError(b.t, b.store.SaveFiling(ctx, filing, "110101001", nil))
	_, _, err = b.store.SaveAttachment(ctx, scan(id, "a"), pdf(100<<10))
	require.NoError(b.t, err)
	return id
}

func (b *bundle) allTexts(s *store.Store, id string) map[string]string {
	b.t.Helper()
	out, err := s.AllTexts(b.t.Context(), id)
	require.NoError(b.t, err)
	return out
}

func TestTheMasterKeyIsChangedWhileTheSystemRuns(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ctx := t.Context()
	id := b.written()
	before := b.allTexts(b.store, id)
	b.register("w-7", "110101001")
	b.subscribe("s-1", nil)
	a := b.audit()
	require.NoError(t, a.Note(readOf(1)))
	a.Close()
	next := b.master()

	other, err := b.under(b.masterText + "," + next) // the first step: everybody can read both
	require.NoError(t, err)
	rotating, err := b.under(next + "," + b.masterText)
	require.NoError(t, err)
	require.NoError(t, rotating.SaveIdentity(ctx, "c-new", board.Identity{Name: "某某", IDNumber: "2"}))
	_, err = other.Identity(ctx, "c-new")
	require.NoError(t, err, "whoever began before reads what is new")
	out, err := rotating.RotateMaster(ctx, func(int) {})
	require.NoError(t, err)
	require.Equal(t, store.Rotation{Cases: 1, System: 1}, out)
	again, err := rotating.RotateMaster(ctx, func(int) {})
	require.NoError(t, err)
	require.Equal(t, store.Rotation{}, again)
	require.Equal(t, before, b.allTexts(other, id))

	_, err = b.under(b.masterText)
	require.ErrorContains(t, err, "master key", "the old key opens nothing any more")
	fresh, err := b.under(next)
	require.NoError(t, err)
	require.Equal(t, before, b.allTexts(fresh, id))
	list, err := fresh.Workers(ctx, office.WorkerFilter{Place: "110101001", On: rehab.NewDate(2026, 2, 1)})
	require.NoError(t, err)
	require.Equal(t, "王某w-7", list[0].Name)
	reads, err := fresh.Reads(ctx, board.ReadFilter{Limit: 1, Place: "11"})
	require.NoError(t, err)
	require.Equal(t, "复核", reads[0].Reason)
	require.Empty(t, b.broken())
}

func TestADatabaseFromBeforeTheSystemHadAKeyGetsOne(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ctx := t.Context()
	_, err := b.superuser().Exec(ctx, `DELETE FROM system_keys`)
	require.NoError(t, err)
	b.store, err = b.under(b.masterText) // writes under the master key itself
	require.NoError(t, err)
	b.register("w-7", "110101001")
	b.subscribe("s-1", nil)
	a := b.audit()
	require.NoError(t, a.Note(readOf(1)))
	a.Close()
	next := b.master()
	both, err := b.under(next + "," + b.masterText)
	require.NoError(t, err)
	out, err := both.RotateMaster(ctx, func(int) {})
	require.NoError(t, err)
	require.Equal(t, store.Rotation{Texts: 2, Kept: 1}, out)
	again, err := both.RotateMaster(ctx, func(int) {})
	require.NoError(t, err)
	require.Equal(t, store.Rotation{}, again)
	for _, masters := range []string{next, b.masterText + "," + next} {
		s, err := b.under(masters)
		require.NoError(t, err)
		list, err := s.Workers(ctx, office.WorkerFilter{Place: "110101001", On: rehab.NewDate(2026, 2, 1)})
		require.NoError(t, err)
		require.Equal(t, "王某w-7", list[0].Name)
		reads, err := s.Reads(ctx, board.ReadFilter{Limit: 1, Place: "11"})
		require.NoError(t, err)
		require.Equal(t, "复核", reads[0].Reason, "an entry of the read log stays under its key, which is kept")
	}
	list, err := b.store.Workers(ctx, office.WorkerFilter{Place: "110101001", On: rehab.NewDate(2026, 2, 1)})
	require.Error(t, err, "%v: this process has the old key alone", list)
	require.Empty(t, b.broken())
}

func TestACaseGetsAnotherKeyWhileSomebodyWrites(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ctx := t.Context()
	id := b.written()
	before := b.allTexts(b.store, id)
	var old []byte
	conn := b.superuser()
	require.NoError(t, conn.QueryRow(ctx, `SELECT wrapped FROM case_keys WHERE case_id = $1`, id).Scan(&old))

	var stop atomic.Bool
	var writing errgroup.Group
	writing.Go(func() error {
		for n := 0; !stop.Load(); n++ {
			if err := b.store.SaveTexts(ctx, id, "more", map[string]string{"note": "SECRETMORE"}); err != nil {
				return err
			}
			if _, err := conn.Exec(ctx, `DELETE FROM texts WHERE command_id = 'more'`); err != nil {
				return err
			}
		}
		return b.store.SaveTexts(ctx, id, "more", map[string]string{"note": "SECRETMORE"})
	})
	n, err := b.store.RotateCase(ctx, id, time.Second)
	stop.Store(true)
	require.NoError(t, err)
	require.NoError(t, writing.Wait())
	require.GreaterOrEqual(t, n, len(before))
	after := b.allTexts(b.store, id)
	require.Equal(t, "SECRETMORE", after["texts "+id+"/text/more/note"])
	delete(after, "texts "+id+"/text/more/note")
	require.Equal(t, before, after)

	var now []byte
	require.NoError(t, b.superuser().QueryRow(ctx, `SELECT wrapped FROM case_keys WHERE case_id = $1`, id).Scan(&now))
	require.False(t, bytes.Equal(old, now))
	_, err = b.superuser().Exec(ctx, `UPDATE case_keys SET wrapped = $2 WHERE case_id = $1`, id, old)
	require.NoError(t, err)
	_, err = b.store.AllTexts(ctx, id)
	require.Error(t, err, "the old key opens nothing")
}

func TestAChangeOfKeyThatWasStoppedGoesOn(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.written()
	before := b.allTexts(b.store, id)
	conn := b.superuser()
	key := func() (wrapped []byte) {
		require.NoError(t, conn.QueryRow(t.Context(), `SELECT wrapped FROM case_keys WHERE case_id = $1`, id).Scan(&wrapped))
		return wrapped
	}
	old := key()
	ctx, stop := context.WithCancel(t.Context())
	var rotating errgroup.Group
	rotating.Go(func() error { _, err := b.store.RotateCase(ctx, id, time.Hour); return err })
	require.Eventually(t, func() bool { return !bytes.Equal(old, key()) }, time.Minute, time.Millisecond)
	stop()
	require.ErrorIs(t, rotating.Wait(), context.Canceled)
	require.Equal(t, before, b.allTexts(b.store, id), "both keys are there")
	n, err := b.store.RotateCase(t.Context(), id, time.Hour)
	require.NoError(t, err)
	require.Equal(t, len(before), n)
	require.Equal(t, before, b.allTexts(b.store, id))
	_, err = b.store.RotateCase(t.Context(), "c-none", 0)
	require.Equal(t, rehab.NotFound, rehab.CodeOf(err))
}

func TestTheLoginOfTheAPIChangesNoKey(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.written()
	s, conn := b.asRuntime()
	_, err := s.RotateMaster(t.Context(), func(int) {})
	require.Equal(t, rehab.Forbidden, rehab.CodeOf(err))
	_, err = s.RotateCase(t.Context(), id, 0)
	require.Equal(t, rehab.Forbidden, rehab.CodeOf(err))
	for _, sql := range []string{`SET ROLE guitu_keys`, `UPDATE system_keys SET writes = false`, `DELETE FROM system_keys`, `UPDATE crypto SET suite = 'sm'`} {
		_, err := conn.Exec(t.Context(), sql)
		require.ErrorContains(t, err, "permission denied", sql)
	}
}

// A column of ciphertexts of cases that nobody lists would be lost when a key changes.
func TestEveryTableUnderTheKeyOfACaseIsListed(t *testing.T) {
	t.Parallel()
	b := setup(t)
	rows, err := b.superuser().Query(t.Context(), `SELECT c.table_name FROM information_schema.columns c JOIN information_schema.columns k USING (table_schema, table_name)
WHERE c.table_schema = 'public' AND c.column_name = 'ciphertext' AND k.column_name = 'case_id'`)
	require.NoError(t, err)
	var found []string
	for rows.Next() {
		var name string
		require.NoError(t, rows.Scan(&name))
		found = append(found, name)
	}
	require.NoError(t, rows.Err())
	require.ElementsMatch(t, store.TablesUnderCaseKey(), found)
	id := b.written()
	tables := map[string]bool{}
	for where := range b.allTexts(b.store, id) {
		tables[strings.Fields(where)[0]] = true
	}
	require.Len(t, tables, len(found), "the life of these tests writes into each: %v", tables)
}
