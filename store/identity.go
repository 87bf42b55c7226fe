package store

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"guitu/board"
	"guitu/dossier"
	"guitu/rehab"
	"guitu/suite"
)

// SaveIdentity keeps who the client of a case to be is. The same again changes nothing;
// another content for the same case is a Conflict about order_no.
func (s *Store) SaveIdentity(ctx context.Context, caseID string, id board.Identity) error {
	plain, err := json.Marshal(id)
	if err != nil {
		return err
	}
	content := s.keys.blind("client", string(plain))
	ctx = board.Naming(ctx, caseID) // a case to be is in nobody's scope yet; of one that is there nothing is shown
	var kept []byte
	err = s.pool.QueryRow(ctx, `SELECT content FROM clients JOIN case_keys USING (case_id) WHERE case_id = $1 AND sealed_at IS NULL`, caseID).Scan(&kept)
	switch {
	case err == nil:
		return sameClient(kept, content)
	case !errors.Is(err, pgx.ErrNoRows):
		return fmt.Errorf("look for the identity: %w", unavailable(err))
	}
	key, err := s.caseKey(ctx, caseID, true)
	if err != nil {
		return err
	}
	sealed, err := key.Encrypt(plain, []byte(caseID+"/client"))
	if err != nil {
		return fmt.Errorf("encrypt the identity: %w", err)
	}
	err = s.pool.QueryRow(ctx, `INSERT INTO clients (case_id, ciphertext, content, id_index, terms) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (case_id) DO UPDATE SET content = clients.content RETURNING content`,
		caseID, sealed, content, s.keys.blind("id", id.IDNumber), s.keys.termHashes(dossier.Terms(id))).Scan(&kept)
	if err != nil {
		return fmt.Errorf("save the identity: %w", unavailable(err))
	}
	return sameClient(kept, content)
}

func sameClient(kept, content []byte) error {
	if !bytes.Equal(kept, content) {
		return &rehab.Error{Code: rehab.Conflict, Field: "order_no", Message: "this order number belongs to another order"}
	}
	return nil
}

// Identity of a case; NotFound when it has none, Refused when it is sealed.
func (s *Store) Identity(ctx context.Context, caseID string) (board.Identity, error) {
	found, err := s.Identities(ctx, []string{caseID})
	if err != nil {
		return board.Identity{}, err
	}
	id, ok := found[caseID]
	if !ok {
		if at, err := s.SealedAt(ctx, caseID); err != nil || !at.IsZero() {
			return board.Identity{}, cmp.Or(err, error(errSealed))
		}
		return board.Identity{}, errNoIdentity
	}
	return id, nil
}

// Identities of several cases; those without one, and the sealed, are left out.
func (s *Store) Identities(ctx context.Context, caseIDs []string) (map[string]board.Identity, error) {
	rows, err := s.pool.Query(ctx, `SELECT case_id, ciphertext, wrapped FROM clients JOIN case_keys USING (case_id) WHERE case_id = ANY($1) AND sealed_at IS NULL`, caseIDs)
	type sealedClient struct {
		CaseID              string
		Ciphertext, Wrapped []byte
	}
	list, err := collect(rows, err, "read identities", pgx.RowToStructByPos[sealedClient])
	if err != nil {
		return nil, err
	}
	out := make(map[string]board.Identity, len(list))
	for _, c := range list {
		if out[c.CaseID], err = s.openIdentity(c.CaseID, c.Ciphertext, c.Wrapped); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (s *Store) unseal(ctx context.Context, caseID, what string, ciphertext []byte) ([]byte, error) {
	key, err := s.caseKey(ctx, caseID, false)
	if err != nil {
		return nil, err
	}
	return decrypt(key, caseID, what, ciphertext)
}

func decrypt(key suite.AEAD, caseID, what string, ciphertext []byte) ([]byte, error) {
	plain, err := key.Decrypt(ciphertext, []byte(caseID+"/"+what))
	if err != nil {
		return nil, fmt.Errorf("decrypt %s of case %s: %w", what, caseID, err)
	}
	return plain, nil
}

// DropIdentity removes the identity and the key of a case that was never opened.
func (s *Store) DropIdentity(ctx context.Context, caseID string) error {
	_, err := s.pool.Exec(ctx, `SELECT drop_unopened($1)`, caseID)
	s.forgetKey(caseID)
	if err != nil {
		return fmt.Errorf("drop the identity: %w", unavailable(err))
	}
	return nil
}

// CasesOfPerson lists the cases of the ID number, the newest last, without void ones.
func (s *Store) CasesOfPerson(ctx context.Context, idNumber string) ([]string, error) {
	return s.ids(everywhereOf(ctx), `SELECT case_id FROM clients LEFT JOIN cases USING (case_id) WHERE id_index = $1 AND phase IS DISTINCT FROM '`+string(rehab.Void)+`' ORDER BY opened_at NULLS LAST`, s.keys.blind("id", idNumber))
}

// SaveTexts keeps what somebody wrote with a command. The first text of a field stays.
func (s *Store) SaveTexts(ctx context.Context, caseID, commandID string, texts map[string]string) error {
	key, err := s.caseKey(ctx, caseID, true)
	if err != nil {
		return err
	}
	b := &pgx.Batch{}
	for field, text := range texts {
		sealed, err := key.Encrypt([]byte(text), []byte(caseID+"/"+textName(commandID, field)))
		if err != nil {
			return fmt.Errorf("encrypt a text: %w", err)
		}
		b.Queue(`INSERT INTO texts (case_id, command_id, field, ciphertext) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`, caseID, commandID, field, sealed)
	}
	if err := s.pool.SendBatch(ctx, b).Close(); err != nil {
		return fmt.Errorf("save texts: %w", unavailable(err))
	}
	return nil
}

func textName(commandID, field string) string { return "text/" + commandID + "/" + field }

// DropTexts removes the texts of a command that is not in the ledger.
func (s *Store) DropTexts(ctx context.Context, caseID, commandID string) error {
	_, err := s.pool.Exec(ctx, `DELETE FROM texts WHERE case_id = $1 AND command_id = $2
AND NOT EXISTS (SELECT 1 FROM commands WHERE case_id = $1 AND command_id = $2)`, caseID, commandID)
	if err != nil {
		return fmt.Errorf("drop texts: %w", unavailable(err))
	}
	return nil
}

// texts of the commands behind the events, by command and field.
func (s *Store) texts(ctx context.Context, caseID string, events []rehab.Event) (map[string]map[string]string, error) {
	var commands []string
	for _, e := range events {
		if e.Command != "" {
			commands = append(commands, e.Command)
		}
	}
	rows, err := s.pool.Query(ctx, `SELECT command_id, field, ciphertext FROM texts WHERE case_id = $1 AND command_id = ANY($2)`, caseID, commands)
	type sealedText struct {
		Command, Field string
		Ciphertext     []byte
	}
	list, err := collect(rows, err, "read texts", pgx.RowToStructByPos[sealedText])
	if err != nil {
		return nil, err
	}
	out := make(map[string]map[string]string)
	if len(list) == 0 {
		return out, nil
	}
	key, err := s.caseKey(ctx, caseID, false)
	if unreadable(err) {
		return out, nil
	}
	if err != nil {
		return nil, err
	}
	for _, t := range list {
		plain, err := decrypt(key, caseID, textName(t.Command, t.Field), t.Ciphertext)
		if err != nil {
			return nil, err
		}
		if out[t.Command] == nil {
			out[t.Command] = make(map[string]string)
		}
		out[t.Command][t.Field] = string(plain)
	}
	return out, nil
}
