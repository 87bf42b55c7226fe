package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"guitu/board"
	"guitu/rehab"
)

func TestACaseThatShouldHaveGoneOnIsLate(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.register("w-1", street)
	b.given("c-1", "w-1")
	c, err := b.store.Load(t.Context(), "c-1")
	require.NoError(t, err)
	wake := c.Summary().WakeAt
	late := func(place string, before time.Time) board.Late {
		out, err := b.store.LateCases(t.Context(), place, before, 10)
		require.NoError(t, err)
		return out
	}
	require.Equal(t, board.Late{List: []board.LateCase{}}, late("", wake))
	want := board.Late{Cases: 1, Since: wake.UTC(), List: []board.LateCase{{CaseID: "c-1", Place: street, WakeAt: wake.UTC()}}}
	require.Equal(t, want, late("", wake.Add(time.Second)))
	require.Equal(t, want, late(street[:6], wake.Add(time.Second)))
	require.Zero(t, late("110102", wake.Add(time.Second)).Cases)

	n, err := b.store.TransfersUnderWay(t.Context(), "")
	require.NoError(t, err)
	require.Zero(t, n)
	b.playAs(head, c, "move", noon(2026, 1, 9), noon(2026, 1, 9), rehab.RequestTransfer{To: next, Reason: rehab.ResidenceMoved})
	for place, want := range map[string]int{"": 1, street: 1, next: 1, "110102": 0} {
		n, err := b.store.TransfersUnderWay(t.Context(), place)
		require.NoError(t, err)
		require.Equal(t, want, n, place)
	}
}

func TestTheLastVerificationIsRemembered(t *testing.T) {
	t.Parallel()
	b := setup(t)
	_, ok, err := b.store.LastVerification(t.Context())
	require.NoError(t, err)
	require.False(t, ok)
	for day := range 110 {
		v := board.Verification{At: noon(2026, 1, 1).AddDate(0, 0, day), Seconds: 1.5, Cases: day, Findings: 1, Broken: map[string]int{"timer": 1}}
		require.NoError(t, b.store.KeepVerification(t.Context(), v))
	}
	last, ok, err := b.store.LastVerification(t.Context())
	require.NoError(t, err)
	require.True(t, ok)
	require.Equal(t, 109, last.Cases)
	require.Equal(t, map[string]int{"timer": 1}, last.Broken)
	var kept int
	require.NoError(t, b.superuser().QueryRow(t.Context(), `SELECT count(*) FROM verifications`).Scan(&kept))
	require.Equal(t, 100, kept)
}
