package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"guitu/board"
	"guitu/dossier"
	"guitu/once"
	"guitu/rehab"
	"guitu/suite"
)

// ClientHistory is who the client of the case is, and what was changed of it; NotFound where
// the case has no identity, or its key is gone.
func (s *Store) ClientHistory(ctx context.Context, caseID string) (dossier.History, error) {
	h := dossier.History{}
	key, err := s.caseKey(ctx, caseID, false)
	if err != nil {
		return h, err
	}
	err = pgx.BeginTxFunc(ctx, s.pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		var err error
		h, err = clientHistory(ctx, tx, caseID, key)
		return err
	})
	return h, unavailable(err)
}

func clientHistory(ctx context.Context, q querier, caseID string, key suite.AEAD) (h dossier.History, err error) {
	var ciphertext []byte
	switch err := q.QueryRow(ctx, `SELECT ciphertext FROM clients WHERE case_id = $1`, caseID).Scan(&ciphertext); {
	case errors.Is(err, pgx.ErrNoRows):
		return h, errNoIdentity
	case err != nil:
		return h, fmt.Errorf("read the identity: %w", err)
	}
	if err := open(key, caseID, "client", ciphertext, &h.Now); err != nil {
		return h, err
	}
	rows, err := q.Query(ctx, `SELECT ciphertext FROM client_changes WHERE case_id = $1 ORDER BY n`, caseID)
	list, err := collect(rows, err, "read the changes of a client", pgx.RowTo[[]byte])
	if err != nil {
		return h, err
	}
	for i, sealed := range list {
		c := &dossier.Change{}
		if err := open(key, caseID, changeName(i+1), sealed, c); err != nil {
			return h, err
		}
		h.Changes = append(h.Changes, c)
	}
	return h, nil
}

// open decrypts what is kept of the case and reads it.
func open(key suite.AEAD, caseID, what string, sealed []byte, into any) error {
	plain, err := key.Decrypt(sealed, []byte(caseID+"/"+what))
	if err == nil {
		err = json.Unmarshal(plain, into)
	}
	if err != nil {
		return fmt.Errorf("open %s of case %s: %w", what, caseID, err)
	}
	return nil
}

var errNoIdentity = &rehab.Error{Code: rehab.NotFound, Message: "the case has no identity"}

func changeName(n int) string { return fmt.Sprintf("client/%d", n) }

// UpdateClient takes what somebody says about the client, once. A sealed or void case
// refuses; so does what package dossier refuses. known reports that the request acted before.
func (s *Store) UpdateClient(ctx context.Context, caseID string, r once.Request, u dossier.Update) (changes []*dossier.Change, known bool, err error) {
	return s.changeClient(ctx, caseID, r, func(h *dossier.History) ([]*dossier.Change, error) { return h.Update(u) })
}

// DecideClient confirms or declines a change that waits, once.
func (s *Store) DecideClient(ctx context.Context, caseID string, r once.Request, d dossier.Decision) (change *dossier.Change, known bool, err error) {
	changes, known, err := s.changeClient(ctx, caseID, r, func(h *dossier.History) ([]*dossier.Change, error) {
		c, err := h.Decide(d)
		return []*dossier.Change{c}, err
	})
	if err != nil || len(changes) == 0 {
		return nil, known, err
	}
	return changes[0], known, nil
}

func (s *Store) changeClient(ctx context.Context, caseID string, r once.Request, change func(*dossier.History) ([]*dossier.Change, error)) (out []*dossier.Change, known bool, err error) {
	key, err := s.caseKey(ctx, caseID, false) // before the transaction: it may need a connection of its own
	if err != nil {
		return nil, false, err
	}
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		if err := lockClient(ctx, tx, caseID); err != nil {
			return err
		}
		h, err := clientHistory(ctx, tx, caseID, key)
		if err != nil {
			return err
		}
		if known, err = acted(ctx, tx, r, `SELECT digest FROM client_commands WHERE case_id = $1 AND command_id = $2
UNION ALL SELECT digest FROM commands WHERE case_id = $1 AND command_id = $2`, caseID, r.Key); err != nil {
			return err
		}
		if known {
			out, err = changesOf(ctx, tx, caseID, r.Key, h)
			return err
		}
		before := h.Now
		if out, err = change(&h); err != nil {
			return err
		}
		return s.saveChanges(ctx, tx, caseID, key, r, out, before, h.Now)
	})
	return out, known, unavailable(err)
}

