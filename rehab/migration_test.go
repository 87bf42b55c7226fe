package rehab_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/rehab"
)

// next is another version of the life's policy, which its migrations go to.
func (l *life) next(change func(p *rehab.Policy)) *rehab.Policy {
	p := *l.env.Policy
	p.Version = "2026.9"
	p.Contact = map[rehab.Risk]rehab.Cadence{}
	for _, r := range []rehab.Risk{rehab.High, rehab.Medium, rehab.Low} {
		p.Contact[r] = l.env.Policy.Contact[r]
	}
	change(&p)
	l.env.Target = &p
	return &p
}

// migrate takes the case to the next version and lives on under it.
func (l *life) migrate(p *rehab.Policy) rehab.PolicyMigrated {
	l.t.Helper()
	events := l.do(rehab.MigratePolicy{To: p.Ref()})
	l.env.Policy, l.env.Target = p, nil
	return only[rehab.PolicyMigrated](l.t, events)
}

func TestACaseKeepsTheRulesItWasSignedUnderUntilAPersonMigratesIt(t *testing.T) {
	t.Parallel()
	l := served(t)
	p := l.next(func(p *rehab.Policy) { p.ReportIn.N = 20 })
	require.Equal(t, "2026-03-25", l.duty("report_in-1").Due.String())
	e := l.migrate(p)
	require.Equal(t, []rehab.Move{{ID: id("report_in-1"), Was: day("2026-03-25"), Due: day("2026-03-30"), Citation: "DRR art.14"}}, e.Moves)
	require.Equal(t, "2026-03-30", l.duty("report_in-1").Due.String())
	require.Equal(t, p.Ref(), l.c.Policy)
	require.Equal(t, "to", l.refuses(rehab.MigratePolicy{To: p.Ref()}).Field, "once")
}

func TestNoRetroactivityAMigrationNeverShortensALimitThatIsRunning(t *testing.T) {
	t.Parallel()
	l := served(t)
	e := l.migrate(l.next(func(p *rehab.Policy) { p.ReportIn.N, p.AssignWorker.N = 10, 1 }))
	require.Empty(t, e.Moves)
	require.Equal(t, "2026-03-25", l.duty("report_in-1").Due.String())
}

func TestAMigrationToWhatIsNotThereIsRefused(t *testing.T) {
	t.Parallel()
	l := served(t)
	require.Equal(t, rehab.NotFound, l.refuses(rehab.MigratePolicy{To: rehab.PolicyRef{ID: "national", Version: "1999.1"}}).Code)
}

func TestAMigrationLeavesWhatAPersonDecided(t *testing.T) {
	t.Parallel()
	l := served(t)
	l.to("2026-03-26")
	l.do(rehab.JustifyMiss{Obligation: id("report_in-1"), Reason: rehab.Illness, Until: day("2026-04-20")})
	e := l.migrate(l.next(func(p *rehab.Policy) { p.ReportIn.N = 10 }))
	require.Empty(t, e.Moves)
	require.Equal(t, "2026-04-20", l.duty("report_in-1").Due.String())
}

func TestAMigrationCutsTheWindowsToComeAndLeavesTheOpenOne(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.to("2026-05-20")
	open := *l.duty("test-3")
	require.Equal(t, "2026-06-09", open.Due.String())
	p := l.next(func(p *rehab.Policy) {
		p.TreatmentTests = []rehab.Schedule{{Segments: []rehab.Segment{{Periods: 18, Months: 2}}, Source: p.TreatmentTests[0].Source}}
	})
	l.migrate(p)
	require.Equal(t, open, *l.duty("test-3"), "what is open stays")
	l.to("2026-07-10")
	next := l.duty("test-4")
	require.Equal(t, "2026-07-10", next.Opens.String(), "windows of two months, from the same anchor")
	require.Equal(t, "2026-09-09", next.Due.String())
	l.to("2026-09-11")
	require.Equal(t, "2026-09-10", l.duty("test-5").Opens.String())
}

func TestAMigrationBackAndForthCutsTheSameWindows(t *testing.T) {
	t.Parallel()
	stayed, moved := executing(t, "2026-03-10"), executing(t, "2026-03-10")
	was := moved.env.Policy
	moved.to("2026-05-20")
	p := moved.next(func(p *rehab.Policy) { p.HomeVisit.Every.N = 1 })
	moved.migrate(p)
	moved.env.Target = was
	moved.migrate(was)
	stayed.to("2026-05-20")
	require.Equal(t, stayed.c.Series, moved.c.Series)
	require.Equal(t, stayed.c.Obligations, moved.c.Obligations)
	require.Equal(t, stayed.c.Wake(), moved.c.Wake())
}

