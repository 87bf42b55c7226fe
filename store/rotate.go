package store

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"guitu/suite"
)

// Rotation is what a change of the master key did. Left is what stands under a master key that
// is not the first: with nothing left the others may go.
type Rotation struct {
	Cases  int `json:"cases"`  // keys of cases that were wrapped anew
	System int `json:"system"` // keys of the system that were
	Texts  int `json:"texts"`  // names of staff and targets that stood under a master key itself
	Kept   int `json:"kept"`   // master keys kept to read old entries of the read log with
	Left   int `json:"left"`
}

const rotateBatch = 200

// RotateMaster wraps every key by the first of the master keys. It works in batches while the
// system runs, and goes on where it was stopped; done is called after each batch with the
// number of keys so far. The login has to be the owner's: Forbidden.
func (s *Store) RotateMaster(ctx context.Context, done func(cases int)) (Rotation, error) {
	var out Rotation
	for _, step := range []func(context.Context, *Rotation) error{s.rewrapSystem, s.rewriteUnderSystem, s.keepForReasons} {
		if err := step(ctx, &out); err != nil {
			return out, fmt.Errorf("change the master key: %w", err)
		}
	}
	for after := ""; ; done(out.Cases) {
		last, n, err := s.rewrapCases(ctx, after)
		if err != nil {
			return out, fmt.Errorf("change the master key: %w", err)
		}
		if out.Cases += n; last == "" {
			break
		}
		after = last
	}
	var err error
	out.Left, err = s.underOtherMasters(ctx)
	return out, err
}

// rewrapCases wraps the keys of a batch of cases; last is empty behind the end.
func (s *Store) rewrapCases(ctx context.Context, after string) (last string, n int, err error) {
	err = s.asKeeper(ctx, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `SELECT case_id, wrapped FROM case_keys WHERE case_id > $1 ORDER BY case_id LIMIT $2 FOR UPDATE`, after, rotateBatch)
		type row struct {
			CaseID  string
			Wrapped []byte
		}
		list, err := collect(rows, err, "read keys", pgx.RowToStructByPos[row])
		if err != nil {
			return err
		}
		b := &pgx.Batch{}
		for _, r := range list {
			last = r.CaseID
			again, err := s.rewrapped(r.Wrapped, []byte(r.CaseID))
			if err != nil {
				return fmt.Errorf("the key of case %s: %w", r.CaseID, err)
			}
			if again != nil {
				b.Queue(`UPDATE case_keys SET wrapped = $2 WHERE case_id = $1`, r.CaseID, again)
			}
		}
		n = b.Len()
		return tx.SendBatch(ctx, b).Close()
	})
	return last, n, err
}

// rewrapped is the key wrapped by the first master; nil where it is already, or is gone.
func (s *Store) rewrapped(wrapped, ad []byte) ([]byte, error) {
	if len(wrapped) == 0 || suite.WrappedBy(s.keys.master[0], wrapped) {
		return nil, nil
	}
	key, err := suite.Unwrap(s.keys.master, wrapped, ad)
	if err != nil {
		return nil, err
	}
	return suite.Wrap(s.keys.master, key, ad)
}

// rewrapSystem does the same to the keys of the system, and makes the first one where a
// database from before has none.
func (s *Store) rewrapSystem(ctx context.Context, out *Rotation) error {
	return s.asKeeper(ctx, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `SELECT n, wrapped FROM system_keys ORDER BY n FOR UPDATE`)
		list, err := collect(rows, err, "read the keys of the system", pgx.RowToStructByPos[systemKeyRow])
		if err != nil {
			return err
		}
		if len(list) == 0 {
			if err := s.newSystemKey(ctx, tx); err != nil {
				return err
			}
		}
		for _, r := range list {
			again, err := s.rewrapped(r.Wrapped, []byte(systemKey))
			if err != nil || again == nil {
				if err != nil {
					return fmt.Errorf("key %d of the system: %w", r.N, err)
				}
				continue
			}
			if _, err := tx.Exec(ctx, `UPDATE system_keys SET wrapped = $2 WHERE n = $1`, r.N, again); err != nil {
				return err
			}
			out.System++
		}
		return s.loadSystemKeys(ctx, tx)
	})
}

// underMaster are the columns in which older releases wrote under the master key itself, each
// with what its ciphertexts are bound to.
var underMaster = []column{
	{"worker_names", "ciphertext", `'worker/' || worker`},
	{"subscriptions", "sealed", `'subscription/' || id`},
}

// rewriteUnderSystem brings under the key of the system what stood under a master key.
func (s *Store) rewriteUnderSystem(ctx context.Context, out *Rotation) error {
	system := *s.system.Load()
	return s.asKeeper(ctx, func(tx pgx.Tx) error {
		for _, c := range underMaster {
			n, err := c.rewrite(ctx, tx, `true`, system[0], func(ciphertext, ad []byte) ([]byte, error) { return system.Decrypt(ciphertext, ad) })
			if out.Texts += n; err != nil {
				return err
			}
		}
		return nil
	})
}

// keepForReasons keeps the master keys under which entries of the read log stand: these are
// signed, and never written again.
func (s *Store) keepForReasons(ctx context.Context, out *Rotation) error {
	return s.asKeeper(ctx, func(tx pgx.Tx) error {
		for _, m := range s.keys.master[1:] {
			key, ok := m.(suite.Key)
			if !ok || s.keptAlready(key) {
				continue
			}
			n, err := s.reasonsUnder(ctx, tx, key)
			if err != nil {
				return err
			}
			if n > 0 {
				if err := s.addSystemKey(ctx, tx, key, false); err != nil {
					return err
				}
				out.Kept++
			}
		}
		return s.loadSystemKeys(ctx, tx)
	})
}

// keptAlready reports whether a key of the system is this master key.
func (s *Store) keptAlready(key suite.Key) bool {
	ring := *s.system.Load()
	for _, m := range ring[:len(ring)-len(s.keys.master)] {
		if k, ok := m.(suite.Key); ok && string(k.Bytes()) == string(key.Bytes()) {
			return true
		}
	}
	return false
}

func (s *Store) reasonsUnder(ctx context.Context, q querier, key interface{ Wrote([]byte) bool }) (int, error) {
	rows, err := q.Query(ctx, `SELECT DISTINCT substring(reason FOR 5) FROM audit WHERE reason IS NOT NULL`)
	heads, err := collect(rows, err, "read the read log", pgx.RowTo[[]byte])
	n := 0
	for _, h := range heads {
		if key.Wrote(h) {
			n++
		}
	}
	return n, err
}

// underOtherMasters counts what only a master key that is not the first opens.
func (s *Store) underOtherMasters(ctx context.Context) (int, error) {
	rows, err := s.pool.Query(ctx, `SELECT wrapped FROM case_keys WHERE wrapped IS NOT NULL UNION ALL SELECT wrapped FROM system_keys`)
	list, err := collect(rows, err, "count the keys", pgx.RowTo[[]byte])
	if err != nil {
		return 0, err
	}
	n := 0
	for _, wrapped := range list {
		if !suite.WrappedBy(s.keys.master[0], wrapped) {
			n++
		}
	}
	for _, m := range s.keys.master[1:] {
		if own, ok := m.(interface{ Wrote([]byte) bool }); ok {
			if key, local := m.(suite.Key); local && s.keptAlready(key) {
				continue
			}
			more, err := s.reasonsUnder(ctx, s.pool, own)
			if err != nil {
				return 0, err
			}
			n += more
		}
	}
	return n, nil
}
