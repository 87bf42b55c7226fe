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
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/gin-gonic/gin"
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
	if p := checkQuery(c.Request.URL.RawQuery); p != nil {
		p.write(c)
		return
	}
	if ctx.Operation().RequestBody == nil {
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
			return invalid(http.StatusUnprocessableEntity, ProblemItem{Field: printable(name), Detail: "is there twice"})
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
	w := walker{dec: json.NewDecoder(bytes.NewReader(body))}
	w.dec.UseNumber()
	if item := w.walk(); item != nil {
		return invalid(http.StatusUnprocessableEntity, *item)
	}
	return nil
}

// walker goes through a document token by token and knows where it is.
type walker struct {
	dec   *json.Decoder
	stack []level
}

// level is one open object or array.
type level struct {
	names map[string]bool // of the object so far; nil for an array
	at    string          // name of the member, or of the next one
	index int             // of the element
	value bool            // in an object: a value comes next, not a name
}

func (w *walker) walk() *ProblemItem {
	for {
		tok, err := w.dec.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return &ProblemItem{Field: "body", Detail: "the request body is not JSON"}
		}
		if item := w.take(tok); item != nil {
			return item
		}
	}
}

func (w *walker) take(tok json.Token) *ProblemItem {
	if d, ok := tok.(json.Delim); ok && (d == '}' || d == ']') {
		w.stack = w.stack[:len(w.stack)-1]
		w.step()
		return nil
	}
	if top := w.top(); top != nil && top.names != nil && !top.value {
		return w.name(tok.(string))
	}
	switch v := tok.(type) {
	case json.Delim:
		if len(w.stack) == maxDepth {
			return &ProblemItem{Field: "body", Detail: "the request body nests too deeply"}
		}
		l := level{}
		if v == '{' {
			l.names = make(map[string]bool)
		}
		w.stack = append(w.stack, l)
		return nil
	case json.Number:
		if !isWhole(v.String()) {
			return &ProblemItem{Field: w.path(), Detail: "is a whole number"}
		}
	case string:
		if detail := badText(v, w.path() == "note"); detail != "" {
			return &ProblemItem{Field: w.path(), Detail: detail}
		}
	}
	w.step()
	return nil
}

// name takes the name of a member. All our names are lower-case ASCII, so that a
// decoder that folds case never finds two spellings of one name.
func (w *walker) name(name string) *ProblemItem {
	top := w.top()
	top.at = name
	switch {
	case !isFieldName(name):
		top.at = printable(name)
		return &ProblemItem{Field: w.path(), Detail: "is not a field of this request"}
	case top.names[name]:
		return &ProblemItem{Field: w.path(), Detail: "is there twice"}
	}
	top.names[name], top.value = true, true
	return nil
}

func (w *walker) top() *level {
	if len(w.stack) == 0 {
		return nil
	}
	return &w.stack[len(w.stack)-1]
}

// step leaves a value behind.
func (w *walker) step() {
	if top := w.top(); top != nil {
		top.value = false
		top.index++
	}
}

func (w *walker) path() string {
	if len(w.stack) == 0 {
		return "body"
	}
	var b strings.Builder
	for i, l := range w.stack {
		if l.names == nil {
			b.WriteString("[" + strconv.Itoa(l.index) + "]")
			continue
		}
		if i > 0 {
			b.WriteByte('.')
		}
		b.WriteString(l.at)
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

// badText says what is wrong with a string: characters that cannot be seen, that change
// the reading order, or that a broken encoding left behind. Notes may have lines.
func badText(s string, lines bool) string {
	for _, r := range s {
		switch {
		case lines && (r == '\n' || r == '\t' || r == '\r'):
		case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r), r == '\u2028', r == '\u2029':
			return fmt.Sprintf("holds the control character U+%04X", r)
		case r == utf8.RuneError:
			return "holds characters that a broken encoding left behind (U+FFFD)"
		}
	}
	return ""
}

// printable is s without anything that could mislead a reader, and short.
func printable(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return '?'
	}, s)
	if rs := []rune(s); len(rs) > 64 {
		return string(rs[:64])
	}
	return s
}
