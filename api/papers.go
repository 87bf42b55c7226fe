package api

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"guitu/board"
	"guitu/casework"
	"guitu/documents"
	"guitu/office"
	"guitu/rehab"
)

const (
	formatPDF      = "pdf"
	maxLinkMinutes = 30
)

func (s *server) paperRoutes() {
	const path, tag = "/v1/cases/{id}/documents/{seq}/{kind}", "documents"
	operation(s, huma.Operation{
		OperationID: "write-document", Method: http.MethodPost, Path: path + "/words", Tags: []string{tag},
		Summary:     "Write something for a paper before it has its number",
		Description: "What is written takes the place of what was written before. No other words of people stand on a paper that is sent.",
	}, s.writeDocument)
	operation(s, huma.Operation{
		OperationID: "number-document", Method: http.MethodPost, Path: path + "/number", Tags: []string{tag},
		Summary: "Take a paper into the books of the office: it gets its number and does not change any more",
		Description: "Once per paper: asked for again, the same number is answered. The numbers of an office have no gap. " +
			"An office that runs its own books gives the number.",
	}, s.numberDocument)
	operation(s, huma.Operation{
		OperationID: "spoil-document", Method: http.MethodPost, Path: path + "/spoil", Tags: []string{tag},
		Summary: "Say that the number of a paper stays without one; the paper is a draft again",
	}, s.spoilDocument)
	operation(s, huma.Operation{
		OperationID: "link-document", Method: http.MethodPost, Path: path + "/link", Tags: []string{tag},
		Summary:     "Make a link with which a browser can open this paper for some minutes",
		Description: "It opens one paper and needs no token. It ends by itself.",
	}, s.linkDocument)
	operation(s, huma.Operation{
		OperationID: "open-document", Method: http.MethodGet, Path: "/v1/papers/{token}", Tags: []string{tag}, Security: []map[string][]string{},
		Summary: "Open a paper by a link that was made for it", Responses: sheet(),
	}, s.openDocument)
}

type writeInput struct {
	PaperPath
	Body casework.PaperWords
}

type writeOutput struct{ Body casework.PaperWords }

func (s *server) writeDocument(ctx context.Context, a rehab.Actor, in *writeInput) (*writeOutput, error) {
	return &writeOutput{in.Body}, s.work.WritePaper(ctx, a, in.paper(), in.Body)
}

type numberInput struct {
	PaperPath
	Body struct {
		Number string `json:"number,omitempty" maxLength:"60" doc:"Of the office's own books; only where it runs them."`
	}
}

type numberOutput struct{ Body office.Paper }

func (s *server) numberDocument(ctx context.Context, a rehab.Actor, in *numberInput) (*numberOutput, error) {
	p, err := s.work.NumberPaper(ctx, a, in.paper(), in.Body.Number)
	return &numberOutput{p}, err
}

type spoilInput struct {
	PaperPath
	Body struct {
		Number string             `json:"number" maxLength:"60" doc:"The number, so that no other is spoilt."`
		Reason office.SpoilReason `json:"reason" enum:"wrong_content,misprint,not_issued,other"`
	}
}

type spoilOutput struct{ Body office.Paper }

func (s *server) spoilDocument(ctx context.Context, a rehab.Actor, in *spoilInput) (*spoilOutput, error) {
	p, err := s.work.SpoilPaper(ctx, a, in.paper(), in.Body.Number, in.Body.Reason)
	return &spoilOutput{p}, err
}

// DocumentLink opens one paper until it expires.
type DocumentLink struct {
	Path      string    `json:"path" example:"/v1/papers/…"`
	ExpiresAt time.Time `json:"expires_at"`
}

type linkInput struct {
	PaperPath
	Body struct {
		Minutes int    `json:"minutes,omitempty" minimum:"1" maximum:"30" default:"5"`
		Format  string `json:"format,omitempty" enum:"html,pdf" default:"html"`
		Copy    bool   `json:"copy,omitempty"`
	}
}

type linkOutput struct{ Body DocumentLink }

func (s *server) linkDocument(ctx context.Context, a rehab.Actor, in *linkInput) (*linkOutput, error) {
	if err := s.work.MayPrint(ctx, a, in.ID); err != nil {
		return nil, err
	}
	l := paperLink{Case: in.ID, Seq: in.Seq, Kind: in.Kind, Format: in.Body.Format, Copy: in.Body.Copy, Until: s.Wall().Add(time.Duration(min(max(in.Body.Minutes, 1), maxLinkMinutes)) * time.Minute).Unix()}
	if in.Body.Format == formatPDF && s.Printer == nil {
		return nil, errNoPrinter
	}
	if _, err := s.work.LinkedPaper(ctx, in.paper(), false); err != nil { // no link to what is not there
		return nil, err
	}
	return &linkOutput{DocumentLink{"/v1/papers/" + s.signed(l), time.Unix(l.Until, 0).UTC()}}, nil
}

type openPaperInput struct {
	Token string `path:"token" maxLength:"600"`
}

func (s *server) openDocument(ctx context.Context, _ rehab.Actor, in *openPaperInput) (*documentOutput, error) {
	l, ok := s.unsigned(in.Token)
	if !ok {
		return nil, &rehab.Error{Code: rehab.NotFound, Message: "this link is not valid, or has expired: make a new one"}
	}
	ctx = board.Naming(ctx, l.Case)
	paper, err := s.work.LinkedPaper(ctx, casework.PaperID{Case: l.Case, Seq: l.Seq, Kind: l.Kind}, l.Copy)
	if err != nil {
		return nil, err
	}
	return s.sheetOf(ctx, paper, l.Format)
}

// paperLink is what a link opens. It holds no name.
type paperLink struct {
	Case   string         `json:"c"`
	Seq    int64          `json:"s"`
	Kind   documents.Kind `json:"k"`
	Format string         `json:"f,omitempty"`
	Copy   bool           `json:"o,omitempty"`
	Until  int64          `json:"u"`
}

func (s *server) signed(l paperLink) string {
	raw, _ := json.Marshal(l) // strings and numbers
	return base64.RawURLEncoding.EncodeToString(raw) + "." + base64.RawURLEncoding.EncodeToString(s.linkSum(raw))
}

// unsigned reads a link that this installation made and that has not expired.
func (s *server) unsigned(token string) (l paperLink, ok bool) {
	body, sum, found := strings.Cut(token, ".")
	raw, err := base64.RawURLEncoding.DecodeString(body)
	have, errSum := base64.RawURLEncoding.DecodeString(sum)
	if !found || err != nil || errSum != nil || !hmac.Equal(have, s.linkSum(raw)) || json.Unmarshal(raw, &l) != nil {
		return l, false
	}
	return l, s.Wall().Unix() < l.Until
}

func (s *server) linkSum(raw []byte) []byte {
	h := hmac.New(sha256.New, s.LinkKey)
	h.Write([]byte("paper link\x00"))
	h.Write(raw)
	return h.Sum(nil)
}
