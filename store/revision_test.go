package store_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"guitu/board"
	"guitu/evaluation"
	"guitu/inbox"
	"guitu/office"
	"guitu/registers"
	"guitu/rehab"
)

var second = rehab.Actor{ID: "d-1", Role: rehab.DistrictOffice, Place: "110101"}

// withdraw takes the record back, by two people where it takes them.
func (b *bundle) withdraw(c *rehab.Case, record int64, at time.Time) {
	b.t.Helper()
	id := fmt.Sprint("withdraw-", record)
	b.lateAs(head, c, id, at, at, rehab.WithdrawRecord{Record: record})
	if len(c.Amendments) > 0 {
		b.lateAs(second, c, id+"-confirmed", at, at, rehab.ConfirmAmendment{Amendment: c.Amendments[0].ID})
	}
}

func (b *bundle) correct(c *rehab.Case, record int64, happened, at time.Time, fields string) {
	b.t.Helper()
	id := fmt.Sprint("correct-", record)
	b.lateAs(head, c, id, at, at, rehab.CorrectRecord{Record: record, HappenedAt: happened, Fields: json.RawMessage(fields)})
	if len(c.Amendments) > 0 {
		b.lateAs(second, c, id+"-confirmed", at, at, rehab.ConfirmAmendment{Amendment: c.Amendments[0].ID})
	}
}

// seqOf is the sequence of the last event of the type that the case has.
func (b *bundle) seqOf(c *rehab.Case, typ string) int64 {
	b.t.Helper()
	events, err := b.store.Events(b.t.Context(), c.ID, 0, 1000)
	require.NoError(b.t, err)
	var seq int64
	for _, e := range events {
		if e.Data.EventType() == typ {
			seq = e.Seq
		}
	}
	require.NotZero(b.t, seq, typ)
	return seq
}

func (b *bundle) street(period string, now time.Time) map[string]int64 {
	return b.counts("110101001", evaluation.Street, period, now)["110101001"]
}

func TestWhoeverWasToldOfAnEscalationHearsThatItFell(t *testing.T) {
	t.Parallel()
	b := setup(t)
	c := b.open("c-1")
	b.play(c, "worker", noon(2026, 1, 5), rehab.AssignWorker{Worker: "w-1"})
	b.play(c, "look", noon(2026, 1, 22), rehab.ChangeRisk{Risk: rehab.Low}) // the report-in was due on the 20th
	require.NotEmpty(t, c.Escalations)
	escalation := c.Escalations[0].ID
	worker := inbox.Filter{Actor: "w-1", Role: rehab.WorkerRole, Worker: "w-1", Limit: 100}
	told, err := b.store.NoticesTo(t.Context(), worker)
	require.NoError(t, err)
	require.Equal(t, "escalation_opened", told[0].Type)

	b.late(c, "in", noon(2026, 1, 9), noon(2026, 1, 23), rehab.ReportIn{})
	told, err = b.store.NoticesTo(t.Context(), worker)
	require.NoError(t, err)
	fell := 0
	for _, n := range told {
		if n.Type == "escalation_retracted" {
			require.Equal(t, escalation, n.Escalation)
			fell++
		}
	}
	require.Equal(t, 1, fell)
	waiting, err := b.store.Told(t.Context(), inbox.Filter{Actor: "w-1", Role: rehab.WorkerRole, Worker: "w-1", Limit: 100})
	require.NoError(t, err)
	for _, e := range waiting {
		require.NotEqual(t, escalation, e.ID)
	}
	fallen := func() []board.EscalationRow {
		rows, err := b.store.CaseEscalations(t.Context(), c.ID)
		require.NoError(t, err)
		return slices.DeleteFunc(rows, func(e board.EscalationRow) bool { return e.ID != escalation })
	}
	before := fallen()
	require.Len(t, before, 1, "the row stays")
	require.Equal(t, rehab.ByRetraction, before[0].Closing)
	require.True(t, before[0].ClosedAt.Equal(noon(2026, 1, 23)))
	require.NoError(t, b.store.Rebuild(t.Context(), func(string) {}))
	require.Equal(t, before, fallen())
}

