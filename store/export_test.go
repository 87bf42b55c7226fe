package store

import "context"

// Plans counts the plans of the prepared statements with arguments of a connection: those for no
// arguments in particular, and those for the arguments of a call.
func (s *Store) Plans(ctx context.Context) (generic, custom int64, err error) {
	err = s.pool.QueryRow(ctx, `SELECT sum(generic_plans), sum(custom_plans) FROM pg_prepared_statements WHERE parameter_types <> '{}'`).Scan(&generic, &custom)
	return generic, custom, err
}
