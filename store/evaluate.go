package store

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"guitu/evaluation"
	"guitu/rehab"
)

//go:embed facts.sql
var factsSQL string

// lastingEvents say who has a case and whether it is open, from when on they happened;
// countedEvents count in the period in which they happened, or answer what did, so that
// none of them was recorded before it. Those of topics that a ledger does not have count
// as soon as they are there.
var (
	lastingEvents = []string{"case_opened", "worker_assigned", "transfer_accepted", "case_released", "case_terminated", "transferred_out"}
	countedEvents = []string{
		"case_suspended", "contact_recorded", "test_recorded", "test_resolved", "refusal_decided", "laboratory_reported", "obligation_missed", "miss_confirmed", "miss_retracted",
		"leaving_recorded", "violation_reached", "escalation_opened", "escalation_climbed", "escalation_acknowledged", "escalation_closed",
		"engagement_stalled", "re_engaged", "lost_contact_confirmed", "supervision_recorded",
		"help_given", "positive_event", "referral_made", "referral_replied", "placement_started",
	}
)

// Tallies counts the measures of a period by place and worker, in one snapshot: those of
// every level can be added up from them.
func (s *Store) Tallies(ctx context.Context, q evaluation.Query) ([]evaluation.Tally, error) {
	var out []evaluation.Tally
	err := s.snapshot(ctx, func(tx pgx.Tx) (err error) {
		out, err = tallies(ctx, tx, q)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("evaluate: %w", unavailable(err))
	}
	return out, nil
}

// Facts is Tallies with a page of the facts behind them, of the same snapshot.
func (s *Store) Facts(ctx context.Context, q evaluation.Query) (sums []evaluation.Tally, facts []evaluation.Fact, err error) {
	err = s.snapshot(ctx, func(tx pgx.Tx) error {
		if sums, err = tallies(ctx, tx, q); err != nil {
			return err
		}
		args := factArgs(q)
		args["after"], args["limit"] = q.After, limit(q.Limit)
		rows, err := tx.Query(ctx, factsSQL+`SELECT key, measure, case_id, record, detail, place, worker, day, value FROM placed
WHERE (@unit = '' OR unit = @unit) AND key COLLATE "C" > @after ORDER BY key COLLATE "C" LIMIT @limit`, args)
		facts, err = collect(rows, err, "list facts", func(row pgx.CollectableRow) (evaluation.Fact, error) {
			var f evaluation.Fact
			var on time.Time
			err := row.Scan(&f.Key, &f.Metric, &f.CaseID, &f.Record, &f.Detail, &f.Place, &f.Worker, &on, &f.Value)
			f.On = rehab.NewDate(on.Date())
			return f, err
		})
		return err
	})
	if err != nil {
		return nil, nil, fmt.Errorf("evaluate: %w", unavailable(err))
	}
	return sums, facts, nil
}

// joinBySets is said before much is counted. What the planner knows of the facts of a case
// is next to nothing, so it takes each set of them for a handful and goes through one for
// every row of another: with the cases of a district that is minutes. The plan then looks dear
// enough to be compiled, which takes longer than to run it.
const joinBySets = `SET LOCAL enable_nestloop = off; SET LOCAL jit = off`

// joined prepares the counting in a place that is larger than a street.
func joined(ctx context.Context, tx pgx.Tx, place string) error {
	if rehab.PlaceCode(place).IsStreet() {
		return nil
	}
	_, err := tx.Exec(ctx, joinBySets)
	return err
}

func tallies(ctx context.Context, q pgx.Tx, query evaluation.Query) ([]evaluation.Tally, error) {
	if err := joined(ctx, q, query.Place); err != nil {
		return nil, fmt.Errorf("count: %w", unavailable(err))
	}
	rows, err := q.Query(ctx, factsSQL+`SELECT measure, place, worker, sum(value)::bigint FROM placed
WHERE @unit = '' OR unit = @unit GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`, factArgs(query))
	return collect(rows, err, "count", pgx.RowToStructByPos[evaluation.Tally])
}

// factArgs turns the period into instants. A window is due once its last day is over;
// what is open is looked at at the end of the period, or now.
func factArgs(q evaluation.Query) pgx.NamedArgs {
	today := rehab.DateOf(q.Now)
	instant := q.To.End().Add(-time.Microsecond)
	if q.Now.Before(instant) {
		instant = q.Now
	}
	kinds, names := evaluation.Duties()
	return pgx.NamedArgs{
		"place": prefix(q.Place), "lasting": lastingEvents, "types": countedEvents, "since": q.From.Start(), "until": q.To.End(), "instant": instant,
		"kinds": kinds, "names": names, "standing": rehab.ClientDuties(), "first": day(q.From), "over": day(min(q.To, today.AddDays(-1))), "today": day(min(q.To, today)),
		"length": int(q.Level.Places()), "measures": q.Metrics, "unit": q.Unit,
	}
}

// KeepExport notes that figures leave the system.
func (s *Store) KeepExport(ctx context.Context, e evaluation.Export) error {
	actor, err := json.Marshal(e.Actor)
	if err != nil {
		return err
	}
	filter, err := json.Marshal(e.Filter)
	if err != nil {
		return err
	}
	at := e.At.UTC().Truncate(time.Microsecond)
	mac := s.keys.signExport("export", at, string(actor), e.Place, e.Purpose, e.Digest)
	b := &pgx.Batch{} // one transaction
	b.Queue(`INSERT INTO exports (at, actor, kind, place, filter, purpose, rows, digest, mac) VALUES ($1, $2, 'evaluation', $3, $4, $5, $6, $7, $8)`,
		at, string(actor), e.Place, filter, e.Purpose, e.Rows, e.Digest, mac)
	b.Queue(addToSum, exportBucket, 1, bits(s.keys.signExport("export sum", at, string(actor), e.Place, e.Purpose, e.Digest)))
	if err := s.pool.SendBatch(ctx, b).Close(); err != nil {
		return fmt.Errorf("note an export: %w", unavailable(err))
	}
	return nil
}

// Exports lists what left the system from a place and all below it, the latest first,
// before the position (0: from the end), and says which show what holds no longer.
func (s *Store) Exports(ctx context.Context, place string, before int64, n int) ([]evaluation.Export, error) {
	rows, err := s.pool.Query(ctx, `SELECT position, at, actor, place, filter, purpose, rows, digest FROM exports
WHERE place LIKE $1 AND ($2::bigint = 0 OR position < $2) ORDER BY position DESC LIMIT $3`, prefix(place), before, limit(n))
	list, err := collect(rows, err, "list exports", func(row pgx.CollectableRow) (evaluation.Export, error) {
		var e evaluation.Export
		var actor string
		err := row.Scan(&e.Position, &e.At, &actor, &e.Place, &e.Filter, &e.Purpose, &e.Rows, &e.Digest)
		e.At = e.At.UTC()
		if err == nil {
			e.Actor, err = decodeActor(actor)
		}
		return e, err
	})
	if err == nil && len(list) > 0 {
		if err = markOutdated(ctx, s.pool, list); err != nil {
			err = fmt.Errorf("list exports: %w", unavailable(err))
		}
	}
	return list, err
}
