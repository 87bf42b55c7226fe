package store

import (
	"context"
	"encoding/binary"
	"fmt"

	"github.com/jackc/pgx/v5"

	"guitu/board"
	"guitu/dossier"
	"guitu/rehab"
)

// partBits is how much of the hash of a part of a name is kept. Several parts share one
// value, so that how often a value occurs tells less of which part it is; who is found by
// chance is left out once the name is decrypted.
const partBits = 12

// termHashes hides terms under a key of their own. The first byte is the kind.
func (k *Keys) termHashes(terms []dossier.Term) []int64 {
	key := k.blind("search", "")
	out := make([]int64, 0, len(terms))
	for _, t := range terms {
		h := k.mac(key)
		h.Write([]byte(t.Kind))
		h.Write([]byte{0})
		h.Write([]byte(t.Value))
		sum := binary.BigEndian.Uint64(h.Sum(nil)) >> 8
		if t.Kind.Part() {
			sum >>= 56 - partBits
		}
		out = append(out, int64(sum|kindBytes[t.Kind]<<56))
	}
	return out
}

var kindBytes = map[dossier.Kind]uint64{dossier.ByOrder: 1, dossier.ByDocument: 2, dossier.ByPhone: 3, dossier.ByName: 4, dossier.ByInitials: 5}

// searchCandidates is planned for its arguments: a term of one client and a term of thousands
// want different plans. $1 and $2 are two ways; an empty one is none. The terms stand outside the
// scope of the request, whose index could not be used behind it; who is found is read in scope.
const searchCandidates = `SELECT ` + caseColumns + ` FROM client_terms JOIN cases USING (case_id)
WHERE (terms @> $1::bigint[] AND $1::bigint[] <> '{}' OR terms @> $2::bigint[] AND $2::bigint[] <> '{}' OR terms @> $3::bigint[] AND $3::bigint[] <> '{}' OR terms @> $4::bigint[] AND $4::bigint[] <> '{}')
  AND (place LIKE $5 AND $6 = '' OR $6 <> '' AND (worker = $6 OR worker = '' AND place = $7))
  AND ` + readable + ` AND case_id > $8
ORDER BY case_id LIMIT $9`

// maxWays is how many ways a search has at most.
const maxWays = 4

// SearchClients finds clients within the scope of the filter, in the order of their cases.
// Who is sealed or void is not found.
func (s *Store) SearchClients(ctx context.Context, look dossier.Search, f board.ClientFilter) ([]board.FoundClient, error) {
	args := make([]any, maxWays, maxWays+5)
	for i := range maxWays {
		args[i] = []int64{}
		if i < len(look.Ways) {
			args[i] = s.keys.termHashes(look.Ways[i])
		}
	}
	out := []board.FoundClient{}
	for after, page := f.After, limit(2*f.Limit+10); ; {
		all := append([]any{pgx.QueryExecModeCacheDescribe}, args...)
		rows, err := s.pool.Query(ctx, searchCandidates, append(all, prefix(f.Place), f.Worker, f.FreeAt, after, page)...)
		cases, err := collect(rows, err, "search clients", scanCase)
		if err != nil {
			return nil, err
		}
		if out, err = s.foundAmong(ctx, look, cases, out, f.Limit); err != nil {
			return nil, err
		}
		if len(cases) < page || len(out) >= f.Limit {
			return out, nil
		}
		after = cases[len(cases)-1].CaseID
	}
}

// foundAmong decrypts who the candidates are and adds those that are looked for.
func (s *Store) foundAmong(ctx context.Context, look dossier.Search, cases []rehab.Summary, out []board.FoundClient, most int) ([]board.FoundClient, error) {
	ids := make([]string, len(cases))
	for i, c := range cases {
		ids[i] = c.CaseID
	}
	who, err := s.Identities(ctx, ids)
	if err != nil {
		return nil, err
	}
	for _, c := range cases {
		id, ok := who[c.CaseID]
		if by, found := look.Found(id); ok && found && len(out) < most {
			out = append(out, board.FoundClient{Case: c, Identity: id, By: string(by)})
		}
	}
	return out, nil
}

const forgetTerms = `UPDATE clients SET terms = '{}' WHERE case_id = $1`

// ReindexClients makes the terms by which clients are found: of all, or of those that have
// none yet. It may run beside everything else, and again. done is called after each batch.
func (s *Store) ReindexClients(ctx context.Context, all bool, done func(n int)) error {
	after := ""
	for {
		ids, err := s.ids(ctx, `SELECT case_id FROM clients WHERE case_id > $1 AND ($2 OR terms IS NULL) ORDER BY case_id LIMIT `+fmt.Sprint(reindexBatch), after, all)
		if err != nil || len(ids) == 0 {
			return err
		}
		if err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error { return s.reindex(ctx, tx, ids) }); err != nil {
			return fmt.Errorf("index clients: %w", unavailable(err))
		}
		done(len(ids))
		after = ids[len(ids)-1]
	}
}

const reindexBatch = 200

// reindex locks the cases before their clients, as whoever seals or changes one does.
func (s *Store) reindex(ctx context.Context, tx pgx.Tx, ids []string) error {
	if _, err := tx.Exec(ctx, `SELECT FROM cases WHERE case_id = ANY($1) ORDER BY case_id FOR SHARE`, ids); err != nil {
		return err
	}
	rows, err := tx.Query(ctx, `SELECT c.case_id, c.ciphertext, k.wrapped, cases.phase IN (`+shutPhases+`) IS TRUE
FROM clients c LEFT JOIN cases USING (case_id) LEFT JOIN case_keys k USING (case_id) WHERE c.case_id = ANY($1) ORDER BY c.case_id FOR UPDATE OF c`, ids)
	type row struct {
		CaseID              string
		Ciphertext, Wrapped []byte
		Closed              bool
	}
	list, err := collect(rows, err, "read clients", pgx.RowToStructByPos[row])
	if err != nil {
		return err
	}
	b := &pgx.Batch{}
	for _, r := range list {
		if r.Closed || r.Wrapped == nil {
			b.Queue(forgetTerms, r.CaseID)
			continue
		}
		id, err := s.openIdentity(r.CaseID, r.Ciphertext, r.Wrapped)
		if err != nil {
			return err
		}
		b.Queue(`UPDATE clients SET terms = $2 WHERE case_id = $1`, r.CaseID, s.keys.termHashes(dossier.Terms(id)))
	}
	return tx.SendBatch(ctx, b).Close()
}

// openIdentity decrypts who the client is by the wrapped key of the case.
func (s *Store) openIdentity(caseID string, ciphertext, wrapped []byte) (board.Identity, error) {
	var id board.Identity
	key, err := s.unwrap(wrappedKey{caseID: caseID, wrapped: wrapped})
	if err != nil {
		return id, err
	}
	return id, open(key, caseID, "client", ciphertext, &id)
}
