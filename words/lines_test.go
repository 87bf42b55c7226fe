package words

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"
)

// programs are the folders whose lines a person at a terminal reads.
var programs = []string{"cmd/guitu", "cmd/guitu-dev", "config"}

// texts are all string constants of the programs, put together where they are added up, and
// of those the ones that are said: the first argument of say and line, and what an error says.
func texts(t *testing.T) (all, said, failed map[string]bool) {
	t.Helper()
	all, said, failed = map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, dir := range programs {
		names, err := fs.Glob(os.DirFS(".."), dir+"/*.go")
		require.NoError(t, err)
		r := reader{}
		for _, name := range names {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			f, err := parser.ParseFile(token.NewFileSet(), "../"+name, nil, parser.SkipObjectResolution)
			require.NoError(t, err)
			ast.Inspect(f, func(n ast.Node) bool {
				if e, ok := n.(ast.Expr); ok {
					if text, ok := r.format(e); ok && text != "" {
						all[text] = true
					}
				}
				call, ok := n.(*ast.CallExpr)
				if !ok || len(call.Args) == 0 {
					return true
				}
				at := 0
				into := map[string]map[string]bool{"say": said, "line": said, "Line": said, "Errorf": failed, "New": failed, "bad": failed}[nameOf(call.Fun)]
				if nameOf(call.Fun) == "bad" {
					at = 1
				}
				if into == nil || dir == "cmd/guitu-dev" && nameOf(call.Fun) != "say" && nameOf(call.Fun) != "Line" || len(call.Args) <= at {
					return true
				}
				if text, ok := r.format(call.Args[at]); ok && text != "" {
					into[text] = true
				}
				return true
			})
		}
	}
	return all, said, failed
}

func TestEveryLineOfTheProgramsHasItsChineseAndNoneIsOfALineThatNobodySays(t *testing.T) {
	t.Parallel()
	all, said, _ := texts(t)
	require.Greater(t, len(said), 60, "the lines were not found")
	for _, text := range slices.Sorted(maps.Keys(said)) {
		if _, ok := lineOf(text); !ok {
			t.Errorf("there is no Chinese for the line\n\t%q", text)
		}
	}
	// What cobra says of its own commands stands in no file of ours.
	cobras := []string{"Help about any command", "Generate the autocompletion script for the specified shell", "disable completion descriptions"}
	for _, table := range lineTables() {
		for key := range table {
			if !all[key] && !slices.Contains(cobras, key) {
				t.Errorf("nothing says %q any more", key)
			}
		}
	}
}

// wrapped are the verbs of an error inside an error, and the flag in front of what it says.
var wrapped = regexp.MustCompile(`: %w$|^%w: |^--[a-z%-]+( %s)?: |^%s: `)

func TestEveryFailureOfACommandHasItsChinese(t *testing.T) {
	t.Parallel()
	_, _, failed := texts(t)
	require.Greater(t, len(failed), 30, "the errors were not found")
	for _, text := range slices.Sorted(maps.Keys(failed)) {
		if text == "reported" { // is said by nobody
			continue
		}
		part := text
		for was := ""; was != part; {
			was, part = part, wrapped.ReplaceAllString(part, "")
		}
		if strings.Trim(part, "%swvq: -") == "" {
			continue
		}
		_, ok := entry(part)
		require.True(t, ok || ZH.Failure(part) != part, "there is no Chinese for the error %q (%q)", text, part)
	}
}

// lineVerb is a verb of fmt.
var lineVerb = regexp.MustCompile(`%(?:\[(\d)\])?[-+#0]*[0-9]*(?:\.[0-9]+)?[a-z]`)

func TestALineInChineseTellsAllThatItTellsInEnglish(t *testing.T) {
	t.Parallel()
	for _, table := range lineTables() {
		for key, zh := range table {
			require.Len(t, lineVerb.FindAllString(zh, -1), len(lineVerb.FindAllString(key, -1)), zh)
			require.False(t, halfWidth.MatchString(zh), "half-width punctuation: %s", zh)
			require.True(t, key == "  %s" || strings.ContainsFunc(zh, func(r rune) bool { return unicode.Is(unicode.Han, r) }), "%s is no Chinese", zh)
		}
	}
	require.Equal(t, "个案3个，在办2个，发现问题0个，用时1s", ZH.Line("%d cases, %d open, %d findings, in %s", 3, 2, 0, "1s"))
	require.Equal(t, "3 cases, 2 open, 0 findings, in 1s", EN.Line("%d cases, %d open, %d findings, in %s", 3, 2, 0, "1s"))
}

func TestAFailureIsSaidPartByPart(t *testing.T) {
	t.Parallel()
	for english, want := range map[string]string{
		`unknown command "shred" for "guitu policy"`: "“guitu policy”没有“shred”命令",
		"unknown flag: --x":                          "没有--x选项",
		`required flag(s) "served" not set`:          `须填写选项"served"`,
		"GUITU_X: there is no such setting\nlog.level: \"loud\" is not one of debug, info, warn, error": "GUITU_X：没有这项设置\nlog.level：“loud”应为debug、info、warn、error之一",
		"open /nowhere: no such file or directory":                                                      "没有/nowhere这个文件",
		"--staff: \"x\" is not a whole number":                                                          "--staff：“x”不是整数",
	} {
		require.Equal(t, want, ZH.Failure(english))
		require.Equal(t, english, EN.Failure(english))
	}
}
