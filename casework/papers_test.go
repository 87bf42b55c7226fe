package casework_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"guitu/board"
	"guitu/casework"
	"guitu/documents"
	"guitu/dossier"
	"guitu/office"
	"guitu/rehab"
)

// archive is a town whose case has a history with papers, and the books of its office.
type archive struct {
	*town
	history []board.TimelineEntry
	books   []office.Paper
	drafts  map[office.PaperKey]map[string]string
	who     dossier.History
}

// newArchive has the case of a client who reported in, and whose agreement is to be signed.
func newArchive(t *testing.T) (*archive, *casework.Service) {
	t.Helper()
	w, s := newTown(t)
	day := rehab.DateOf(now)
	a := &archive{town: w, drafts: map[office.PaperKey]map[string]string{}, who: dossier.History{Now: board.Identity{Name: "赵某"}}}
	duty := rehab.Obligation{ID: rehab.ObligationID{Kind: rehab.AgreementDuty, N: 1}, Status: rehab.Open}
	for i, data := range []rehab.EventData{
		rehab.CaseOpened{Measure: rehab.Treatment, TermMonths: 36, ServedOn: day.AddDays(-9), Place: street, Worker: worker.ID, Risk: rehab.Medium},
		rehab.ReportedIn{On: day.AddDays(-2), TermEnd: day.AddMonths(36)},
		rehab.ObligationOpened{Obligation: duty},
	} {
		a.history = append(a.history, board.TimelineEntry{Event: rehab.Event{Seq: int64(i + 1), RecordedAt: now, OccurredAt: now, Data: data}})
	}
	templates, err := documents.Load()
	require.NoError(t, err)
	s.Ledger, s.Books, s.Clients, s.Templates = a, a, a, templates
	return a, s
}

func (a *archive) Timeline(context.Context, string, int64, int) ([]board.TimelineEntry, error) {
	return a.history, nil
}

func (a *archive) ClientHistory(context.Context, string) (dossier.History, error) { return a.who, nil }

func (a *archive) Papers(context.Context, string) ([]office.Paper, error) { return a.books, nil }

func (a *archive) PaperDraft(_ context.Context, k office.PaperKey) (map[string]string, error) {
	return a.drafts[k], nil
}

func (a *archive) SavePaperDraft(_ context.Context, k office.PaperKey, words map[string]string) error {
	a.drafts[k] = words
	return nil
}

func (a *archive) NumberPaper(_ context.Context, p office.Paper, number func(int) string) (office.Paper, error) {
	p.Number = number(1)
	a.books = append(a.books, p)
	return p, nil
}

func (a *archive) SpoilPaper(_ context.Context, _ office.PaperKey, number, by string, why office.SpoilReason, at time.Time) error {
	for i := range a.books {
		if a.books[i].Number == number {
			a.books[i].SpoiltAt, a.books[i].SpoiltBy, a.books[i].SpoiltWhy = at, by, why
		}
	}
	return nil
}

// draft is the agreement that is to be signed.
func draft(t *testing.T, s *casework.Service) casework.PaperID {
	t.Helper()
	papers, _, err := s.Papers(t.Context(), head, caseID, casework.Sight{})
	require.NoError(t, err)
	for _, x := range papers {
		if x.Kind == documents.Agreement && x.Draft {
			return casework.PaperID{Case: caseID, Seq: x.Seq, Kind: x.Kind}
		}
	}
	require.Fail(t, "no draft")
	return casework.PaperID{}
}