func TestFiguresCountWhatIsTrueNow(t *testing.T) {
	t.Parallel()
	b := setup(t)
	c := b.live("c-1") // with a positive test on 2 February
	now := noon(2026, 3, 1)
	b.play(c, "gone", noon(2026, 3, 1), rehab.RecordLeaving{From: rehab.NewDate(2026, 2, 24), To: rehab.NewDate(2026, 3, 1)})
	b.playAt(c, "visit-2", now.Add(time.Hour), now, rehab.RecordContact{Channel: rehab.HomeVisit, Outcome: rehab.Met})
	now = now.Add(2 * time.Hour)
	leavings := func() int64 { return b.street("2026-Q1", now)["leavings"] }
	require.EqualValues(t, 1, leavings())
	b.withdraw(c, b.seqOf(c, "leaving_recorded"), now)
	require.Zero(t, leavings(), "a leaving that never was")

	require.EqualValues(t, 1, b.street("2026-02", now)["tests_taken"])
	b.withdraw(c, b.seqOf(c, "test_recorded"), now)
	require.Zero(t, b.street("2026-02", now)["tests_taken"], "a test of another client")
	require.Zero(t, b.street("2026-02", now)["tests_in_time"])

	require.EqualValues(t, 1, b.street("2026-03", now)["home_visits_made"])
	require.EqualValues(t, 1, b.street("2026-01", now)["home_visits_made"])
	b.correct(c, b.seqOf(c, "contact_recorded"), noon(2026, 2, 20), now, "")
	require.Zero(t, b.street("2026-03", now)["home_visits_made"], "it was in February")
	require.EqualValues(t, 1, b.street("2026-02", now)["home_visits_made"])
	require.NoError(t, b.store.Rebuild(t.Context(), func(string) {}))
	require.EqualValues(t, 1, b.street("2026-02", now)["home_visits_made"], "the rebuilt rows say the same")
}

func TestARelapseThatTheLaboratoryReportedCounts(t *testing.T) {
	t.Parallel()
	b := setup(t)
	c := b.live("c-1")
	test := b.seqOf(c, "test_recorded")
	b.play(c, "objected", noon(2026, 2, 26), rehab.RecordContact{Channel: rehab.Phone, Outcome: rehab.Met})
	conn := b.superuser()
	_, err := conn.Exec(t.Context(), `INSERT INTO case_events (case_id, seq, type, recorded_at, occurred_at, actor, command, data, hash)
SELECT case_id, max(seq) + 1, 'laboratory_reported', $1, $1, '', '', $2, '' FROM case_events GROUP BY 1`,
		noon(2026, 2, 27), fmt.Sprintf(`{"test":%d,"on":"2026-02-27","confirmed":true,"relapse":true}`, test))
	require.NoError(t, err)
	require.EqualValues(t, 1, b.street("2026-02", noon(2026, 3, 1))["relapses"])
}

// A second positive waits too long for its result. The first turns out to have been another
// client's: the second is now the first of its kind, and what was answered over it stands.
func TestAnAnswerFollowsTheEscalationWhoseEventAnotherOneReplaced(t *testing.T) {
	t.Parallel()
	b := setup(t)
	c := b.live("c-1")
	first := b.seqOf(c, "test_recorded")
	now := noon(2026, 3, 28)
	b.play(c, "settle", noon(2026, 2, 26), rehab.ResolveTest{Test: first, Confirmed: false})
	b.play(c, "test-2", noon(2026, 3, 2), rehab.RecordTest{Method: rehab.Urine, Result: rehab.PositiveProvisional})
	b.play(c, "look", noon(2026, 3, 27), rehab.ChangeRisk{Risk: rehab.Low})
	answered := int64(0)
	for _, e := range c.Escalations {
		if e.Obligation == (rehab.ObligationID{Kind: rehab.TestResultDuty, N: 2}) {
			answered = e.ID
		}
	}
	require.NotZero(t, answered)
	b.play(c, "answer", noon(2026, 3, 27), rehab.AcknowledgeEscalation{Escalation: answered, Promise: rehab.NewDate(2026, 3, 30)})
	b.withdraw(c, first, now)
	events, err := b.store.Events(t.Context(), c.ID, 0, 1000)
	require.NoError(t, err)
	var at int64
	for _, e := range events {
		if d, ok := e.Data.(rehab.LifeRevised); ok {
			for _, s := range d.As {
				if s.For == answered {
					at = s.At
				}
			}
		}
	}
	require.NotZero(t, at, "another event holds in its place")
	q := b.query("11", evaluation.City, "2026-03", now)
	q.Unit, q.Limit = "11", 1000
	for _, which := range []string{"written", "rebuilt"} {
		_, facts, err := b.store.Facts(t.Context(), q)
		require.NoError(t, err)
		found := map[string]int64{}
		for _, f := range facts {
			if f.Detail == fmt.Sprint(at) {
				found[f.Metric] = f.Value
			}
		}
		require.EqualValues(t, 1, found["escalations_opened"], which)
		require.EqualValues(t, 1, found["escalations_answered"], which)
		require.Contains(t, found, "answer_minutes", which)
		require.GreaterOrEqual(t, found["answer_minutes"], int64(0), "from when it was first told of")
		require.NoError(t, b.store.Rebuild(t.Context(), func(string) {}))
	}
}

