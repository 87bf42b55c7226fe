package store_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/rehab"
)

func TestActorsComeBackFromTheLedgerAsTheyWere(t *testing.T) {
	t.Parallel()
	b := setup(t)
	actors := []rehab.Actor{
		{ID: "w-1", Role: rehab.WorkerRole, Place: "110101001"},
		{ID: "a name with  spaces ", Role: rehab.StationHead, Place: "110101001"},
		{ID: "7", Role: rehab.CityOffice, Place: "11"},
		{ID: "{w}", Role: rehab.Admin},
		{ID: "p-1", Role: rehab.PartnerRole, Organisation: "晨光 服务社"},
		{ID: "x", Role: "a role with spaces", Place: "110101001"},
	}
	c := b.open("c-actors")
	for i, a := range actors {
		day := noon(2026, 1, 6+i)
		b.playAs(a, c, fmt.Sprint("visit-", i), day, day, rehab.RecordContact{Channel: rehab.Talk, Outcome: rehab.Met})
	}
	history, err := b.store.History(t.Context(), "c-actors")
	require.NoError(t, err)
	said := make(map[string]rehab.Actor)
	for _, e := range history.Events {
		said[e.Command] = e.Actor
	}
	for i, a := range actors {
		require.Equal(t, a, said[fmt.Sprint("visit-", i)])
	}
	require.Equal(t, head, said["open"])
	ledger, err := b.store.Events(t.Context(), "c-actors", 0, 100)
	require.NoError(t, err)
	require.Equal(t, history.Events, ledger)
}

func TestActorsWrittenAsJSONAreStillRead(t *testing.T) {
	t.Parallel()
	b := setup(t)
	c := b.open("c-old")
	db := b.superuser()
	_, err := db.Exec(t.Context(), `ALTER TABLE case_events DISABLE TRIGGER case_events_append_only`)
	require.NoError(t, err)
	_, err = db.Exec(t.Context(), `UPDATE case_events SET actor = '{"id":"head-1","role":"station_head","place":"110101001"}' WHERE seq = 1`)
	require.NoError(t, err)
	events, err := b.store.Events(t.Context(), c.ID, 0, 1)
	require.NoError(t, err)
	require.Equal(t, head, events[0].Actor)
}
