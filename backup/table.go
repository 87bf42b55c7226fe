package backup

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
)

// table is a table with the columns that are written, and the tables that it refers to.
type table struct {
	name     string
	columns  []string
	identity []string // columns with a sequence
	refers   []string
}

// notWritten is what the migrations fill in for themselves.
const notWritten = "goose_db_version"

// describe reads the number of the last migration and the tables, those that are referred to
// before those that refer.
func describe(ctx context.Context, tx pgx.Tx) (schema int64, tables []table, err error) {
	if err := tx.QueryRow(ctx, `SELECT max(version_id) FROM goose_db_version WHERE is_applied`).Scan(&schema); err != nil {
		return 0, nil, err
	}
	rows, err := tx.Query(ctx, `SELECT c.relname::text,
  array_agg(a.attname::text ORDER BY a.attnum) FILTER (WHERE a.attgenerated = ''),
  coalesce(array_agg(a.attname::text ORDER BY a.attnum) FILTER (WHERE a.attidentity <> '' OR pg_get_serial_sequence(quote_ident(c.relname), a.attname) IS NOT NULL), '{}'),
  ARRAY(SELECT DISTINCT f.relname::text FROM pg_constraint k JOIN pg_class f ON f.oid = k.confrelid WHERE k.conrelid = c.oid AND k.contype = 'f' AND f.oid <> c.oid)
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname <> $1 GROUP BY c.oid, c.relname ORDER BY c.relname`, notWritten)
	if err != nil {
		return 0, nil, err
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (t table, err error) {
		return t, row.Scan(&t.name, &t.columns, &t.identity, &t.refers)
	})
	if err != nil {
		return 0, nil, err
	}
	tables, err = inOrder(list)
	return schema, tables, err
}

func inOrder(list []table) ([]table, error) {
	placed := map[string]bool{}
	var out []table
	for len(out) < len(list) {
		before := len(out)
		for _, t := range list {
			if !placed[t.name] && !slices.ContainsFunc(t.refers, func(r string) bool { return !placed[r] }) {
				placed[t.name], out = true, append(out, t)
			}
		}
		if len(out) == before {
			return nil, errors.New("the tables refer to each other in a circle")
		}
	}
	return out, nil
}

func only(list []table, want func(table) bool) (out []table) {
	for _, t := range list {
		if want(t) {
			out = append(out, t)
		}
	}
	return out
}

// quoted is the table with its columns as SQL names them.
func (t table) quoted() string {
	names := make([]string, len(t.columns))
	for i, c := range t.columns {
		names[i] = pgx.Identifier{c}.Sanitize()
	}
	return pgx.Identifier{t.name}.Sanitize() + " (" + strings.Join(names, ", ") + ")"
}