func TestAPublishedFigureThatHasChangedSaysSo(t *testing.T) {
	t.Parallel()
	b := setup(t)
	c := b.live("c-1")
	b.play(c, "look", noon(2026, 3, 1), rehab.RecordContact{Channel: rehab.Phone, Outcome: rehab.NoAnswer})
	take := func(place, period string) {
		require.NoError(t, b.store.KeepExport(t.Context(), evaluation.Export{
			At: noon(2026, 3, 2), Actor: head, Place: place, Filter: map[string]string{"period": period}, Purpose: "季度考核", Rows: 3, Digest: "d",
		}))
	}
	take("110101001", "2026-01")
	take("110101", "2026-02")
	take("110102", "2026-02")
	take("11", "2026-03")
	outdated := func() map[string]bool {
		list, err := b.store.Exports(t.Context(), "", 0, 10)
		require.NoError(t, err)
		out := map[string]bool{}
		for _, e := range list {
			out[e.Place+" "+e.Filter["period"]] = e.Outdated
		}
		return out
	}
	revised := func(place, period string) int {
		n, err := b.store.Revised(t.Context(), b.query(place, evaluation.Street, period, noon(2026, 3, 10)))
		require.NoError(t, err)
		return n
	}
	none := map[string]bool{"110101001 2026-01": false, "110101 2026-02": false, "110102 2026-02": false, "11 2026-03": false}
	require.Equal(t, none, outdated())
	require.Zero(t, revised("110101", "2026-02"))
	b.play(c, "fresh", noon(2026, 3, 4), rehab.RecordContact{Channel: rehab.Phone, Outcome: rehab.Met})
	require.Equal(t, none, outdated(), "what happens after it changes nothing of it")

	b.late(c, "found", noon(2026, 2, 10), noon(2026, 3, 5), rehab.RecordContact{Channel: rehab.Phone, Outcome: rehab.Met})
	after := outdated()
	require.True(t, after["110101 2026-02"])
	require.False(t, after["110101001 2026-01"])
	require.False(t, after["110102 2026-02"], "another district")
	require.Equal(t, 1, revised("110101", "2026-02"))
	require.Zero(t, revised("110102", "2026-02"))

	b.withdraw(c, b.seqOf(c, "test_recorded"), noon(2026, 3, 6))
	require.GreaterOrEqual(t, revised("11", "2026-02"), 2)
	b.lateAs(head, c, "void", noon(2026, 3, 7), noon(2026, 3, 7), rehab.VoidCase{})
	b.lateAs(second, c, "void-2", noon(2026, 3, 7), noon(2026, 3, 7), rehab.ConfirmAmendment{Amendment: c.Amendments[0].ID})
	after = outdated()
	require.True(t, after["110101001 2026-01"], "the case counted then")
	require.True(t, after["11 2026-03"])
	require.False(t, after["110102 2026-02"])
	require.Equal(t, 1, revised("11", "2026-01"))
}