// lockClient keeps the client as it is, and the case as open or closed as it is.
func lockClient(ctx context.Context, tx pgx.Tx, caseID string) error {
	var phase rehab.Phase
	if err := tx.QueryRow(ctx, `SELECT phase FROM cases WHERE case_id = $1 FOR SHARE`, caseID).Scan(&phase); err != nil {
		if errors.Is(err, pgx.ErrNoRows) {
			return &rehab.Error{Code: rehab.NotFound, Message: "there is no such case"}
		}
		return fmt.Errorf("lock the case: %w", err)
	}
	switch phase {
	case rehab.Sealed:
		return &rehab.Error{Code: rehab.Refused, Message: "the record is sealed: nothing of it changes"}
	case rehab.Void:
		return &rehab.Error{Code: rehab.Refused, Message: "the case was opened by mistake and is void", Citation: "PIPL art.46"}
	}
	_, err := tx.Exec(ctx, `SELECT FROM clients WHERE case_id = $1 FOR UPDATE`, caseID)
	return err
}

// changesOf are the changes that the request made, as they stand now.
func changesOf(ctx context.Context, tx pgx.Tx, caseID, key string, h dossier.History) ([]*dossier.Change, error) {
	var numbers []int
	err := tx.QueryRow(ctx, `SELECT changes FROM client_commands WHERE case_id = $1 AND command_id = $2`, caseID, key).Scan(&numbers)
	out := make([]*dossier.Change, 0, len(numbers))
	for _, n := range numbers {
		out = append(out, h.Changes[n-1])
	}
	return out, absent(err)
}

const upsertChange = `INSERT INTO client_changes (case_id, n, state, fields, actor, at, ciphertext) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (case_id, n) DO UPDATE SET state = excluded.state, ciphertext = excluded.ciphertext`

func (s *Store) saveChanges(ctx context.Context, tx pgx.Tx, caseID string, key suite.AEAD, r once.Request, changes []*dossier.Change, before, now board.Identity) error {
	seal := func(what string, v any) ([]byte, error) {
		plain, err := json.Marshal(v)
		if err != nil {
			return nil, err
		}
		return key.Encrypt(plain, []byte(caseID+"/"+what))
	}
	b := &pgx.Batch{}
	numbers := make([]int, 0, len(changes))
	for _, c := range changes {
		numbers = append(numbers, c.N)
		actor, err := encodeActor(c.By)
		if err != nil {
			return err
		}
		sealed, err := seal(changeName(c.N), c)
		if err != nil {
			return fmt.Errorf("encrypt a change: %w", err)
		}
		b.Queue(upsertChange, caseID, c.N, c.State, c.Fields(), actor, c.At, sealed)
	}
	b.Queue(`INSERT INTO client_commands (case_id, command_id, digest, changes) VALUES ($1, $2, $3, $4)`, caseID, r.Key, r.Digest, numbers)
	if now != before {
		sealed, err := seal("client", now)
		if err != nil {
			return fmt.Errorf("encrypt the identity: %w", err)
		}
		b.Queue(`UPDATE clients SET ciphertext = $2, id_index = $3, terms = $4 WHERE case_id = $1`,
			caseID, sealed, s.keys.blind("id", now.IDNumber), s.keys.termHashes(dossier.Terms(now)))
	}
	return tx.SendBatch(ctx, b).Close()
}

const selectWaiting = `SELECT case_id, place, worker, n, actor, at, fields FROM client_changes JOIN cases USING (case_id)
WHERE state = 'waiting' AND ` + readable + ` AND place LIKE $1 AND ($2 = '' OR worker = $2) AND (case_id, n) > ($3, $4)
ORDER BY case_id, n LIMIT $5`

// WaitingChanges lists the changes of clients that wait for another person, of a place and
// below it or of a worker, after the case and number.
func (s *Store) WaitingChanges(ctx context.Context, place, worker, afterCase string, afterN, n int) ([]dossier.Row, error) {
	rows, err := s.pool.Query(ctx, selectWaiting, prefix(place), worker, afterCase, afterN, limit(n))
	return collect(rows, err, "list the changes that wait", func(row pgx.CollectableRow) (dossier.Row, error) {
		var x dossier.Row
		var actor string
		err := row.Scan(&x.CaseID, &x.Place, &x.Worker, &x.N, &actor, &x.At, &x.Fields)
		if err == nil {
			x.By, err = decodeActor(actor)
		}
		x.At = x.At.UTC()
		return x, err
	})
}
