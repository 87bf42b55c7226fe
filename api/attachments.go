package api

import (
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"

	"guitu/attachments"
	"guitu/casework"
	"guitu/once"
	"guitu/rehab"
)

const (
	picturesAtOnce = 2
	uploadTimeout  = 2 * time.Minute // a file over a weak line
)

func (s *server) attachmentRoutes() {
	const path = "/v1/cases/{id}/attachments"
	op := func(id, method, path, summary, description string) huma.Operation {
		return huma.Operation{OperationID: id, Method: method, Path: path, Tags: []string{"attachments"}, Summary: summary, Description: description}
	}
	file := map[string]*huma.MediaType{}
	for _, t := range []string{"image/jpeg", "image/png", "application/pdf"} {
		file[t] = &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}
	}
	upload := op(uploadOperation, http.MethodPost, path, "Keep a scan or photo of a case",
		"The file is the body: JPEG, PNG or PDF, whatever the Content-Type says. Where and with what a photo was taken is taken out. For the worker and the station head of the case.")
	upload.DefaultStatus, upload.Responses = http.StatusCreated, answers[AttachmentKept](s, http.StatusOK)
	upload.RequestBody = &huma.RequestBody{Content: file, Required: true}
	operation(s, upload, s.attach)
	operation(s, op("list-attachments", http.MethodGet, path, "List the scans and photos of a case", ""), s.listAttachments)
	download := op("get-attachment", http.MethodGet, path+"/{attachment}", "Show a scan or photo", "What was withdrawn is for the station head.")
	download.Responses = map[string]*huma.Response{"200": {Description: "The file", Content: file}}
	operation(s, download, s.getAttachment)
	thumb := op("get-attachment-thumbnail", http.MethodGet, path+"/{attachment}/thumbnail", "Show a small picture of a scan or photo", "")
	thumb.Responses = map[string]*huma.Response{"200": {Description: "A small JPEG", Content: map[string]*huma.MediaType{"image/jpeg": file["image/jpeg"]}}}
	operation(s, thumb, s.getThumbnail)
	operation(s, op("withdraw-attachment", http.MethodPost, path+"/{attachment}/withdraw", "Say that a scan or photo does not belong to the case, and why", "It stays in the list, and opens for the station head alone."), s.withdrawAttachment)
}

// uploadOperation has a body that is no JSON, and its own time.
const uploadOperation = "add-attachment"

type attachInput struct {
	ID string `path:"id" doc:"Case id."`
	KeyInput
	Kind   string `query:"kind" required:"true" enum:"signed_paper,test_strip,report,receipt,order,identity_document,photo,other"`
	Record int64  `query:"record" minimum:"0" doc:"Sequence of the record that it belongs to."`
	Paper  string `query:"paper" maxLength:"40" pattern:"^[a-z_]*$" patternDescription:"a kind of paper" doc:"The paper that was signed, with its origin."`
	Origin int64  `query:"origin" minimum:"0" doc:"Sequence of the event with which the paper began."`

	body  io.Reader
	reads *http.ResponseController
}

// Resolve takes the body as it comes in: it is never whole in memory.
func (in *attachInput) Resolve(ctx huma.Context) []error {
	in.body, in.reads = ctx.BodyReader(), http.NewResponseController(humagin.Unwrap(ctx).Writer)
	return nil
}

type attachOutput struct {
	Status         int
	IdempotencyKey string `header:"Idempotency-Key"`
	Body           AttachmentKept
}

// AttachmentKept is an attachment, and whether it was there already.
type AttachmentKept struct {
	attachments.Attachment
	Duplicate bool `json:"duplicate,omitempty" doc:"It was sent before; nothing was done this time."`
}

