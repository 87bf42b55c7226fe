package store

import (
	"context"
	"crypto/hmac"
	"encoding/binary"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"guitu/board"
)

// versionsOf are the transactions that wrote the rows of a table that a case has: a row that
// is changed, added or gone changes them, whoever did it.
func versionsOf(table, key string) string {
	return `coalesce((SELECT string_agg(` + key + ` || '.' || t.xmin, ' ' ORDER BY ` + key + `) FROM ` + table + ` t WHERE t.case_id = p.case_id), '')`
}

// selectStandings begins with every case that has a row or a first event: who takes one of
// them away does not hide the case.
var selectStandings = `SELECT p.case_id, coalesce(c.seq, 0), coalesce(c.hash, ''), c.case_id IS NOT NULL AND ` + live + `, c.wake_at,
  EXISTS (SELECT 1 FROM transfers t WHERE t.case_id = p.case_id AND t.ended_on IS NULL),
  md5(concat_ws('/', c.xmin, ` + versionsOf("case_events", "seq") + `, ` + versionsOf("obligations", "kind || n") + `, ` + versionsOf("escalations", "id") + `, ` +
	versionsOf("leave_requests", "leave") + `, ` + versionsOf("referrals", "id") + `, ` + versionsOf("transfers", "id") + `, ` + versionsOf("taken_back", "seq") + `, ` + versionsOf("waiting", "kind || n") + `)),
  s.seq, s.hash, s.versions, s.rules, s.run, s.found_at, s.mac, coalesce(c.place, '')
FROM (
  (SELECT case_id FROM cases WHERE case_id > $1 ORDER BY case_id LIMIT $2)
  UNION
  (SELECT case_id FROM case_events WHERE seq = 1 AND case_id > $1 ORDER BY case_id LIMIT $2)
  ORDER BY case_id LIMIT $2
) p LEFT JOIN cases c USING (case_id) LEFT JOIN sound_cases s USING (case_id) ORDER BY p.case_id`

// Standings lists all cases, open and closed, in order of their ids after the one given, as
// their rows stand and as each was last found right. A note that this program did not sign
// is none.
func (s *Store) Standings(ctx context.Context, after string, n int) ([]board.Standing, error) {
	rows, err := s.pool.Query(ctx, selectStandings, after, n)
	return collect(rows, err, "list cases", func(row pgx.CollectableRow) (board.Standing, error) {
		var x board.Standing
		var wake, at pgtype.Timestamptz
		var seq *int64
		var hash, mac []byte
		var versions, rules, run *string
		err := row.Scan(&x.CaseID, &x.Seq, &x.Hash, &x.Live, &wake, &x.Watched, &x.Versions, &seq, &hash, &versions, &rules, &run, &at, &mac, &x.Place)
		x.Wake = timeOf(wake)
		if err == nil && at.Valid {
			last := &board.Sound{CaseID: x.CaseID, Seq: *seq, Hash: hash, Versions: *versions, Rules: *rules, Run: *run, At: timeOf(at)}
			if hmac.Equal(mac, s.keys.signSound(*last)) {
				x.Last = last
			}
		}
		return x, err
	})
}

// signSound keeps anybody without the key from noting that a case was found right.
func (k *Keys) signSound(x board.Sound) []byte {
	seq, at := binary.BigEndian.AppendUint64(nil, uint64(x.Seq)), binary.BigEndian.AppendUint64(nil, uint64(x.At.UnixMicro()))
	return k.sign("sound", []byte(x.CaseID), seq, x.Hash, []byte(x.Versions), []byte(x.Rules), []byte(x.Run), at)
}

const upsertSound = `INSERT INTO sound_cases (case_id, seq, hash, versions, rules, run, found_at, mac) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (case_id) DO UPDATE SET seq = excluded.seq, hash = excluded.hash, versions = excluded.versions, rules = excluded.rules, run = excluded.run,
  found_at = excluded.found_at, mac = excluded.mac`

// KeepSound notes cases that were found right, and forgets those that were not.
func (s *Store) KeepSound(ctx context.Context, sound []board.Sound, broken []string) error {
	b := &pgx.Batch{}
	for _, x := range sound {
		x.At = x.At.Truncate(time.Microsecond) // as the database keeps it
		b.Queue(upsertSound, x.CaseID, x.Seq, x.Hash, x.Versions, x.Rules, x.Run, x.At, s.keys.signSound(x))
	}
	if len(broken) > 0 {
		b.Queue(`DELETE FROM sound_cases WHERE case_id = ANY($1)`, broken)
	}
	if b.Len() == 0 {
		return nil
	}
	err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error { return tx.SendBatch(ctx, b).Close() })
	if err != nil {
		return fmt.Errorf("note what was found right: %w", unavailable(err))
	}
	return nil
}
