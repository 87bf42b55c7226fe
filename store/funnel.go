package store

import (
	"context"
	"strings"

	"github.com/jackc/pgx/v5"

	"guitu/board"
	"guitu/rehab"
)

// A climb of which nobody was told again since it opened stands on its first rung.
const selectClimbs = `SELECT c.policy, split_part(e.obligation, '-', 1), e.rung, e.role, e.told_at > e.opened_at, e.closed_at IS NULL,
  e.acked_by <> '' OR e.closing IN ('evidence', 'justification', 'dismissal'), count(*)
FROM escalations e JOIN cases c USING (case_id) WHERE c.` + notVoid + ` AND c.place LIKE $1 AND e.opened_at >= $2 AND e.opened_at < $3
GROUP BY 1, 2, 3, 4, 5, 6, 7 ORDER BY 1, 2, 3, 4, 5, 6, 7`

// Climbs counts the escalations of a place by how far they went.
func (s *Store) Climbs(ctx context.Context, f board.ClimbFilter) ([]board.ClimbCount, error) {
	rows, err := s.pool.Query(ctx, selectClimbs, prefix(f.Place), f.From, f.Until)
	return collect(rows, err, "count escalations", func(row pgx.CollectableRow) (c board.ClimbCount, err error) {
		var policy string
		err = row.Scan(&policy, &c.Kind, &c.Rung, &c.Role, &c.Climbed, &c.Open, &c.Answered, &c.Climbs)
		id, version, _ := strings.Cut(policy, "@")
		c.Policy = rehab.PolicyRef{ID: id, Version: version}
		return c, err
	})
}
