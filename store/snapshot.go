package store

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"guitu/rehab"
)

// asApplication is what every connection says first. Prepared statements are planned for
// the arguments of each call: patterns of places and optional filters make of one statement
// a look at a street or at a whole city, and the plan that PostgreSQL would keep after the
// fifth call fits neither. Nothing is compiled: plans that look dear, since the planner knows
// little of the facts of a case, take longer to compile than to run. The cases of a whole city are
// sorted and joined in memory: by PostgreSQL's own 4 MB they would go through files.
func asApplication(scoped bool) string {
	role := "guitu_app"
	if scoped {
		role = "guitu_scoped"
	}
	return `SET ROLE ` + role + `; SET plan_cache_mode = force_custom_plan; SET jit = off; SET work_mem = '16MB'`
}

// snapshot reads figures, all as of one moment. Where they were cut off for their time, the
// error says after how long.
func (s *Store) snapshot(ctx context.Context, read func(pgx.Tx) error) error {
	return timed(func() error {
		return pgx.BeginTxFunc(ctx, s.pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, read)
	})
}

// timed runs a read of figures and says of one that was cut off how long it had.
func timed(read func() error) error {
	began := time.Now()
	err := read()
	if !cutOff(err) {
		return err
	}
	return fmt.Errorf("%w: %w", tooLong("the figure took longer than %s", seconds(time.Since(began))), err)
}

func seconds(d time.Duration) string {
	if d < 10*time.Second {
		return fmt.Sprintf("%.1f s", d.Seconds())
	}
	return fmt.Sprintf("%d s", int(d.Seconds()))
}

func tooLong(format string, args ...any) *rehab.Error {
	return &rehab.Error{Code: rehab.Unavailable, Message: fmt.Sprintf(format, args...)}
}

// cutOff reports whether a query was ended for its time, by the server (query_canceled) or
// by the caller's deadline, while the database is there.
func cutOff(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code == "57014"
	}
	var connect *pgconn.ConnectError
	var dial *net.OpError
	return errors.Is(err, context.DeadlineExceeded) && !errors.As(err, &connect) && !(errors.As(err, &dial) && dial.Op == "dial")
}
