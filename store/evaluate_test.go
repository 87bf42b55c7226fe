package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"guitu/evaluation"
	"guitu/registers"
	"guitu/rehab"
)

// counts are the sums by unit and measure; zeros are left out.
func (b *bundle) counts(place string, level evaluation.Level, period string, now time.Time) map[string]map[string]int64 {
	b.t.Helper()
	out := map[string]map[string]int64{}
	for _, t := range b.tallies(b.query(place, level, period, now)) {
		unit := level.UnitOf(t.Place, t.Worker)
		if unit != "" && out[unit] == nil {
			out[unit] = map[string]int64{}
		}
		if unit != "" && t.Value != 0 {
			out[unit][t.Metric] += t.Value
		}
	}
	return out
}

func (b *bundle) query(place string, level evaluation.Level, period string, now time.Time) evaluation.Query {
	b.t.Helper()
	p, err := evaluation.ParsePeriod(period)
	require.NoError(b.t, err)
	q, err := evaluation.NewQuery(place, level, p, now)
	require.NoError(b.t, err)
	for _, m := range evaluation.Metrics() {
		q.Metrics = append(q.Metrics, m.Name)
	}
	return q
}

func (b *bundle) tallies(q evaluation.Query) []evaluation.Tally {
	b.t.Helper()
	list, err := b.store.Tallies(b.t.Context(), q)
	require.NoError(b.t, err)
	return list
}

// late gives evidence that happened at one time and is recorded at another.
func (b *bundle) late(c *rehab.Case, id string, happened, recorded time.Time, body rehab.CommandBody) {
	b.t.Helper()
	b.lateAs(head, c, id, happened, recorded, body)
}

func (b *bundle) lateAs(a rehab.Actor, c *rehab.Case, id string, happened, recorded time.Time, body rehab.CommandBody) {
	b.t.Helper()
	cmd := rehab.Command{ID: id, Actor: a, OccurredAt: happened, Digest: id, Body: body}
	h, err := b.store.History(b.t.Context(), c.ID)
	require.NoError(b.t, err)
	rec, err := h.Retold(rehab.NewRetelling(c, cmd, recorded, false), b.rules)
	require.NoError(b.t, err)
	res, err := b.store.Record(b.t.Context(), rec)
	require.NoError(b.t, err)
	c.Fold(res.Events)
	diffs, err := b.store.CompareReadModel(b.t.Context(), c.ID)
	require.NoError(b.t, err)
	require.Empty(b.t, diffs)
}

// The life of store_test.go, counted by hand: contacts are due on 14, 21 and 28 January,
// then on 4 (kept on 30 January), 11, 18 (justified until 2 March) and 25 February. The
// test window ends on 7 February.
func TestAPeriodIsCountedFromTheLedger(t *testing.T) {
	t.Parallel()
	b := setup(t)
	c := b.live("c-1")
	b.play(c, "look", noon(2026, 3, 1), rehab.AssignWorker{Worker: "w-2"}) // time passes until March
	b.open("c-2")
	now := noon(2026, 3, 1)
	for _, x := range []struct {
		place, period, unit string
		level               evaluation.Level
		now                 time.Time
		want                map[string]int64
	}{
		{"110101", "2026-01", "110101001", evaluation.Street, now, map[string]int64{
			"cases_open": 2, "cases_opened": 2, "report_ins_due": 2, "report_ins_in_time": 1, "agreements_due": 1, "agreements_in_time": 1,
			"contacts_due": 3, "contacts_in_time": 0, "contact_attempts": 2, "contacts_made": 1, "home_visits_made": 1, "misses_confirmed": 1, "tests_due": 0,
		}},
		{"11", "2026-02", "110101", evaluation.District, now, map[string]int64{
			"cases_open": 2, "cases_opened": 0, "contacts_due": 3, "contacts_in_time": 1, "tests_due": 1, "tests_in_time": 1, "tests_taken": 1, "contact_attempts": 0,
		}},
		{"11", "2026-Q1", "11", evaluation.City, now, map[string]int64{"cases_open": 2, "contacts_due": 6}},
		{"11", "2026-Q1", "11", evaluation.City, noon(2026, 3, 3), map[string]int64{"contacts_due": 7}}, // the window of 2 March is over
	} {
		got := b.counts(x.place, x.level, x.period, x.now)
		require.Len(t, got, 1)
		for measure, n := range x.want {
			require.Equal(t, n, got[x.unit][measure], x.period+" "+measure)
		}
	}
	require.Empty(t, b.counts("110102", evaluation.Street, "2026-Q1", now))
	require.Empty(t, b.counts("1101%", evaluation.Street, "2026-Q1", now))
}

