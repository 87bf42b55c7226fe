package words

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"unicode"

	"github.com/stretchr/testify/require"
)

// spoken are the packages whose errors and warnings reach whoever asks.
var spoken = []string{
	"input", "account", "activities", "api", "attachments", "board", "bulk", "casework", "client", "documents", "evaluation", "forms", "identity", "inbox", "notify", "office", "once", "registers", "dossier", "printing",
	"internal/wiring", "rehab", "signin", "simulation", "store", "workflows",
}

// composed are texts that are put together from more than one place.
var composed = []string{
	"%s was %s from %s on: its successor is %s", // opening, in api
	"%q is not a date of the form 2026-03-10",   // read inside a command
	"%q is not an obligation of the form test-7",
	"terminated on %s", "closed: the client died on %s", "closed: compulsory isolation was ordered on %s", // of a case that is closed
	"clean for %d months only on %s, counted from %s", "a provisional positive waits for its result", "an escalation over %s is open",
	"a threshold of DRR art.20 is crossed", // why nobody volunteers
	"the place %s",                         // whose cases remain // read inside a command
}

func TestEveryMessageHasItsChinese(t *testing.T) {
	t.Parallel()
	said := messages(t, os.DirFS(".."))
	require.Greater(t, len(said), 400, "the messages were not found")
	for _, key := range slices.Sorted(maps.Keys(said)) {
		if _, ok := chinese[key]; !ok {
			t.Errorf("%s: words/zh.go has no Chinese for\n\t%q", said[key], key)
		}
	}
}

func TestNoChineseIsOfAMessageThatNobodySays(t *testing.T) {
	t.Parallel()
	said := messages(t, os.DirFS(".."))
	for _, key := range slices.Sorted(maps.Keys(chinese)) {
		if said[key] == "" && !slices.Contains(composed, key) {
			t.Errorf("nothing says %q any more", key)
		}
	}
}

func TestAMessageWithoutChineseIsFound(t *testing.T) {
	t.Parallel()
	src := `package rehab
		const never = "is never said"
		func f(b bool) any {
			if b { return InvalidField("x", "is %s " + "today", b) }
			if b { return refuse("x", "", never) }
			return &Error{Code: Invalid, Message: "the cat " + name + " slept"}
		}`
	require.ElementsMatch(t, []string{"is %s today", "is never said", "the cat %s slept"}, slices.Collect(maps.Keys(messages(t, fstest.MapFS{"rehab/x.go": {Data: []byte(src)}}))))
}

// urgent holds what to do in both languages, and each text takes its own.
const urgent = "%s - do not wait for this system: %s / %s"

func TestChineseTellsAllThatEnglishTells(t *testing.T) {
	t.Parallel()
	for _, table := range []map[string]string{chinese, theirs, failures} {
		for key, zh := range table {
			used := make(map[int]bool)
			next := 1
			for _, m := range verbs.FindAllStringSubmatch(zh, -1) {
				if m[1] != "" {
					next, _ = strconv.Atoi(m[1])
				}
				used[next] = true
				next++
				if m[2] != "" {
					require.Contains(t, lists(), m[2], "%s: there is no such list", zh)
				}
			}
			want := len(englishVerb.FindAllString(key, -1))
			if key == urgent {
				want--
			}
			require.Len(t, used, want, "%q is not %q", key, zh)
			if key == urgent {
				continue
			}
			for n := range want {
				require.True(t, used[n+1], "%q leaves out argument %d of %q", zh, n+1, key)
			}
		}
	}
}

// halfWidth is punctuation of English beside a Chinese character.
var halfWidth = regexp.MustCompile(`\p{Han}[,;:()!?]|[,;:()!?]\p{Han}`)

func TestChineseIsWrittenAsTheTradeWritesIt(t *testing.T) {
	t.Parallel()
	for _, table := range []map[string]string{chinese, theirs, titles} {
		for key, zh := range table {
			require.False(t, halfWidth.MatchString(zh), "half-width punctuation: %s", zh)
			for _, avoid := range []string{"非法", "操作失败", "错误码", "请勿", "！", "处罚", "强戒", "吸毒人员", "吸毒者", "违约", "。"} {
				require.NotContains(t, zh, avoid)
			}
			if key != "%s" {
				require.True(t, strings.ContainsFunc(zh, func(r rune) bool { return unicode.Is(unicode.Han, r) }), "%s is no Chinese", zh)
			}
		}
	}
}

// messages are the texts that the packages say, as formats, with where each stands.
func messages(t *testing.T, root fs.FS) map[string]string {
	t.Helper()
	out, consts := make(map[string]string), make(map[string]string)
	for _, dir := range spoken {
		names, err := fs.Glob(root, dir+"/*.go")
		require.NoError(t, err)
		set, files := token.NewFileSet(), []*ast.File(nil)
		for _, name := range names {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			src, err := fs.ReadFile(root, name)
			require.NoError(t, err)
			f, err := parser.ParseFile(set, name, src, parser.SkipObjectResolution)
			require.NoError(t, err)
			files = append(files, f)
		}
		maps.Copy(consts, constants(files)) // those of input are said by others
		r := reader{dir: dir, consts: consts}
		for _, f := range files {
			r.file = filepath.Base(set.Position(f.Pos()).Filename)
			ast.Inspect(f, func(n ast.Node) bool {
				for _, e := range r.says(n) {
					if format, ok := r.format(e); ok && format != "" {
						out[format] = set.Position(e.Pos()).String()
					}
				}
				return true
			})
		}
	}
	return out
}