// figures are all that is counted or listed of a town.
func (b *bundle) figures(now time.Time, people ...string) map[string]any {
	t := b.t
	t.Helper()
	out := map[string]any{}
	keep := func(name string, v any, err error) {
		t.Helper()
		require.NoError(t, err, name)
		out[name] = v
	}
	ctx, place := t.Context(), "110101"
	counts, err := b.store.Counts(ctx)
	keep("counts", counts, err)
	cases, err := b.store.Cases(ctx, board.CaseFilter{Place: place})
	keep("cases", cases, err)
	tasks, err := b.store.Tasks(ctx, board.TaskFilter{Place: place, DueBy: rehab.DateOf(now).AddDays(60)})
	keep("tasks", tasks, err)
	climbs, err := b.store.Escalations(ctx, board.TaskFilter{Place: place})
	keep("escalations", climbs, err)
	transfers, err := b.store.Transfers(ctx, board.TransferFilter{Place: place})
	keep("transfers", transfers, err)
	referrals, err := b.store.Referrals(ctx, board.ReferralFilter{Place: place})
	keep("referrals", referrals, err)
	loads, err := b.store.Loads(ctx, office.LoadFilter{Place: place, On: rehab.DateOf(now)})
	keep("loads", loads, err)
	loose, err := b.store.CasesToAssign(ctx, place, nil, "w-1")
	keep("loose", loose, err)
	coverage, err := b.store.Coverage(ctx, place, now)
	keep("coverage", coverage, err)
	past, err := b.store.PlaceHistories(ctx, place, "", 100, now)
	keep("past", past, err)
	live, err := b.store.LiveCaseIDs(ctx, "", 100)
	keep("live", live, err)
	fleet, err := b.store.LiveCases(ctx, place, nil, "", 100)
	keep("fleet", fleet, err)
	for _, f := range []inbox.Filter{
		{Actor: "w-1", Role: rehab.WorkerRole, Worker: "w-1"}, {Actor: "h-1", Role: rehab.StationHead, Place: "110101001"}, {Actor: "a-1", Role: rehab.Admin},
	} {
		f.Today, f.DueBy, f.Limit = rehab.DateOf(now), rehab.DateOf(now).AddDays(60), 100
		due, err := b.store.Due(ctx, f)
		keep(f.Actor+" due", due, err)
		over, err := b.store.Overdue(ctx, f)
		keep(f.Actor+" overdue", over, err)
		settle, err := b.store.ToSettle(ctx, f, []string{string(rehab.AmendmentDuty)}, nil)
		keep(f.Actor+" settle", settle, err)
		told, err := b.store.Told(ctx, f)
		keep(f.Actor+" told", told, err)
		leaves, err := b.store.LeaveRequests(ctx, f)
		keep(f.Actor+" leaves", leaves, err)
		snoozed, err := b.store.Snoozed(ctx, f)
		keep(f.Actor+" snoozed", snoozed, err)
		notices, err := b.store.NoticesTo(ctx, f)
		for i := range notices {
			notices[i].Tx, notices[i].Position = 0, 0
		}
		keep(f.Actor+" notices", notices, err)
	}
	for _, level := range evaluation.Levels() {
		for _, period := range []string{"2026-01", "2026-02", "2026-Q1", "2026"} {
			out[fmt.Sprint("figures ", level, period)] = b.tallies(b.query("11", level, period, now))
		}
	}
	for _, id := range people {
		of, err := b.store.CasesOfPerson(ctx, id)
		keep("person "+id, of, err)
	}
	return out
}

// TestACaseVoidedChangesNoFigure: two towns are equal but for a case that one of them opened
// by mistake and made void. Nothing that is counted or listed tells them apart.
func TestACaseVoidedChangesNoFigure(t *testing.T) {
	t.Parallel()
	now := noon(2026, 3, 3)
	town := func(mistake bool) *bundle {
		b := setup(t)
		b.live("c-1")
		if mistake {
			b.mistaken("c-2", now)
		}
		c := b.live("c-3")
		b.play(c, "leave", noon(2026, 2, 26), rehab.ReportLeave{From: rehab.NewDate(2026, 3, 1), To: rehab.NewDate(2026, 3, 5)})
		require.NoError(t, b.store.SaveIdentity(t.Context(), "c-3", board.Identity{Name: "甲", IDNumber: "110101199001010011"}))
		return b
	}
	without, with := town(false), town(true)
	want, got := without.figures(now, "110101199001010011"), with.figures(now, "110101199001010011")
	for name := range want {
		require.Empty(t, cmp.Diff(want[name], got[name]), name)
	}
	listed, err := with.store.Cases(t.Context(), board.CaseFilter{Place: "110101", Phase: rehab.Void})
	require.NoError(t, err)
	require.Len(t, listed, 1, "where its phase is asked for")
	row, err := with.store.Case(t.Context(), "c-2")
	require.NoError(t, err)
	require.Equal(t, rehab.Void, row.Phase)
	timeline, err := with.store.Timeline(t.Context(), "c-2", 0, 1000)
	require.NoError(t, err)
	require.Greater(t, len(timeline), 20, "it is read in the ledger")
	require.NoError(t, with.store.VerifyChain(t.Context(), "c-2"))
	require.NoError(t, with.store.Rebuild(t.Context(), func(string) {}))
	diffs, err := with.store.CompareReadModel(t.Context(), "c-2")
	require.NoError(t, err)
	require.Empty(t, diffs)
}