func TestWhoPrintsAPaper(t *testing.T) {
	t.Parallel()
	a, s := newArchive(t)
	p := draft(t, s)
	for name, x := range map[string]struct {
		who  rehab.Actor
		code rehab.Code
	}{
		"the worker": {worker, ""}, "who stands in": {standIn, ""}, "the station head": {head, ""},
		"the district": {district, rehab.Forbidden}, "the administrator": {admin, rehab.Forbidden}, "a colleague": {stranger, rehab.NotFound},
		"a sender of data": {rehab.Actor{ID: "i-1", Role: rehab.IntegrationRole}, rehab.Forbidden},
	} {
		paper, err := s.Paper(t.Context(), x.who, p, false)
		if x.code == "" {
			require.NoError(t, err, name)
			require.Contains(t, string(paper.HTML), "赵某", name)
			continue
		}
		requireCode(t, x.code, err)
		requireCode(t, x.code, s.WritePaper(t.Context(), x.who, p, casework.PaperWords{Words: "x"}))
		require.Empty(t, a.drafts)
	}
	_, err := s.LinkedPaper(t.Context(), p, false)
	require.NoError(t, err)
	a.row.Phase = rehab.Sealed
	_, err = s.LinkedPaper(t.Context(), p, false)
	require.ErrorIs(t, err, casework.ErrSealed, "a link opens nothing of what was sealed since")
}

func TestTheStationHeadTakesAPaperIntoTheBooks(t *testing.T) {
	t.Parallel()
	a, s := newArchive(t)
	p := draft(t, s)
	require.NoError(t, s.WritePaper(t.Context(), worker, p, casework.PaperWords{Words: "每周三见面"}))
	for _, who := range []rehab.Actor{worker, standIn} {
		_, err := s.NumberPaper(t.Context(), who, p, "")
		requireCode(t, rehab.Forbidden, err)
	}
	_, err := s.NumberPaper(t.Context(), head, p, "7")
	requireCode(t, rehab.Invalid, err)
	_, err = s.NumberPaper(t.Context(), head, casework.PaperID{Case: caseID, Seq: p.Seq, Kind: documents.Termination}, "")
	requireCode(t, rehab.NotFound, err)
	_, err = s.NumberPaper(t.Context(), head, casework.PaperID{Case: caseID, Seq: 3, Kind: documents.CaseFile}, "")
	requireCode(t, rehab.Refused, err)
	numbered, err := s.NumberPaper(t.Context(), head, p, " ")
	require.NoError(t, err)
	require.Equal(t, street, numbered.Place)
	require.EqualValues(t, 3, numbered.AsOf)
	require.NotEmpty(t, numbered.Number)

	_, err = s.SpoilPaper(t.Context(), worker, p, numbered.Number, office.SpoiltMisprint)
	requireCode(t, rehab.Forbidden, err)
	require.False(t, a.books[0].Spoilt())
	_, err = s.SpoilPaper(t.Context(), head, p, "no such number", office.SpoiltMisprint)
	requireCode(t, rehab.NotFound, err)
	spoilt, err := s.SpoilPaper(t.Context(), head, p, numbered.Number, office.SpoiltMisprint)
	require.NoError(t, err)
	require.True(t, spoilt.Spoilt())
}

// TestANumberedPaperNamesTheClientAsOfItsNumber: what is put right later changes no paper that
// was given out.
func TestANumberedPaperNamesTheClientAsOfItsNumber(t *testing.T) {
	t.Parallel()
	a, s := newArchive(t)
	p := draft(t, s)
	_, err := s.NumberPaper(t.Context(), head, p, "")
	require.NoError(t, err)
	a.who = dossier.History{Now: board.Identity{Name: "赵明"}, Changes: []*dossier.Change{{
		N: 1, Acted: 1, State: dossier.Acted, At: now.Add(time.Hour), DecidedAt: now.Add(time.Hour),
		Values: map[dossier.Field]string{dossier.Name: "赵明"}, Before: map[dossier.Field]string{dossier.Name: "赵某"},
	}}}
	paper, err := s.Paper(t.Context(), head, p, false)
	require.NoError(t, err)
	require.Contains(t, string(paper.HTML), "赵某")
	a.books = nil
	paper, err = s.Paper(t.Context(), head, p, false)
	require.NoError(t, err)
	require.Contains(t, string(paper.HTML), "赵明", "a draft says what is known now")
}
