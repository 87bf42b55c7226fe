package api

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

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

// PaperWords is what people write for a paper.
type PaperWords struct {
	Words     string `json:"words,omitempty" maxLength:"4000" doc:"Paragraphs, one a line."`
	Addressee string `json:"addressee,omitempty" maxLength:"100" doc:"Whom it goes to, where the case does not say."`
	Enclosed  string `json:"enclosed,omitempty" maxLength:"2000" doc:"What is enclosed, one a line; it takes the place of the usual list."`
}

type writeInput struct {
	PaperPath
	Body PaperWords
}

type writeOutput struct{ Body PaperWords }

func (s *server) writeDocument(ctx context.Context, a rehab.Actor, in *writeInput) (*writeOutput, error) {
	x, _, err := s.paperToWrite(ctx, a, in.PaperPath)
	if err != nil {
		return nil, err
	}
	words := map[string]string{documents.FieldWords: in.Body.Words, documents.FieldAddressee: in.Body.Addressee, documents.FieldEnclosed: in.Body.Enclosed}
	return &writeOutput{in.Body}, s.Books.SavePaperDraft(ctx, x.Key(in.ID), words)
}

// paperToWrite finds a paper that stands, for whoever may print it.
func (s *server) paperToWrite(ctx context.Context, a rehab.Actor, in PaperPath) (documents.Entry, documents.Input, error) {
	if err := s.mayPrint(ctx, a, in.ID); err != nil {
		return documents.Entry{}, documents.Input{}, err
	}
	input, err := s.paperOf(ctx, in.ID, in.Seq, in.Kind)
	if err != nil {
		return documents.Entry{}, input, err
	}
	x, ok := entryIn(input, in.Seq, in.Kind)
	switch {
	case !ok:
		return x, input, &rehab.Error{Code: rehab.NotFound, Message: "the case has no such document"}
	case x.WithdrawnOn != 0:
		return x, input, &rehab.Error{Code: rehab.Refused, Message: "the paper was withdrawn on " + x.WithdrawnOn.String()}
	}
	return x, input, nil
}

type numberInput struct {
	PaperPath
	Body struct {
		Number string `json:"number,omitempty" maxLength:"60" doc:"Of the office's own books; only where it runs them."`
	}
}

type numberOutput struct{ Body office.Paper }

func (s *server) numberDocument(ctx context.Context, a rehab.Actor, in *numberInput) (*numberOutput, error) {
	x, input, err := s.paperToWrite(ctx, a, in.PaperPath)
	if err != nil {
		return nil, err
	}
	row, err := s.work.CaseInScope(ctx, a, in.ID)
	if err != nil {
		return nil, err
	}
	if a.Role != rehab.StationHead {
		return nil, &rehab.Error{Code: rehab.Forbidden, Message: "a paper is taken into the books by the station head of the case"}
	}
	now := s.Now()
	look := s.work.NamesOn(ctx, rehab.DateOf(now))
	rules := s.Templates.Numbering(in.Kind, row.Place, rehab.DateOf(now), look.Place)
	number := strings.TrimSpace(in.Body.Number)
	switch {
	case look.Err() != nil:
		return nil, look.Err()
	case rules.Series == "":
		return nil, &rehab.Error{Code: rehab.Refused, Field: "kind", Message: "papers of this kind have no number"}
	case rules.External && number == "":
		return nil, rehab.InvalidField("number", "is missing: the office runs its own books")
	case !rules.External && number != "":
		return nil, rehab.InvalidField("number", "is made here: the office does not run its own books")
	}
	p := office.Paper{
		PaperKey: x.Key(in.ID), Place: row.Place, Series: rules.Series, Year: rehab.DateOf(now).Year(), Number: number,
		Version: rules.Version, AsOf: int64(len(input.History)), By: a, At: now.UTC().Truncate(time.Microsecond),
	}
	next := func(n int) string { return rules.Number(p.Year, n) }
	if rules.External {
		next = nil
	}
	p, err = s.Books.NumberPaper(ctx, p, next)
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
	x, _, err := s.paperToWrite(ctx, a, in.PaperPath)
	switch {
	case err != nil:
		return nil, err
	case a.Role != rehab.StationHead:
		return nil, &rehab.Error{Code: rehab.Forbidden, Message: "a number is spoilt by the station head of the case"}
	case !x.Draft && x.Origin != x.Seq:
		return nil, &rehab.Error{Code: rehab.Refused, Message: "the paper was signed and recorded: it is put right by a correction"}
	}
	if err := s.Books.SpoilPaper(ctx, x.Key(in.ID), in.Body.Number, a.ID, in.Body.Reason, s.Now()); err != nil {
		return nil, err
	}
	books, err := s.Books.Papers(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(books, func(p office.Paper) bool { return p.PaperKey == x.Key(in.ID) && p.Number == in.Body.Number })
	if i < 0 {
		return nil, &rehab.Error{Code: rehab.NotFound, Field: "number", Message: "the paper does not have this number"}
	}
	return &spoilOutput{books[i]}, nil
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
	if err := s.mayPrint(ctx, a, in.ID); err != nil {
		return nil, err
	}
	l := paperLink{Case: in.ID, Seq: in.Seq, Kind: in.Kind, Format: in.Body.Format, Copy: in.Body.Copy, Until: s.Wall().Add(time.Duration(min(max(in.Body.Minutes, 1), maxLinkMinutes)) * time.Minute).Unix()}
	if in.Body.Format == formatPDF && s.Printer == nil {
		return nil, &rehab.Error{Code: rehab.Refused, Field: "format", Message: "this server has no browser to print with: ask for html and print it from yours"}
	}
	if _, err := s.print(ctx, paperLink{Case: in.ID, Seq: in.Seq, Kind: in.Kind}); err != nil { // no link to what is not there
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
	row, err := s.Board.Case(ctx, l.Case)
	switch {
	case err != nil:
		return nil, err
	case row.Phase == rehab.Sealed:
		return nil, casework.ErrSealed
	}
	return s.print(ctx, l)
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
