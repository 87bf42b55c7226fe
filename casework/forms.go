package casework

import (
	"context"
	"maps"
	"slices"
	"strings"

	"guitu/board"
	"guitu/forms"
	"guitu/rehab"
)

// FormAccess is what an actor may read of the forms of a case, and of the scans and photos.
type FormAccess int

// From nothing to all.
const (
	ReadsNone  FormAccess = iota // that there are forms
	ReadsCoded                   // scores and coded answers
	ReadsAll
)

// errFormsOfWorker is the answer to everybody who does not work with the client.
var errFormsOfWorker = &rehab.Error{Code: rehab.Forbidden, Message: "forms are for the worker and the station head of the case"}

// formAccess is what the actor may read: the worker and the station head all, offices above
// them scores and coded answers, whoever keeps the system running nothing.
func (s *Service) formAccess(ctx context.Context, a rehab.Actor, row rehab.Summary) (FormAccess, error) {
	as, err := s.AsWorkerOf(ctx, a, row.Worker)
	switch {
	case err != nil:
		return ReadsNone, err
	case Unmasked(as, row):
		return ReadsAll, nil
	case a.Role == rehab.DistrictOffice || a.Role == rehab.CityOffice:
		return ReadsCoded, nil
	}
	return ReadsNone, nil
}

// FormsInScope is the case, and what the actor may read of its forms.
func (s *Service) FormsInScope(ctx context.Context, a rehab.Actor, id string) (row rehab.Summary, level FormAccess, err error) {
	if err := PermitReading(a); err != nil {
		return row, ReadsNone, err
	}
	if row, err = s.CaseInScope(ctx, a, id); err != nil {
		return row, ReadsNone, err
	}
	level, err = s.formAccess(ctx, a, row)
	return row, level, err
}

// formsOfWorker is the case, for the worker and the station head alone.
func (s *Service) formsOfWorker(ctx context.Context, a rehab.Actor, id string) (rehab.Summary, error) {
	row, level, err := s.FormsInScope(ctx, a, id)
	if err == nil && level != ReadsAll {
		err = errFormsOfWorker
	}
	return row, err
}

// FiledForm is a form of a case as it was filled in. Form and Filled are nil where the
// definition or the content is gone.
type FiledForm struct {
	forms.Filing
	Form   *forms.Definition
	Filled *forms.Filled
}

// CaseForms are the forms of a case, and the duties that were done without theirs.
type CaseForms struct {
	Filed   []FiledForm // the oldest first
	Missing []MissingForm
	Level   FormAccess // what the actor may read of them
}

// FormsOf lists the forms of a case for whoever sees it.
func (s *Service) FormsOf(ctx context.Context, a rehab.Actor, id string) (*CaseForms, error) {
	row, level, err := s.FormsInScope(ctx, a, id)
	if err != nil {
		return nil, err
	}
	list, err := s.Forms.Filings(ctx, id)
	if err != nil {
		return nil, err
	}
	obligations, err := s.Board.Obligations(ctx, id)
	if err != nil {
		return nil, err
	}
	out := &CaseForms{Level: level, Missing: []MissingForm{}}
	for _, f := range list {
		out.Filed = append(out.Filed, s.reopened(ctx, f))
	}
	policy := s.policyOf(row)
	for _, o := range obligations {
		if m, ok := s.missingForms(policy, o, list); ok {
			out.Missing = append(out.Missing, m)
		}
	}
	return out, nil
}

// reopened is a filing as it was filled in.
func (s *Service) reopened(ctx context.Context, f forms.Filing) FiledForm {
	out := FiledForm{Filing: f}
	var err error
	if out.Form, err = s.definition(ctx, f.Ref); err != nil || f.Content == nil {
		return out
	}
	if filled, faults := out.Form.Fill(f.Content.Answers); len(faults) == 0 {
		out.Filled = filled
	}
	return out
}

// MissingForm is a duty that was done without its form. Of each form that names several codes,
// one is enough.
type MissingForm struct {
	Obligation rehab.ObligationID `json:"obligation"`
	Forms      []string           `json:"forms" nullable:"false"`
	MetOn      rehab.Date         `json:"met_on"`
	Until      rehab.Date         `json:"until" doc:"Until when it may be filled in without being late."`
	Late       bool               `json:"late"`
}

// lookBack is for how many days a missing form is still asked for: of older duties nobody
// remembers what there was to say.
const lookBack = 60

