package archtest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"
)

// What the pages name has to be there: files and folders, links with their headings, tests,
// and names of the code, written package.Name, or package.name() where it is a function.
var (
	markdownLink = regexp.MustCompile(`\]\(([^)#\s]*)(#[^)\s]*)?\)`)
	codeSpan     = regexp.MustCompile("`([^`\n]+)`")
	heading      = regexp.MustCompile(`(?m)^#{1,6} +(.+?) *$`)
	testName     = regexp.MustCompile(`^(?:Test|Fuzz|Benchmark)[A-Z]\w*$`)
	goName       = regexp.MustCompile(`^([a-z]+)\.(\w+)(?:\.(\w+))?(\(\))?$`)
	declaredTest = regexp.MustCompile(`(?m)^func ((?:Test|Fuzz|Benchmark)[A-Z]\w*)\(`)
)

// madeLater are paths that stand on the pages and not in the repository: somebody makes them.
var madeLater = map[string]bool{"deploy/secrets/": true, "web/openapi.json": true, "web/src/api/schema.d.ts": true}

// pages are what a reader of the project reads, by path from the root.
func pages(t *testing.T) map[string]string {
	t.Helper()
	out := make(map[string]string)
	names := []string{"README.md", "README.zh-CN.md", "CONTRIBUTING.md", "CHANGELOG.md"}
	require.NoError(t, filepath.WalkDir(filepath.Join(root(t), "docs"), func(file string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && path.Ext(file) == ".md" {
			name, _ := filepath.Rel(root(t), file)
			names = append(names, filepath.ToSlash(name))
		}
		return err
	}))
	require.Greater(t, len(names), 20)
	for _, name := range names {
		raw, err := os.ReadFile(filepath.Join(root(t), name))
		require.NoError(t, err)
		out[name] = string(raw)
	}
	return out
}

// there reports whether the path, which may have a "*", leads to something.
func there(t *testing.T, name string) bool {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(root(t), filepath.FromSlash(name)))
	require.NoError(t, err, name)
	return len(found) > 0
}

func TestEveryLinkOfThePagesLeadsToAHeadingThatIsThere(t *testing.T) {
	t.Parallel()
	all := pages(t)
	for name, text := range all {
		for _, m := range markdownLink.FindAllStringSubmatch(text, -1) {
			if strings.Contains(m[1], "://") {
				continue
			}
			to := name
			if m[1] != "" {
				to = path.Join(path.Dir(name), m[1])
			}
			if !there(t, to) {
				t.Errorf("%s links to %s, which is not there", name, m[1])
			} else if m[2] != "" && !headings(all[to])[m[2][1:]] {
				t.Errorf("%s links to %s%s: there is no such heading", name, m[1], m[2])
			}
		}
	}
}

// headings of a page, as they are linked to.
func headings(text string) map[string]bool {
	out := make(map[string]bool)
	for _, m := range heading.FindAllStringSubmatch(text, -1) {
		out[strings.Map(func(r rune) rune {
			switch {
			case r == ' ':
				return '-'
			case r == '-' || r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r):
				return unicode.ToLower(r)
			}
			return -1
		}, m[1])] = true
	}
	return out
}

func TestEveryFileAndFolderThatThePagesNameIsThere(t *testing.T) {
	t.Parallel()
	n := 0
	for name, text := range pages(t) {
		for _, word := range words(text) {
			file := strings.TrimPrefix(word, "./")
			first, _, nested := strings.Cut(file, "/")
			if !nested || first == "" || !there(t, first) || strings.ContainsAny(file, "<{…[=|") || madeLater[file] {
				continue
			}
			n++
			if file, _, _ = strings.Cut(file, "#"); !there(t, strings.TrimSuffix(file, "/...")) {
				t.Errorf("%s names %s, which is not there", name, word)
			}
		}
	}
	require.Greater(t, n, 100, "the names were not found")
}

func TestEveryTestAndNameOfTheCodeThatThePagesNameIsThere(t *testing.T) {
	t.Parallel()
	tests, names := declarations(t)
	n := 0
	for name, text := range pages(t) {
		for _, m := range codeSpan.FindAllStringSubmatch(text, -1) {
			word := m[1]
			if testName.MatchString(word) {
				n++
				if !tests[word] {
					t.Errorf("%s names %s: there is no such test", name, word)
				}
				continue
			}
			g := goName.FindStringSubmatch(word)
			if g == nil || names[g[1]] == nil || g[4] == "" && !unicode.IsUpper(rune(g[2][0])) {
				continue // a setting, a file, an operation
			}
			n++
			if !names[g[1]][g[2]] || g[3] != "" && !names[g[1]][g[3]] {
				t.Errorf("%s names %s: the package has no such name", name, word)
			}
		}
	}
	require.Greater(t, n, 100, "the names were not found")
}

// words of all that is set as code, without the marks around them.
func words(text string) []string {
	var out []string
	for _, m := range codeSpan.FindAllStringSubmatch(text, -1) {
		for _, word := range strings.Fields(m[1]) {
			out = append(out, strings.Trim(word, `"'(),;:`))
		}
	}
	return out
}

// declarations are the tests of all packages, and the names that each package declares:
// its own, its methods and its fields.
func declarations(t *testing.T) (tests map[string]bool, names map[string]map[string]bool) {
	t.Helper()
	tests, names = make(map[string]bool), make(map[string]map[string]bool)
	require.NoError(t, filepath.WalkDir(root(t), func(file string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (strings.HasPrefix(d.Name(), ".") && file != root(t) || d.Name() == "node_modules"):
			return filepath.SkipDir
		case d.IsDir() || filepath.Ext(file) != ".go":
			return nil
		}
		raw, err := os.ReadFile(file)
		if err != nil || strings.HasSuffix(file, "_test.go") {
			for _, m := range declaredTest.FindAllStringSubmatch(string(raw), -1) {
				tests[m[1]] = true
			}
			return err
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, raw, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		of := names[parsed.Name.Name]
		if of == nil {
			of = make(map[string]bool)
			names[parsed.Name.Name] = of
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				of[n.Name.Name] = true
				return false
			case *ast.TypeSpec:
				of[n.Name.Name] = true
			case *ast.ValueSpec:
				for _, v := range n.Names {
					of[v.Name] = true
				}
			case *ast.Field:
				for _, v := range n.Names {
					of[v.Name] = true
				}
			}
			return true
		})
		return nil
	}))
	return tests, names
}
