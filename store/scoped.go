package store

import (
	"context"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"guitu/board"
)

// pool are the connections. Where they are scoped, each statement is told whose cases it may
// touch in the same round trip, for its transaction alone: PostgreSQL shows no other rows of
// clients, and none at all to a request without a scope.
type pool struct {
	*pgxpool.Pool
	scoped bool
}

// everywhere is the scope of the few statements that look past the scope of a request and show
// nothing of what they see: whether a person has another case.
const everywhere board.ScopeKind = "everywhere"

func everywhereOf(ctx context.Context) context.Context {
	return board.WithScope(ctx, board.Scope{Kind: everywhere})
}

// setScope holds for the transaction, which for statements sent together is all of them.
const setScope = `SELECT set_config('guitu.scope', $1, true), set_config('guitu.place', $2, true), set_config('guitu.actor', $3, true), set_config('guitu.today', $4, true), set_config('guitu.cases', $5, true)`

// scopeOf is what the statements are told; ok is false where they are told nothing.
func (p *pool) scopeOf(ctx context.Context) (values []any, ok bool) {
	if !p.scoped {
		return nil, false
	}
	s, ok := board.ScopeOf(ctx)
	if !ok {
		return nil, false
	}
	today := ""
	if s.Today != 0 {
		today = s.Today.String()
	}
	return []any{string(s.Kind), s.Place, s.Actor, today, strings.Join(s.Cases, " ")}, true
}

// SendBatch sends the statements behind their scope.
func (p *pool) SendBatch(ctx context.Context, b *pgx.Batch) pgx.BatchResults {
	values, ok := p.scopeOf(ctx)
	if !ok {
		return p.Pool.SendBatch(ctx, b)
	}
	all := &pgx.Batch{}
	all.Queue(setScope, values...)
	all.QueuedQueries = append(all.QueuedQueries, b.QueuedQueries...)
	results := p.Pool.SendBatch(ctx, all)
	_, _ = results.Exec() // where it failed, so does the next one
	return results
}

// Query reads rows in scope. A way of executing among the arguments is for statements without
// a scope: PostgreSQL plans for the arguments all the same (asApplication).
func (p *pool) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	if _, ok := p.scopeOf(ctx); !ok {
		return p.Pool.Query(ctx, sql, args...)
	}
	if len(args) > 0 {
		if _, ok := args[0].(pgx.QueryExecMode); ok {
			args = args[1:]
		}
	}
	b := &pgx.Batch{}
	b.Queue(sql, args...)
	results := p.SendBatch(ctx, b)
	rows, err := results.Query()
	if err != nil {
		_ = results.Close()
		return rows, err
	}
	return &scopedRows{Rows: rows, results: results}, nil
}

// QueryRow reads one row in scope.
func (p *pool) QueryRow(ctx context.Context, sql string, args ...any) pgx.Row {
	if _, ok := p.scopeOf(ctx); !ok {
		return p.Pool.QueryRow(ctx, sql, args...)
	}
	rows, err := p.Query(ctx, sql, args...)
	return scopedRow{rows, err}
}

// Exec runs a statement in scope.
func (p *pool) Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error) {
	if _, ok := p.scopeOf(ctx); !ok {
		return p.Pool.Exec(ctx, sql, args...)
	}
	b := &pgx.Batch{}
	b.Queue(sql, args...)
	results := p.SendBatch(ctx, b)
	tag, err := results.Exec()
	if closed := results.Close(); err == nil {
		err = closed
	}
	return tag, err
}

// Begin starts a transaction in scope.
func (p *pool) Begin(ctx context.Context) (pgx.Tx, error) { return p.BeginTx(ctx, pgx.TxOptions{}) }

// BeginTx starts a transaction in scope.
func (p *pool) BeginTx(ctx context.Context, o pgx.TxOptions) (pgx.Tx, error) {
	values, ok := p.scopeOf(ctx)
	if !ok {
		return p.Pool.BeginTx(ctx, o)
	}
	b := &pgx.Batch{}
	b.BeginTx(o)
	b.Queue(setScope, values...)
	results := p.Pool.SendBatch(ctx, b)
	tx := results.Tx()
	err := results.Close()
	if err != nil && tx != nil {
		_ = tx.Rollback(ctx) // gives the connection back
	}
	return tx, err
}

// scopedRows give their connection back once they are read or closed.
type scopedRows struct {
	pgx.Rows
	results pgx.BatchResults
}

// Next closes the rows behind the last one.
func (r *scopedRows) Next() bool {
	if r.Rows.Next() {
		return true
	}
	r.Close()
	return false
}

// Close may be called again.
func (r *scopedRows) Close() {
	r.Rows.Close()
	_ = r.results.Close() // what went wrong is what the rows say
}

// scopedRow is the first of the rows.
type scopedRow struct {
	rows pgx.Rows
	err  error
}

// Scan reads it; pgx.ErrNoRows where there is none.
func (r scopedRow) Scan(into ...any) error {
	if r.err != nil {
		return r.err
	}
	defer r.rows.Close()
	if !r.rows.Next() {
		if err := r.rows.Err(); err != nil {
			return err
		}
		return pgx.ErrNoRows
	}
	if err := r.rows.Scan(into...); err != nil {
		return err
	}
	r.rows.Close()
	return r.rows.Err()
}