// missingForms are the forms that go with the duty and were not filled in, once it is done.
func (s *Service) missingForms(p *rehab.Policy, o board.ObligationRow, list []forms.Filing) (MissingForm, bool) {
	today := rehab.DateOf(s.Now())
	if o.Status != rehab.Done || o.MetOn.AddDays(lookBack) < today {
		return MissingForm{}, false
	}
	m := MissingForm{Obligation: o.ID, MetOn: o.MetOn, Until: o.MetOn.AddDays(p.FormDays())}
	m.Late = m.Until < today
	for _, any := range p.Forms(o.ID.Kind) {
		filed := slices.ContainsFunc(list, func(f forms.Filing) bool {
			return !f.Withdrawn && slices.Contains(any, f.Form) && (f.Obligation == o.ID || f.Obligation.N == 0 && f.About == o.MetOn)
		})
		if !filed {
			m.Forms = append(m.Forms, strings.Join(any, "|"))
		}
	}
	return m, len(m.Forms) > 0
}

// MarkForms says of each duty of the case which forms go with it, and which are missing.
func (s *Service) MarkForms(ctx context.Context, row rehab.Summary, obligations []board.ObligationRow) error {
	policy := s.policyOf(row)
	if !slices.ContainsFunc(obligations, func(o board.ObligationRow) bool { return len(policy.Forms(o.ID.Kind)) > 0 }) {
		return nil
	}
	list, err := s.Forms.Filings(ctx, row.CaseID)
	if err != nil {
		return err
	}
	for i := range obligations {
		o := &obligations[i]
		for _, any := range policy.Forms(o.ID.Kind) {
			o.Forms = append(o.Forms, strings.Join(any, "|"))
		}
		if m, ok := s.missingForms(policy, *o, list); ok {
			o.FormsMissing = m.Forms
		}
	}
	return nil
}

func (s *Service) policyOf(row rehab.Summary) *rehab.Policy {
	if p := s.Policies.Policy(row.Policy); p != nil {
		return p
	}
	return &rehab.Policy{}
}

// ReadForm is what was answered in a form, as far as the actor may read it.
type ReadForm struct {
	FiledForm
	Answers map[string]any
	Level   FormAccess
	Coded   bool // only the coded answers are there
}

// ReadForm reads what was answered. An office above the station reads scores and coded answers,
// and with a reason all but what is private.
func (s *Service) ReadForm(ctx context.Context, a rehab.Actor, id string, seq int64, why string) (*ReadForm, error) {
	_, level, err := s.FormsInScope(ctx, a, id)
	if err != nil {
		return nil, err
	}
	f, err := s.filed(ctx, a, id, seq)
	switch {
	case err != nil:
		return nil, err
	case level == ReadsNone:
		return nil, errFormsOfWorker
	}
	out := &ReadForm{FiledForm: f, Level: level}
	switch {
	case level == ReadsAll:
		out.Answers = f.Filled.Without(nil)
	case why != "":
		out.Answers = f.Filled.Without(f.Form.Private)
	default:
		out.Answers, out.Coded = f.Filled.Coded(), true
	}
	return out, nil
}

// WholeForm is a form as it was filled in, to print it: for the worker and the station head.
func (s *Service) WholeForm(ctx context.Context, a rehab.Actor, id string, seq int64) (FiledForm, error) {
	if _, err := s.formsOfWorker(ctx, a, id); err != nil {
		return FiledForm{}, err
	}
	return s.filed(ctx, a, id, seq)
}

// filed is the form of the sequence, with what was answered. Answers that were put right are
// for the station head.
func (s *Service) filed(ctx context.Context, a rehab.Actor, caseID string, seq int64) (FiledForm, error) {
	list, err := s.Forms.Filings(ctx, caseID)
	if err != nil {
		return FiledForm{}, err
	}
	i := slices.IndexFunc(list, func(f forms.Filing) bool { return f.Seq == seq })
	switch {
	case i < 0:
		return FiledForm{}, &rehab.Error{Code: rehab.NotFound, Field: "seq", Message: "the case has no such form"}
	case !list[i].Holds() && a.Role != rehab.StationHead:
		return FiledForm{}, &rehab.Error{Code: rehab.Forbidden, Message: "answers that were put right or withdrawn are for the station head"}
	}
	f := s.reopened(ctx, list[i])
	if f.Filled == nil {
		return FiledForm{}, &rehab.Error{Code: rehab.NotFound, Message: "the answers are not there any more"}
	}
	return f, nil
}

// OpenForm is a form before it is filled in for a case, with what the engine knows already.
func (s *Service) OpenForm(ctx context.Context, a rehab.Actor, id, code string, version int, lang string) (*forms.Definition, map[string]string, error) {
	row, err := s.formsOfWorker(ctx, a, id)
	if err != nil {
		return nil, nil, err
	}
	def, err := s.Form(ctx, code, version)
	if err != nil {
		return nil, nil, err
	}
	head, err := s.formHead(ctx, a, row, lang)
	if err != nil {
		return nil, nil, err
	}
	maps.DeleteFunc(head, func(key, _ string) bool { return strings.HasPrefix(key, "filled_") })
	return def, head, nil
}