func (s *server) attach(ctx context.Context, a rehab.Actor, in *attachInput) (*attachOutput, error) {
	if err := casework.Permit(a, casework.FormCommand); err != nil {
		return nil, err
	}
	row, level, err := s.work.FormsInScope(ctx, a, in.ID)
	switch {
	case err != nil:
		return nil, err
	case level != casework.ReadsAll:
		return nil, errAttachmentsOfWorker
	}
	if err := s.attachable(ctx, row, in); err != nil {
		return nil, err
	}
	key, err := in.key()
	if err != nil {
		return nil, err
	}
	for _, set := range []func(time.Time) error{in.reads.SetReadDeadline, in.reads.SetWriteDeadline} {
		_ = set(time.Now().Add(uploadTimeout)) // a writer of a test has none
	}
	file, err := s.files.Read(in.body)
	if err != nil {
		return nil, brokenOff(err)
	}
	kept := attachments.Attachment{
		CaseID: in.ID, ID: once.ID(a.ID, key), Kind: attachments.Kind(in.Kind), Record: in.Record, Paper: in.Paper, Origin: in.Origin,
		By: a, At: s.Now().UTC().Truncate(time.Microsecond),
	}
	kept, known, err := s.Attachments.SaveAttachment(ctx, kept, file)
	if err != nil {
		return nil, brokenOff(err)
	}
	status := http.StatusCreated
	if known {
		status = http.StatusOK
	}
	return &attachOutput{status, key, AttachmentKept{kept, known}}, nil
}

var errAttachmentsOfWorker = &rehab.Error{Code: rehab.Forbidden, Message: "attachments are for the worker and the station head of the case"}

// brokenOff says of a body that did not come in whole what became of it.
func brokenOff(err error) error {
	var own *rehab.Error
	switch {
	case errors.As(err, &own):
		return err
	case errors.Is(err, os.ErrDeadlineExceeded):
		return invalid(http.StatusRequestTimeout, ProblemItem{Field: "body", Detail: "the request body took too long to arrive"})
	case errors.Is(err, io.ErrUnexpectedEOF):
		return invalid(http.StatusBadRequest, ProblemItem{Field: "body", Detail: "the request body broke off"})
	}
	return err
}

// attachable checks what the file is said to belong to: a record, or a paper.
func (s *server) attachable(ctx context.Context, row rehab.Summary, in *attachInput) error {
	if (in.Paper == "") != (in.Origin == 0) {
		return rehab.InvalidField("paper", "is named with its origin")
	}
	for field, seq := range map[string]int64{"record": in.Record, "origin": in.Origin} {
		if seq > row.Seq {
			return &rehab.Error{Code: rehab.NotFound, Field: field, Message: "the case has no such record"}
		}
	}
	return ctx.Err()
}

// AttachmentList are the scans and photos of a case.
type AttachmentList struct {
	Attachments []attachments.Attachment `json:"attachments" nullable:"false" doc:"The oldest first; the withdrawn too."`
}

type attachmentsOutput struct{ Body AttachmentList }

