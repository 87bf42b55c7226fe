package documents

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"html/template"
	"slices"

	"guitu/board"
	"guitu/office"
	"guitu/rehab"
)

// Paper is a document ready to print. Policy is the Content-Security-Policy it is served
// under: it loads nothing, and runs nothing.
type Paper struct {
	Entry
	HTML   []byte
	Policy string
}

// Render fills the document of the kind that the event of the sequence produced, or the
// draft that it asked for. The error is NotFound where there is no such document.
func (s *Set) Render(in Input, seq int64, kind Kind) (Paper, error) {
	r, err := newReader(in, seq, kind)
	if err != nil {
		return Paper{}, err
	}
	v := s.at(r.day())
	if r.book != nil {
		if v, err = s.named(r.book.Version); err != nil {
			return Paper{}, err
		}
	}
	p := r.page(v.rules)
	html, err := v.fill(p)
	if err != nil {
		return Paper{}, fmt.Errorf("fill the document %s: %w", r.entry.ID, err)
	}
	r.entry.Title, r.entry.Version = p.Title, v.name
	if r.book != nil {
		r.entry.Number = r.book.Number
	}
	sum := sha256.Sum256([]byte(v.css))
	policy := "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
	return Paper{r.entry, html, policy}, nil
}

// fill puts the page into the template of its kind, and that into the sheet.
func (v *version) fill(p page) ([]byte, error) {
	var body, sheet bytes.Buffer
	if err := v.tree.ExecuteTemplate(&body, string(p.Kind), p); err != nil {
		return nil, err
	}
	p.Body, p.CSS = template.HTML(body.String()), v.css //nolint:gosec // it comes out of a template that escapes
	if err := v.tree.ExecuteTemplate(&sheet, "paper", p); err != nil {
		return nil, err
	}
	return sheet.Bytes(), nil
}

// reader takes out of a history what a paper says.
type reader struct {
	Input
	entry Entry
	all   []rehab.Event
	last  board.TimelineEntry // the event that the paper is of
	book  *office.Paper       // where it has a number

	life   []rehab.Event // what held, in the order in which it happened
	c      *rehab.Case   // at the end of it
	before *rehab.Case   // just before its last event
	until  int           // how many events of the history there were
}

func newReader(in Input, seq int64, kind Kind) (*reader, error) {
	missing := &rehab.Error{Code: rehab.NotFound, Message: "the case has no such document"}
	if seq < 1 || seq > int64(len(in.History)) {
		return nil, missing
	}
	r := &reader{Input: in, all: make([]rehab.Event, len(in.History)), last: in.History[seq-1]}
	for i := range r.all {
		r.all[i] = in.History[i].Event
	}
	var ok bool
	listed, known := listed(in.CaseID, r.all, in.Books, seq, kind)
	switch kind {
	case CaseFile:
		r.entry, ok = newEntry(in.CaseID, r.last.Event, CaseFile, rehab.DateOf(r.last.RecordedAt), false), true
		r.fold(seq)
	case Withdrawal:
		if r.entry, ok = listed, known; ok {
			r.last = in.History[listed.WithdrawnBy-1]
			r.fold(listed.WithdrawnBy)
		}
	default:
		if r.entry, ok = entryOf(in.CaseID, r.last.Event, kind); known {
			r.entry = listed
		}
	}
	if !ok {
		return nil, missing
	}
	r.book = bookedAs(in.Books, r.entry.Key(in.CaseID))
	r.stand(seq, known)
	return r, nil
}

// stand folds the case as the paper says it: a paper with a number says what it said when it
// got it, a draft that is due says what is known now.
func (r *reader) stand(seq int64, known bool) {
	drafted := r.entry.Draft || r.entry.Origin != seq || r.entry.Kind.issued()
	switch {
	case r.entry.Kind == CaseFile || r.entry.Kind == Withdrawal:
	case r.book != nil && drafted:
		r.fold(min(r.book.AsOf, int64(len(r.all))))
	case r.entry.Draft && known:
		r.fold(int64(len(r.all)))
	default:
		r.live(seq)
	}
}

// listed is the entry of the paper in the list of the whole history.
func listed(caseID string, history []rehab.Event, books []office.Paper, seq int64, kind Kind) (Entry, bool) {
	for _, x := range List(caseID, history, books) {
		if x.Seq == seq && x.Kind == kind {
			return x, true
		}
	}
	return Entry{}, false
}

// fold is the case after the first n events.
func (r *reader) fold(n int64) {
	r.until = int(n)
	r.play(r.all[:n])
	r.life = rehab.Life(r.all[:n])
}

func (r *reader) play(events []rehab.Event) {
	r.c = &rehab.Case{ID: r.CaseID}
	for i, e := range events {
		if i == len(events)-1 {
			r.before = r.c.Clone()
		}
		r.c.Apply(e)
	}
}

// live is the case as it stood when the thing happened: where a revision told of it, in
// the life that the revision brought.
func (r *reader) live(seq int64) {
	d, revision := revisionOf(r.History[:seq], seq)
	if revision == 0 {
		r.fold(seq)
		return
	}
	id := seq
	for _, s := range d.As {
		if s.At == seq {
			id = s.For
		}
	}
	life := rehab.Life(r.all[:min(d.Last, int64(len(r.all)))])
	if i := slices.IndexFunc(life, func(e rehab.Event) bool { return e.Seq == id }); i >= 0 {
		life = life[:i+1]
	}
	r.play(life)
	r.life, r.until = life, int(seq)
}

// day on which the paper is drawn, if it has no number: that of its event, or of the latest
// thing that a draft knows.
func (r *reader) day() rehab.Date {
	if r.entry.Draft && r.until > 0 {
		return rehab.DateOf(r.all[r.until-1].RecordedAt)
	}
	return rehab.DateOf(r.last.RecordedAt)
}
