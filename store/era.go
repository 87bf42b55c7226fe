package store

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// eraGap lies between the last number of one era and the first of the next: more
// transactions than a server runs between a backup and the day it is needed. A reader
// that saw what the backup does not have still stands before all that is new.
const eraGap = 1 << 32

// selectLast is the last number that any row has, where this server has not come to it by
// itself: a row that can be seen was committed, so its transaction has begun.
const selectLast = `SELECT greatest((SELECT max(tx) FROM case_events WHERE tx >= (SELECT ledger_next())), (SELECT max(tx) FROM notices WHERE tx >= (SELECT ledger_next())),
  (SELECT max(cursor) FROM subscriptions WHERE cursor > (SELECT ledger_next())))`

// beginEra makes the numbers of transactions go on above those of the rows. A dump that is
// restored brings the numbers of the server it was taken from, and the one it is restored
// on may count from lower: its rows would come before those that readers have seen, and
// hide until its count caught up. So the shift that is added to each number grows.
//
// No row of the ledger is touched. The locks wait for all who write: none writes a number
// of the old era once there is a number of the new one.
func beginEra(ctx context.Context, conn *pgx.Conn) error {
	last, err := lastOfEra(ctx, conn)
	if err != nil || last == nil {
		return err
	}
	return pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `LOCK TABLE case_events, notices, subscriptions IN ACCESS EXCLUSIVE MODE`); err != nil {
			return fmt.Errorf("begin an era: %w", unavailable(err))
		}
		last, err := lastOfEra(ctx, tx) // another process may have begun it
		if err != nil || last == nil {
			return err
		}
		_, err = tx.Exec(ctx, fmt.Sprintf(`CREATE OR REPLACE FUNCTION ledger_shift() RETURNS bigint LANGUAGE sql STABLE AS 'SELECT %d::bigint'`, *last+eraGap))
		if err != nil {
			return fmt.Errorf("begin an era: %w", unavailable(err))
		}
		return nil
	})
}

func lastOfEra(ctx context.Context, q querier) (last *int64, err error) {
	rows, err := q.Query(ctx, selectLast)
	list, err := collect(rows, err, "read the last of an era", pgx.RowTo[*int64])
	if err != nil {
		return nil, err
	}
	return list[0], nil
}
