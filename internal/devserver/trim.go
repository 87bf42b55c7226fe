package devserver

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"
)

// keptIndexes serve the lists that people and the web UI ask for: newest first and by
// workflow id. The primary key serves a run. Every other one costs each open case some
// 300 bytes.
func keptIndexes() []string {
	return []string{"executions_visibility_pkey", "default_idx", "by_workflow_id"}
}

// trimVisibility drops the indexes that are not kept, and remembers how to make them again.
func (d database) trimVisibility(ctx context.Context) error {
	return d.inVisibility(ctx, "trim the indexes of %s", func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "CREATE TABLE IF NOT EXISTS guitu_trimmed_indexes (name text PRIMARY KEY, definition text NOT NULL)"); err != nil {
			return err
		}
		rows, err := tx.Query(ctx, "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename = 'executions_visibility'")
		if err != nil {
			return err
		}
		indexes, err := pgx.CollectRows(rows, pgx.RowToStructByPos[struct{ Name, Definition string }])
		if err != nil {
			return err
		}
		for _, index := range indexes {
			if slices.Contains(keptIndexes(), index.Name) {
				continue
			}
			if _, err := tx.Exec(ctx, "INSERT INTO guitu_trimmed_indexes VALUES ($1, $2)", index.Name, index.Definition); err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, "DROP INDEX "+pgx.Identifier{index.Name}.Sanitize()); err != nil {
				return err
			}
		}
		return nil
	})
}

// restoreVisibility makes all trimmed indexes again.
func (d database) restoreVisibility(ctx context.Context) error {
	return d.inVisibility(ctx, "restore the indexes of %s", func(tx pgx.Tx) error {
		var trimmed bool
		if err := tx.QueryRow(ctx, "SELECT to_regclass('guitu_trimmed_indexes') IS NOT NULL").Scan(&trimmed); err != nil || !trimmed {
			return err
		}
		return remake(ctx, tx)
	})
}

func remake(ctx context.Context, tx pgx.Tx) error {
	rows, err := tx.Query(ctx, "SELECT name, definition FROM guitu_trimmed_indexes")
	if err != nil {
		return err
	}
	indexes, err := pgx.CollectRows(rows, pgx.RowToStructByPos[struct{ Name, Definition string }])
	if err != nil {
		return err
	}
	for _, index := range indexes {
		if _, err := tx.Exec(ctx, index.Definition); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, "DELETE FROM guitu_trimmed_indexes WHERE name = $1", index.Name); err != nil {
			return err
		}
	}
	return nil
}

// inVisibility does it in the database of the list of workflows; what names it where it fails.
func (d database) inVisibility(ctx context.Context, what string, do func(pgx.Tx) error) error {
	conn, err := d.connect(ctx, d.visibilityName())
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx)) //nolint:errcheck // committed before
	if err := pgx.BeginFunc(ctx, conn, do); err != nil {
		return fmt.Errorf("%s: %w", fmt.Sprintf(what, d.visibilityName()), err)
	}
	return nil
}
