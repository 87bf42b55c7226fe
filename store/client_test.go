package store_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"guitu/board"
	"guitu/dossier"
	"guitu/once"
	"guitu/rehab"
)

var ann = board.Identity{OrderNo: "ORDER-78", Name: "SECRETNAME", Sex: "male", IDNumber: "110199198001010011", Phone: "12000009001"}

type values = map[dossier.Field]string

// opened is an open case with an identity.
func (b *bundle) opened(id board.Identity) string {
	b.t.Helper()
	caseID := b.store.CaseIDFor(id.OrderNo)
	require.NoError(b.t, b.store.SaveIdentity(b.t.Context(), caseID, id))
	b.open(caseID)
	return caseID
}

func (b *bundle) update(caseID, key string, by rehab.Actor, v values) ([]*dossier.Change, bool, error) {
	return b.store.UpdateClient(b.t.Context(), caseID, once.Request{Key: key, Digest: key + "-d"}, dossier.Update{By: by, At: noon(2026, 3, 1), Why: "SECRETWHY", Values: v})
}

func (b *bundle) decide(caseID, key string, d dossier.Decision) error {
	_, _, err := b.store.DecideClient(b.t.Context(), caseID, once.Request{Key: key, Digest: key + "-d"}, d)
	return err
}

func (b *bundle) find(typed string) []string {
	b.t.Helper()
	look, ok := dossier.Looking(typed)
	require.True(b.t, ok, typed)
	list, err := b.store.SearchClients(b.t.Context(), look, board.ClientFilter{Place: "11", Limit: 20})
	require.NoError(b.t, err)
	out := []string{}
	for _, x := range list {
		out = append(out, x.Case.CaseID)
	}
	return out
}

func TestAClientIsChangedOnceAndKeepsTheHistory(t *testing.T) {
	t.Parallel()
	b := setup(t)
	caseID := b.opened(ann)
	made, known, err := b.update(caseID, "k-1", head, values{dossier.Phone: "12000009002", dossier.Name: "SECRETOTHER", dossier.IDNumber: "110199198001010038"})
	require.NoError(t, err)
	require.False(t, known)
	require.Len(t, made, 2)
	again, known, err := b.update(caseID, "k-1", head, values{dossier.Phone: "12000009002", dossier.Name: "SECRETOTHER", dossier.IDNumber: "110199198001010038"})
	require.NoError(t, err)
	require.True(t, known)
	require.Equal(t, made, again)
	_, _, err = b.store.UpdateClient(t.Context(), caseID, once.Request{Key: "k-1", Digest: "another"}, dossier.Update{})
	require.ErrorIs(t, err, once.ErrUsed)
	_, _, err = b.update(caseID, "open", head, values{dossier.Phone: "12000009003"})
	require.ErrorIs(t, err, once.ErrUsed, "the key of a command of the case")

	waiting, err := b.store.WaitingChanges(t.Context(), "11", "", "", 0, 10)
	require.NoError(t, err)
	require.Equal(t, []dossier.Row{{CaseID: caseID, Place: "110101001", N: 2, By: head, At: noon(2026, 3, 1).UTC(), Fields: []dossier.Field{dossier.Name, dossier.IDNumber}}}, waiting)
	require.Empty(t, b.find("SECRETOTHER"))
	require.Equal(t, rehab.Forbidden, rehab.CodeOf(b.decide(caseID, "k-2", dossier.Decision{N: 2, Confirm: true, By: head})))
	other := rehab.Actor{ID: "d-1", Role: rehab.DistrictOffice, Place: "110101"}
	require.NoError(t, b.decide(caseID, "k-2", dossier.Decision{N: 2, Confirm: true, By: other, At: noon(2026, 3, 2)}))
	require.NoError(t, b.decide(caseID, "k-2", dossier.Decision{N: 2, Confirm: true, By: other, At: noon(2026, 3, 2)}), "the same again")

	h, err := b.store.ClientHistory(t.Context(), caseID)
	require.NoError(t, err)
	require.Equal(t, "SECRETOTHER", h.Now.Name)
	require.Equal(t, values{dossier.Name: "SECRETNAME", dossier.IDNumber: ann.IDNumber}, h.Changes[1].Before)
	require.Equal(t, ann, h.As(0, noon(2026, 2, 1)))
	require.Equal(t, []string{caseID}, b.find("SECRETOTHER"))
	require.Empty(t, b.find("SECRETNAME"))
	cases, err := b.store.CasesOfPerson(t.Context(), "110199198001010038")
	require.NoError(t, err)
	require.Equal(t, []string{caseID}, cases)
	require.NoError(t, b.store.SaveIdentity(t.Context(), caseID, ann), "the order as it was first told is still the same order")
	require.Equal(t, "SECRETOTHER", b.who(caseID).Name)
	b.noSecretIn("client_changes", "client_commands", "clients")
}

func (b *bundle) who(caseID string) board.Identity {
	b.t.Helper()
	id, err := b.store.Identity(b.t.Context(), caseID)
	require.NoError(b.t, err)
	return id
}

func (b *bundle) noSecretIn(tables ...string) {
	b.t.Helper()
	for _, table := range tables {
		var dump string
		require.NoError(b.t, b.superuser().QueryRow(b.t.Context(), `SELECT string_agg(x::text, ' ') FROM `+pgx.Identifier{table}.Sanitize()+` x`).Scan(&dump))
		require.NotEmpty(b.t, dump)
		for _, secret := range []string{"SECRET", "ORDER-7", "1101991980", "12000009"} {
			require.NotContains(b.t, dump, secret, table)
		}
	}
}

