package store_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/board"
	"guitu/office"
	"guitu/rehab"
)

// paper of the case is a letter to the police as the head takes it into the books in a year.
func paper(caseID string, origin int64, year int) office.Paper {
	return office.Paper{
		PaperKey: office.PaperKey{CaseID: caseID, Kind: "police_report", Origin: origin}, Place: "110101001", Series: "函", Year: year,
		Version: "v2", AsOf: origin, By: head, At: noon(year, 3, 5),
	}
}

func inSeries(year int) func(int) string {
	return func(n int) string { return fmt.Sprintf("东社戒函〔%d〕%d号", year, n) }
}

// person is a case that has a key.
func (b *bundle) person(n int) string {
	b.t.Helper()
	order := fmt.Sprintf("ORDER-%d", n)
	id := b.store.CaseIDFor(order)
	require.NoError(b.t, b.store.SaveIdentity(b.t.Context(), id, board.Identity{OrderNo: order, Name: "SECRETNAME", Sex: "male", IDNumber: fmt.Sprint(110199198001010011 + n)}))
	return id
}

func TestNumbersOfPapersHaveNoGapAndAreGivenOncePerPaper(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.person(1)
	const papers = 12
	var mu sync.Mutex
	var got []string
	var failed []error
	var wait sync.WaitGroup
	for i := range papers * 2 { // each paper asks twice at once
		wait.Go(func() {
			p, err := b.store.NumberPaper(t.Context(), paper(id, int64(i%papers+1), 2026), inSeries(2026))
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				failed = append(failed, err)
			}
			got = append(got, p.Number)
		})
	}
	wait.Wait()
	require.Empty(t, failed)
	slices.Sort(got)
	got = slices.Compact(got)
	want := make([]string, papers)
	for i := range want {
		want[i] = inSeries(2026)(i + 1)
	}
	slices.Sort(want)
	require.Equal(t, want, got)
	list, err := b.store.Papers(t.Context(), id)
	require.NoError(t, err)
	require.Len(t, list, papers)

	next, err := b.store.NumberPaper(t.Context(), paper(id, 99, 2027), inSeries(2027))
	require.NoError(t, err)
	require.Equal(t, "东社戒函〔2027〕1号", next.Number, "each year begins with 1")
	elsewhere := paper(id, 100, 2026)
	elsewhere.Place = "110101002"
	elsewhere, err = b.store.NumberPaper(t.Context(), elsewhere, inSeries(2026))
	require.NoError(t, err)
	require.Equal(t, 1, elsewhere.N, "each office has its own")
}

func TestANumberThatFailsLeavesNoGap(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.person(1)
	same := func(int) string { return "东社戒函〔2026〕1号" }
	_, err := b.store.NumberPaper(t.Context(), paper(id, 1, 2026), same)
	require.NoError(t, err)
	_, err = b.store.NumberPaper(t.Context(), paper(id, 2, 2026), same)
	require.Equal(t, rehab.Conflict, rehab.CodeOf(err), "one number, one paper")
	p, err := b.store.NumberPaper(t.Context(), paper(id, 2, 2026), inSeries(2026))
	require.NoError(t, err)
	require.Equal(t, 2, p.N)
}

func TestASpoiltNumberStaysAndThePaperGetsAnother(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.person(1)
	first, err := b.store.NumberPaper(t.Context(), paper(id, 5, 2026), inSeries(2026))
	require.NoError(t, err)
	require.Equal(t, rehab.NotFound, rehab.CodeOf(b.store.SpoilPaper(t.Context(), first.PaperKey, "东社戒函〔2026〕9号", "head-1", office.SpoiltWrong, noon(2026, 3, 6))))
	for range 2 {
		require.NoError(t, b.store.SpoilPaper(t.Context(), first.PaperKey, first.Number, "head-1", office.SpoiltWrong, noon(2026, 3, 6)))
	}
	second, err := b.store.NumberPaper(t.Context(), paper(id, 5, 2026), inSeries(2026))
	require.NoError(t, err)
	require.Equal(t, 2, second.N, "a spoilt number is never given again")
	list, err := b.store.Papers(t.Context(), id)
	require.NoError(t, err)
	require.Len(t, list, 2)
	require.True(t, list[0].Spoilt())
	require.Equal(t, office.SpoiltWrong, list[0].SpoiltWhy)
	require.False(t, list[1].Spoilt())
	require.Equal(t, head, list[1].By)
	require.Equal(t, noon(2026, 3, 5), list[1].At)
}

func TestAnOfficeGivesItsOwnNumberOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.person(1)
	own := paper(id, 5, 2026)
	own.Number = "东街函〔2026〕77号"
	p, err := b.store.NumberPaper(t.Context(), own, nil)
	require.NoError(t, err)
	require.Equal(t, "东街函〔2026〕77号", p.Number)
	require.Zero(t, p.N)
	again := paper(id, 6, 2026)
	again.Number = own.Number
	_, err = b.store.NumberPaper(t.Context(), again, nil)
	require.Equal(t, rehab.Conflict, rehab.CodeOf(err))
	next, err := b.store.NumberPaper(t.Context(), paper(id, 7, 2026), inSeries(2026))
	require.NoError(t, err)
	require.Equal(t, 1, next.N, "the office's own numbers are not counted")
}

func TestWordsOfAPaperAreEncryptedAndFrozenWithItsNumber(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.person(1)
	key := office.PaperKey{CaseID: id, Kind: "police_report", Origin: 5}
	none, err := b.store.PaperDraft(t.Context(), key)
	require.NoError(t, err)
	require.Empty(t, none)
	for _, words := range []string{"SECRETFIRST", "SECRETWORDS"} {
		require.NoError(t, b.store.SavePaperDraft(t.Context(), key, map[string]string{"words": words}))
	}
	p, err := b.store.NumberPaper(t.Context(), paper(id, 5, 2026), inSeries(2026))
	require.NoError(t, err)
	require.Equal(t, "SECRETWORDS", p.Words["words"])
	require.Equal(t, rehab.Conflict, rehab.CodeOf(b.store.SavePaperDraft(t.Context(), key, map[string]string{"words": "SECRETLATER"})))
	list, err := b.store.Papers(t.Context(), id)
	require.NoError(t, err)
	require.Equal(t, "SECRETWORDS", list[0].Words["words"])

	var raw string
	conn := b.superuser()
	require.NoError(t, conn.QueryRow(t.Context(), `SELECT (SELECT string_agg(p::text, ' ') FROM papers p) || (SELECT string_agg(encode(ciphertext, 'escape'), ' ') FROM paper_drafts)`).Scan(&raw))
	require.NotContains(t, raw, "SECRET")
	_, err = b.store.NumberPaper(t.Context(), paper("c-none", 1, 2026), inSeries(2026))
	require.Equal(t, rehab.NotFound, rehab.CodeOf(err), "a sealed record has no papers")
}