// Escalations are walked through event by event, as a reader of the timeline would.
func TestEscalationsAreCountedByTheirFirstAnswer(t *testing.T) {
	t.Parallel()
	b := setup(t)
	c := b.live("c-1")
	b.play(c, "look", noon(2026, 3, 1), rehab.AssignWorker{Worker: "w-2"})
	events, err := b.store.Events(t.Context(), "c-1", 0, 1000)
	require.NoError(t, err)
	want := map[string]int64{}
	told, climbed := map[int64]time.Time{}, map[int64]bool{}
	answer := func(id int64, at time.Time) {
		if opened, waits := told[id]; waits {
			want["escalations_answered"]++
			want["answer_minutes"] += int64(at.Sub(opened) / time.Minute)
			if !climbed[id] {
				want["escalations_answered_first"]++
			}
			delete(told, id)
		}
	}
	for _, e := range events {
		switch d := e.Data.(type) {
		case rehab.EscalationOpened:
			want["escalations_opened"]++
			told[e.Seq] = e.RecordedAt
		case rehab.EscalationClimbed:
			climbed[d.ID] = true
		case rehab.EscalationAcknowledged:
			answer(d.ID, e.RecordedAt)
		case rehab.EscalationClosed:
			if d.Closing == rehab.ByEvidence || d.Closing == rehab.ByJustification || d.Closing == rehab.ByDismissal {
				answer(d.ID, e.RecordedAt)
			}
		}
	}
	require.Greater(t, want["escalations_opened"], want["escalations_answered_first"])
	require.Positive(t, want["escalations_answered_first"])
	got := b.counts("11", evaluation.City, "2026-Q1", noon(2026, 3, 1))["11"]
	for _, measure := range []string{"escalations_opened", "escalations_answered", "escalations_answered_first", "answer_minutes"} {
		require.Equal(t, want[measure], got[measure], measure)
	}
}

func TestLateEvidenceChangesThePeriodInWhichItHappened(t *testing.T) {
	t.Parallel()
	b := setup(t)
	c := b.live("c-1")
	now := noon(2026, 3, 1)
	before := b.counts("110101001", evaluation.Street, "2026-02", now)["110101001"]
	b.late(c, "found", noon(2026, 2, 10), now, rehab.RecordContact{Channel: rehab.Phone, Outcome: rehab.Met})
	after := b.counts("110101001", evaluation.Street, "2026-02", now)["110101001"]
	require.Equal(t, before["contacts_in_time"]+1, after["contacts_in_time"])
	require.Equal(t, before["contacts_made"]+1, after["contacts_made"])
	require.Equal(t, before["contacts_due"], after["contacts_due"])

	b.late(c, "january", noon(2026, 1, 12), now, rehab.RecordContact{Channel: rehab.Phone, Outcome: rehab.Met})
	january := b.counts("110101001", evaluation.Street, "2026-01", now)["110101001"]
	require.EqualValues(t, 1, january["contacts_in_time"])
	require.Zero(t, january["misses_confirmed"], "the confirmed miss was retracted")

	february := func() int64 {
		return b.counts("110101001", evaluation.Street, "2026-02", now)["110101001"]["misses_confirmed"]
	}
	b.late(c, "confirm-3", noon(2026, 2, 27), now, rehab.ConfirmMiss{Obligation: rehab.ObligationID{Kind: rehab.ContactDuty, N: 3}})
	require.EqualValues(t, 1, february())
	b.late(c, "january-27", noon(2026, 1, 27), now, rehab.RecordContact{Channel: rehab.Phone, Outcome: rehab.Met})
	require.Zero(t, february(), "evidence from before the period takes back what was confirmed in it")
}

