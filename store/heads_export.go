package store

import (
	"bytes"
	"context"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"guitu/board"
)

func (k *Keys) signExport(kind string, at time.Time, actor, place, purpose, digest string) []byte {
	return k.sign(kind, strconv.AppendInt(nil, at.UnixMicro(), 10), []byte(actor), []byte(place), []byte(purpose), []byte(digest))
}

// checkExports lists the exports that are not what was signed. Those from before they were
// signed are passed over.
func (s *Store) checkExports(ctx context.Context, q querier, want sums) ([]board.Broken, error) {
	rows, err := q.Query(ctx, `SELECT position, at, actor, place, purpose, digest, mac FROM exports WHERE mac IS NOT NULL`)
	if err != nil {
		return nil, err
	}
	var out []board.Broken
	var position int64
	var at time.Time
	var actor, place, purpose, digest string
	var mac []byte
	_, err = pgx.ForEachRow(rows, []any{&position, &at, &actor, &place, &purpose, &digest, &mac}, func() error {
		want.add(exportBucket, s.keys.signExport("export sum", at, actor, place, purpose, digest))
		if !bytes.Equal(mac, s.keys.signExport("export", at, actor, place, purpose, digest)) {
			out = append(out, board.Broken{Subject: "export " + strconv.FormatInt(position, 10), Invariant: "an export is what was signed", Detail: "it was changed"})
		}
		return nil
	})
	return out, err
}