// reader finds what a package says to whoever asks.
type reader struct {
	dir, file string
	consts    map[string]string
}

// formatAt is which argument of a function is the text.
var formatAt = map[string]int{"InvalidField": 1, "problem": 1, "Say": 0, "bad": 1, "Add": 1, "Cite": 1}

// tellers are functions that return a text.
var tellers = []string{"documentForm", "Bad"}

func (r *reader) says(n ast.Node) (texts []ast.Expr) {
	switch n := n.(type) {
	case *ast.CompositeLit:
		return r.literal(n)
	case *ast.CallExpr:
		name := nameOf(n.Fun)
		at, ok := formatAt[name]
		switch {
		case name == "refuse" && r.dir == "rehab":
			at, ok = 2, true
		case name == "refuse":
			at, ok = 1, true
		case (name == "Add" || name == "Cite") && r.dir != "input" && r.dir != "casework", name == "bad" && r.dir != "simulation" && r.dir != "forms", name == "problem" && r.dir != "api":
			ok = false
		case name == "append" && len(n.Args) > 1 && n.Ellipsis == 0 && (nameOf(n.Args[0]) == "warnings" || nameOf(n.Args[0]) == "out" && r.sentence(n.Args[1])):
			return n.Args[1:]
		}
		if ok && len(n.Args) > at {
			return n.Args[at : at+1]
		}
	case *ast.AssignStmt:
		for i, to := range n.Lhs {
			if s, ok := to.(*ast.SelectorExpr); ok && len(n.Lhs) == len(n.Rhs) && n.Tok == token.ASSIGN && s.Sel.Name == "Message" {
				texts = append(texts, n.Rhs[i])
			}
			if s, ok := to.(*ast.SelectorExpr); ok && s.Sel.Name == "Warnings" {
				if list, ok := n.Rhs[0].(*ast.CompositeLit); ok {
					texts = append(texts, list.Elts...)
				}
			}
		}
	case *ast.FuncDecl:
		if slices.Contains(tellers, n.Name.Name) {
			ast.Inspect(n, func(n ast.Node) bool {
				if ret, ok := n.(*ast.ReturnStmt); ok {
					texts = append(texts, ret.Results...)
				}
				return true
			})
		}
	}
	return texts
}

// literal is the message of an error or the detail of a problem.
func (r *reader) literal(n *ast.CompositeLit) []ast.Expr {
	name := nameOf(n.Type)
	if name != "Error" && name != "ProblemItem" && name != "Flaw" && name != "Refusal" && name != "" {
		return nil
	}
	for i, e := range n.Elts {
		kv, ok := e.(*ast.KeyValueExpr)
		switch {
		case !ok && (name == "ProblemItem" || name == "Flaw") && i == 1:
			return []ast.Expr{e}
		case ok && (nameOf(kv.Key) == "Message" || nameOf(kv.Key) == "Detail"):
			return []ast.Expr{kv.Value}
		}
	}
	return nil
}

// sentence reports whether the text has the form "field: what is to be looked at".
func (r *reader) sentence(e ast.Expr) bool {
	text, ok := r.format(e)
	return ok && aWarning.MatchString(text)
}

var aWarning = regexp.MustCompile(`^[a-z_]+: [a-z]`)

// format is the text as a format: what is no literal in it is %s.
func (r *reader) format(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		s, err := strconv.Unquote(e.Value)
		return s, err == nil
	case *ast.Ident:
		s, ok := r.consts[e.Name]
		return s, ok
	case *ast.SelectorExpr:
		s, ok := r.consts[e.Sel.Name]
		return s, ok
	case *ast.CallExpr:
		if nameOf(e.Fun) == "Sprintf" {
			return r.format(e.Args[0])
		}
	case *ast.BinaryExpr:
		x, isX := r.format(e.X)
		y, isY := r.format(e.Y)
		if !isX && !isY {
			return "", false
		}
		if !isX {
			x = "%s"
		}
		if !isY {
			y = "%s"
		}
		return x + y, true
	}
	return "", false
}

func constants(files []*ast.File) map[string]string {
	out := make(map[string]string)
	for _, f := range files {
		for _, d := range f.Decls {
			g, ok := d.(*ast.GenDecl)
			if !ok || g.Tok != token.CONST {
				continue
			}
			for _, s := range g.Specs {
				v := s.(*ast.ValueSpec)
				for i := range v.Values {
					if lit, ok := v.Values[i].(*ast.BasicLit); ok && lit.Kind == token.STRING {
						out[v.Names[i].Name], _ = strconv.Unquote(lit.Value)
					}
				}
			}
		}
	}
	return out
}

func nameOf(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return ""
}

func TestEverySourceOfThePoliciesHasItsChinese(t *testing.T) {
	t.Parallel()
	sources := regexp.MustCompile(`cite: ?(?:"([^"]*)"|([^,}\n]*))`)
	english := regexp.MustCompile(`[A-Za-z]{2,} [a-z]+`)
	names, err := filepath.Glob("../rehab/policy/data/*.yaml")
	require.NoError(t, err)
	n := 0
	for _, name := range names {
		raw, err := os.ReadFile(name)
		require.NoError(t, err)
		for _, m := range sources.FindAllStringSubmatch(string(raw), -1) {
			n++
			cite := m[1] + strings.TrimSpace(m[2])
			require.NotRegexp(t, english, ZH.Cite(cite), cite)
			require.NotEqual(t, cite, ZH.Cite(cite))
		}
	}
	require.Greater(t, n, 50, "the sources were not found")
}