func TestEachFactBelongsToWhoHadTheCaseThen(t *testing.T) {
	t.Parallel()
	b := setup(t)
	c := b.live("c-1")
	b.play(c, "hand-over", noon(2026, 3, 1), rehab.AssignWorker{Worker: "w-2"})
	b.play(c, "visit-2", noon(2026, 3, 2), rehab.RecordContact{Channel: rehab.HomeVisit, Outcome: rehab.Met})
	now := noon(2026, 3, 10)
	b.play(c, "risk", now, rehab.ChangeRisk{Risk: rehab.Low})
	march := b.counts("110101001", evaluation.Worker, "2026-03", now)
	require.EqualValues(t, 1, march["w-2"]["contacts_made"])
	require.EqualValues(t, 1, march["w-2"]["cases_open"])
	require.NotContains(t, march, "w-1")
	quarter := b.counts("110101001", evaluation.Worker, "2026-Q1", now)
	require.EqualValues(t, 6, quarter["w-1"]["contacts_due"])
	require.EqualValues(t, 1, quarter["w-1"]["contacts_made"])
	require.Zero(t, quarter["w-1"]["cases_open"])

	street := b.counts("110101001", evaluation.Street, "2026-Q1", now)["110101001"]
	for measure, n := range street {
		if measure != "report_ins_due" && measure != "cases_opened" { // nobody had the case when it opened
			require.LessOrEqual(t, quarter["w-1"][measure]+quarter["w-2"][measure], n, measure)
		}
	}
}

func TestATransferTakesNothingOutOfThePlaceThatHadTheCase(t *testing.T) {
	t.Parallel()
	b := setup(t)
	c := b.live("c-1")
	b.play(c, "look", noon(2026, 3, 1), rehab.RecordContact{Channel: rehab.Phone, Outcome: rehab.NoAnswer})
	conn := b.superuser()
	_, err := conn.Exec(t.Context(), `INSERT INTO case_events (case_id, seq, type, recorded_at, occurred_at, actor, command, data, hash)
SELECT case_id, max(seq) + 1, 'transfer_accepted', '2026-02-06T04:00Z', '2026-02-06T04:00Z', '', '', '{"from":"110101001","to":"110102003","on":"2026-02-06"}', '' FROM case_events GROUP BY 1`)
	require.NoError(t, err)
	_, err = conn.Exec(t.Context(), `UPDATE cases SET place = '110102003', worker = ''`)
	require.NoError(t, err)
	now := noon(2026, 3, 1)
	old := b.counts("110101001", evaluation.Street, "2026-Q1", now)["110101001"]
	require.EqualValues(t, 4, old["contacts_due"])
	require.EqualValues(t, 1, old["tests_taken"])
	require.Zero(t, old["cases_open"])
	moved := b.counts("110102", evaluation.Street, "2026-Q1", now)["110102003"]
	require.EqualValues(t, 2, moved["contacts_due"])
	require.EqualValues(t, 1, moved["cases_open"])
	require.Zero(t, moved["tests_taken"])
	require.NotContains(t, b.counts("110102", evaluation.Worker, "2026-Q1", now), "w-1", "who had it there is not known yet")
	for _, place := range []string{"11", "110101001", "110102"} {
		b.sameAsTallies(place, now)
	}
}

func TestTheEndOfACaseTakesNoMissOutOfThePast(t *testing.T) {
	t.Parallel()
	b := setup(t)
	c := b.live("c-1")
	now := noon(2026, 3, 1)
	b.play(c, "look", now, rehab.RecordContact{Channel: rehab.Phone, Outcome: rehab.NoAnswer})
	before := b.counts("110101001", evaluation.Street, "2026-02", now)["110101001"]
	b.play(c, "prison", now, rehab.Terminate{Ground: rehab.Imprisonment})
	after := b.counts("110101001", evaluation.Street, "2026-02", now)["110101001"]
	require.Equal(t, before, after)
	quarter := b.counts("110101001", evaluation.Street, "2026-Q1", noon(2026, 3, 31))["110101001"]
	require.EqualValues(t, 6, quarter["contacts_due"], "the window that was justified until 2 March is void")
	march := b.counts("110101001", evaluation.Street, "2026-03", noon(2026, 3, 31))["110101001"]
	require.EqualValues(t, 1, march["cases_terminated"])
	require.Zero(t, march["cases_open"])
	require.Zero(t, march["contacts_due"])
	b.sameAsTallies("11", noon(2026, 3, 31))
}

