package store_test

import (
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/board"
	"guitu/rehab"
	"guitu/store"
)

var (
	longAfter = noon(2056, 7, 1)
	ann2      = board.Identity{OrderNo: "ORDER-80", Name: "SECRETOTHER", IDNumber: "2"}
)

func TestADestructionTakesTwoPeopleAndLeavesNothingToRead(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ctx := t.Context()
	keys := b.holders()
	id := b.sealedCase()
	other := b.opened(ann2)
	require.NoError(t, b.store.KeepCommandState(ctx, "w-1", "refused", board.CommandState{CaseID: id, State: board.CommandRefused, At: noon(2026, 1, 9)}))
	_, err := b.store.ProposeDestruction(ctx, noon(2026, 5, 31), "到期，无继续保存价值", "archive-1")
	require.Equal(t, rehab.NotFound, rehab.CodeOf(err), "it was sealed later")
	q, err := b.store.AskInquiry(ctx, asked(id), "office-1", keys["office-1"])
	require.NoError(t, err)
	_, err = b.store.ProposeDestruction(ctx, longAfter, "到期，无继续保存价值", "archive-1")
	require.Equal(t, rehab.NotFound, rehab.CodeOf(err), "somebody is about to look at it")
	require.NoError(t, b.store.EndInquiry(ctx, q))
	d, err := b.store.ProposeDestruction(ctx, longAfter, "到期，无继续保存价值", "archive-1")
	require.NoError(t, err)
	require.Len(t, d.Cases, 1)
	require.Equal(t, id, d.Cases[0].CaseID)
	require.Equal(t, 1, d.Cases[0].Papers)
	require.Equal(t, rehab.Refused, rehab.CodeOf(failure(b.store.ConfirmDestruction(ctx, d.ID, "京档批〔2056〕1号", "archive-1"))), "the same person")
	before := b.dump()
	require.Contains(t, before, id)

	d, err = b.store.ConfirmDestruction(ctx, d.ID, "京档批〔2056〕1号", "office-1")
	require.NoError(t, err)
	require.Equal(t, "京档批〔2056〕1号", d.Approval)
	require.Len(t, d.Cases[0].Signature, 32)
	require.Equal(t, rehab.NotFound, rehab.CodeOf(failure(b.store.ConfirmDestruction(ctx, d.ID, "再批", "office-2"))), "once")
	for _, table := range []string{"case_keys", "sealed_parts", "inquiries", "clients", "client_changes", "client_commands", "texts", "practice_texts", "snoozes", "paper_drafts", "command_states"} {
		var n int
		require.NoError(t, b.superuser().QueryRow(ctx, `SELECT count(*) FROM `+table+` WHERE case_id = $1`, id).Scan(&n), table)
		require.Zero(t, n, table)
	}
	for _, table := range store.TablesUnderCaseKey() {
		var n int
		require.NoError(t, b.superuser().QueryRow(ctx, `SELECT count(*) FROM `+table+` WHERE case_id = $1 AND ciphertext IS NOT NULL`, id).Scan(&n), table)
		require.Zero(t, n, table)
	}
	_, err = b.store.Identity(ctx, id)
	require.Equal(t, rehab.NotFound, rehab.CodeOf(err))
	_, err = b.store.Identity(ctx, other)
	require.NoError(t, err, "another case is as it was")
	timeline, err := b.store.Timeline(ctx, id, 0, 100)
	require.NoError(t, err)
	require.NotEmpty(t, timeline, "the events stay: figures are made of them")

	require.NoError(t, b.store.Rebuild(ctx, func(string) {}))
	require.NoError(t, b.store.ReindexClients(ctx, true, func(int) {}))
	_, err = b.store.RotateMaster(ctx, func(int) {})
	require.NoError(t, err)
	diffs, err := b.store.CompareReadModel(ctx, id)
	require.NoError(t, err)
	require.Empty(t, diffs)
	require.NoError(t, b.store.VerifyChain(ctx, id))
	require.Empty(t, b.broken())
}

func TestADestructionThatWasTamperedWithIsFound(t *testing.T) {
	t.Parallel()
	for name, sql := range map[string]string{
		"a line was taken out":     `DELETE FROM destruction_cases`,
		"a line was changed":       `UPDATE destruction_cases SET place = '110102003'`,
		"a line says it is not":    `UPDATE destruction_cases SET destroyed = NULL`,
		"an old key was put back":  `INSERT INTO case_keys (case_id, wrapped) SELECT case_id, 'x' FROM destruction_cases`,
		"an old text was put back": `INSERT INTO texts SELECT case_id, 'open', 'note', 'x' FROM destruction_cases`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			b.sealedCase()
			d, err := b.store.ProposeDestruction(t.Context(), longAfter, "到期", "archive-1")
			require.NoError(t, err)
			_, err = b.store.ConfirmDestruction(t.Context(), d.ID, "京档批〔2056〕1号", "office-1")
			require.NoError(t, err)
			require.Empty(t, b.broken())
			require.NotEmpty(t, b.tampered(sql))
		})
	}
}

func TestAListThatNobodyConfirmedIsTakenBack(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ctx := t.Context()
	id := b.sealedCase()
	d, err := b.store.ProposeDestruction(ctx, longAfter, "到期", "archive-1")
	require.NoError(t, err)
	require.NoError(t, b.store.DropDestruction(ctx, d.ID))
	_, err = b.store.ConfirmDestruction(ctx, d.ID, "批", "office-1")
	require.Equal(t, rehab.NotFound, rehab.CodeOf(err), "the list is empty")
	again, err := b.store.ProposeDestruction(ctx, longAfter, "到期", "archive-1")
	require.NoError(t, err)
	require.Equal(t, id, again.Cases[0].CaseID)
	require.Equal(t, rehab.NotFound, rehab.CodeOf(b.store.DropDestruction(ctx, d.ID)))
	s, _ := b.asRuntime()
	require.Equal(t, rehab.Forbidden, rehab.CodeOf(failure(s.ConfirmDestruction(ctx, again.ID, "批", "office-1"))))
}

func failure[T any](_ T, err error) error { return err }

// dump is every row of every table of the database, with what is binary both as it is and in hex.
func (b *bundle) dump() string {
	b.t.Helper()
	ctx := b.t.Context()
	conn := b.superuser()
	rows, err := conn.Query(ctx, `SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE' ORDER BY table_name`)
	require.NoError(b.t, err)
	var tables []string
	for rows.Next() {
		var name string
		require.NoError(b.t, rows.Scan(&name))
		tables = append(tables, name)
	}
	require.NoError(b.t, rows.Err())
	require.Greater(b.t, len(tables), 30)
	var out strings.Builder
	for _, name := range tables {
		reader := conn.PgConn().ExecParams(ctx, fmt.Sprintf(`SELECT t::text FROM %s t`, name), nil, nil, nil, nil)
		for reader.NextRow() {
			line := string(reader.Values()[0])
			out.WriteString(name + " " + line + "\n")
			for _, word := range strings.FieldsFunc(line, func(r rune) bool { return r == ',' || r == '"' || r == '(' || r == ')' || r == '{' || r == '}' }) {
				if hexed, ok := strings.CutPrefix(strings.TrimLeft(word, `\`), "x"); ok {
					if raw, err := hex.DecodeString(hexed); err == nil {
						out.Write(raw)
						out.WriteByte('\n')
					}
				}
			}
		}
		_, err := reader.Close()
		require.NoError(b.t, err)
	}
	return out.String()
}