func TestChangesAtOnceAllHold(t *testing.T) {
	t.Parallel()
	b := setup(t)
	caseID := b.opened(ann)
	fields := []dossier.Field{dossier.Phone, dossier.OtherPhone, dossier.FamilyContact, dossier.FamilyPhone, dossier.HouseholdAddress, dossier.ResidenceAddress, dossier.WorkUnit, dossier.WorkAddress}
	var wg sync.WaitGroup
	start := make(chan struct{})
	for _, f := range fields {
		wg.Go(func() {
			<-start
			for i := range 5 {
				_, _, err := b.update(caseID, fmt.Sprintf("%s-%d", f, i), head, values{f: fmt.Sprintf("1200000%04d", i)})
				assert.NoError(t, err)
			}
		})
	}
	close(start)
	wg.Wait()
	h, err := b.store.ClientHistory(t.Context(), caseID)
	require.NoError(t, err)
	require.Len(t, h.Changes, 5*len(fields))
	require.Equal(t, h.As(0, noon(2026, 4, 1)), h.Now)
	require.Equal(t, "12000000004", h.Now.WorkAddress)
}

func TestASealedOrVoidCaseIsNeitherChangedNorFound(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for i, phase := range []rehab.Phase{rehab.Sealed, rehab.Void} {
		id := ann
		id.OrderNo += string(phase)
		caseID := b.opened(id)
		require.Len(t, b.find("SECRETNAME"), 1)
		c, err := b.store.Load(t.Context(), caseID)
		require.NoError(t, err)
		_, _, err = b.update(caseID, "k-1", head, values{dossier.Name: "SECRETOTHER"})
		require.NoError(t, err)
		var e rehab.EventData = rehab.CaseSealed{On: rehab.NewDate(2026, 3, 1)}
		if phase == rehab.Void {
			e = rehab.CaseVoided{On: rehab.NewDate(2026, 3, 1)}
		}
		events := []rehab.Event{{Seq: c.Seq + 1, RecordedAt: noon(2026, 3, 1), OccurredAt: noon(2026, 3, 1), Actor: head, Data: e}}
		_, err = b.store.Record(t.Context(), rehab.NewRecord(c, rehab.Command{}, events))
		require.NoError(t, err)
		require.Empty(t, b.find("SECRETNAME"))
		for range 2 {
			var terms []int64
			require.NoError(t, b.superuser().QueryRow(t.Context(), `SELECT terms FROM clients WHERE case_id = $1`, caseID).Scan(&terms))
			require.Empty(t, terms, "no term is left, and none is made again")
			require.NoError(t, b.store.ReindexClients(t.Context(), true, func(int) {}))
		}
		_, _, err = b.update(caseID, "k-2", head, values{dossier.Phone: "12000009003"})
		require.Equal(t, rehab.Refused, rehab.CodeOf(err), i)
		require.Equal(t, rehab.Refused, rehab.CodeOf(b.decide(caseID, "k-3", dossier.Decision{N: 1, By: head})))
		waiting, err := b.store.WaitingChanges(t.Context(), "11", "", "", 0, 10)
		require.NoError(t, err)
		require.Empty(t, waiting)
	}
}

func TestASearchStaysInItsScopeAndIsPaged(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, name := range []string{"王小明", "王小红", "李小明"} {
		id := ann
		id.OrderNo, id.Name = "ORDER-78-"+name, name
		b.opened(id)
	}
	look, _ := dossier.Looking("小明")
	search := func(f board.ClientFilter) int {
		list, err := b.store.SearchClients(t.Context(), look, f)
		require.NoError(t, err)
		return len(list)
	}
	require.Equal(t, 2, search(board.ClientFilter{Place: "110101", Limit: 20}))
	require.Zero(t, search(board.ClientFilter{Place: "110102", Limit: 20}))
	require.Zero(t, search(board.ClientFilter{Worker: "w-1", FreeAt: "110102003", Limit: 20}))
	require.Equal(t, 2, search(board.ClientFilter{Worker: "w-1", FreeAt: "110101001", Limit: 20}), "those that nobody has")
	require.Equal(t, 1, search(board.ClientFilter{Place: "11", Limit: 1}))
	first, err := b.store.SearchClients(t.Context(), look, board.ClientFilter{Place: "11", Limit: 1})
	require.NoError(t, err)
	require.Equal(t, 1, search(board.ClientFilter{Place: "11", Limit: 20, After: first[0].Case.CaseID}))
	require.Len(t, b.find("wxh"), 1)
	require.Len(t, b.find("110199198001010011"), 3)
}

func TestClientsFromBeforeTheIndexAreFoundOnceItIsMade(t *testing.T) {
	t.Parallel()
	b := setup(t)
	caseID := b.opened(ann)
	_, err := b.superuser().Exec(t.Context(), `UPDATE clients SET terms = NULL`)
	require.NoError(t, err)
	require.Empty(t, b.find("SECRETNAME"))
	n := 0
	require.NoError(t, b.store.ReindexClients(t.Context(), false, func(k int) { n += k }))
	require.NoError(t, b.store.ReindexClients(t.Context(), false, func(k int) { n += k }))
	require.Equal(t, 1, n, "once")
	require.Equal(t, []string{caseID}, b.find("SECRETNAME"))
}