// mistaken is a case with all that a case can leave behind, made void by two people.
func (b *bundle) mistaken(id string, now time.Time) {
	t := b.t
	t.Helper()
	require.NoError(t, b.store.SaveIdentity(t.Context(), id, board.Identity{Name: "甲", IDNumber: "110101199001010011"}))
	c := b.live(id)
	b.play(c, "want", noon(2026, 2, 25), rehab.ChangeWorkIntent{Wants: true})
	b.play(c, "refer", noon(2026, 2, 25), rehab.Refer{Agency: "human_resources", Kind: "job"})
	b.play(c, "leave", noon(2026, 2, 26), rehab.ReportLeave{From: rehab.NewDate(2026, 3, 1), To: rehab.NewDate(2026, 3, 5)})
	b.play(c, "move", noon(2026, 2, 26), rehab.RequestTransfer{To: "110101002", Reason: rehab.HouseholdMoved})
	open := c.Obligations[len(c.Obligations)-1].ID
	require.NoError(t, b.store.Snooze(t.Context(), "h-1", inbox.Snooze{CaseID: id, Obligation: open, Until: rehab.DateOf(now).AddDays(5), Since: now, Seq: c.Seq, Note: "x"},
		inbox.SnoozeCommand{ID: "z", Digest: "z", Since: now}))
	day := rehab.NewDate(2026, 2, 10)
	_, _, err := b.store.AddRecord(t.Context(), registers.Record{
		ID: "sv-1", Place: "110101001", CaseID: id, Version: 1, Actor: head, Command: "sv", RecordedAt: noon(2026, 2, 10),
		Data: registers.Supervision{Status: registers.Held, Help: registers.External, Topic: registers.StalledEngagement, Form: registers.Online, Supervisor: "x-1",
			Supervisees: []string{"w-1"}, RequestedOn: day, PlannedOn: day, HeldOn: day, Minutes: 90},
	})
	require.NoError(t, err)
	b.lateAs(head, c, "void", now, now, rehab.VoidCase{DuplicateOf: "c-1"})
	require.Len(t, c.Amendments, 1)
	b.lateAs(second, c, "void-2", now, now, rehab.ConfirmAmendment{Amendment: c.Amendments[0].ID})
	require.Equal(t, rehab.Void, c.Phase)
}

func TestAFactToldLateOutdatesAFigureAlsoWhereItChangesNothingElse(t *testing.T) {
	t.Parallel()
	b := setup(t)
	c := b.live("c-1")
	require.NoError(t, b.store.KeepExport(t.Context(), evaluation.Export{
		At: noon(2026, 3, 2), Actor: head, Place: "11", Filter: map[string]string{"period": "2026-01"}, Purpose: "季度考核", Rows: 3, Digest: "d",
	}))
	given := b.street("2026-01", noon(2026, 3, 2))["help_given"]
	b.late(c, "help", noon(2026, 1, 15), noon(2026, 3, 5), rehab.GiveHelp{Class: "assistance", Kind: "job_guidance"})
	events, err := b.store.Events(t.Context(), c.ID, 0, 1000)
	require.NoError(t, err)
	for _, e := range events {
		require.NotEqual(t, "life_revised", e.Data.EventType())
	}
	require.Equal(t, given+1, b.street("2026-01", noon(2026, 3, 5))["help_given"])
	list, err := b.store.Exports(t.Context(), "", 0, 10)
	require.NoError(t, err)
	require.True(t, list[0].Outdated)
}
