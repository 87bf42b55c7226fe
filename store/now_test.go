package store_test

import (
	"fmt"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"guitu/board"
	"guitu/dossier"
	"guitu/inbox"
	"guitu/rehab"
	"guitu/store"
)

// waits is a station with one of everything that waits, and the list of its head on a day.
type waits struct {
	*bundle
	today  rehab.Date
	filter inbox.NowFilter
}

// passing lets time pass for the case.
func (b *bundle) passing(c *rehab.Case, at time.Time) {
	b.t.Helper()
	env := rehab.Env{Now: at, Policy: b.rules.Policy(c.Policy), Calendar: b.rules.Calendar()}
	for wake := c.Wake(); !wake.IsZero() && !wake.After(at); wake = c.Wake() {
		env.Now = wake
		events := c.Advance(env)
		res, err := b.store.Record(b.t.Context(), rehab.NewRecord(c, rehab.Command{}, events))
		require.NoError(b.t, err)
		c.Fold(res.Events)
	}
}

// signed is a case in execution since 9 January, and kept in touch with until February.
func (b *bundle) signed(id string, risk rehab.Risk) *rehab.Case {
	b.t.Helper()
	c := b.open(id)
	b.play(c, "worker", noon(2026, 1, 5), rehab.AssignWorker{Worker: "w-1"})
	b.play(c, "in", noon(2026, 1, 8), rehab.ReportIn{})
	b.play(c, "sign", noon(2026, 1, 9), rehab.SignAgreement{})
	if risk != rehab.High {
		b.play(c, "risk", noon(2026, 1, 9), rehab.ChangeRisk{Risk: risk})
	}
	return c
}

func station(t *testing.T) *waits {
	t.Helper()
	b := setup(t)
	w := &waits{bundle: b, today: rehab.NewDate(2026, 2, 26)}
	b.passing(b.signed("c-missed", rehab.Low), noon(2026, 2, 26))
	crisis := b.signed("c-crisis", rehab.Low)
	b.passing(crisis, noon(2026, 2, 24))
	b.play(crisis, "crisis", noon(2026, 2, 26), rehab.RaiseCrisis{Kind: rehab.Overdose})

	draft := b.open("c-draft")
	b.passing(draft, noon(2026, 2, 25))
	b.play(draft, "confirm", noon(2026, 2, 26), rehab.ConfirmMiss{Obligation: rehab.ObligationID{Kind: rehab.ReportInDuty, N: 1}})

	leave := b.signed("c-leave", rehab.Medium)
	b.passing(leave, noon(2026, 2, 25))
	b.play(leave, "leave", noon(2026, 2, 26), rehab.ReportLeave{From: rehab.NewDate(2026, 3, 1), To: rehab.NewDate(2026, 3, 5)})

	from := &rehab.Case{ID: "c-in"}
	b.play(from, "open", noon(2026, 1, 5), rehab.OpenCase{
		Measure: rehab.Treatment, TermMonths: 36, DecidedOn: rehab.NewDate(2026, 1, 4), ServedOn: rehab.NewDate(2026, 1, 5), Method: rehab.ServedDirect,
		Place: "110102003", Worker: "w-9", Risk: rehab.High, Policy: rehab.PolicyRef{ID: "national", Version: "2026.1"},
	})
	b.play(from, "in", noon(2026, 1, 8), rehab.ReportIn{})
	b.play(from, "move", noon(2026, 2, 24), rehab.RequestTransfer{To: street, Reason: rehab.HouseholdMoved})
	b.play(from, "file", noon(2026, 2, 25), rehab.ForwardFile{})

	other := b.opened(ann)
	_, _, err := b.update(other, "k-1", rehab.Actor{ID: "w-1", Role: rehab.WorkerRole, Place: street}, values{dossier.Name: "SECRETOTHER"})
	require.NoError(t, err)

	var statutory []string
	for _, ref := range b.rules.Refs() {
		for _, k := range b.rules.Policy(ref).StatutoryKinds() {
			statutory = append(statutory, ref.String()+"/"+string(k))
		}
	}
	w.filter = inbox.NowFilter{
		Filter:  inbox.Filter{Actor: "head-2", Role: rehab.StationHead, Place: street, Today: w.today, DueBy: w.today.AddDays(31)},
		Decides: []string{"assign_worker", "police_report", "test_result"}, Drafts: []string{"police_report"}, Leaves: true, Changes: true,
		Statutory: statutory, By: rehab.Actor{ID: "head-2", Role: rehab.StationHead, Place: street},
	}
	return w
}

