package words

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// messages are the texts that the packages say, as formats, and the expressions for texts that
// are no formats, with where each stands.
func messages(t *testing.T, root fs.FS) (out, unread map[string]string) {
	t.Helper()
	out, unread = make(map[string]string), make(map[string]string)
	consts := make(map[string]string)
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
					format, ok := r.format(e)
					switch {
					case !ok:
						unread[dir+"/"+r.file+": "+types.ExprString(e)] = set.Position(e.Pos()).String()
					case format != "":
						out[format] = set.Position(e.Pos()).String()
					}
				}
				return true
			})
		}
	}
	return out, unread
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
			at, ok = 1, r.dir != "signin" && r.dir != "workflows" // theirs take an error
		case name == "Say" && r.dir == "cmd/guitu", // of the report of an import: internal/roster has its words
			(name == "Add" || name == "Cite") && r.dir != "input" && r.dir != "casework", name == "bad" && r.dir != "simulation" && r.dir != "forms", name == "problem" && r.dir != "api":
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
