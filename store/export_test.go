package store

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"guitu/evaluation"
)

// Plans counts the plans of the prepared statements with arguments of a connection: those for no
// arguments in particular, and those for the arguments of a call.
func (s *Store) Plans(ctx context.Context) (generic, custom int64, err error) {
	err = s.pool.QueryRow(ctx, `SELECT sum(generic_plans), sum(custom_plans) FROM pg_prepared_statements WHERE parameter_types <> '{}'`).Scan(&generic, &custom)
	return generic, custom, err
}

// Hurry lets statements take a millisecond, on a store with one connection.
func (s *Store) Hurry(ctx context.Context) error {
	_, err := s.pool.Exec(ctx, "SET statement_timeout = 1")
	return err
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

// DeleteWaiting takes away what a case waits for no longer.
var DeleteWaiting = deleteWaiting

// Gaps is the condition of the index that coverage has of misses.
const Gaps = ofGaps

// AllTexts decrypts all that stands under the key of the case, by what each is bound to.
func (s *Store) AllTexts(ctx context.Context, caseID string) (map[string]string, error) {
	key, err := s.caseKey(ctx, caseID, false)
	if err != nil {
		return nil, err
	}
	out := make(map[string]string)
	for _, c := range underCaseKey {
		rows, err := s.pool.Query(ctx, fmt.Sprintf(`SELECT %s, %s FROM %s WHERE case_id = $1 AND %s IS NOT NULL`, c.ad, c.name, c.table, c.name), caseID)
		if err != nil {
			return nil, err
		}
		var ad string
		var ciphertext []byte
		if _, err := pgx.ForEachRow(rows, []any{&ad, &ciphertext}, func() error {
			plain, err := key.Decrypt(ciphertext, []byte(ad))
			out[c.table+" "+ad] = string(plain)
			return err
		}); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// TablesUnderCaseKey are the tables with something encrypted under the key of a case.
func TablesUnderCaseKey() (names []string) {
	for _, c := range underCaseKey {
		names = append(names, c.table)
	}
	return names
}

// SignedTableNames are the tables each row of which is signed.
func SignedTableNames() (names []string) {
	for _, t := range signedTables {
		names = append(names, t.table)
	}
	return names
}

// SignedKeyOf is the SQL of what a row of the table is known by, BucketOfTable where its rows are summed.
func SignedKeyOf(table string) string { return signedTableOf(table).key }
func BucketOfTable(table string) int  { return signedTableOf(table).bucket }

func signedTableOf(table string) signedTable {
	return signedTables[slices.IndexFunc(signedTables, func(t signedTable) bool { return t.table == table })]
}