func (w *waits) list(f inbox.NowFilter) inbox.NowList {
	w.t.Helper()
	list, err := w.store.Now(w.t.Context(), f)
	require.NoError(w.t, err)
	return list
}

func named(i inbox.NowItem) string {
	return fmt.Sprintf("%s %s %s%s-%d", i.Step, i.CaseID, i.Subject, i.Kind, i.N)
}

func allNamed(list inbox.NowList) (out []string) {
	for _, i := range list.Items {
		out = append(out, named(i))
	}
	return out
}

func TestNowHoldsEachThingOnceInItsOrder(t *testing.T) {
	t.Parallel()
	w := station(t)
	list := w.list(w.filter)
	all := allNamed(list)
	change := w.store.CaseIDFor(ann.OrderNo)
	for _, want := range []string{
		"crisis c-crisis dutycrisis_follow_up-1", "hours c-draft dutypolice_report-1", "decision c-in transfer-", "decision c-leave leave-",
		"decision " + change + " client_change-1", "miss c-missed duty",
	} {
		require.True(t, slices.ContainsFunc(all, func(s string) bool { return len(s) >= len(want) && s[:len(want)] == want }), "%s is not in %v", want, all)
	}
	seen, total := make(map[string]bool), 0
	for n, i := range list.Items {
		thing := fmt.Sprintf("%s %s%s-%d", i.CaseID, i.Subject, i.Kind, i.N)
		require.False(t, seen[thing], "%s stands twice", thing)
		seen[thing] = true
		if n == 0 {
			continue
		}
		was := list.Items[n-1]
		require.LessOrEqual(t, was.Step.Rank(), i.Step.Rank(), "%s before %s", named(was), named(i))
		if was.Step == i.Step {
			require.LessOrEqual(t, was.First, i.First, "%s before %s", named(was), named(i))
		}
	}
	for _, n := range list.Counts {
		total += n
	}
	require.Len(t, list.Items, total)
	climbs := make(map[int64]int)
	for _, i := range list.Items {
		if i.Climb != 0 && i.CaseID == "c-missed" {
			climbs[i.Climb]++
		}
	}
	require.NotEmpty(t, climbs, "the climbs over the misses stand in their lines")
	for id, n := range climbs {
		require.Equal(t, 1, n, "escalation %d", id)
	}
	require.Equal(t, "overdose", list.Items[0].Crisis)
}

func TestNowIsPagedCountedAndFiltered(t *testing.T) {
	t.Parallel()
	w := station(t)
	whole := w.list(w.filter)
	f := w.filter
	f.Limit = 2
	var paged []string
	for {
		page := w.list(f)
		require.Equal(t, whole.Counts, page.Counts, "the counts are of the whole list, on every page")
		if len(page.Items) == 0 {
			break
		}
		paged = append(paged, allNamed(page)...)
		f.Key = page.Items[len(page.Items)-1].Key()
	}
	require.Equal(t, allNamed(whole), paged)

	f = w.filter
	f.Step = inbox.DecisionStep
	decisions := w.list(f)
	require.Len(t, decisions.Items, whole.Counts[inbox.DecisionStep])
	require.Equal(t, whole.Counts, decisions.Counts)
	f = w.filter
	f.Of = "w-2"
	require.Empty(t, w.list(f).Items, "of a worker who has none")
	f = w.filter
	f.Area = "110102"
	require.Empty(t, w.list(f).Items, "of a place outside")
}

