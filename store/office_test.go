package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"guitu/office"
	"guitu/rehab"
)

const (
	street = "110101001"
	next   = "110101002"
)

var districtOffice = rehab.Actor{ID: "d-1", Role: rehab.DistrictOffice, Place: "110101"}

func command(id string, at time.Time) office.Command {
	return office.Command{ID: id, Digest: id, Actor: districtOffice, At: at}
}

func from(y int, m time.Month, d int) office.Record {
	return office.Record{From: rehab.NewDate(y, m, d)}
}

func (b *bundle) register(id, place string) {
	b.t.Helper()
	_, err := b.store.ChangeWorker(b.t.Context(), command(office.RegisterCommand, noon(2026, 1, 1)), id,
		office.WorkerFact{Record: from(2026, 1, 1), Change: office.Registered, Duty: office.Duty{Place: place, Post: office.FullTime}}, "王某"+id)
	require.NoError(b.t, err)
}

func TestAPlaceThatWasMergedIsStillWhatItWasThen(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ctx := t.Context()
	rename := office.PlaceFact{Record: from(2026, 2, 1), Change: office.Renamed, Name: "新东华门街道"}
	_, err := b.store.ChangePlace(ctx, command("k-1", noon(2026, 1, 5)), street, rename)
	require.NoError(t, err)
	again, err := b.store.ChangePlace(ctx, command("k-1", noon(2026, 1, 6)), street, rename)
	require.NoError(t, err)
	require.True(t, again.Duplicate)
	clash := command("k-1", noon(2026, 1, 6))
	clash.Digest = "another"
	_, err = b.store.ChangePlace(ctx, clash, street, rename)
	require.Equal(t, rehab.Conflict, rehab.CodeOf(err))

	b.open("c-1")
	merge := office.PlaceFact{Record: from(2026, 3, 1), Change: office.Merged, Successor: next}
	_, err = b.store.ChangePlace(ctx, command("k-2", noon(2026, 3, 1)), street, merge)
	require.ErrorContains(t, err, "still holds 1 open cases")
	out, err := b.store.ChangePlace(ctx, command("k-2", noon(2026, 2, 1)), street, merge)
	require.NoError(t, err)
	require.Equal(t, 1, out.Open, "to be moved by then")

	then, err := b.store.Place(ctx, street, rehab.NewDate(2026, 2, 15))
	require.NoError(t, err)
	require.Equal(t, "新东华门街道", then.Name)
	require.Equal(t, office.InForce, then.Status)
	now, err := b.store.Place(ctx, street, rehab.NewDate(2026, 3, 1))
	require.NoError(t, err)
	require.Equal(t, next, now.Successor)
	history, err := b.store.PlaceHistory(ctx, street)
	require.NoError(t, err)
	require.Len(t, history, 2)
	require.Equal(t, districtOffice, history[0].By)
	require.Equal(t, noon(2026, 1, 5), history[0].RecordedAt)
	list, err := b.store.Places(ctx, rehab.NewDate(2026, 1, 31))
	require.NoError(t, err)
	for _, p := range list {
		if p.Code == street {
			require.Equal(t, "东华门街道", p.Name)
		}
	}
	_, err = b.superuser().Exec(ctx, `UPDATE office_facts SET valid_from = valid_from`)
	require.ErrorContains(t, err, "append-only")
}

