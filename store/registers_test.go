package store_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/board"
	"guitu/registers"
	"guitu/rehab"
	"guitu/store"
)

// request is a supervision about the case, or about none where it is empty.
func request(id, caseID string) registers.Record {
	return registers.Record{
		ID: id, Version: 1, Place: "110101001", CaseID: caseID, Actor: head, RecordedAt: noon(2026, 2, 1), Command: "k-1", Digest: "d-1",
		Data: registers.Supervision{
			Status: registers.Requested, Help: registers.Internal, Topic: registers.StalledEngagement, Supervisees: []string{"w-1"}, RequestedOn: rehab.NewDate(2026, 2, 1),
		},
	}
}

func TestARecordIsKeptInVersionsAndACommandActsOnceOnIt(t *testing.T) {
	t.Parallel()
	b := setup(t)
	_, dup, err := b.store.AddRecord(t.Context(), request("sv-1", ""))
	require.NoError(t, err)
	require.False(t, dup)
	again, dup, err := b.store.AddRecord(t.Context(), request("sv-1", ""))
	require.NoError(t, err)
	require.True(t, dup)
	require.Equal(t, 1, again.Version)
	other := request("sv-1", "")
	other.Digest = "d-2"
	_, _, err = b.store.AddRecord(t.Context(), other)
	require.Equal(t, rehab.Conflict, rehab.CodeOf(err))
	other.Command = "k-2"
	_, _, err = b.store.AddRecord(t.Context(), other)
	require.Equal(t, rehab.Conflict, rehab.CodeOf(err), "the id is taken")

	cancel := func(r registers.Record) (registers.Record, error) {
		d, err := r.Data.(registers.Supervision).Cancel()
		r.Data, r.Reason, r.RecordedAt = d, "moved", noon(2026, 2, 3)
		return r, err
	}
	v2, _, err := b.store.ChangeRecord(t.Context(), "sv-1", "k-3", "d-3", cancel)
	require.NoError(t, err)
	require.Equal(t, 2, v2.Version)
	_, dup, err = b.store.ChangeRecord(t.Context(), "sv-1", "k-3", "d-3", cancel)
	require.NoError(t, err)
	require.True(t, dup, "it would be refused now, but it acted")
	_, _, err = b.store.ChangeRecord(t.Context(), "sv-1", "k-4", "d-4", cancel)
	require.Equal(t, rehab.Refused, rehab.CodeOf(err))
	_, _, err = b.store.ChangeRecord(t.Context(), "sv-9", "k-4", "d-4", cancel)
	require.Equal(t, rehab.NotFound, rehab.CodeOf(err))

	history, err := b.store.RecordHistory(t.Context(), "sv-1")
	require.NoError(t, err)
	require.Len(t, history, 2)
	require.Equal(t, registers.Requested, history[0].Data.(registers.Supervision).Status)
	require.Equal(t, "moved", history[1].Reason)
}

func TestTwoWhoChangeARecordAtOnceFollowOneAnother(t *testing.T) {
	t.Parallel()
	b := setup(t)
	_, _, err := b.store.AddRecord(t.Context(), request("sv-1", ""))
	require.NoError(t, err)
	errs := make(chan error, 6)
	for i := range cap(errs) {
		go func() {
			_, _, err := b.store.ChangeRecord(t.Context(), "sv-1", string(rune('a'+i)), "d", func(r registers.Record) (registers.Record, error) { return r, nil })
			errs <- err
		}()
	}
	for range cap(errs) {
		require.NoError(t, <-errs)
	}
	now, err := b.store.RegisterRecord(t.Context(), "sv-1")
	require.NoError(t, err)
	require.Equal(t, 1+cap(errs), now.Version)
}

func TestTheApplicationCannotChangeARecord(t *testing.T) {
	t.Parallel()
	b := setup(t)
	_, _, err := b.store.AddRecord(t.Context(), request("sv-1", ""))
	require.NoError(t, err)
	conn := b.superuser()
	_, err = conn.Exec(t.Context(), "UPDATE practice_records SET place = '11'")
	require.ErrorContains(t, err, "append-only", "not even the owner")
	_, err = conn.Exec(t.Context(), `INSERT INTO practice_records SELECT id, 3, kind, place, organisation, programme, case_id, withdrawn, day, workers, data, reason, actor, recorded_at, 'x', digest FROM practice_records`)
	require.ErrorContains(t, err, "does not follow")
	_, err = conn.Exec(t.Context(), "SET ROLE guitu_app")
	require.NoError(t, err)
	for _, sql := range []string{"UPDATE practice_records SET place = '11'", "DELETE FROM practice_records", "TRUNCATE practice_records", "ALTER TABLE practice_records DISABLE TRIGGER ALL"} {
		_, err = conn.Exec(t.Context(), sql)
		require.Error(t, err, sql)
	}
}

