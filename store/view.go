package store

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/jackc/pgx/v5"

	"guitu/board"
	"guitu/once"
	"guitu/rehab"
)

func viewAD(id string) []byte { return []byte("view/" + id) }

// maxViews is how many views somebody keeps at most.
const maxViews = 50

// SaveView keeps a view of the board. The same again changes nothing and is known; another
// request under its id is a Conflict.
func (s *Store) SaveView(ctx context.Context, v board.View, digest string) (known bool, err error) {
	name, err := s.hide([]byte(v.Name), viewAD(v.ID))
	if err != nil {
		return false, fmt.Errorf("encrypt the name of a view: %w", err)
	}
	query, err := json.Marshal(v.Query)
	if err != nil {
		return false, err
	}
	tag, err := s.pool.Exec(ctx, `INSERT INTO board_views (id, owner, place, name, query, digest, created_at)
SELECT $1, $2, $3, $4, $5, $6, $7 WHERE (SELECT count(*) FROM board_views WHERE owner = $2) < $8 ON CONFLICT (id) DO NOTHING`,
		v.ID, v.Owner, v.Place, name, query, digest, v.CreatedAt, maxViews)
	if err != nil || tag.RowsAffected() > 0 {
		return false, wrapView(err)
	}
	known, err = acted(ctx, s.pool, once.Request{Key: v.ID, Digest: digest}, `SELECT digest FROM board_views WHERE id = $1`, v.ID)
	if err == nil && !known {
		err = &rehab.Error{Code: rehab.Refused, Message: fmt.Sprintf("you keep %d views already: remove one first", maxViews)}
	}
	return known, wrapView(err)
}

func wrapView(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("keep a view: %w", unavailable(err))
}

// Views lists the own ones of somebody and those shared with the place or one above it, in the
// order in which they were saved.
func (s *Store) Views(ctx context.Context, owner, place string) ([]board.View, error) {
	var names [][]byte
	rows, err := s.pool.Query(ctx, `SELECT id, owner, place, name, query, created_at FROM board_views
WHERE owner = $1 OR place <> '' AND starts_with($2, place) ORDER BY created_at, id`, owner, place)
	list, err := collect(rows, err, "list views", func(row pgx.CollectableRow) (v board.View, err error) {
		var name, query []byte
		if err = row.Scan(&v.ID, &v.Owner, &v.Place, &name, &query, &v.CreatedAt); err != nil {
			return v, err
		}
		names, v.CreatedAt = append(names, name), v.CreatedAt.UTC()
		return v, json.Unmarshal(query, &v.Query)
	})
	for i := range list {
		name, err := s.reveal(ctx, names[i], viewAD(list[i].ID))
		if err != nil {
			return nil, fmt.Errorf("decrypt the name of a view: %w", unavailable(err))
		}
		list[i].Name = string(name)
	}
	return list, err
}

// DropView forgets a view; one that is not there is forgotten already.
func (s *Store) DropView(ctx context.Context, id string) error {
	if _, err := s.pool.Exec(ctx, `DELETE FROM board_views WHERE id = $1`, id); err != nil {
		return fmt.Errorf("remove a view: %w", unavailable(err))
	}
	return nil
}
