package office_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/office"
	"guitu/rehab"
)

func worker(facts ...office.WorkerFact) office.Worker {
	for i := range facts {
		facts[i].Position = int64(i + 1)
	}
	return office.Worker{ID: "w-1", Periods: office.Periods(facts), History: facts}
}

func fact(change office.WorkerChange, from rehab.Date, d office.Duty) office.WorkerFact {
	return office.WorkerFact{Record: office.Record{From: from}, Change: change, Duty: d}
}

func TestAWorkerKeepsTheHistoryOfEveryStation(t *testing.T) {
	t.Parallel()
	w := worker(
		fact(office.Registered, day(2026, 1, 1), office.Duty{Place: "110101001", Post: office.FullTime}),
		fact(office.Moved, day(2026, 3, 1), office.Duty{Place: "110101003"}),
		fact(office.Left, day(2026, 6, 1), office.Duty{}),
		fact(office.Moved, day(2026, 2, 1), office.Duty{Place: "110101002"}), // entered late
		fact(office.Adjusted, day(2026, 2, 1), office.Duty{Limit: 20}),
		fact(office.Moved, day(2026, 9, 1), office.Duty{Place: "110102003"}), // back, elsewhere
	)
	require.Equal(t, []office.Period{
		{From: day(2026, 1, 1), To: day(2026, 1, 31), Duty: office.Duty{Place: "110101001", Post: office.FullTime}},
		{From: day(2026, 2, 1), To: day(2026, 2, 28), Duty: office.Duty{Place: "110101002", Post: office.FullTime, Limit: 20}},
		{From: day(2026, 3, 1), To: day(2026, 5, 31), Duty: office.Duty{Place: "110101003", Post: office.FullTime, Limit: 20}},
		{From: day(2026, 9, 1), Duty: office.Duty{Place: "110102003", Post: office.FullTime, Limit: 20}},
	}, w.Periods)
	require.Equal(t, day(2026, 1, 31), w.Stays(day(2026, 1, 1)))
	longer := worker(w.History[0], fact(office.Adjusted, day(2026, 2, 1), office.Duty{Limit: 9}))
	require.Zero(t, longer.Stays(day(2026, 1, 1)), "another limit is no departure")
	_, active := w.On(day(2026, 6, 1))
	require.False(t, active)

	seen, ok := w.Within("110102")
	require.True(t, ok)
	require.Len(t, seen.Periods, 1)
	require.Len(t, seen.History, 1, "what happened elsewhere is not shown")
	_, ok = w.Within("110103")
	require.False(t, ok)

	require.Nil(t, w.MayTake("110101003", day(2026, 5, 31)))
	require.ErrorContains(t, w.MayTake("110101003", day(2026, 6, 1)), "not active")
	require.ErrorContains(t, w.MayTake("110101001", day(2026, 5, 31)), "belongs to the place 110101003")
	district := worker(fact(office.Registered, day(2026, 1, 1), office.Duty{Place: "110101"}))
	require.Nil(t, district.MayTake("110101009", today))
}

func TestAChangeOfAWorkerThatCannotBeIsRefusedByField(t *testing.T) {
	t.Parallel()
	w := worker(fact(office.Registered, day(2026, 1, 1), office.Duty{Place: "110101001"}), fact(office.Left, day(2026, 5, 1), office.Duty{}))
	for _, row := range []struct {
		f     office.WorkerFact
		field string
	}{
		{fact(office.Moved, 0, office.Duty{Place: "110101002"}), "from"},
		{fact(office.Moved, day(2025, 12, 31), office.Duty{Place: "110101002"}), "from"},
		{fact(office.Moved, day(2026, 4, 1), office.Duty{Place: "110101001"}), "place"},
		{fact(office.Left, day(2026, 6, 1), office.Duty{}), "from"},
		{fact(office.Left, day(2026, 1, 1), office.Duty{}), "from"},
		{fact(office.Adjusted, day(2026, 5, 1), office.Duty{Post: office.PartTime}), "from"},
	} {
		err := office.CheckWorkerFact(w, row.f, today)
		require.NotNil(t, err, "%+v", row.f)
		require.Equal(t, row.field, err.Field)
	}
	require.Nil(t, office.CheckWorkerFact(w, fact(office.Moved, day(2026, 6, 1), office.Duty{Place: "110101001"}), today), "back on duty")
}
