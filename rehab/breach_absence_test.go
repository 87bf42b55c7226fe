package rehab_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/rehab"
)

func TestDRR19AwayForLessThanThreeDaysIsNoUnauthorisedLeaving(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.to("2026-05-01")
	require.Equal(t, "DRR art.19", l.refuses(rehab.RecordLeaving{From: day("2026-04-01"), To: day("2026-04-03")}).Citation, "two days: that of leaving is not counted")
	l.do(rehab.RecordLeaving{From: day("2026-04-01"), To: day("2026-04-04")})
	require.Equal(t, 3, l.c.Counters.AbsenceDays)
}

func TestDRR20NoDayOfAbsenceCountsTwice(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.to("2026-05-01")
	l.do(rehab.RecordLeaving{From: day("2026-04-01"), To: day("2026-04-16")})
	for _, days := range [][2]string{{"2026-04-10", "2026-04-26"}, {"2026-03-20", "2026-04-05"}, {"2026-04-05", "2026-04-10"}} {
		e := l.refuses(rehab.RecordLeaving{From: day(days[0]), To: day(days[1])})
		require.Equal(t, "from", e.Field)
		require.Contains(t, e.Message, "2026-04-16", "the record that has it is named")
	}
	known := l.refuses(rehab.RecordLeaving{From: day("2026-04-01"), To: day("2026-04-16")})
	require.Equal(t, rehab.Known, known.Code)
	require.NotZero(t, known.Record)
	l.do(rehab.RecordLeaving{From: day("2026-04-16"), To: day("2026-04-20")}) // back, and gone again on the same day
	require.Equal(t, 19, l.c.Counters.AbsenceDays)
}

func TestDRR19DaysOfAnApprovedLeaveAreNoAbsence(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.do(rehab.ReportLeave{From: day("2026-03-20"), To: day("2026-03-30")})
	leave := l.c.Leaves[0].ID
	l.do(rehab.DecideLeave{Leave: leave, Approved: true})
	l.to("2026-04-10")
	l.do(rehab.ReturnFromLeave{Leave: leave})
	require.Empty(t, l.c.Leaves)
	require.Equal(t, "to", l.refuses(rehab.RecordLeaving{From: day("2026-03-20"), To: day("2026-03-30")}).Field, "an ended leave excuses its days")
	l.do(rehab.RecordLeaving{From: day("2026-03-20"), To: day("2026-04-05")})
	require.Equal(t, 6, l.c.Counters.AbsenceDays, "from the day after the leave")
}

func TestDRR19AnEarlyReturnGivesBackTheDaysThatWereNotUsed(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.do(rehab.ReportLeave{From: day("2026-03-12"), To: day("2026-04-10")})
	leave := l.c.Leaves[0].ID
	l.do(rehab.DecideLeave{Leave: leave, Approved: true})
	l.to("2026-03-20")
	l.do(rehab.ReturnFromLeave{Leave: leave})
	l.to("2026-04-10")
	l.do(rehab.RecordLeaving{From: day("2026-04-01"), To: day("2026-04-05")})
	require.Equal(t, 4, l.c.Counters.AbsenceDays)
}

func TestDRR24DaysInCustodyAreNoAbsence(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.to("2026-06-01")
	l.do(rehab.Suspend{Ground: rehab.Detention})
	l.to("2026-06-25")
	l.do(rehab.RecordLeaving{From: day("2026-05-20"), To: day("2026-06-25")})
	require.Equal(t, 11, l.c.Counters.AbsenceDays, "21 to 31 May")
}

func TestDRR23ALeavingLiesInTheTerm(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	end := l.c.TermEnd
	l.toTime(end.AddDays(20).Start())
	require.Equal(t, "from", l.refuses(rehab.RecordLeaving{From: end + 1, To: end + 10}).Field)
	l.do(rehab.RecordLeaving{From: end - 5, To: end + 10})
	require.Equal(t, 5, l.c.Counters.AbsenceDays, "what lies after the term is left out")
}

func TestDRR19WhatWasFoundToBeALeavingIsNotApprovedBesideThat(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.do(rehab.ReportLeave{From: day("2026-03-12"), To: day("2026-03-20")})
	l.to("2026-03-21")
	l.do(rehab.RecordLeaving{From: day("2026-03-12"), To: day("2026-03-20")})
	require.Equal(t, "leave", l.refuses(rehab.DecideLeave{Leave: l.c.Leaves[0].ID, Approved: true}).Field)
	l.do(rehab.DecideLeave{Leave: l.c.Leaves[0].ID})
}

func TestDRR19ALeaveMayReachOverTheEndOfTheTerm(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	end := l.c.TermEnd
	l.toTime(end.AddDays(-5).Start())
	require.Equal(t, "from", l.refuses(rehab.ReportLeave{From: end + 1, To: end + 10}).Field)
	require.Equal(t, "to", l.refuses(rehab.ReportLeave{From: end, To: end.AddMonths(13)}).Field)
	l.do(rehab.ReportLeave{From: end - 3, To: end + 10})
	l.do(rehab.DecideLeave{Leave: l.c.Leaves[0].ID, Approved: true})
	require.Equal(t, end, l.duty("leave_return-1").Due)
	l.do(rehab.ExtendLeave{Leave: l.c.Leaves[0].ID, To: end + 20})
	require.Equal(t, end, l.duty("leave_return-1").Due)
}
