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
	_, ok, err := b.store.LastVerification(t.Context(), "110101")
	require.NoError(t, err)
	require.False(t, ok)
	for day := range 110 {
		v := board.Verification{At: noon(2026, 1, 1).AddDate(0, 0, day), Seconds: 1.5, Cases: day, Findings: 1, Broken: map[string]int{"timer": 1}}
		require.NoError(t, b.store.KeepVerification(t.Context(), v))
	}
	last, ok, err := b.store.LastVerification(t.Context(), "110101")
	require.NoError(t, err)
	require.True(t, ok)
	require.Equal(t, 109, last.Cases)
	require.Equal(t, map[string]int{"timer": 1}, last.Broken)
	var kept int
	require.NoError(t, b.superuser().QueryRow(t.Context(), `SELECT count(*) FROM verifications`).Scan(&kept))
	require.Equal(t, 100, kept)
}

func TestOneVerificationIsUnderWayAtATime(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ctx := t.Context()
	_, ok, err := b.store.Verification(ctx)
	require.NoError(t, err)
	require.False(t, ok)
	first, second := board.VerificationJob{ID: "v-1", Place: street, By: "h-1"}, board.VerificationJob{ID: "v-2", Place: "11", By: "c-1", Full: true}
	require.NoError(t, b.store.BeginVerification(ctx, first))
	require.Equal(t, rehab.Conflict, rehab.CodeOf(b.store.BeginVerification(ctx, second)))
	require.NoError(t, b.store.VerificationProgress(ctx, "v-1", 3, 7))
	j, ok, err := b.store.Verification(ctx)
	require.NoError(t, err)
	require.True(t, ok)
	require.Equal(t, []any{"v-1", street, 3, 7, board.VerificationRuns}, []any{j.ID, j.Place, j.Done, j.Total, j.State})

	_, err = b.superuser().Exec(ctx, `UPDATE verification_jobs SET seen_at = now() - interval '3 minutes'`)
	require.NoError(t, err)
	j, _, err = b.store.Verification(ctx)
	require.NoError(t, err)
	require.Equal(t, board.VerificationLost, j.State)
	require.NoError(t, b.store.BeginVerification(ctx, second), "one that is lost is in nobody's way")
	require.NoError(t, b.store.EndVerification(ctx, "v-1"), "what comes of the lost one is nothing any more")
	j, _, err = b.store.Verification(ctx)
	require.NoError(t, err)
	require.Equal(t, []any{"v-2", true, 0, board.VerificationRuns}, []any{j.ID, j.Full, j.Done, j.State})
	require.NoError(t, b.store.EndVerification(ctx, "v-2"))
	require.NoError(t, b.store.BeginVerification(ctx, first))
}

func TestAVerificationIsShownToThosePlacesItLookedAt(t *testing.T) {
	t.Parallel()
	b := setup(t)
	all := board.Verification{At: noon(2026, 1, 1), Cases: 2, First: []board.Finding{{CaseID: "c-1", Place: street}, {CaseID: "c-2", Place: "110102001"}, {Subject: "an export"}}}
	require.NoError(t, b.store.KeepVerification(t.Context(), all))
	require.NoError(t, b.store.KeepVerification(t.Context(), board.Verification{At: noon(2026, 1, 2), Cases: 1, Place: street}))
	for place, want := range map[string]int{street: 1, "110101": 2, "110102001": 2, "11": 2, "": 2} {
		last, ok, err := b.store.LastVerification(t.Context(), place)
		require.NoError(t, err)
		require.True(t, ok)
		require.Equal(t, want, last.Cases, place)
		if want == 2 {
			require.Len(t, last.First, map[bool]int{true: 3, false: 1}[len(place) < 3], "of %q", place)
		}
	}
}

func TestTheCasesAreCountedByTheVersionTheyAreUnder(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.register("w-1", street)
	b.given("c-1", "w-1")
	list, err := b.store.PolicyCounts(t.Context(), street[:6])
	require.NoError(t, err)
	c, err := b.store.Load(t.Context(), "c-1")
	require.NoError(t, err)
	require.Equal(t, []board.PolicyCount{{Policy: c.Policy, Cases: 1, Open: 1}}, list)
	none, err := b.store.PolicyCounts(t.Context(), "110102")
	require.NoError(t, err)
	require.Empty(t, none)

	_, err = b.store.Notice(t.Context(), 1<<40)
	require.Equal(t, rehab.NotFound, rehab.CodeOf(err))
}
