package rehab_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/rehab"
)

func TestDRR24TheWordOfThePoliceOnTheEndIsTakenWheneverItComes(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.do(rehab.ConfirmTerm{TermEnd: day("2029-05-01")}) // nobody had asked
	require.Equal(t, day("2029-05-01"), l.c.TermEnd)
	l.do(rehab.ConfirmTerm{TermEnd: day("2029-02-01")})
	require.Equal(t, day("2029-02-01"), l.c.TermEnd)
	require.Equal(t, "term_end", l.refuses(rehab.ConfirmTerm{TermEnd: day("2029-02-01")}).Field, "it is known")
	l.to("2026-04-10")
	l.do(rehab.Suspend{Ground: rehab.Detention})
	l.to("2026-04-20")
	l.do(rehab.Resume{})
	require.Equal(t, day("2029-02-11"), l.c.TermEnd, "later custody shifts from there")
}

func TestDRR24AWordOfThePoliceThatHasPassedEndsTheTermAtOnce(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.to("2026-09-01")
	l.do(rehab.ConfirmMiss{Obligation: id("test-4"), Evasion: true})
	require.Equal(t, 1, l.c.Counters.TestBreaches)
	l.do(rehab.ConfirmTerm{TermEnd: day("2026-05-15")})
	require.Equal(t, rehab.TermEnded, l.c.Phase)
	require.Zero(t, l.c.Counters.TestBreaches, "nothing after the end is held against the client")
	l.gone("test-4")
	l.duty("release_notice-1")
	for _, s := range l.c.Series {
		if s.Kind == rehab.ReleaseFileDuty {
			require.Equal(t, day("2026-05-15"), s.Anchor, "the file's window belongs to the confirmed end")
		}
	}
}

func TestDRR24ATermThatHadSeemedToBeOverGoesOnByTheWordOfThePolice(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	end := l.c.TermEnd
	l.toTime(end.AddDays(3).Start())
	require.Equal(t, rehab.TermEnded, l.c.Phase)
	l.do(rehab.ConfirmTerm{TermEnd: end.AddDays(100)})
	require.Equal(t, rehab.InExecution, l.c.Phase)
	l.gone("release_notice-1")
	opened := len(l.windows(rehab.ContactDuty))
	l.toTime(end.AddDays(40).Start())
	require.Greater(t, len(l.windows(rehab.ContactDuty)), opened, "windows come again")
	l.toTime(end.AddDays(101).Start())
	require.Equal(t, rehab.TermEnded, l.c.Phase)
	l.duty("release_notice-2")
}

func TestDRR14AnEndOfTermIsHeldAgainstWhatIsPossible(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	last := day("2030-03-10")
	require.Equal(t, "term_end", l.refuses(rehab.ConfirmTerm{TermEnd: day("2092-04-09")}).Field)
	require.Equal(t, "term_end", l.refuses(rehab.ConfirmTerm{TermEnd: last + 1}).Field)
	require.Equal(t, "term_end", l.refuses(rehab.ConfirmTerm{TermEnd: day("2026-03-09")}).Field)
	l.do(rehab.Suspend{Ground: rehab.Detention})
	l.to("2026-03-20")
	l.do(rehab.Suspend{Ground: rehab.Arrest})
	l.to("2026-03-30")
	l.do(rehab.Resume{})
	require.Equal(t, "term_end", l.refuses(rehab.ConfirmTerm{TermEnd: last + 21}).Field, "twenty days of custody, once")
	l.do(rehab.ConfirmTerm{TermEnd: last + 20})
}
