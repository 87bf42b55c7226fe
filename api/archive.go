package api

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"guitu/archive"
	"guitu/casework"
	"guitu/input"
	"guitu/rehab"
)

// Archive keeps sealed cases: what they are asked for, and how they end. Where the login of this
// process may not change keys it answers Forbidden.
type Archive interface {
	// AskInquiry is the word of the first holder of keys, with the private half that opens their part.
	AskInquiry(ctx context.Context, q archive.Inquiry, holder, private string) (id string, err error)
	// OpenInquiry is the word of a holder of the other part.
	OpenInquiry(ctx context.Context, id, holder, private string) error
	// ReadInquiry shows what was asked for, once that is in the read log.
	ReadInquiry(ctx context.Context, id string, reader rehab.Actor) (archive.Disclosure, error)
	EndInquiry(ctx context.Context, id string) error
	// Inquiries lists those into cases of a place and below it, or the one of the id.
	Inquiries(ctx context.Context, place, id string) ([]archive.Inquiry, error)

	ProposeDestruction(ctx context.Context, sealedBefore time.Time, appraisal, by string) (archive.Destruction, error)
	ConfirmDestruction(ctx context.Context, id, approval, by string) (archive.Destruction, error)
	DropDestruction(ctx context.Context, id string) error
	Destruction(ctx context.Context, id string) (archive.Destruction, error)
	Destructions(ctx context.Context) ([]archive.Destruction, error)
}

// InquiryRequest asks to see a sealed case, for an organ that the law lets ask.
type InquiryRequest struct {
	CaseID     string        `json:"case_id" minLength:"1" maxLength:"128"`
	Organ      string        `json:"organ" minLength:"1" maxLength:"200" doc:"The organ that asks."`
	Document   string        `json:"document" minLength:"1" maxLength:"200" doc:"The number of its letter."`
	Ground     string        `json:"ground" minLength:"1" maxLength:"200" doc:"Why it asks."`
	Shows      []shownOfCase `json:"shows" minItems:"1" maxItems:"3" nullable:"false" doc:"What it asks for, and no more."`
	Hours      int           `json:"hours,omitempty" minimum:"1" maximum:"72" default:"24" doc:"For how long, once another holder has opened it."`
	PrivateKey string        `json:"private_key" minLength:"1" maxLength:"2000" writeOnly:"true" doc:"The private half of the holder's pair. It is used once and kept nowhere."`
}

type shownOfCase string

func (shownOfCase) Schema(huma.Registry) *huma.Schema {
	return enum(archive.ShowIdentity, archive.ShowRecord, archive.ShowPapers)
}

// InquiryOpening is the word of the second holder.
type InquiryOpening struct {
	PrivateKey string `json:"private_key" minLength:"1" maxLength:"2000" writeOnly:"true" doc:"The private half of the holder's pair. It is used once and kept nowhere."`
}

// InquiryList is the book of inquiries, the latest first.
type InquiryList struct {
	Inquiries []archive.Inquiry `json:"inquiries" nullable:"false"`
}

func (s *server) archiveRoutes() {
	tag, path := []string{"archive"}, "/v1/inquiries/{id}"
	op := func(id, method, path, summary, description string) huma.Operation {
		return huma.Operation{OperationID: id, Method: method, Path: path, Tags: tag, Summary: summary, Description: description}
	}
	ask := op("ask-inquiry", http.MethodPost, "/v1/inquiries", "Ask to see a sealed case, for an organ that the law lets ask",
		"For district and city offices, by who holds a part of the keys. A holder of the other part opens it within a day.")
	ask.DefaultStatus = http.StatusCreated
	operation(s, ask, s.askInquiry)
	operation(s, op("list-inquiries", http.MethodGet, "/v1/inquiries", "List the inquiries into sealed cases of the own area: who asked for what, who opened it, until when", ""), s.listInquiries)
	operation(s, op("open-inquiry", http.MethodPost, path+"/open", "Open an inquiry, as a holder of the other part", "Its hours begin."), s.openInquiry)
	operation(s, op("show-inquiry", http.MethodGet, path+"/record", "Show what an open inquiry asked for", "For its two holders. That it was shown is in the read log before it is."), s.showInquiry)
	operation(s, op("end-inquiry", http.MethodPost, path+"/end", "End an inquiry before its time", ""), s.endInquiry)
	s.destructionRoutes(op)
}

// ofArchive refuses whom sealed cases are not for. The list of roles stands with the others.
func ofArchive(a rehab.Actor, roles []rehab.Role) error {
	if !slices.Contains(roles, a.Role) {
		return &rehab.Error{Code: rehab.Forbidden, Message: "sealed cases are kept by the offices of district and city"}
	}
	return nil
}

type askInput struct{ Body InquiryRequest }

type inquiryOutput struct{ Body archive.Inquiry }

