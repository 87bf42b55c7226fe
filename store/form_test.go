package store_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"guitu/board"
	"guitu/forms"
	"guitu/rehab"
)

// keyed is an open case with a key of its own.
func (b *bundle) keyed(id string) *rehab.Case {
	b.t.Helper()
	c := b.open(id)
	require.NoError(b.t, b.store.SaveIdentity(b.t.Context(), id, board.Identity{Name: "SECRETNAME", IDNumber: id}))
	return c
}

// file saves a call record and records it in the ledger.
func (b *bundle) file(c *rehab.Case, command, answers string, replaces int64) forms.Filing {
	b.t.Helper()
	set, err := forms.Load()
	require.NoError(b.t, err)
	f, faults := set.Get(forms.Ref{Form: "phone_record", Version: 1}).Fill([]byte(answers))
	require.Empty(b.t, faults)
	filing := forms.Filing{CaseID: c.ID, CommandID: command, Ref: f.Of().Ref, About: rehab.NewDate(2026, 2, 3), At: noon(2026, 2, 3), Content: &forms.Content{Answers: f.JSON()}}
	require.NoError(b.t, b.store.SaveFiling(b.t.Context(), filing, "110101001", f.Values()))
	b.play(c, command, noon(2026, 2, 3), rehab.RecordForm{Form: "phone_record", Version: 1, Answers: strings.Repeat("a", 64), Replaces: replaces})
	return filing
}

const call = `{"outcome":"met","who":"client","state":"low","next":"sooner","content":"SECRETTALK"}`

// dumped requires of every table that none of the texts stands in it in clear.
func (b *bundle) dumped(secrets ...string) {
	b.t.Helper()
	conn := b.superuser()
	rows, err := conn.Query(b.t.Context(), `SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'`)
	require.NoError(b.t, err)
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(b.t, err)
	require.Contains(b.t, tables, "form_answers")
	for _, table := range tables {
		var dump string
		require.NoError(b.t, conn.QueryRow(b.t.Context(), `SELECT coalesce(string_agg(x::text, ' '), '') FROM `+pgx.Identifier{table}.Sanitize()+` x`).Scan(&dump))
		for _, secret := range secrets {
			require.NotContains(b.t, dump, secret, table)
			require.NotContains(b.t, dump, fmt.Sprintf("%x", secret), table)
		}
	}
}

func TestAnswersAreUnderTheKeyOfTheCaseAndGoWithIt(t *testing.T) {
	t.Parallel()
	b := setup(t)
	c := b.keyed("c-1")
	b.file(c, "f-1", call, 0)
	b.dumped("SECRETTALK")
	list, err := b.store.Filings(t.Context(), "c-1")
	require.NoError(t, err)
	require.Len(t, list, 1)
	require.JSONEq(t, call, string(list[0].Content.Answers))
	require.Equal(t, head, list[0].By)
	require.Equal(t, "2026-02-03", list[0].About.String())

	conn := b.superuser()
	_, err = conn.Exec(t.Context(), `DELETE FROM case_keys WHERE case_id = 'c-1'`) // as who destroys the record
	require.NoError(t, err)
	for _, table := range []string{"form_answers", "form_figures"} {
		var n int
		require.NoError(t, conn.QueryRow(t.Context(), `SELECT count(*) FROM `+table).Scan(&n))
		require.Zero(t, n, table)
	}
	list, err = b.store.Filings(t.Context(), "c-1")
	require.NoError(t, err)
	require.Len(t, list, 1, "the ledger says that there was one")
	require.Nil(t, list[0].Content)
}

func TestASealClosesTheAnswers(t *testing.T) {
	t.Parallel()
	b := setup(t)
	c := b.keyed("c-1")
	b.file(c, "f-1", call, 0)
	b.sealed(c)
	list, err := b.store.Filings(t.Context(), "c-1")
	require.NoError(t, err)
	require.Nil(t, list[0].Content)
	require.Equal(t, rehab.Refused, rehab.CodeOf(b.store.SaveFiling(t.Context(), forms.Filing{CaseID: "c-1", CommandID: "f-2", Content: &forms.Content{}}, "110101001", nil)))
}

func TestAnswersOfACommandThatWasRefusedGo(t *testing.T) {
	t.Parallel()
	b := setup(t)
	c := b.keyed("c-1")
	f := b.file(c, "f-1", call, 0)
	f.Content = &forms.Content{Answers: json.RawMessage(`{}`)}
	require.NoError(t, b.store.SaveFiling(t.Context(), f, "110101001", nil), "sent again")
	require.NoError(t, b.store.DropFiling(t.Context(), "c-1", "f-1"))
	list, err := b.store.Filings(t.Context(), "c-1")
	require.NoError(t, err)
	require.JSONEq(t, call, string(list[0].Content.Answers), "the first answers of a command in the ledger stay")

	f.CommandID = "f-2"
	require.NoError(t, b.store.SaveFiling(t.Context(), f, "110101001", nil))
	require.NoError(t, b.store.DropFiling(t.Context(), "c-1", "f-2"))
	var n int
	require.NoError(t, b.superuser().QueryRow(t.Context(), `SELECT count(*) FROM form_answers`).Scan(&n))
	require.Equal(t, 1, n)
}