func TestAWorkerMovesLeavesAndIsFoundWhereTheyWere(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ctx := t.Context()
	b.register("w-1", street)
	b.register("w_1", street) // '_' is a character like others
	_, err := b.store.ChangeWorker(ctx, office.Command{ID: office.RegisterCommand, Digest: "other", At: noon(2026, 1, 1)}, "w-1", office.WorkerFact{Record: from(2026, 1, 1), Change: office.Registered, Duty: office.Duty{Place: next}}, "")
	require.Equal(t, rehab.Conflict, rehab.CodeOf(err))
	_, err = b.store.ChangeWorker(ctx, command("k", noon(2026, 1, 1)), "w-9", office.WorkerFact{Record: from(2026, 1, 1), Change: office.Moved, Duty: office.Duty{Place: next}}, "")
	require.Equal(t, rehab.NotFound, rehab.CodeOf(err))
	_, err = b.store.ChangeWorker(ctx, command("k", noon(2026, 1, 1)), "w-1", office.WorkerFact{Record: from(2026, 2, 1), Change: office.Moved, Duty: office.Duty{Place: "999999999"}}, "")
	require.ErrorContains(t, err, "is not the code of a place")

	b.play(b.open("c-1"), "worker", noon(2026, 1, 5), rehab.AssignWorker{Worker: "w-1"})
	leave := office.WorkerFact{Record: from(2026, 2, 1), Change: office.Left}
	_, err = b.store.ChangeWorker(ctx, command("k-1", noon(2026, 2, 1)), "w-1", leave, "")
	require.ErrorContains(t, err, "the worker still holds 1 open cases")
	move := office.WorkerFact{Record: from(2026, 2, 1), Change: office.Moved, Duty: office.Duty{Place: next}}
	out, err := b.store.ChangeWorker(ctx, command("k-2", noon(2026, 1, 20)), "w-1", move, "")
	require.NoError(t, err)
	require.Equal(t, 1, out.Open)

	who := func(place string, d rehab.Date) (ids []string) {
		list, err := b.store.Workers(ctx, office.WorkerFilter{Place: place, On: d})
		require.NoError(t, err)
		for _, w := range list {
			ids = append(ids, w.ID)
			require.Equal(t, "王某"+w.ID, w.Name)
		}
		return ids
	}
	require.ElementsMatch(t, []string{"w-1", "w_1"}, who(street, rehab.NewDate(2026, 1, 31)))
	require.Equal(t, []string{"w_1"}, who(street, rehab.NewDate(2026, 2, 1)))
	require.Equal(t, []string{"w-1"}, who(next, rehab.NewDate(2026, 2, 1)))
	_, err = b.superuser().Exec(ctx, `UPDATE worker_periods SET place = '110102003'`)
	require.NoError(t, err)
	require.NoError(t, b.store.Rebuild(ctx, func(string) {}))
	require.Equal(t, []string{"w_1"}, who(street, rehab.NewDate(2026, 2, 1)), "the periods are rebuilt")
	w, err := b.store.Worker(ctx, "w-1")
	require.NoError(t, err)
	require.Len(t, w.Periods, 2)
	require.Len(t, w.History, 2)
	var plain int
	require.NoError(t, b.superuser().QueryRow(ctx, `SELECT count(*) FROM office_facts f, worker_names n, worker_periods p
WHERE f::text LIKE '%王某%' OR encode(n.ciphertext, 'escape') LIKE '%王某%' OR p::text LIKE '%王某%'`).Scan(&plain))
	require.Zero(t, plain, "a name stands in the clear")
}

func TestLoadsCountTheRegisteredAndTheOthers(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ctx := t.Context()
	b.register("w-1", street)
	b.register("w-2", "110101")
	b.register("w-3", next)
	for id, worker := range map[string]string{"c-1": "w-1", "c-2": "w-1", "c-3": "w-old", "c-4": ""} {
		c := b.open(id)
		if worker != "" {
			b.play(c, "worker", noon(2026, 1, 5), rehab.AssignWorker{Worker: worker})
		}
	}
	on := rehab.NewDate(2026, 2, 1)
	loads, err := b.store.Loads(ctx, office.LoadFilter{Place: street, On: on})
	require.NoError(t, err)
	require.Len(t, loads, 2)
	require.Equal(t, office.Load{Worker: "w-1", Places: []string{street}, Registered: true, Post: office.FullTime, ByRisk: map[rehab.Risk]int{rehab.High: 2}, Cases: 2}, loads[0])
	require.Equal(t, office.Load{Worker: "w-old", Places: []string{street}, ByRisk: map[rehab.Risk]int{rehab.High: 1}, Cases: 1}, loads[1])

	mayTake, err := b.store.Loads(ctx, office.LoadFilter{Streets: []string{street}, On: on})
	require.NoError(t, err)
	require.Len(t, mayTake, 3, "the worker of the district, too")
	page, err := b.store.Loads(ctx, office.LoadFilter{Place: "11", On: on, After: "w-1", Limit: 1})
	require.NoError(t, err)
	require.Equal(t, "w-2", page[0].Worker)

	loose, err := b.store.CasesToAssign(ctx, "1101", nil, "w-1")
	require.NoError(t, err)
	require.Equal(t, []office.UnassignedCase{{CaseID: "c-1", Place: street, Risk: rehab.High, From: "w-1"}, {CaseID: "c-2", Place: street, Risk: rehab.High, From: "w-1"}}, loose)
	loose, err = b.store.CasesToAssign(ctx, "1101", []string{"c-4", "c-none"}, "")
	require.NoError(t, err)
	require.Equal(t, []office.UnassignedCase{{CaseID: "c-4", Place: street, Risk: rehab.High}}, loose)
	loose, err = b.store.CasesToAssign(ctx, "110102", []string{"c-4"}, "w-1")
	require.NoError(t, err)
	require.Empty(t, loose)
}