// TestTheNotesOfASupervisionAreOutOfReachOfACommand is the attack: a worker of the case
// gives commands under the ids that the texts of a record once had among those of the case.
func TestTheNotesOfASupervisionAreOutOfReachOfACommand(t *testing.T) {
	t.Parallel()
	b := setup(t)
	c := b.open("c-1")
	require.NoError(t, b.store.SaveIdentity(t.Context(), "c-1", board.Identity{Name: "甲某", IDNumber: "110199198702100014"}))
	r := request("sv-1", "c-1")
	r.Note = "he does not open the door"
	_, _, err := b.store.AddRecord(t.Context(), r)
	require.NoError(t, err)

	for i, key := range []string{"sv-1/1", "sv-1/2", "sv-1/3"} {
		require.NoError(t, b.store.SaveTexts(t.Context(), "c-1", key, map[string]string{"note": "forged", "reason": "forged"}))
		b.play(c, key, noon(2026, 1, 6+i), rehab.RecordContact{Channel: rehab.Phone, Outcome: rehab.NoAnswer})
	}
	second := func(note string) func(registers.Record) (registers.Record, error) {
		return func(now registers.Record) (registers.Record, error) { now.Note = note; return now, nil }
	}
	_, _, err = b.store.ChangeRecord(t.Context(), "sv-1", "k-2", "d-2", second("agreed"))
	require.NoError(t, err, "the worker blocks a note")
	_, _, err = b.store.ChangeRecord(t.Context(), "sv-1", "k-3", "d-3", second(""))
	require.NoError(t, err)
	history, err := b.store.RecordHistory(t.Context(), "sv-1")
	require.NoError(t, err)
	for i, want := range []string{"he does not open the door", "agreed", ""} {
		require.Equal(t, want, history[i].Note, "the worker forges a note")
		require.Empty(t, history[i].Reason)
	}
	timeline, err := b.store.Timeline(t.Context(), "c-1", 0, 100)
	require.NoError(t, err)
	for _, e := range timeline {
		require.NotContains(t, e.Texts["note"], "door", "the worker reads a note")
		require.NotContains(t, e.Texts["note"], "agreed", "the worker reads a note")
	}
}

func TestWhatASupervisionSaysOfAClientIsUnderTheKeyOfTheCase(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.open("c-1")
	r := request("sv-1", "c-1")
	r.Note = "he does not open the door"
	_, _, err := b.store.AddRecord(t.Context(), r)
	require.Equal(t, rehab.Refused, rehab.CodeOf(err), "there is no key: the case is sealed")
	require.NoError(t, b.store.SaveIdentity(t.Context(), "c-1", board.Identity{Name: "甲某", IDNumber: "110199198702100014"}))
	_, _, err = b.store.AddRecord(t.Context(), r)
	require.NoError(t, err)
	kept, err := b.store.RegisterRecord(t.Context(), "sv-1")
	require.NoError(t, err)
	require.Equal(t, r.Note, kept.Note)

	conn := b.superuser()
	var rows string
	require.NoError(t, conn.QueryRow(t.Context(), "SELECT string_agg(r::text, ' ') FROM practice_records r").Scan(&rows))
	require.NotContains(t, rows, "door")
	_, err = conn.Exec(t.Context(), "DELETE FROM case_keys")
	require.NoError(t, err)
	other, err := store.Open(t.Context(), store.Options{DSN: b.dsn, Keys: b.keys}) // without the key in memory
	require.NoError(t, err)
	t.Cleanup(other.Close)
	sealed, err := other.RegisterRecord(t.Context(), "sv-1")
	require.NoError(t, err)
	require.Empty(t, sealed.Note)
	require.Equal(t, "c-1", sealed.CaseID)
}

func TestListsOfRecordsFilter(t *testing.T) {
	t.Parallel()
	b := setup(t)
	programme := func(id, place, organisation string) {
		_, _, err := b.store.AddRecord(t.Context(), registers.Record{
			ID: id, Version: 1, Place: place, Organisation: organisation, Actor: head, RecordedAt: noon(2026, 2, 1), Command: "k",
			Data: registers.Programme{Title: "基础", From: rehab.NewDate(2026, 3, 1), To: rehab.NewDate(2026, 6, 1)},
		})
		require.NoError(t, err)
	}
	programme("tp-1", "11", "org-1")
	programme("tp-2", "110101", "")
	programme("tp-3", "110102", "org-1")
	programme("tp-4", "110101001", "")
	for _, x := range []struct {
		filter registers.Filter
		want   []string
	}{
		{registers.Filter{}, []string{"tp-1", "tp-2", "tp-3", "tp-4"}},
		{registers.Filter{Place: "110101"}, []string{"tp-2", "tp-4"}},
		{registers.Filter{Place: "110101001", Above: "110101001"}, []string{"tp-1", "tp-2", "tp-4"}},
		{registers.Filter{Organisation: "org-1"}, []string{"tp-1", "tp-3"}},
		{registers.Filter{Limit: 1, After: "tp-1"}, []string{"tp-2"}},
		{registers.Filter{From: rehab.NewDate(2026, 3, 2)}, nil},
		{registers.Filter{Worker: "w-1"}, nil},
		{registers.Filter{Status: registers.Held}, nil},
	} {
		x.filter.Kind = registers.ProgrammeKind
		list, err := b.store.Records(t.Context(), x.filter)
		require.NoError(t, err)
		var got []string
		for _, r := range list {
			got = append(got, r.ID)
		}
		require.Equal(t, x.want, got, "%+v", x.filter)
	}
}

func TestAPartnersTokenNamesItsOrganisation(t *testing.T) {
	t.Parallel()
	b := setup(t)
	partner := rehab.Actor{ID: "p-1", Role: rehab.PartnerRole, Organisation: "org-1"}
	token, err := b.store.CreateToken(t.Context(), partner, "", noon(2126, 1, 1))
	require.NoError(t, err)
	got, err := b.store.Actor(t.Context(), token)
	require.NoError(t, err)
	require.Equal(t, partner, got)
	for _, wrong := range []rehab.Actor{
		{ID: "p-1", Role: rehab.PartnerRole}, {ID: "p-1", Role: rehab.PartnerRole, Organisation: "org-1", Place: "11"},
		{ID: "h-1", Role: rehab.StationHead, Place: "110101001", Organisation: "org-1"},
	} {
		_, err := b.store.CreateToken(t.Context(), wrong, "", noon(2126, 1, 1))
		require.Equal(t, rehab.Invalid, rehab.CodeOf(err))
	}
}
