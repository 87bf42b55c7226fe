package api_test

import (
	"context"
	"fmt"
	"strings"
	"time"

	"guitu/archive"
	"guitu/rehab"
)

// fakeArchive is the store of sealed cases: whoever has the key "key of ID" holds a part, the
// first by the id "h…", the second by any other.
type fakeArchive struct {
	*world
	inquiries []*archive.Inquiry
	lists     []*archive.Destruction
	before    time.Time // sealed before it is past retention
}

func heldBy(holder, private string) error {
	if private != "key of "+holder {
		return &rehab.Error{Code: rehab.NotFound, Message: "no part of the key of this case is sealed for this holder"}
	}
	return nil
}

func (f *fakeArchive) AskInquiry(_ context.Context, q archive.Inquiry, holder, private string) (string, error) {
	if err := heldBy(holder, private); err != nil {
		return "", err
	}
	q.ID, q.AskedBy, q.AskedAt = fmt.Sprintf("q-%d", len(f.inquiries)+1), holder, f.now()
	f.inquiries = append(f.inquiries, &q)
	return q.ID, nil
}

func (f *fakeArchive) find(id string) (*archive.Inquiry, error) {
	for _, q := range f.inquiries {
		if q.ID == id && q.EndedAt.IsZero() {
			return q, nil
		}
	}
	return nil, &rehab.Error{Code: rehab.NotFound, Message: "no such inquiry is under way"}
}

func (f *fakeArchive) OpenInquiry(_ context.Context, id, holder, private string) error {
	q, err := f.find(id)
	if err == nil {
		err = heldBy(holder, private)
	}
	if err == nil && holder == q.AskedBy {
		err = &rehab.Error{Code: rehab.Refused, Message: "an inquiry takes two people: a holder of the other part opens it"}
	}
	if err == nil {
		q.OpenedBy, q.Until = holder, f.now().Add(time.Duration(q.Hours)*time.Hour)
	}
	return err
}

func (f *fakeArchive) ReadInquiry(_ context.Context, id string, _ rehab.Actor) (archive.Disclosure, error) {
	q, err := f.find(id)
	if err == nil && (q.OpenedBy == "" || !f.now().Before(q.Until)) {
		err = &rehab.Error{Code: rehab.NotFound, Message: "no such inquiry is under way"}
	}
	if err != nil {
		return archive.Disclosure{}, err
	}
	who := f.identities[q.CaseID]
	return archive.Disclosure{Inquiry: *q, Identity: &who}, nil
}

func (f *fakeArchive) EndInquiry(_ context.Context, id string) error {
	q, err := f.find(id)
	if err == nil {
		q.EndedAt = f.now()
	}
	return err
}

func (f *fakeArchive) Inquiries(_ context.Context, place, id string) (out []archive.Inquiry, err error) {
	if err := f.failing("Inquiries"); err != nil {
		return nil, err
	}
	for _, q := range f.inquiries {
		if (id == "" || q.ID == id) && strings.HasPrefix(f.cases[q.CaseID].Place, place) {
			out = append(out, *q)
		}
	}
	return out, nil
}

func (f *fakeArchive) ProposeDestruction(_ context.Context, before time.Time, appraisal, by string) (archive.Destruction, error) {
	f.before = before
	d := &archive.Destruction{ID: fmt.Sprintf("d-%d", len(f.lists)+1), Appraisal: appraisal, ProposedBy: by, ProposedAt: f.now(), Cases: []archive.DestroyedCase{{CaseID: "c-old", Place: street, Measure: "treatment", OpenedOn: rehab.NewDate(1990, 1, 5), SealedOn: rehab.NewDate(1996, 1, 5)}}}
	f.lists = append(f.lists, d)
	return *d, nil
}

func (f *fakeArchive) list(id string) (*archive.Destruction, error) {
	for _, d := range f.lists {
		if d.ID == id {
			return d, nil
		}
	}
	return nil, &rehab.Error{Code: rehab.NotFound, Message: "there is no such list of destruction"}
}

func (f *fakeArchive) ConfirmDestruction(_ context.Context, id, approval, by string) (archive.Destruction, error) {
	d, err := f.list(id)
	if err == nil && d.ProposedBy == by {
		err = &rehab.Error{Code: rehab.Refused, Field: "by", Citation: "档案法 art.21", Message: "a destruction takes two people: another one confirms it"}
	}
	if err != nil {
		return archive.Destruction{}, err
	}
	d.Approval, d.ConfirmedBy, d.ConfirmedAt = approval, by, f.now()
	return *d, nil
}

func (f *fakeArchive) DropDestruction(_ context.Context, id string) error {
	d, err := f.list(id)
	if err == nil {
		d.Cases = nil
	}
	return err
}

func (f *fakeArchive) Destruction(_ context.Context, id string) (archive.Destruction, error) {
	d, err := f.list(id)
	if err != nil {
		return archive.Destruction{}, err
	}
	return *d, nil
}

func (f *fakeArchive) Destructions(context.Context) (out []archive.Destruction, err error) {
	for _, d := range f.lists {
		out = append(out, archive.Destruction{ID: d.ID, Appraisal: d.Appraisal, ProposedBy: d.ProposedBy, ProposedAt: d.ProposedAt})
	}
	return out, nil
}
