package api_test

import (
	"context"
	"maps"
	"time"

	"guitu/office"
	"guitu/rehab"
)

// fakeBooks are the books in memory.
type fakeBooks struct {
	*world
	papers []office.Paper
	drafts map[office.PaperKey]map[string]string
}

func (f *fakeBooks) Papers(_ context.Context, caseID string) (out []office.Paper, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, p := range f.papers {
		if p.CaseID == caseID {
			out = append(out, p)
		}
	}
	return out, f.failing("Papers")
}

func (f *fakeBooks) PaperDraft(_ context.Context, k office.PaperKey) (map[string]string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return maps.Clone(f.drafts[k]), f.failing("PaperDraft")
}

func (f *fakeBooks) live(k office.PaperKey) *office.Paper {
	for i := range f.papers {
		if f.papers[i].PaperKey == k && !f.papers[i].Spoilt() {
			return &f.papers[i]
		}
	}
	return nil
}

func (f *fakeBooks) SavePaperDraft(_ context.Context, k office.PaperKey, words map[string]string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.live(k) != nil {
		return &rehab.Error{Code: rehab.Conflict, Message: "the paper has its number"}
	}
	f.drafts[k] = words
	return f.failing("SavePaperDraft")
}

func (f *fakeBooks) NumberPaper(_ context.Context, p office.Paper, number func(int) string) (office.Paper, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.failing("NumberPaper"); err != nil {
		return p, err
	}
	if known := f.live(p.PaperKey); known != nil {
		return *known, nil
	}
	if number != nil {
		p.N = 1
		for _, x := range f.papers {
			if x.Place == p.Place && x.Series == p.Series && x.Year == p.Year {
				p.N++
			}
		}
		p.Number = number(p.N)
	}
	p.Words = f.drafts[p.PaperKey]
	f.papers = append(f.papers, p)
	return p, nil
}

func (f *fakeBooks) SpoilPaper(_ context.Context, k office.PaperKey, number, by string, why office.SpoilReason, at time.Time) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	p := f.live(k)
	if p == nil || p.Number != number {
		return &rehab.Error{Code: rehab.NotFound, Field: "number", Message: "the paper does not have this number"}
	}
	p.SpoiltAt, p.SpoiltBy, p.SpoiltWhy = at, by, why
	return nil
}

// fakePrinter makes a PDF of nothing but the length of the page.
type fakePrinter struct{}

func (fakePrinter) PDF(_ context.Context, html []byte) ([]byte, error) {
	return append([]byte("%PDF-"), html[:1]...), nil
}