func TestWhatFallsIntoASuspensionIsNotDue(t *testing.T) {
	t.Parallel()
	b := setup(t)
	c := b.live("c-1")
	b.play(c, "arrest", noon(2026, 2, 26), rehab.Suspend{Ground: rehab.Detention})
	march := b.counts("110101001", evaluation.Street, "2026-03", noon(2026, 4, 2))["110101001"]
	require.Zero(t, march["contacts_due"])
	require.EqualValues(t, 1, march["cases_open"])
	b.play(c, "free", noon(2026, 4, 10), rehab.Resume{})
	require.Zero(t, b.counts("110101001", evaluation.Street, "2026-03", noon(2026, 4, 12))["110101001"]["contacts_due"])
	b.sameAsTallies("11", noon(2026, 4, 12))
}

func TestASuspensionRecordedLateTakesBackWhatWasMissedInIt(t *testing.T) {
	t.Parallel()
	b := setup(t)
	c := b.live("c-1")
	due := func() int64 {
		return b.counts("110101001", evaluation.Street, "2026-02", noon(2026, 3, 1))["110101001"]["contacts_due"]
	}
	require.EqualValues(t, 3, due())
	b.late(c, "arrest", noon(2026, 2, 9), noon(2026, 2, 26), rehab.Suspend{Ground: rehab.Detention})
	require.EqualValues(t, 1, due(), "that of 4 February")
	b.play(c, "prison", noon(2026, 2, 27), rehab.Terminate{Ground: rehab.Imprisonment})
	require.EqualValues(t, 1, due())
	b.sameAsTallies("11", noon(2026, 3, 1))
}

func TestAViolationThatWasWithdrawnDoesNotCount(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.live("c-1")
	conn := b.superuser()
	for i, data := range []string{`{"ground":"absence","count":31}`, `{"ground":"absence","count":30,"withdrawn":true}`, `{"ground":"absence","count":31}`} {
		_, err := conn.Exec(t.Context(), `INSERT INTO case_events (case_id, seq, type, recorded_at, occurred_at, actor, command, data, hash)
SELECT case_id, max(seq) + 1, 'violation_reached', $1, $1, '', '', $2, '' FROM case_events GROUP BY 1`, noon(2026, 2, 10+i), data)
		require.NoError(t, err)
		want := []int64{1, 0, 1}[i]
		require.Equal(t, want, b.counts("11", evaluation.City, "2026-02", noon(2026, 3, 1))["11"]["violations"], i)
	}
}

// practise adds a supervision, a training session, publicity, and one entered by mistake.
func (b *bundle) practise() {
	b.t.Helper()
	day := rehab.NewDate(2026, 2, 10)
	for _, r := range []registers.Record{
		{ID: "sv-1", Place: "110101001", CaseID: "c-1", Data: registers.Supervision{
			Status: registers.Held, Help: registers.External, Topic: registers.StalledEngagement, Form: registers.Online, Supervisor: "x-1", Supervisees: []string{"w-1", "w-2"},
			RequestedOn: day.AddDays(-30), PlannedOn: day, HeldOn: day, Minutes: 90}},
		{ID: "sv-2", Place: "110101001", Data: registers.Supervision{Status: registers.Requested, Supervisees: []string{"w-1"}, RequestedOn: day}},
		{ID: "ts-1", Place: "11", Programme: "tp-1", Data: registers.Session{Phase: 1, Subject: "s", On: day, Minutes: 180, Attendance: []registers.Attendance{
			{Worker: "w-1", Place: "110101001", Invited: true, Presence: registers.Attended},
			{Worker: "w-2", Place: "110101001", Invited: true, Presence: registers.Absent},
			{Worker: "w-3", Place: "110102001", Presence: registers.Attended, Minutes: 60},
			{Worker: "w-4", Invited: true, Presence: registers.Attended},
		}}},
		{ID: "pa-1", Place: "110101001", Data: registers.Publicity{Title: "t", On: day, Reached: 340}},
		{ID: "pa-2", Place: "110101001", Withdrawn: true, Data: registers.Publicity{Title: "t", On: day, Reached: 340}},
	} {
		r.Version, r.Actor, r.Command, r.RecordedAt = 1, head, "k", noon(2026, 2, 10)
		_, _, err := b.store.AddRecord(b.t.Context(), r)
		require.NoError(b.t, err)
	}
}

