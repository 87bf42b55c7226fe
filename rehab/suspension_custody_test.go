package rehab_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/rehab"
)

func TestAPR35ALimitMovedByCustodyRollsOverDaysOff(t *testing.T) {
	t.Parallel()
	l := served(t)
	l.to("2026-03-15")
	l.do(rehab.Suspend{Ground: rehab.Detention})
	l.to("2026-04-21")
	l.do(rehab.Resume{})
	require.Equal(t, "2026-05-06", l.duty("report_in-1").Due.String(), "25 March and 37 days are 1 May, in Labour Day")
	// A later calendar rolls the moved day anew, and counts nothing twice.
	l.env.Calendar = rehab.NewCalendar()
	l.do(rehab.ApplyCalendar{})
	require.Equal(t, "2026-05-04", l.duty("report_in-1").Due.String(), "Labour Day is off without a notice, 2 and 3 May are a weekend")
}

func TestAPR35ALimitThatBeganInCustodyHasAllItsDaysFromTheRelease(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.to("2026-06-01")
	l.do(rehab.Suspend{Ground: rehab.Detention})
	l.to("2026-06-10")
	l.by(receiver).do(rehab.AcceptTransfer{Transfer: forwarded(l, away)})
	l.to("2026-09-16")
	l.do(rehab.Resume{})
	require.Equal(t, "2026-10-08", l.duty("transfer_report_in-1").Due.String(), "1 October lies in the holidays")
}

func TestDRR24TheReleaseFileIsDueBeforeTheMovedEndOfTheTerm(t *testing.T) {
	t.Parallel()
	l := setup(t)
	b := l.order()
	b.Measure, b.TermMonths = rehab.Rehabilitation, 2
	l.do(b)
	l.do(rehab.ReportIn{})
	l.do(rehab.SignAgreement{})
	l.to("2026-04-20")
	require.Equal(t, "2026-04-28", l.duty("release_file-1").Due.String())
	l.do(rehab.Suspend{Ground: rehab.Detention})
	l.to("2026-05-03")
	l.do(rehab.Resume{})
	require.Equal(t, "2026-05-23", l.c.TermEnd.String())
	require.Equal(t, "2026-05-14", l.duty("release_file-1").Due.String(), "seven working days before")
}

func TestDRR24CustodiesThatOverlapCountOnce(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	end := l.c.TermEnd
	l.to("2026-06-01")
	l.do(rehab.Suspend{Ground: rehab.Detention})
	l.to("2026-06-15")
	l.do(rehab.Suspend{Ground: rehab.Arrest})
	require.Len(t, l.windows(rehab.SuspensionReviewDuty), 1)
	require.Contains(t, codes(l.c.Explain(l.env).Waiting), "custody")
	l.to("2026-07-20")
	require.Equal(t, 49, only[rehab.CaseResumed](t, l.do(rehab.Resume{})).Days, "one release ends what was known")
	require.Equal(t, end.AddDays(49), l.c.TermEnd)
	require.Equal(t, rehab.InExecution, l.c.Phase)
	require.Equal(t, []rehab.Custody{
		{ID: l.c.Custodies[0].ID, Ground: rehab.Detention, From: day("2026-06-01"), Until: day("2026-07-20")},
		{ID: l.c.Custodies[1].ID, Ground: rehab.Arrest, From: day("2026-06-15"), Until: day("2026-07-20")},
	}, l.c.Custodies)
}

func TestDRR24TheSameCustodyToldTwiceIsKnownAlready(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.to("2026-06-01")
	l.do(rehab.Suspend{Ground: rehab.Detention})
	e := l.refuses(rehab.Suspend{Ground: rehab.Detention})
	require.Equal(t, rehab.Known, e.Code)
	require.Equal(t, l.c.Custodies[0].ID, e.Record)
}

func TestDRR23AfterTheExpiryArticle24HasNothingToTerminate(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.toTime(l.c.TermEnd.End())
	require.Equal(t, "ground", l.refuses(rehab.Terminate{Ground: rehab.Imprisonment}).Field)
	l.do(rehab.Terminate{Ground: rehab.Death})
	require.True(t, l.c.IsClosed())
}

func TestDRR24DeathAndIsolationCloseTheCaseWithoutArticle24(t *testing.T) {
	t.Parallel()
	for ground, cite := range map[rehab.Ground]string{
		rehab.Imprisonment: "DRR art.24", rehab.CompulsoryEducation: "DRR art.24", rehab.Death: "", rehab.CompulsoryIsolation: "NCL art.38",
	} {
		l := executing(t, "2026-03-10")
		l.do(rehab.Terminate{Ground: ground})
		require.Equal(t, cite, l.c.Explain(l.env).State.Citation, string(ground))
		require.Equal(t, cite, rehab.Decisions(l.ledger, 1)[0].Citation, string(ground))
		require.Equal(t, cite, l.refuses(met(rehab.Talk)).Citation, string(ground))
	}
}
