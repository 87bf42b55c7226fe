package store_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/office"
	"guitu/rehab"
)

// move gives the command past the API, as a sealed signal does.
func (b *bundle) move(c *rehab.Case, id string, a rehab.Actor, to string) rehab.RecordResult {
	b.t.Helper()
	return b.playAs(a, c, id, noon(2026, 2, 1), noon(2026, 2, 1), rehab.MoveStation{Place: to})
}

func TestACaseIsHandedToAStreetOfTheOwnAreaAlone(t *testing.T) {
	t.Parallel()
	b := setup(t)
	c := b.open("c-1")
	district := rehab.Actor{ID: "d-1", Role: rehab.DistrictOffice, Place: "110101"}
	for to, code := range map[string]rehab.Code{"999999999": rehab.NotFound, "110102003": rehab.Forbidden, "110199999": rehab.NotFound} {
		res := b.move(c, "to-"+to, district, to)
		require.Equal(t, rehab.RefusedByHistory, res.Outcome, to)
		require.Equal(t, code, res.Refusal.Code, to)
	}
	res := b.move(c, "of-another", rehab.Actor{ID: "d-2", Role: rehab.DistrictOffice, Place: "110102"}, "110102003")
	require.Equal(t, rehab.Forbidden, res.Refusal.Code)
	require.Equal(t, rehab.Recorded, b.move(c, "ok", district, "110101002").Outcome)
	require.Equal(t, rehab.Duplicate, b.move(&rehab.Case{ID: "c-1", Place: "110101001", Phase: c.Phase, Seq: c.Seq - 1, Policy: c.Policy}, "ok", district, "110101002").Outcome)
}

func TestACaseFollowsItsStationIntoAnotherDistrict(t *testing.T) {
	t.Parallel()
	b := setup(t)
	c := b.open("c-1")
	at := noon(2026, 1, 31)
	_, err := b.store.ChangePlace(t.Context(), command("merge", at), "110101001", office.PlaceFact{
		Record: office.Record{From: rehab.DateOf(at).AddDays(1)}, Change: office.Merged, Successor: "110102003",
	})
	require.NoError(t, err)
	district := rehab.Actor{ID: "d-1", Role: rehab.DistrictOffice, Place: "110101"}
	require.Equal(t, rehab.Recorded, b.move(c, "follow", district, "110102003").Outcome)
}

func TestVerifyFindsACaseAtAPlaceThatIsNone(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.open("c-1")
	found, err := b.store.Whole(t.Context())
	require.NoError(t, err)
	require.Empty(t, found)
	_, err = b.superuser().Exec(t.Context(), `UPDATE cases SET place = '999999999'`)
	require.NoError(t, err)
	found, err = b.store.Whole(t.Context())
	require.NoError(t, err)
	require.Len(t, found, 1)
	require.Equal(t, "c-1", found[0].Subject)
}
