package store_test

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"guitu/board"
	"guitu/dossier"
)

// nameOf the n-th client: surnames and given names in about the shares that they have.
func nameOf(n int) string {
	const given = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华建国文志玉红海燕晓东梅林云飞鹏宇浩凯雪琳婷欣怡子轩梓涵"
	surnames := []rune("王王王李李李张张张刘刘陈陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程")
	rs := []rune(given)
	name := string(surnames[(n*7+n/50)%len(surnames)]) + string(rs[(n*31+n/7)%len(rs)])
	if n%4 != 0 {
		name += string(rs[(n*17+n/3)%len(rs)])
	}
	return name
}

func clientOf(n int) board.Identity {
	return board.Identity{OrderNo: fmt.Sprintf("京公戒字〔2026〕%06d号", n), Name: nameOf(n), Sex: "male", IDNumber: fmt.Sprintf("1101991980%08d", n), Phone: fmt.Sprintf("120%08d", n), FamilyPhone: fmt.Sprintf("121%08d", n)}
}

// TestSearchAmongManyClients prints how long searches take among GUITU_CLIENTS clients; it
// is skipped without that variable.
func TestSearchAmongManyClients(t *testing.T) {
	many, _ := strconv.Atoi(os.Getenv("GUITU_CLIENTS"))
	if many == 0 {
		t.Skip("GUITU_CLIENTS is not set")
	}
	b := setup(t)
	from := time.Now()
	b.manyClients(many)
	t.Logf("%d clients kept in %s", many, time.Since(from).Round(time.Second))
	var size string
	require.NoError(t, b.superuser().QueryRow(t.Context(), `SELECT pg_size_pretty(pg_relation_size('clients_terms'))`).Scan(&size))
	t.Logf("the index takes %s", size)

	rows, err := b.superuser().Query(t.Context(), `SELECT case_id FROM clients`)
	require.NoError(t, err)
	everybody, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	from = time.Now()
	_, err = b.store.Identities(t.Context(), everybody)
	require.NoError(t, err)
	t.Logf("decrypting everybody takes %s", time.Since(from).Round(time.Millisecond))

	scopes := map[string]board.ClientFilter{
		"city": {Place: "11", Limit: 21}, "district": {Place: "110101", Limit: 21}, "worker": {Worker: "w-7", FreeAt: "110101001", Limit: 21},
	}
	kinds := map[string]func(n int) string{
		"order": func(n int) string { return clientOf(n).OrderNo }, "document": func(n int) string { return clientOf(n).IDNumber },
		"phone": func(n int) string { return clientOf(n).Phone }, "name": nameOf,
		"part":     func(n int) string { rs := []rune(nameOf(n)); return string(rs[len(rs)-2:]) },
		"initials": func(n int) string { return []string{"wx", "lw", "zj", "wxm", "zjg", "lh", "zz", "qq"}[n%8] }, "nobody": func(n int) string { return fmt.Sprintf("139%08d", n) },
	}
	for _, scope := range []string{"city", "district", "worker"} {
		for _, kind := range []string{"order", "document", "phone", "name", "part", "initials", "nobody"} {
			var took []time.Duration
			found := 0
			for i := range 60 {
				look, ok := dossier.Looking(kinds[kind]((i*499 + 7) % many))
				require.True(t, ok)
				at := time.Now()
				list, err := b.store.SearchClients(t.Context(), look, scopes[scope])
				require.NoError(t, err)
				took = append(took, time.Since(at))
				found += len(list)
			}
			slices.Sort(took)
			t.Logf("%-8s %-8s p50 %-10s p95 %-10s max %-10s found %.1f", scope, kind, took[30].Round(10*time.Microsecond), took[57].Round(10*time.Microsecond), took[59].Round(10*time.Microsecond), float64(found)/60)
		}
	}
}

// manyClients keeps identities as they come in, and gives each a case.
func (b *bundle) manyClients(many int) {
	b.t.Helper()
	model := b.opened(ann)
	work := make(chan int)
	done := make(chan error, 8)
	for range 8 {
		go func() {
			var err error
			for n := range work {
				id := clientOf(n)
				if err == nil {
					err = b.store.SaveIdentity(b.t.Context(), b.store.CaseIDFor(id.OrderNo), id)
				}
			}
			done <- err
		}()
	}
	var ids []string
	for n := range many {
		work <- n
		ids = append(ids, b.store.CaseIDFor(clientOf(n).OrderNo))
	}
	close(work)
	for range 8 {
		require.NoError(b.t, <-done)
	}
	conn := b.superuser()
	rows, err := conn.Query(b.t.Context(), `SELECT column_name FROM information_schema.columns WHERE table_name = 'cases' AND column_name NOT IN ('case_id', 'place', 'worker')`)
	require.NoError(b.t, err)
	columns, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(b.t, err)
	all := strings.Join(columns, ", ")
	_, err = conn.Exec(b.t.Context(), `INSERT INTO cases (case_id, place, worker, `+all+`)
SELECT id, '1101' || lpad((1 + n % 16)::text, 2, '0') || lpad((1 + n / 16 % 20)::text, 3, '0'), 'w-' || n % 600, `+all+`
FROM unnest($1::text[]) WITH ORDINALITY AS x(id, n), cases WHERE case_id = $2`, ids, model)
	require.NoError(b.t, err)
	_, err = conn.Exec(b.t.Context(), `ANALYZE`)
	require.NoError(b.t, err)
}
