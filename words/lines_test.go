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

// programs are the folders whose lines a person at a terminal reads, and machines those that
// fail under one. The counts of a simulation are the heads of columns.
var (
	programs = []string{"cmd/guitu", "cmd/guitu-dev", "config"}
	machines = []string{"internal/postgres", "internal/devserver", "internal/wiring"}
	counted  = "simulation"
)

// texts are all string constants of the programs, put together where they are added up, and
// of those the ones that are said: the first argument of say and line, and what an error says.
func texts(t *testing.T) (all, said, failed map[string]bool) {
	t.Helper()
	all, said, failed = map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, dir := range slices.Concat(programs, machines, []string{counted}) {
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
				into := map[string]map[string]bool{"say": said, "line": said, "Line": said, "Errorf": failed, "New": failed, "bad": failed, "diagnose": failed}[nameOf(call.Fun)]
				if nameOf(call.Fun) == "bad" {
					at = 1
				}
				if into == nil || dir == counted || len(call.Args) <= at {
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

// unsaid are parts of an error that are said as they stand: verbs alone, a flag, a key of the
// settings, a command for the shell.
var unsaid = regexp.MustCompile(`^(?:[%swvqd.,() -]*|--[a-z%-]+(?: %s)?|[a-z_]+(?:\.[a-z_]+)+|(?:sudo|chmod|kill) .*)$`)

// unsaidParts are the parts of an error, between its colons, that have no Chinese.
func unsaidParts(text string) (out []string) {
	text = regexp.MustCompile(`%\[\d\]`).ReplaceAllString(strings.ReplaceAll(text, "%w", "%s"), "%")
	if _, ok := entry(text); ok {
		return nil
	}
	for part := range strings.SplitSeq(text, ": ") {
		if _, ok := entry(part); !ok && !unsaid.MatchString(part) && ZH.Failure(part) == part {
			out = append(out, part)
		}
	}
	return out
}

func TestEveryFailureOfACommandHasItsChinese(t *testing.T) {
	t.Parallel()
	all, _, failed := texts(t)
	for text := range all { // what to do, at the end of another sentence
		if advice, ok := strings.CutPrefix(text, ": "); ok {
			failed[advice] = true
		}
	}
	require.Greater(t, len(failed), 120, "the errors were not found")
	for _, text := range slices.Sorted(maps.Keys(failed)) {
		if text != "reported" { // is said by nobody
			require.Empty(t, unsaidParts(text), "there is no Chinese for parts of the error %q", text)
		}
	}
	require.Equal(t, []string{"the cat %s slept"}, unsaidParts("--speed: the cat %s slept: %w"))
}

// TestNoChineseIsOfAFailureThatNothingHas: what the machine and the libraries say stands in no
// file of ours.
func TestNoChineseIsOfAFailureThatNothingHas(t *testing.T) {
	t.Parallel()
	all, _, _ := texts(t)
	said := map[string]bool{}
	for text := range all {
		text = regexp.MustCompile(`%\[\d\]`).ReplaceAllString(strings.ReplaceAll(text, "%w", "%s"), "%")
		for part := range strings.SplitSeq(text, ": ") {
			said[strings.TrimSpace(part)] = true
		}
	}
	theirs := []string{
		"context canceled", "context deadline exceeded", "address already in use", "connection refused", "permission denied", "no such file or directory", "not a directory",
		"no space left on device", "read-only file system", "unexpected end of JSON input", "listen tcp %s", "dial tcp %s", "mkdir %s", "open %s", "stat %s", "exit status %d",
		"flag provided but not defined: %s", "invalid value %q for flag %s: %v", "invalid boolean value %q for %s: %v", "bad flag syntax: %s", "parse error", "value out of range",
	}
	for _, key := range slices.Sorted(maps.Keys(ofMachines)) {
		if !said[key] && !slices.Contains(theirs, key) {
			t.Errorf("nothing fails with %q any more", key)
		}
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
		"port 8080 cannot be had: choose another with --api-port (0 takes a free one): listen tcp 127.0.0.1:8080: bind: address already in use":                                       "端口8080无法使用：请用--api-port另选端口（0：任选空闲端口）：监听127.0.0.1:8080：bind：地址已被占用",
		"the data was made by PostgreSQL 15, and only PostgreSQL 15 can open it (none was found): install the package postgresql-15, or choose another data directory to start empty": "数据由PostgreSQL 15生成，只有PostgreSQL 15能打开（没有找到）：请安装postgresql-15软件包，或者另选数据文件夹，从空开始",
		"PostgreSQL did not start in /x: it gave no reason; its log is /x/log":                                                                                                        "PostgreSQL未能启动（/x）：没有给出原因；日志：/x/log",
	} {
		require.Equal(t, want, ZH.Failure(english))
		require.Equal(t, english, EN.Failure(english))
	}
}