func (s *server) askInquiry(ctx context.Context, a rehab.Actor, in *askInput) (*inquiryOutput, error) {
	if err := ofArchive(a, inquirers); err != nil {
		return nil, err
	}
	if err := s.sealedInArea(ctx, a, in.Body.CaseID); err != nil {
		return nil, err
	}
	q := archive.Inquiry{CaseID: in.Body.CaseID, Organ: in.Body.Organ, Document: in.Body.Document, Ground: in.Body.Ground, Shows: plain(in.Body.Shows), Hours: in.Body.Hours}
	if err := q.Check(); err != nil {
		return nil, err
	}
	if err := s.noteAct(ctx, a, "inquiry-asked", q.CaseID, cut(q.Organ+" "+q.Document, maxReason)); err != nil {
		return nil, err
	}
	id, err := s.Archive.AskInquiry(ctx, q, a.ID, in.Body.PrivateKey)
	if err != nil {
		return nil, err
	}
	q, err = s.inquiry(ctx, a, id)
	return &inquiryOutput{q}, err
}

// sealedInArea refuses a case that is not there for the actor, or that nobody has sealed.
func (s *server) sealedInArea(ctx context.Context, a rehab.Actor, id string) error {
	row, err := rehab.Summary{}, error(&rehab.Error{Code: rehab.NotFound})
	if input.IsToken(id, 128) {
		row, err = s.Board.Case(ctx, id)
	}
	switch {
	case err != nil && rehab.CodeOf(err) != rehab.NotFound:
		return err
	case err != nil || !casework.Covers(a, row.Place):
		return &rehab.Error{Code: rehab.NotFound, Message: "there is no such case"}
	case row.Phase != rehab.Sealed:
		return &rehab.Error{Code: rehab.Refused, Field: "case_id", Message: "the case is not sealed: it is read as any other"}
	}
	return nil
}

// inquiry is one of the actor's area.
func (s *server) inquiry(ctx context.Context, a rehab.Actor, id string) (archive.Inquiry, error) {
	if err := ofArchive(a, inquirers); err != nil {
		return archive.Inquiry{}, err
	}
	prefix, ok := casework.Area(a)
	if !ok {
		return archive.Inquiry{}, &rehab.Error{Code: rehab.Forbidden, Message: "this account belongs to no place"}
	}
	list, err := s.Archive.Inquiries(ctx, prefix, id)
	if err == nil && (id == "" || len(list) != 1) {
		err = &rehab.Error{Code: rehab.NotFound, Message: "there is no such inquiry"}
	}
	if err != nil {
		return archive.Inquiry{}, err
	}
	return list[0], nil
}

type inquiriesOutput struct{ Body InquiryList }

func (o *inquiriesOutput) listed() []string {
	out := make([]string, len(o.Body.Inquiries))
	for i, q := range o.Body.Inquiries {
		out[i] = q.CaseID
	}
	return out
}

func (s *server) listInquiries(ctx context.Context, a rehab.Actor, _ *struct{}) (*inquiriesOutput, error) {
	if err := ofArchive(a, inquirers); err != nil {
		return nil, err
	}
	prefix, ok := casework.Area(a)
	if !ok {
		return nil, &rehab.Error{Code: rehab.Forbidden, Message: "this account belongs to no place"}
	}
	list, err := s.Archive.Inquiries(ctx, prefix, "")
	return &inquiriesOutput{InquiryList{append([]archive.Inquiry{}, list...)}}, err
}

// InquiryPath names an inquiry.
type InquiryPath struct {
	ID string `path:"id" maxLength:"64" pattern:"^q-[a-z0-9]+$" patternDescription:"the id of an inquiry"`
}

type openInquiryInput struct {
	InquiryPath
	Body InquiryOpening
}

func (s *server) openInquiry(ctx context.Context, a rehab.Actor, in *openInquiryInput) (*inquiryOutput, error) {
	q, err := s.inquiry(ctx, a, in.ID)
	if err != nil {
		return nil, err
	}
	if err := s.noteAct(ctx, a, "inquiry-opened", q.CaseID, cut(q.Organ+" "+q.Document, maxReason)); err != nil {
		return nil, err
	}
	if err := s.Archive.OpenInquiry(ctx, q.ID, a.ID, in.Body.PrivateKey); err != nil {
		return nil, err
	}
	q, err = s.inquiry(ctx, a, q.ID)
	return &inquiryOutput{q}, err
}

type disclosureOutput struct{ Body archive.Disclosure }

// showInquiry is for the two who opened it: to others of the area it is a line of the book.
func (s *server) showInquiry(ctx context.Context, a rehab.Actor, in *InquiryPath) (*disclosureOutput, error) {
	q, err := s.inquiry(ctx, a, in.ID)
	if err != nil {
		return nil, err
	}
	if a.ID != q.AskedBy && a.ID != q.OpenedBy {
		return nil, &rehab.Error{Code: rehab.Forbidden, Message: "an inquiry is shown to its two holders of keys"}
	}
	d, err := s.Archive.ReadInquiry(ctx, q.ID, a)
	return &disclosureOutput{d}, err
}

func (s *server) endInquiry(ctx context.Context, a rehab.Actor, in *InquiryPath) (*inquiryOutput, error) {
	q, err := s.inquiry(ctx, a, in.ID)
	if err != nil {
		return nil, err
	}
	if err := s.noteAct(ctx, a, "inquiry-ended", q.CaseID, ""); err != nil {
		return nil, err
	}
	if err := s.Archive.EndInquiry(ctx, q.ID); err != nil {
		return nil, err
	}
	q, err = s.inquiry(ctx, a, q.ID)
	return &inquiryOutput{q}, err
}