func (s *server) listAttachments(ctx context.Context, a rehab.Actor, in *caseFormsInput) (*attachmentsOutput, error) {
	_, level, err := s.work.FormsInScope(ctx, a, in.ID)
	if err != nil {
		return nil, err
	}
	list, err := s.Attachments.Attachments(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	out := &attachmentsOutput{AttachmentList{append([]attachments.Attachment{}, list...)}}
	if level != casework.ReadsAll {
		for i := range out.Body.Attachments {
			out.Body.Attachments[i].Withdrawn = ""
		}
	}
	return out, nil
}

type attachmentInput struct {
	ID         string `path:"id" doc:"Case id."`
	Attachment string `path:"attachment" maxLength:"24" pattern:"^[0-9a-f]{24}$" patternDescription:"an id of the list"`
	ReadReason string `header:"Read-Reason" maxLength:"800" doc:"Why somebody above the station opens it. It is logged."`
}

// attachmentToOpen finds the attachment for whoever may open it: the worker and the station head, and
// the offices above them with a reason.
func (s *server) attachmentToOpen(ctx context.Context, a rehab.Actor, in *attachmentInput) (attachments.Attachment, error) {
	_, level, err := s.work.FormsInScope(ctx, a, in.ID)
	if err != nil {
		return attachments.Attachment{}, err
	}
	asked, _ := ctx.Value(askingKey).(asking)
	if level == casework.ReadsNone || level == casework.ReadsCoded && asked.reason == "" {
		return attachments.Attachment{}, errAttachmentsOfWorker
	}
	x, err := s.Attachments.Attachment(ctx, in.ID, in.Attachment)
	if err == nil && !x.WithdrawnAt.IsZero() && a.Role != rehab.StationHead {
		err = &rehab.Error{Code: rehab.Forbidden, Message: "an attachment that was withdrawn is for the station head"}
	}
	return x, err
}

func (s *server) getAttachment(ctx context.Context, a rehab.Actor, in *attachmentInput) (*huma.StreamResponse, error) {
	x, err := s.attachmentToOpen(ctx, a, in)
	if err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		c := humagin.Unwrap(hc)
		h := c.Writer.Header()
		h.Set("Content-Type", x.MediaType)
		h.Set("Content-Length", number(int(x.Size)))
		h.Set("Content-Disposition", "attachment; filename="+x.ID+"."+x.MediaType[strings.LastIndexByte(x.MediaType, '/')+1:])
		h.Set("Content-Security-Policy", "default-src 'none'; sandbox; frame-ancestors 'none'")
		c.Status(http.StatusOK)
		if err := s.Attachments.WriteAttachment(ctx, in.ID, x.ID, c.Writer); err != nil && ctx.Err() == nil && !isGone(err) {
			s.Log.ErrorContext(ctx, "an attachment was not sent whole", "case", in.ID, "request_id", requestID(ctx), "code", string(rehab.CodeOf(err)))
			panic(http.ErrAbortHandler) // half a file is no file: the connection ends
		}
	}}, nil
}

func (s *server) getThumbnail(ctx context.Context, a rehab.Actor, in *attachmentInput) (*documentOutput, error) {
	x, err := s.attachmentToOpen(ctx, a, in)
	if err != nil {
		return nil, err
	}
	raw, err := s.Attachments.Thumbnail(ctx, in.ID, x.ID)
	if err != nil {
		return nil, err
	}
	return &documentOutput{"image/jpeg", "default-src 'none'; sandbox; frame-ancestors 'none'", raw}, nil
}

type withdrawInput struct {
	ID         string `path:"id" doc:"Case id."`
	Attachment string `path:"attachment" maxLength:"24" pattern:"^[0-9a-f]{24}$" patternDescription:"an id of the list"`
	Body       struct {
		Reason string `json:"reason" minLength:"1" maxLength:"500" doc:"Why. Kept under the case's own key."`
	}
}

type attachmentOutput struct{ Body attachments.Attachment }

func (s *server) withdrawAttachment(ctx context.Context, a rehab.Actor, in *withdrawInput) (*attachmentOutput, error) {
	_, level, err := s.work.FormsInScope(ctx, a, in.ID)
	switch {
	case err != nil:
		return nil, err
	case level != casework.ReadsAll:
		return nil, errAttachmentsOfWorker
	case strings.TrimSpace(in.Body.Reason) == "":
		return nil, rehab.InvalidField("reason", "is empty")
	}
	if _, err := s.Attachments.Attachment(ctx, in.ID, in.Attachment); err != nil {
		return nil, err
	}
	if err := s.Attachments.WithdrawAttachment(ctx, in.ID, in.Attachment, a.ID, in.Body.Reason, s.Now()); err != nil {
		return nil, err
	}
	x, err := s.Attachments.Attachment(ctx, in.ID, in.Attachment)
	return &attachmentOutput{x}, err
}

// isUpload reports whether the body of the operation is a file.
func isUpload(op *huma.Operation) bool { return op.OperationID == uploadOperation }
