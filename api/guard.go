package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"os"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/gin-gonic/gin"
	"github.com/go-json-experiment/json/jsontext"

	"guitu/input"
)

const (
	maxBody  = 1 << 20 // bytes of a request body
	maxDepth = 16      // levels of a request body; the deepest one we take has 2
)

// guard reads the body once and refuses whatever a lenient decoder would let
// through or mend without a word. What it lets pass is one well-formed JSON document
// in UTF-8, of type application/json.
func guard(ctx huma.Context, next func(huma.Context)) {
	c := humagin.Unwrap(ctx)
	if strings.ContainsFunc(c.Request.URL.Path, unicode.IsControl) || !utf8.ValidString(c.Request.URL.Path) {
		problem(http.StatusNotFound, "there is no such route").write(c) // no id has such a sign, and no database takes it
		return
	}
	if p := checkQuery(c.Request.URL.RawQuery); p != nil {
		p.write(c)
		return
	}
	if ctx.Operation().RequestBody == nil || isUpload(ctx.Operation()) {
		next(ctx)
		return
	}
	body, p := readBody(c)
	if p == nil {
		p = checkJSON(body)
	}
	if p != nil {
		p.write(c)
		return
	}
	c.Request.Body = io.NopCloser(bytes.NewReader(body))
	c.Request.Header.Set("Content-Type", "application/json")
	next(ctx)
}

// checkQuery refuses a query that cannot be read, or that says one thing twice.
func checkQuery(raw string) *Problem {
	if raw == "" {
		return nil
	}
	values, err := url.ParseQuery(raw)
	if err != nil {
		return invalid(http.StatusUnprocessableEntity, ProblemItem{Field: "query", Detail: "cannot be read"})
	}
	for name, list := range values {
		if len(list) > 1 {
			return invalid(http.StatusUnprocessableEntity, ProblemItem{Field: input.Printable(name), Detail: "is there twice"})
		}
		if detail := input.Bad(list[0], false); detail != "" {
			return invalid(http.StatusUnprocessableEntity, ProblemItem{Field: input.Printable(name), Detail: detail})
		}
	}
	return nil
}

// readBody reads at most maxBody bytes. No body at all is an empty object.
func readBody(c *gin.Context) ([]byte, *Problem) {
	if ct := c.GetHeader("Content-Type"); ct != "" {
		kind, _, err := mime.ParseMediaType(ct)
		if err != nil || (kind != "application/json" && !strings.HasSuffix(kind, "+json")) {
			return nil, invalid(http.StatusUnsupportedMediaType, ProblemItem{Field: "Content-Type", Detail: "a request body is application/json"})
		}
	}
	if enc := c.GetHeader("Content-Encoding"); enc != "" && enc != "identity" {
		return nil, invalid(http.StatusUnsupportedMediaType, ProblemItem{Field: "Content-Encoding", Detail: "a request body is not encoded"})
	}
	body, err := io.ReadAll(http.MaxBytesReader(c.Writer, c.Request.Body, maxBody))
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return nil, invalid(http.StatusRequestEntityTooLarge, ProblemItem{Field: "body", Detail: fmt.Sprintf("a request body has at most %d bytes", maxBody)})
	case errors.Is(err, os.ErrDeadlineExceeded):
		return nil, invalid(http.StatusRequestTimeout, ProblemItem{Field: "body", Detail: "the request body took too long to arrive"})
	case err != nil:
		return nil, invalid(http.StatusBadRequest, ProblemItem{Field: "body", Detail: "the request body broke off"})
	}
	if len(bytes.TrimSpace(body)) == 0 {
		return []byte("{}"), nil
	}
	return body, nil
}

// checkJSON refuses what is not JSON (400), and names and strings that no honest
// client sends (422).
func checkJSON(body []byte) *Problem {
	if !utf8.Valid(body) {
		return invalid(http.StatusBadRequest, ProblemItem{Field: "body", Detail: "the request body is not valid UTF-8"})
	}
	var discard json.RawMessage
	if err := json.Unmarshal(body, &discard); err != nil {
		return invalid(http.StatusBadRequest, ProblemItem{Field: "body", Detail: "the request body is not JSON: " + err.Error()})
	}
	if item := walk(body); item != nil {
		return invalid(http.StatusUnprocessableEntity, *item)
	}
	return nil
}

// walk goes through a document token by token. The body is UTF-8 already: what is still
// invalid is half a surrogate pair, which input.Bad names with its field.
func walk(body []byte) *ProblemItem {
	dec := jsontext.NewDecoder(bytes.NewReader(body), jsontext.AllowInvalidUTF8(true))
	for {
		tok, err := dec.ReadToken()
		var syntax *jsontext.SyntacticError
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case errors.Is(err, jsontext.ErrDuplicateName) && errors.As(err, &syntax):
			return &ProblemItem{Field: fieldAt(dec, syntax.JSONPointer), Detail: "is there twice"}
		case err != nil:
			return &ProblemItem{Field: "body", Detail: "the request body is not JSON"}
		}
		if item := checkToken(dec, tok); item != nil {
			return item
		}
	}
}

// checkToken looks at the token that was read last.
func checkToken(dec *jsontext.Decoder, tok jsontext.Token) *ProblemItem {
	field := func() string { return fieldAt(dec, dec.StackPointer()) }
	switch tok.Kind() {
	case '{', '[':
		if dec.StackDepth() > maxDepth {
			return &ProblemItem{Field: "body", Detail: "the request body nests too deeply"}
		}
	case '0':
		if !isWhole(tok.String()) {
			return &ProblemItem{Field: field(), Detail: "is a whole number"}
		}
	case '"':
		// All our names are lower-case ASCII, so that a decoder that folds case never finds two
		// spellings of one name.
		if in, n := dec.StackIndex(dec.StackDepth()); in == '{' && n%2 == 1 {
			if !isFieldName(tok.String()) {
				return &ProblemItem{Field: field(), Detail: "is not a field of this request"}
			}
			return nil
		}
		if detail := input.Bad(tok.String(), hasLines(dec.StackPointer())); detail != "" {
			return &ProblemItem{Field: field(), Detail: detail}
		}
	}
	return nil
}

// fieldAt writes the place in the document as our problems do: "items[0].body.note".
func fieldAt(dec *jsontext.Decoder, at jsontext.Pointer) string {
	var b strings.Builder
	depth := 0
	for token := range at.Tokens() {
		depth++
		if in, _ := dec.StackIndex(depth); in == '[' {
			b.WriteString("[" + token + "]")
			continue
		}
		if depth > 1 {
			b.WriteByte('.')
		}
		b.WriteString(input.Printable(token))
	}
	if depth == 0 {
		return "body"
	}
	return b.String()
}

// isWhole reports whether the number is whole and of a size every decoder keeps: no
// field of ours takes another.
func isWhole(s string) bool {
	s = strings.TrimPrefix(s, "-")
	return len(s) <= 15 && strings.Trim(s, "0123456789") == ""
}

func isFieldName(s string) bool {
	return s != "" && len(s) <= 64 && strings.IndexFunc(s, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '_')
	}) < 0
}

// hasLines reports whether the text at the place may have lines: a note, an answer of a form, a
// definition.
func hasLines(at jsontext.Pointer) bool {
	return at == "/note" || at == "/definition" || strings.HasPrefix(string(at), "/answers/") || strings.Contains(string(at), "/form/answers/")
}
