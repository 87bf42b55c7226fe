package casework

import (
	"context"
	"time"

	"guitu/board"
	"guitu/documents"
	"guitu/dossier"
	"guitu/office"
	"guitu/rehab"
)

// Books are the books of the offices: which paper has which number.
type Books interface {
	// Papers of the case that have or had a number, in the order in which they got it.
	Papers(ctx context.Context, caseID string) ([]office.Paper, error)
	// PaperDraft is what was written for a paper that has no number yet.
	PaperDraft(ctx context.Context, k office.PaperKey) (map[string]string, error)
	// SavePaperDraft replaces it: Conflict once the paper has a number.
	SavePaperDraft(ctx context.Context, k office.PaperKey, words map[string]string) error
	// NumberPaper takes the paper into the books with what was written for it, once per paper.
	// number makes the number of the n-th in the series; without it the paper brings its own.
	NumberPaper(ctx context.Context, p office.Paper, number func(n int) string) (office.Paper, error)
	// SpoilPaper says that the number stays without a paper: NotFound where the paper has it not.
	SpoilPaper(ctx context.Context, k office.PaperKey, number, by string, why office.SpoilReason, at time.Time) error
}

// PaperID says which paper of which case: the event that produced it, and its kind.
type PaperID struct {
	Case string
	Seq  int64
	Kind documents.Kind
}

// MayPrint lets the worker and the station head of the case see its papers.
func (s *Service) MayPrint(ctx context.Context, a rehab.Actor, caseID string) error {
	if err := PermitReading(a); err != nil {
		return err
	}
	row, err := s.CaseInScope(ctx, a, caseID)
	if err != nil {
		return err
	}
	as, err := s.AsWorkerOf(ctx, a, row.Worker)
	switch {
	case err != nil:
		return err
	case !Unmasked(as, row):
		return &rehab.Error{Code: rehab.Forbidden, Message: "papers show the identity in full: they are for the worker and the station head of the case"}
	}
	return nil
}

// Papers lists the papers of a case and the drafts that are due, and every number that they have
// or had: now, or as the sight has it.
func (s *Service) Papers(ctx context.Context, a rehab.Actor, caseID string, at Sight) ([]documents.Entry, []office.Paper, error) {
	history, err := s.HistoryInScope(ctx, a, caseID)
	if err != nil {
		return nil, nil, err
	}
	books, err := s.Books.Papers(ctx, caseID)
	if err != nil {
		return nil, nil, err
	}
	events, books := EventsOf(history), at.books(books)
	return at.papers(documents.List(caseID, at.told(events), books), events), books, nil
}

// Paper fills a paper in for the worker and the station head of the case. A copy is for the file.
func (s *Service) Paper(ctx context.Context, a rehab.Actor, p PaperID, forFile bool) (documents.Paper, error) {
	if err := s.MayPrint(ctx, a, p.Case); err != nil {
		return documents.Paper{}, err
	}
	return s.print(ctx, p, forFile)
}

// LinkedPaper fills a paper in for whoever holds a link that was made for it: the case may have
// been sealed since.
func (s *Service) LinkedPaper(ctx context.Context, p PaperID, forFile bool) (documents.Paper, error) {
	row, err := s.Board.Case(ctx, p.Case)
	switch {
	case err != nil:
		return documents.Paper{}, err
	case row.Phase == rehab.Sealed:
		return documents.Paper{}, ErrSealed
	}
	return s.print(ctx, p, forFile)
}

// print fills the paper with the names of its day.
func (s *Service) print(ctx context.Context, p PaperID, forFile bool) (documents.Paper, error) {
	in, err := s.paperOf(ctx, p)
	if err != nil {
		return documents.Paper{}, err
	}
	var day rehab.Date
	if p.Seq <= int64(len(in.History)) {
		day = rehab.DateOf(in.History[p.Seq-1].RecordedAt)
	}
	names := s.namesOn(ctx, day)
	in.Copy, in.Place, in.Name = forFile, names.place, names.person
	paper, err := s.Templates.Render(in, p.Seq, p.Kind)
	if err == nil {
		err = names.err
	}
	return paper, err
}

// paperOf gathers what a paper is filled from, but for the names.
func (s *Service) paperOf(ctx context.Context, p PaperID) (documents.Input, error) {
	in := documents.Input{CaseID: p.Case, Policy: s.Policies.Policy}
	who, err := s.Clients.ClientHistory(ctx, p.Case)
	if err != nil {
		return in, err
	}
	if in.History, err = s.Ledger.Timeline(ctx, p.Case, 0, longest); err != nil {
		return in, err
	}
	if in.Books, err = s.Books.Papers(ctx, p.Case); err != nil {
		return in, err
	}
	x, ok := entryIn(in, p)
	in.Identity = clientOn(who, x, in.Books)
	if ok {
		in.Draft, err = s.Books.PaperDraft(ctx, x.Key(p.Case))
	}
	return in, err
}

// clientOn is who the client was on the day of the paper: of a draft, now; of a paper of an
// act, on its day. A paper with a number says what was known when it got it, and nothing else
// ever after.
func clientOn(who dossier.History, x documents.Entry, books []office.Paper) board.Identity {
	var day rehab.Date
	if !x.Draft && x.Kind != documents.CaseFile {
		day = x.On
	}
	for i := range books {
		if p := &books[i]; !p.Spoilt() && p.Kind == string(x.Kind) && p.Origin == x.Origin {
			if x.Draft {
				day = rehab.DateOf(p.At)
			}
			return who.As(day, p.At)
		}
	}
	return who.As(day, time.Time{})
}

// entryIn finds the paper in the list of the history.
func entryIn(in documents.Input, p PaperID) (documents.Entry, bool) {
	for _, x := range documents.List(in.CaseID, EventsOf(in.History), in.Books) {
		if x.Seq == p.Seq && x.Kind == p.Kind {
			return x, true
		}
	}
	return documents.Entry{}, false
}