func TestFiguresCountPeopleOfWhatHolds(t *testing.T) {
	t.Parallel()
	b := setup(t)
	c := b.keyed("c-1")
	b.file(c, "f-1", call, 0)
	wrong := c.Seq
	b.file(c, "f-2", strings.Replace(call, "low", "calm", 1), wrong)
	b.file(b.keyed("c-2"), "f-3", call, 0)
	only := forms.Filing{CaseID: "c-2", CommandID: "never", Ref: forms.Ref{Form: "phone_record", Version: 1}, About: rehab.NewDate(2026, 2, 3), At: noon(2026, 2, 3), Content: &forms.Content{}}
	require.NoError(t, b.store.SaveFiling(t.Context(), only, "110101001", []forms.Value{{Field: "state", Code: "hopeful"}}))

	cells := func(place string) map[string]int {
		list, err := b.store.FormFigures(t.Context(), forms.FigureFilter{Form: "phone_record", From: rehab.NewDate(2026, 2, 1), To: rehab.NewDate(2026, 2, 28), Place: place})
		require.NoError(t, err)
		out := map[string]int{}
		for _, c := range list {
			out[c.Field+"="+c.Code] = c.People
		}
		return out
	}
	require.Equal(t, map[string]int{"outcome=met": 2, "who=client": 2, "state=calm": 1, "state=low": 1, "next=sooner": 2}, cells("1101"),
		"what was put right counts as it is now, what never came into the ledger not at all, and no text")
	require.Empty(t, cells("1102"))
}

func TestAnswersThatWereWithdrawnCountForNothing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	c := b.keyed("c-1")
	b.file(c, "f-1", call, 0)
	first := c.Seq
	b.file(c, "f-2", strings.Replace(call, "low", "calm", 1), first)
	second := c.Seq
	holds := func() (out []string) {
		list, err := b.store.Filings(t.Context(), "c-1")
		require.NoError(t, err)
		for _, f := range list {
			if f.Holds() {
				out = append(out, f.CommandID)
			}
		}
		cells, err := b.store.FormFigures(t.Context(), forms.FigureFilter{Form: "phone_record", From: rehab.NewDate(2026, 2, 1), To: rehab.NewDate(2026, 2, 28), Place: "1101"})
		require.NoError(t, err)
		for _, c := range cells {
			if c.Field == "state" {
				out = append(out, c.Code)
			}
		}
		return out
	}
	require.Equal(t, []string{"f-2", "calm"}, holds())
	b.play(c, "w-1", noon(2026, 2, 4), rehab.WithdrawRecord{Record: second})
	require.Equal(t, []string{"f-1", "low"}, holds(), "what put it right was itself of another client")
	b.play(c, "w-2", noon(2026, 2, 4), rehab.WithdrawRecord{Record: first})
	require.Empty(t, holds())
	b.play(c, "w-3", noon(2026, 2, 5), rehab.WithdrawRecord{Record: c.Seq})
	require.Equal(t, []string{"f-1", "low"}, holds(), "the withdrawal was withdrawn")
}

func TestAReleasedVersionOfAFormNeverChanges(t *testing.T) {
	t.Parallel()
	b := setup(t)
	r := forms.Released{Ref: forms.Ref{Form: "our_talk", Version: 1}, Digest: "a", Definition: []byte(`{"form":"our_talk"}`), By: head, At: noon(2026, 2, 3)}
	require.NoError(t, b.store.ReleaseForm(t.Context(), r))
	require.NoError(t, b.store.ReleaseForm(t.Context(), r), "the same again")
	other := r
	other.Digest = "b"
	require.Equal(t, rehab.Conflict, rehab.CodeOf(b.store.ReleaseForm(t.Context(), other)))
	raw, err := b.store.ReleasedForm(t.Context(), r.Ref)
	require.NoError(t, err)
	require.JSONEq(t, string(r.Definition), string(raw))
	list, err := b.store.ReleasedForms(t.Context())
	require.NoError(t, err)
	require.Equal(t, []forms.Ref{r.Ref}, list)
	_, err = b.superuser().Exec(t.Context(), `UPDATE form_definitions SET digest = 'c'`)
	require.ErrorContains(t, err, "append-only")
	require.Equal(t, rehab.NotFound, rehab.CodeOf(func() error {
		_, err := b.store.ReleasedForm(t.Context(), forms.Ref{Form: "none", Version: 1})
		return err
	}()))
}