func TestThePracticeIsCountedWhereItWas(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.practise()
	now := noon(2026, 3, 1)
	require.Equal(t, map[string]map[string]int64{
		"110101001": {
			"supervisions_requested": 1, "supervisions_held": 1, "supervision_minutes": 90, "supervisions_of_cases": 1, "supervised": 2,
			"training_invited": 2, "training_attended": 1, "training_minutes": 180, "publicity_activities": 1, "publicity_reached": 340,
		},
		"110102001": {"training_attended": 1, "training_minutes": 60},
	}, b.counts("11", evaluation.Street, "2026-02", now))
	city := b.counts("11", evaluation.City, "2026-02", now)["11"]
	require.EqualValues(t, 1, city["training_sessions"])
	require.EqualValues(t, 3, city["training_invited"])
	require.EqualValues(t, 420, city["training_minutes"], "who came without a street counts where the session was")
	require.Equal(t, map[string]int64{"supervised": 1, "training_invited": 1, "training_attended": 1, "training_minutes": 180}, b.counts("11", evaluation.Worker, "2026-02", now)["w-1"])
	require.EqualValues(t, 2, b.counts("11", evaluation.City, "2026", now)["11"]["supervisions_requested"])
}

func TestTheFactsBehindEveryNumberAddUp(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.practise()
	c := b.live("c-1")
	b.play(c, "look", noon(2026, 3, 1), rehab.AssignWorker{Worker: "w-2"})
	b.open("c-2")
	seen := map[string]bool{}
	for _, level := range evaluation.Levels() {
		q := b.query("11", level, "2026-Q1", noon(2026, 3, 20))
		want := map[string]int64{}
		for _, tally := range b.tallies(q) {
			if unit := level.UnitOf(tally.Place, tally.Worker); unit != "" {
				want[unit+" "+tally.Metric] += tally.Value
			}
			seen[tally.Metric] = true
		}
		require.NotEmpty(t, want)
		got := map[string]int64{}
		for _, unit := range []string{"11", "110101", "110102", "110101001", "110102001", "w-1", "w-2", "w-3", "w-4"} {
			q.Unit, q.After, q.Limit = unit, "", 3
			for {
				_, page, err := b.store.Facts(t.Context(), q)
				require.NoError(t, err)
				for _, f := range page {
					got[unit+" "+f.Metric] += f.Value
					require.NotEqual(t, f.CaseID == "", f.Record == "", "%+v", f)
					require.True(t, f.On >= q.From && f.On <= q.To, "%+v", f)
				}
				if len(page) < 3 {
					break
				}
				q.After = page[2].Key
			}
		}
		require.Equal(t, want, got, level)
	}
	require.Greater(t, len(seen), 25)
}

func TestAnExportIsNotedAndStays(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, place := range []string{"110101", "110102", "110101001"} {
		require.NoError(t, b.store.KeepExport(t.Context(), evaluation.Export{
			At: noon(2026, 3, 1), Actor: head, Place: place, Filter: map[string]string{"period": "2026-Q1"}, Purpose: "季度考核", Rows: 3, Digest: "d",
		}))
	}
	list, err := b.store.Exports(t.Context(), "110101", 0, 10)
	require.NoError(t, err)
	require.Len(t, list, 2)
	require.Equal(t, "110101001", list[0].Place, "the latest first")
	require.Equal(t, head, list[1].Actor)
	require.Equal(t, "2026-Q1", list[1].Filter["period"])
	list, err = b.store.Exports(t.Context(), "110101", list[0].Position, 10)
	require.NoError(t, err)
	require.Len(t, list, 1)
	conn := b.superuser()
	_, err = conn.Exec(t.Context(), "DELETE FROM exports")
	require.ErrorContains(t, err, "append-only")
}
