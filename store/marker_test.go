package store_test

import (
	"bytes"
	"crypto/rand"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/archive"
	"guitu/board"
	"guitu/dossier"
	"guitu/inbox"
	"guitu/notify"
	"guitu/office"
	"guitu/rehab"
)

// Whatever is told of a client, of staff, of an inquiry and of a destruction stands in clear
// nowhere: in no table, and in no file of the server, its log of writes and its log included.
func TestNothingThatWasToldStandsInClearAnywhere(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ctx := t.Context()
	var marks []string
	mark := func() string { // of this run alone: the server is shared
		marks = append(marks, "标记"+rand.Text())
		return marks[len(marks)-1]
	}
	id := board.Identity{OrderNo: mark(), Name: mark(), Sex: "male", IDNumber: "110199198001010011", Phone: "12000009001", ResidenceAddress: mark(), FamilyContact: mark(), WorkUnit: mark()}
	keys := b.holders()
	caseID := b.opened(id)
	_, _, err := b.update(caseID, "change", head, values{dossier.ResidenceAddress: mark()})
	require.NoError(t, err)
	require.NoError(t, b.store.SaveTexts(ctx, caseID, "open", map[string]string{"note": mark()}))
	r := request("sv-1", caseID)
	r.Note = mark()
	_, _, err = b.store.AddRecord(ctx, r)
	require.NoError(t, err)
	z := inbox.Snooze{CaseID: caseID, Obligation: rehab.ObligationID{Kind: rehab.TestDuty, N: 1}, Until: rehab.NewDate(2026, 3, 1), Since: noon(2026, 1, 9), Seq: 1, Note: mark()}
	require.NoError(t, b.store.Snooze(ctx, "w-1", z, shelving("k-1", z.Since)))
	require.NoError(t, b.store.SavePaperDraft(ctx, office.PaperKey{CaseID: caseID, Kind: "police_report", Origin: 5}, map[string]string{"words": mark()}))
	_, err = b.store.NumberPaper(ctx, paper(caseID, 5, 2026), inSeries(2026))
	require.NoError(t, err)
	_, err = b.store.ChangeWorker(ctx, command(office.RegisterCommand, noon(2026, 1, 1)), "w-9",
		office.WorkerFact{Record: from(2026, 1, 1), Change: office.Registered, Duty: office.Duty{Place: "110101001", Post: office.FullTime}}, mark())
	require.NoError(t, err)
	a := b.audit()
	read := readOf(1)
	read.Reason = mark()
	require.NoError(t, a.Note(read))
	a.Close()
	_, err = b.store.Subscribe(ctx, notify.Subscription{ID: "s-1", Place: "110101", Role: rehab.StationHead, Kind: notify.ByWebhook, Target: "https://hooks.example.cn", Language: "zh", CreatedAt: noon(2026, 1, 5), By: "d-1"},
		notify.Sealed{Target: "https://hooks.example.cn/" + mark(), Secret: mark()}, "digest")
	require.NoError(t, err)
	refused := board.CommandState{CaseID: caseID, State: board.CommandRefused, Refusal: &rehab.Error{Code: rehab.Refused, Message: mark()}, At: noon(2026, 1, 9)}
	require.NoError(t, b.store.KeepCommandState(ctx, "w-1", "refused", refused))
	c, err := b.store.Load(ctx, caseID)
	require.NoError(t, err)
	b.sealed(c)
	q, err := b.store.AskInquiry(ctx, archive.Inquiry{CaseID: caseID, Organ: mark(), Ground: mark(), Document: mark(), Shows: []string{archive.ShowIdentity}, Hours: 1}, "archive-1", keys["archive-1"])
	require.NoError(t, err)
	require.NoError(t, b.store.OpenInquiry(ctx, q, "office-1", keys["office-1"]))
	_, err = b.store.ReadInquiry(ctx, q, rehab.Actor{ID: "office-1"})
	require.NoError(t, err)

	marks = append(marks, id.IDNumber, id.Phone)
	require.Empty(t, found(b.dump(), marks...), "in a table")
	conn := b.superuser()
	control := mark()
	_, err = conn.Exec(ctx, `CREATE TABLE told (words text)`)
	require.NoError(t, err)
	_, err = conn.Exec(ctx, `INSERT INTO told VALUES ($1)`, control)
	require.NoError(t, err)
	require.Equal(t, []string{control}, found(b.dump(), marks...), "the search finds what stands in clear")
	_, err = conn.Exec(ctx, `CHECKPOINT`)
	require.NoError(t, err)
	var dir string
	require.NoError(t, conn.QueryRow(ctx, `SHOW data_directory`).Scan(&dir))
	own := marks[:len(marks)-3] // numbers of identity are those of other tests too
	require.Equal(t, map[string]bool{control: true}, inFiles(t, filepath.Dir(dir), append(own, control)), "in a file of the server")
}

func found(text string, marks ...string) (out []string) {
	for _, m := range marks {
		if strings.Contains(text, m) {
			out = append(out, m)
		}
	}
	return out
}

// inFiles looks through all files of the folder, those that vanish meanwhile left out.
func inFiles(t *testing.T, dir string, marks []string) map[string]bool {
	t.Helper()
	out, files := make(map[string]bool), 0
	require.NoError(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return nil //nolint:nilerr // another test's database is dropped meanwhile
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return nil //nolint:nilerr // likewise
		}
		files++
		for _, m := range marks {
			if bytes.Contains(raw, []byte(m)) {
				out[m] = true
			}
		}
		return nil
	}))
	require.Greater(t, files, 500)
	return out
}
