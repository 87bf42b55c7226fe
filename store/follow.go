package store

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"guitu/board"
	"guitu/rehab"
)

// Who follows the ledger or the outbox reads in the order of (tx, position), and only what
// is settled: rows of transactions below the oldest one that was under way in a snapshot
// taken before. tx is the number of the transaction that wrote the row, position its place
// in a sequence. Positions alone would not do: one is taken before its row commits, and even
// before its transaction has a number, so that a lower position may come to light later.
//
// Nothing is passed over. A transaction below the bound has ended, so it writes no more,
// and every later query sees all it committed: the rows below the bound never change again.
// A reader goes through them in order, each page from where the last one ended, and what
// comes later has a transaction at or above the bound and so comes after all it read.
//
// Nothing is told twice. A position is given once, and a page begins behind the last cursor.
//
// The price is that a row waits for every older transaction of the whole server that
// writes. They are short; one that is left open holds readers back, and loses nothing.
//
// behind is what comes after the cursor ($1, $2) and before the transaction $3. The first
// condition is for the index, which knows no rows.
const behind = `tx >= $1 AND (tx, position) > ($1, $2) AND tx < $3`

// firstSpan is how many transactions a page looks at first, and growth how much further it
// looks each time it finds too little: a reader that is far behind does not sort all that
// lies before it for every page.
const firstSpan, growth = 4096, 16

// walk reads a page after the cursor, up to what is settled. read gets the transaction
// that the page ends before.
func walk[T any](ctx context.Context, s *Store, after board.Cursor, n int, read func(end int64) ([]T, error)) ([]T, error) {
	head, err := s.Head(ctx)
	if err != nil {
		return nil, err
	}
	for span := int64(firstSpan); ; span *= growth {
		end := min(after.Tx+span, head.Tx)
		rows, err := read(end)
		if err != nil || len(rows) == limit(n) || end == head.Tx {
			return rows, err
		}
	}
}

const noticeColumns = `tx, position, case_id, seq, created_at, role, place, worker, type, channel, escalation, obligation`

func scanNotice(row pgx.CollectableRow) (board.NoticeRow, error) {
	var x board.NoticeRow
	var obligation string
	err := row.Scan(&x.Tx, &x.Position, &x.CaseID, &x.Seq, &x.CreatedAt, &x.Role, &x.Place, &x.Worker, &x.Type, &x.Channel, &x.Escalation, &obligation)
	x.CreatedAt = x.CreatedAt.UTC()
	if err == nil && obligation != "" {
		err = x.Obligation.UnmarshalText([]byte(obligation))
	}
	return x, err
}

// Notices follows the outbox after the cursor.
func (s *Store) Notices(ctx context.Context, after board.Cursor, n int) ([]board.NoticeRow, error) {
	return walk(ctx, s, after, n, func(end int64) ([]board.NoticeRow, error) {
		rows, err := s.pool.Query(ctx, `SELECT `+noticeColumns+` FROM notices WHERE `+behind+` ORDER BY tx, position LIMIT $4`, after.Tx, after.Position, end, limit(n))
		return collect(rows, err, "read notices", scanNotice)
	})
}

// Notice is the one at the position; NotFound where there is none, or it is of a void case.
func (s *Store) Notice(ctx context.Context, position int64) (board.NoticeRow, error) {
	rows, err := s.pool.Query(ctx, `SELECT `+noticeColumns+` FROM notices n WHERE position = $1 AND`+ofVoid, position)
	list, err := collect(rows, err, "read a notice", scanNotice)
	switch {
	case err != nil:
		return board.NoticeRow{}, err
	case len(list) == 0:
		return board.NoticeRow{}, &rehab.Error{Code: rehab.NotFound, Message: "there is no such notice"}
	}
	return list[0], nil
}

const selectChanges = `SELECT e.tx, e.position, e.case_id, e.seq, e.type, e.recorded_at, c.place, c.worker
FROM (SELECT tx, position, case_id, seq, type, recorded_at FROM case_events WHERE ` + behind + ` ORDER BY tx, position LIMIT $4) e
JOIN cases c USING (case_id) ORDER BY e.tx, e.position`

// Changes follows the whole ledger after the cursor.
func (s *Store) Changes(ctx context.Context, after board.Cursor, n int) ([]board.Change, error) {
	return walk(ctx, s, after, n, func(end int64) ([]board.Change, error) {
		rows, err := s.pool.Query(ctx, selectChanges, after.Tx, after.Position, end, limit(n))
		return collect(rows, err, "read changes", func(row pgx.CollectableRow) (board.Change, error) {
			var x board.Change
			err := row.Scan(&x.Tx, &x.Position, &x.CaseID, &x.Seq, &x.Type, &x.At, &x.Place, &x.Worker)
			x.At = x.At.UTC()
			return x, err
		})
	})
}

// Head is where a reader begins that wants what comes from now on, in the ledger as in the
// outbox: before it is all that is settled, and nothing else. Positions begin at 1.
func (s *Store) Head(ctx context.Context) (board.Cursor, error) {
	var c board.Cursor
	if err := s.pool.QueryRow(ctx, `SELECT ledger_settled()`).Scan(&c.Tx); err != nil {
		return c, fmt.Errorf("read the head of the ledger: %w", unavailable(err))
	}
	return c, nil
}

// CursorsOf turns positions, by which readers went before there were cursors, into cursors that
// miss nothing after them. Rows that were seen may come again.
func (s *Store) CursorsOf(ctx context.Context, change, notice int64) (changes, notices board.Cursor, err error) {
	err = s.pool.QueryRow(ctx, `SELECT least(ledger_settled(), (SELECT min(tx) FROM case_events WHERE position > $1)),
  least(ledger_settled(), (SELECT min(tx) FROM notices WHERE position > $2))`, change, notice).Scan(&changes.Tx, &notices.Tx)
	if err != nil {
		err = fmt.Errorf("find positions in the ledger: %w", unavailable(err))
	}
	return changes, notices, err
}
