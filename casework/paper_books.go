package casework

import (
	"context"
	"slices"
	"strings"
	"time"

	"guitu/documents"
	"guitu/office"
	"guitu/rehab"
)

// PaperWords is what people write for a paper.
type PaperWords struct {
	Words     string `json:"words,omitempty" maxLength:"4000" doc:"Paragraphs, one a line."`
	Addressee string `json:"addressee,omitempty" maxLength:"100" doc:"Whom it goes to, where the case does not say."`
	Enclosed  string `json:"enclosed,omitempty" maxLength:"2000" doc:"What is enclosed, one a line; it takes the place of the usual list."`
}

// WritePaper keeps what is written for a paper that has no number yet, in the place of what was
// written before.
func (s *Service) WritePaper(ctx context.Context, a rehab.Actor, p PaperID, w PaperWords) error {
	x, _, err := s.paperToWrite(ctx, a, p)
	if err != nil {
		return err
	}
	words := map[string]string{documents.FieldWords: w.Words, documents.FieldAddressee: w.Addressee, documents.FieldEnclosed: w.Enclosed}
	return s.Books.SavePaperDraft(ctx, x.Key(p.Case), words)
}

// paperToWrite finds a paper that stands, for whoever may print it.
func (s *Service) paperToWrite(ctx context.Context, a rehab.Actor, p PaperID) (documents.Entry, documents.Input, error) {
	if err := s.MayPrint(ctx, a, p.Case); err != nil {
		return documents.Entry{}, documents.Input{}, err
	}
	in, err := s.paperOf(ctx, p)
	if err != nil {
		return documents.Entry{}, in, err
	}
	x, ok := entryIn(in, p)
	switch {
	case !ok:
		return x, in, &rehab.Error{Code: rehab.NotFound, Message: "the case has no such document"}
	case x.WithdrawnOn != 0:
		return x, in, &rehab.Error{Code: rehab.Refused, Message: "the paper was withdrawn on " + x.WithdrawnOn.String()}
	}
	return x, in, nil
}

// NumberPaper takes a paper into the books of the office: it does not change any more. Once per
// paper: asked for again, the same number is answered. An office that runs its own books gives
// the number.
func (s *Service) NumberPaper(ctx context.Context, a rehab.Actor, p PaperID, number string) (office.Paper, error) {
	x, in, err := s.paperToWrite(ctx, a, p)
	if err != nil {
		return office.Paper{}, err
	}
	row, err := s.CaseInScope(ctx, a, p.Case)
	if err != nil {
		return office.Paper{}, err
	}
	if a.Role != rehab.StationHead {
		return office.Paper{}, &rehab.Error{Code: rehab.Forbidden, Message: "a paper is taken into the books by the station head of the case"}
	}
	now := s.Now()
	today := rehab.DateOf(now)
	names := s.namesOn(ctx, today)
	rules := s.Templates.Numbering(p.Kind, row.Place, today, names.place)
	number = strings.TrimSpace(number)
	switch {
	case names.err != nil:
		return office.Paper{}, names.err
	case rules.Series == "":
		return office.Paper{}, &rehab.Error{Code: rehab.Refused, Field: "kind", Message: "papers of this kind have no number"}
	case rules.External && number == "":
		return office.Paper{}, rehab.InvalidField("number", "is missing: the office runs its own books")
	case !rules.External && number != "":
		return office.Paper{}, rehab.InvalidField("number", "is made here: the office does not run its own books")
	}
	paper := office.Paper{
		PaperKey: x.Key(p.Case), Place: row.Place, Series: rules.Series, Year: today.Year(), Number: number,
		Version: rules.Version, AsOf: int64(len(in.History)), By: a, At: now.UTC().Truncate(time.Microsecond),
	}
	next := func(n int) string { return rules.Number(paper.Year, n) }
	if rules.External {
		next = nil
	}
	return s.Books.NumberPaper(ctx, paper, next)
}

// SpoilPaper says that the number of a paper stays without one; the paper is a draft again.
func (s *Service) SpoilPaper(ctx context.Context, a rehab.Actor, p PaperID, number string, why office.SpoilReason) (office.Paper, error) {
	x, _, err := s.paperToWrite(ctx, a, p)
	switch {
	case err != nil:
		return office.Paper{}, err
	case a.Role != rehab.StationHead:
		return office.Paper{}, &rehab.Error{Code: rehab.Forbidden, Message: "a number is spoilt by the station head of the case"}
	case !x.Draft && x.Origin != x.Seq:
		return office.Paper{}, &rehab.Error{Code: rehab.Refused, Message: "the paper was signed and recorded: it is put right by a correction"}
	}
	if err := s.Books.SpoilPaper(ctx, x.Key(p.Case), number, a.ID, why, s.Now()); err != nil {
		return office.Paper{}, err
	}
	books, err := s.Books.Papers(ctx, p.Case)
	if err != nil {
		return office.Paper{}, err
	}
	i := slices.IndexFunc(books, func(o office.Paper) bool { return o.PaperKey == x.Key(p.Case) && o.Number == number })
	if i < 0 {
		return office.Paper{}, &rehab.Error{Code: rehab.NotFound, Field: "number", Message: "the paper does not have this number"}
	}
	return books[i], nil
}
