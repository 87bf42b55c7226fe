package casework

import (
	"context"
	"slices"
	"sync"

	"guitu/forms"
	"guitu/rehab"
)

// Forms keeps what was answered in forms, and which definitions were released.
type Forms interface {
	// SaveFiling keeps the answers of a command; the first stay. DropFiling removes those of a
	// command that is not in the ledger.
	SaveFiling(ctx context.Context, f forms.Filing, place string, values []forms.Value) error
	DropFiling(ctx context.Context, caseID, commandID string) error
	// Filings of the case in the order of the ledger, without content where the key is gone.
	Filings(ctx context.Context, caseID string) ([]forms.Filing, error)
	// ReleaseForm keeps a definition for good: Conflict where the version says something else.
	ReleaseForm(ctx context.Context, r forms.Released) error
	// ReleasedForm is the text of a definition that an office released; NotFound.
	ReleasedForm(ctx context.Context, r forms.Ref) ([]byte, error)
	ReleasedForms(ctx context.Context) ([]forms.Ref, error)
}

// formCache holds the definitions that were read from the database: they never change.
type formCache struct {
	mu    sync.Mutex
	byRef map[forms.Ref]*forms.Definition
}

// definition finds the version of the form, among those of the program and those that were
// released.
func (s *Service) definition(ctx context.Context, r forms.Ref) (*forms.Definition, error) {
	if d := s.Definitions.Get(r); d != nil {
		return d, nil
	}
	s.released.mu.Lock()
	d := s.released.byRef[r]
	s.released.mu.Unlock()
	if d != nil {
		return d, nil
	}
	raw, err := s.Forms.ReleasedForm(ctx, r)
	if err != nil {
		return nil, err
	}
	if d, err = forms.Parse(raw); err != nil {
		return nil, err
	}
	s.released.mu.Lock()
	defer s.released.mu.Unlock()
	if s.released.byRef == nil {
		s.released.byRef = make(map[forms.Ref]*forms.Definition)
	}
	s.released.byRef[r] = d
	return d, nil
}

// LatestForms are the last versions of all forms.
func (s *Service) LatestForms(ctx context.Context) ([]*forms.Definition, error) {
	all := s.Definitions.All()
	refs, err := s.Forms.ReleasedForms(ctx)
	if err != nil {
		return nil, err
	}
	for _, r := range refs {
		d, err := s.definition(ctx, r)
		if err != nil {
			return nil, err
		}
		all = append(all, d)
	}
	return forms.Latest(all), nil
}

// Form is the form of the code, in the version or, without one, in the last.
func (s *Service) Form(ctx context.Context, code string, version int) (*forms.Definition, error) {
	if version > 0 {
		return s.definition(ctx, forms.Ref{Form: code, Version: version})
	}
	all, err := s.LatestForms(ctx)
	if err != nil {
		return nil, err
	}
	for _, d := range all {
		if d.Form == code {
			return d, nil
		}
	}
	return nil, &rehab.Error{Code: rehab.NotFound, Field: "form", Message: "there is no such form, or not in this version"}
}

// ReleaseForm gives the engine a form of the office, or a new version of one. The same again
// changes nothing; a released version never says anything else.
func (s *Service) ReleaseForm(ctx context.Context, a rehab.Actor, text []byte) (*forms.Definition, error) {
	if !slices.Contains([]rehab.Role{rehab.DistrictOffice, rehab.CityOffice, rehab.Admin}, a.Role) {
		return nil, &rehab.Error{Code: rehab.Forbidden, Message: "forms are released by district and city offices and administrators"}
	}
	d, err := forms.Parse(text)
	if err != nil {
		return nil, err
	}
	if own := s.Definitions.Get(d.Ref); own != nil && own.Digest() != d.Digest() {
		return nil, (&rehab.Error{Code: rehab.Conflict, Field: "version"}).Say("version %d of the form %s was released with other words: give it a new version", d.Version, d.Form)
	}
	return d, s.Forms.ReleaseForm(ctx, forms.Released{Ref: d.Ref, Digest: d.Digest(), Definition: text, By: a, At: s.Now()})
}