func TestNowKeepsToTheScope(t *testing.T) {
	t.Parallel()
	w := station(t)
	f := w.filter
	f.Place = "110102003"
	duties, err := w.store.Obligations(t.Context(), "c-in")
	require.NoError(t, err)
	answer := duties[slices.IndexFunc(duties, func(o board.ObligationRow) bool { return o.ID.Kind == rehab.TransferDecisionDuty })]
	f.Today = answer.Due
	for _, name := range allNamed(w.list(f)) {
		require.Contains(t, name, " c-in ", "the old station sees its own case")
		require.NotContains(t, name, "transfer_decision", "and what the other one decides is not its own to do")
		require.NotContains(t, name, "transfer-")
	}
	incoming := w.list(w.filter).Items
	incoming = slices.DeleteFunc(incoming, func(i inbox.NowItem) bool { return i.Subject != inbox.TransferSubject })
	require.Len(t, incoming, 1)
	require.Equal(t, []any{answer.Due, street, "110102003", ""}, []any{incoming[0].Due, incoming[0].Place, incoming[0].From, incoming[0].Worker})
	mine := w.filter
	mine.Role, mine.Actor, mine.Worker, mine.Place, mine.Leaves, mine.Changes, mine.Decides = rehab.WorkerRole, "w-1", "w-1", "", false, false, nil
	own := w.list(mine)
	require.NotEmpty(t, own.Items)
	for _, i := range own.Items {
		require.Equal(t, "w-1", i.Worker)
		require.NotEqual(t, inbox.DecisionStep, i.Step)
	}
	mine.Actor, mine.Worker = "w-5", "w-5"
	require.Empty(t, w.list(mine).Items)
	mine.Also = []string{"w-1"}
	require.Len(t, w.list(mine).Items, len(own.Items), "who stands in has what the absent one has")

	f = w.filter
	f.Actor = "w-1"
	require.NotContains(t, fmt.Sprint(allNamed(w.list(f))), "client_change", "nobody confirms the own change")
	_, err = w.superuser().Exec(t.Context(), `UPDATE cases SET phase = 'sealed' WHERE case_id IN ('c-missed', 'c-leave', 'c-in')`)
	require.NoError(t, err)
	for _, id := range []string{"c-missed", "c-leave", "c-in"} {
		_, err = w.superuser().Exec(t.Context(), store.DeleteWaiting, id) // as the record of the seal does
		require.NoError(t, err)
	}
	for _, name := range allNamed(w.list(w.filter)) {
		require.NotRegexp(t, "c-missed|c-leave|c-in", name, "of a sealed case nothing waits")
	}
}

func TestNowTellsWhatWasPutOffAndHandled(t *testing.T) {
	t.Parallel()
	w := station(t)
	before := w.list(w.filter)
	require.Zero(t, before.Handled)
	i := before.Items[slices.IndexFunc(before.Items, func(i inbox.NowItem) bool { return i.Step == inbox.SoonStep || i.Step == inbox.ClimbStep })]
	z := inbox.Snooze{CaseID: i.CaseID, Until: w.today.AddDays(1), Since: noon(2026, 2, 26), Seq: 1 << 30, Note: "x"}
	if i.Step == inbox.ClimbStep {
		z.Escalation = i.Climb
	} else {
		z.Obligation = i.Obligation()
	}
	require.NoError(t, w.store.Snooze(t.Context(), "head-2", z, shelving("k-9", z.Since)))
	after := w.list(w.filter)
	require.Equal(t, 1, after.Snoozed)
	require.Equal(t, z.Until, after.NextReturn)
	require.Equal(t, before.Counts[i.Step]-1, after.Counts[i.Step])

	c, err := w.store.Load(t.Context(), "c-leave")
	require.NoError(t, err)
	by := rehab.Actor{ID: "head-2", Role: rehab.StationHead, Place: street}
	w.playAs(by, c, "decide", noon(2026, 2, 26), noon(2026, 2, 26), rehab.DecideLeave{Leave: c.Leaves[0].ID, Approved: true})
	after = w.list(w.filter)
	require.Equal(t, 1, after.Handled)
	require.NotContains(t, fmt.Sprint(allNamed(after)), " leave-")
	require.Nil(t, after.Coverage, "nobody has looked yet")
	_, err = w.superuser().Exec(t.Context(), `INSERT INTO coverage_runs (place, taken_at, open, covered, gaps) VALUES ($1, now(), 9, 8, '{}')`, street)
	require.NoError(t, err)
	require.Equal(t, 8, w.list(w.filter).Coverage.Covered)
}

