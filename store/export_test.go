package store

import (
	"context"

	"github.com/jackc/pgx/v5"

	"guitu/evaluation"
)

// Plans counts the plans of the prepared statements with arguments of a connection: those for no
// arguments in particular, and those for the arguments of a call.
func (s *Store) Plans(ctx context.Context) (generic, custom int64, err error) {
	err = s.pool.QueryRow(ctx, `SELECT sum(generic_plans), sum(custom_plans) FROM pg_prepared_statements WHERE parameter_types <> '{}'`).Scan(&generic, &custom)
	return generic, custom, err
}

// Explain is the plan by which the facts of the query are counted.
func (s *Store) Explain(ctx context.Context, q evaluation.Query) (lines []string, err error) {
	err = s.snapshot(ctx, func(tx pgx.Tx) error {
		if err := joined(ctx, tx, q.Place); err != nil {
			return err
		}
		rows, err := tx.Query(ctx, "EXPLAIN "+factsSQL+"SELECT * FROM placed WHERE @unit = '' OR unit = @unit", factArgs(q))
		if err == nil {
			lines, err = pgx.CollectRows(rows, pgx.RowTo[string])
		}
		return err
	})
	return lines, err
}

// Decisions is the condition of the index that the list of what waits has of decisions.
const Decisions = decisions

// Gaps is the condition of the index that coverage has of misses.
const Gaps = ofGaps
