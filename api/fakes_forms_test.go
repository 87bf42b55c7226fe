package api_test

import (
	"bytes"
	"context"
	"io"
	"slices"
	"time"

	"guitu/attachments"
	"guitu/forms"
	"guitu/once"
	"guitu/rehab"
)

// fakeForms are the answers, the definitions and the attachments in memory.
type fakeForms struct {
	*world
	saved    map[string]forms.Filing // by case and command
	values   []forms.Value
	released map[forms.Ref]forms.Released
	cells    []forms.Cell
	files    map[string][]attachments.Attachment
	bodies   map[string][]byte
}

func newFakeForms(w *world) *fakeForms {
	return &fakeForms{world: w, saved: map[string]forms.Filing{}, released: map[forms.Ref]forms.Released{}, files: map[string][]attachments.Attachment{}, bodies: map[string][]byte{}}
}

func (f *fakeForms) SaveFiling(_ context.Context, x forms.Filing, _ string, values []forms.Value) error {
	if err := f.failing("SaveFiling"); err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, ok := f.saved[x.CaseID+"/"+x.CommandID]; !ok {
		f.saved[x.CaseID+"/"+x.CommandID], f.values = x, values
	}
	return nil
}

func (f *fakeForms) DropFiling(_ context.Context, caseID, commandID string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, acted := f.receipts[caseID+"/"+commandID]; !acted {
		delete(f.saved, caseID+"/"+commandID)
	}
	return nil
}

func (f *fakeForms) Filings(_ context.Context, caseID string) (out []forms.Filing, err error) {
	if err := f.failing("Filings"); err != nil {
		return nil, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, e := range f.events[caseID] {
		d, ok := e.Data.(rehab.FormRecorded)
		if !ok {
			continue
		}
		x := f.saved[caseID+"/"+e.Command]
		x.CaseID, x.CommandID, x.Ref, x.Seq, x.By, x.Digest = caseID, e.Command, forms.Ref{Form: d.Form, Version: d.Version}, e.Seq, e.Actor, d.Answers
		x.Record, x.Obligation, x.Replaces = d.Record, d.Obligation, d.Replaces
		for i := range out {
			if out[i].Seq == d.Replaces {
				out[i].ReplacedBy = e.Seq
			}
		}
		out = append(out, x)
	}
	return out, nil
}

func (f *fakeForms) ReleaseForm(_ context.Context, r forms.Released) error {
	if was, ok := f.released[r.Ref]; ok && was.Digest != r.Digest {
		return &rehab.Error{Code: rehab.Conflict, Field: "version", Message: "there is no such form, or not in this version"}
	}
	f.released[r.Ref] = r
	return f.failing("ReleaseForm")
}

func (f *fakeForms) ReleasedForm(_ context.Context, r forms.Ref) ([]byte, error) {
	if x, ok := f.released[r]; ok {
		return x.Definition, nil
	}
	return nil, &rehab.Error{Code: rehab.NotFound, Field: "form", Message: "there is no such form, or not in this version"}
}

func (f *fakeForms) ReleasedForms(context.Context) (out []forms.Ref, err error) {
	for r := range f.released {
		out = append(out, r)
	}
	return out, f.failing("ReleasedForms")
}

func (f *fakeForms) FormFigures(context.Context, forms.FigureFilter) ([]forms.Cell, error) {
	return f.cells, f.failing("FormFigures")
}

func (f *fakeForms) SaveAttachment(_ context.Context, a attachments.Attachment, file *attachments.File) (attachments.Attachment, bool, error) {
	body, err := io.ReadAll(file.Body)
	if err != nil {
		return a, false, err
	}
	if err := f.failing("SaveAttachment"); err != nil {
		return a, false, err
	}
	for _, was := range f.files[a.CaseID] {
		if was.ID == a.ID {
			if !bytes.Equal(f.bodies[a.ID], body) {
				return a, false, once.ErrUsed
			}
			return was, true, nil
		}
	}
	a.MediaType, a.Size, a.HasThumb = file.MediaType, int64(len(body)), file.Thumb != nil
	f.files[a.CaseID], f.bodies[a.ID], f.bodies["thumb-"+a.ID] = append(f.files[a.CaseID], a), body, file.Thumb
	return a, false, nil
}

func (f *fakeForms) Attachment(_ context.Context, caseID, id string) (attachments.Attachment, error) {
	for _, a := range f.files[caseID] {
		if a.ID == id {
			return a, nil
		}
	}
	return attachments.Attachment{}, &rehab.Error{Code: rehab.NotFound, Field: "attachment", Message: "the case has no such attachment"}
}

func (f *fakeForms) Attachments(_ context.Context, caseID string) ([]attachments.Attachment, error) {
	return slices.Clone(f.files[caseID]), f.failing("Attachments")
}

func (f *fakeForms) WriteAttachment(_ context.Context, _, id string, w io.Writer) error {
	_, err := w.Write(f.bodies[id])
	return err
}

func (f *fakeForms) Thumbnail(_ context.Context, _, id string) ([]byte, error) {
	return f.bodies["thumb-"+id], nil
}

func (f *fakeForms) WithdrawAttachment(_ context.Context, caseID, id, by, why string, at time.Time) error {
	for i := range f.files[caseID] {
		if a := &f.files[caseID][i]; a.ID == id && a.WithdrawnAt.IsZero() {
			a.WithdrawnAt, a.WithdrawnBy, a.Withdrawn = at, by, why
		}
	}
	return f.failing("WithdrawAttachment")
}

// operations are those that were logged.
func (f *fakeReads) operations() (out []string) {
	f.lock.Lock()
	defer f.lock.Unlock()
	for _, r := range f.list {
		out = append(out, r.Operation)
	}
	return out
}