func TestTheIndexOfDecisionsHoldsEveryDecisionAndEveryLimitInHours(t *testing.T) {
	t.Parallel()
	want := []string{"crisis_follow_up", "police_correction", "police_report"}
	for _, d := range rehab.Duties() {
		next := rehab.SettledBy(d.Kind, true)
		if !d.Elsewhere && !next.MayGive(rehab.WorkerRole) {
			want = append(want, string(d.Kind))
		}
	}
	slices.Sort(want)
	want = slices.Compact(want)
	require.Equal(t, want, regexp.MustCompile(`[a-z]+_[a-z_]+|sealing|supervision`).FindAllString(store.Decisions, -1))
	var index string
	b := setup(t)
	require.NoError(t, b.superuser().QueryRow(t.Context(), `SELECT indexdef FROM pg_indexes WHERE indexname = 'waiting_decisions'`).Scan(&index))
	for _, kind := range want {
		require.Contains(t, index, "'"+kind+"'")
	}
}

func TestTheIndexOfGapsHoldsEveryDutyWhoseMissIsAGap(t *testing.T) {
	t.Parallel()
	for _, g := range board.DutyGaps() {
		require.Contains(t, store.Gaps, "'"+string(g.Duty)+"'")
	}
}

func TestTheCountsOfABoardAreThoseOfItsCases(t *testing.T) {
	t.Parallel()
	w := station(t)
	counts, err := w.store.CaseCounts(t.Context(), street)
	require.NoError(t, err)
	rows, err := w.store.Cases(t.Context(), board.CaseFilter{Place: street})
	require.NoError(t, err)
	var n, overdue, escalated, escalations int
	for _, c := range counts {
		n, overdue, escalated, escalations = n+c.Cases, overdue+c.Overdue, escalated+c.Escalated, escalations+c.Escalations
	}
	for _, r := range rows {
		n, escalations = n-1, escalations-r.Escalations
		overdue, escalated = overdue-min(r.Overdue, 1), escalated-min(r.Escalations, 1)
	}
	require.Zero(t, n)
	require.Zero(t, overdue)
	require.Zero(t, escalated)
	require.Zero(t, escalations)
}

func TestWhatIsDueIsCountedByWorkerDayAndKind(t *testing.T) {
	t.Parallel()
	w := station(t)
	counts, err := w.store.DueByDay(t.Context(), board.CalendarFilter{Place: street, Workers: []string{"w-1"}, From: w.today, To: w.today.AddDays(31)})
	require.NoError(t, err)
	var open, missed int
	for _, n := range counts {
		require.Equal(t, "w-1", n.Worker)
		if n.Status == rehab.Missed {
			require.Zero(t, n.On)
			missed += n.N
			continue
		}
		require.True(t, w.today <= n.On && n.On <= w.today.AddDays(31))
		open += n.N
	}
	f := inbox.Filter{Actor: "w-1", Role: rehab.WorkerRole, Worker: "w-1", Today: w.today, DueBy: w.today.AddDays(31)}
	due, err := w.store.Due(t.Context(), f)
	require.NoError(t, err)
	overdue, err := w.store.Overdue(t.Context(), f)
	require.NoError(t, err)
	due = slices.DeleteFunc(due, func(x inbox.Task) bool { return x.Due < w.today })
	require.Len(t, due, open)
	require.Len(t, overdue, missed)
	require.Positive(t, missed)
}