func TestAMigrationCountsTheTermByTheNewRuleUnlessItWasFixed(t *testing.T) {
	t.Parallel()
	dayBefore := func(p *rehab.Policy) { p.TermEnd.Rule = rehab.DayBefore }
	l := executing(t, "2026-03-10")
	require.Equal(t, "2029-03-09", l.migrate(l.next(dayBefore)).TermEnd.String())
	require.Equal(t, "2029-03-09", l.c.TermEnd.String())

	printed := setup(t)
	order := printed.order()
	order.PrintedEnd = day("2029-03-10")
	printed.do(order)
	printed.do(rehab.ReportIn{})
	require.Equal(t, "2029-03-10", printed.migrate(printed.next(dayBefore)).TermEnd.String())

	confirmed := executing(t, "2026-03-10")
	confirmed.do(rehab.Suspend{Ground: rehab.Detention})
	confirmed.to("2026-03-20")
	confirmed.do(rehab.Resume{})
	confirmed.do(rehab.ConfirmTerm{TermEnd: day("2029-03-22")})
	require.Equal(t, "2029-03-22", confirmed.migrate(confirmed.next(dayBefore)).TermEnd.String())
}

func TestAPreviewSaysWhatMovesAndChangesNothing(t *testing.T) {
	t.Parallel()
	l := served(t)
	l.to("2026-03-22")
	l.next(func(p *rehab.Policy) { p.ReportIn.N = 20 })
	before := l.c.Clone()
	preview, err := l.c.PreviewMigration(l.env)
	require.NoError(t, err)
	require.Equal(t, before, l.c)
	require.Len(t, preview.Moves, 1)
	require.Empty(t, preview.Overdue, "no limit that is running gets shorter")
	require.Nil(t, preview.TermEnd)
	l.migrate(l.env.Target)
	l.to("2026-03-30")
	require.Equal(t, rehab.Open, l.duty("report_in-1").Status)
}

func TestANoticeOfNextYearIsAppliedOnceEvenWhereItMovesNothing(t *testing.T) {
	t.Parallel()
	l := setup(t)
	l.env.Now = noon("2026-12-17")
	o := l.order()
	o.DecidedOn, o.ServedOn = day("2026-12-17"), day("2026-12-17")
	l.do(o)
	require.Equal(t, "2027-01-04", l.duty("report_in-1").Due.String(), "New Year's Day is off without a notice")
	require.Equal(t, rehab.Refused, l.refuses(rehab.ApplyCalendar{}).Code, "the notice has not come")
	l.env.Calendar = l.env.Calendar.With(rehab.YearDays{Year: 2027, Source: "x", Off: rehab.StatutoryDays(2027)})
	e := only[rehab.CalendarApplied](t, l.do(rehab.ApplyCalendar{}))
	require.Empty(t, e.Moves)
	require.Equal(t, 2027, e.Year)
	require.Equal(t, rehab.Refused, l.refuses(rehab.ApplyCalendar{}).Code, "once")
}

func TestANewCalendarMovesOpenLimitsAndTakesAMissBackWhoseDayLiesAheadAgain(t *testing.T) {
	t.Parallel()
	l := served(t)
	require.Equal(t, rehab.Refused, l.refuses(rehab.ApplyCalendar{}).Code, "nothing moves")
	l.to("2026-03-26")
	require.Equal(t, rehab.Missed, l.duty("report_in-1").Status)
	cal := rehab.NewCalendar(rehab.YearDays{Year: 2026, Off: []rehab.Date{day("2026-03-25"), day("2026-03-26"), day("2026-03-27")}})
	l.env.Calendar = cal
	e := only[rehab.CalendarApplied](t, l.do(rehab.ApplyCalendar{}))
	require.Equal(t, "2026-03-30", e.Moves[0].Due.String())
	require.Equal(t, rehab.Open, l.duty("report_in-1").Status)
	l.quiet(rehab.ReportInDuty)
	l.do(rehab.ReportIn{})
	require.False(t, only[rehab.ReportedIn](t, l.ledger).Late)
}
