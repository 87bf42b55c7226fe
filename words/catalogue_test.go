package words

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"os/exec"
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
	"cmd/guitu", "internal/wiring", "rehab", "signin", "simulation", "store", "workflows",
	"input", "account", "activities", "api", "archive", "attachments", "board", "bulk", "casework", "client", "documents", "evaluation", "forms", "identity", "inbox", "notify", "office", "once", "registers", "dossier", "printing",
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
	said, _ := messages(t, os.DirFS(".."))
	require.Greater(t, len(said), 400, "the messages were not found")
	for _, key := range slices.Sorted(maps.Keys(said)) {
		if _, ok := chinese[key]; !ok {
			t.Errorf("%s: words/zh.go has no Chinese for\n\t%q", said[key], key)
		}
	}
}

func TestNoChineseIsOfAMessageThatNobodySays(t *testing.T) {
	t.Parallel()
	said, _ := messages(t, os.DirFS(".."))
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
	said, _ := messages(t, fstest.MapFS{"rehab/x.go": {Data: []byte(src)}})
	require.ElementsMatch(t, []string{"is %s today", "is never said", "the cat %s slept"}, slices.Collect(maps.Keys(said)))
}

// passedOn are texts of an error that are no literal where the error is made: what stands there
// comes from a place that is read too, or is no sentence.
var passedOn = map[string]string{
	"rehab/error.go: format":                                    anArgument,
	"rehab/error.go: fmt.Sprintf(format, args...)":              anArgument,
	"store/snapshot.go: fmt.Sprintf(format, args...)":           anArgument,
	"simulation/simulation.go: format":                          anArgument,
	"registers/registers.go: format":                            anArgument,
	"office/office.go: format":                                  anArgument,
	"inbox/inbox.go: format":                                    anArgument,
	"forms/check.go: format":                                    anArgument,
	"rehab/relive_hindsight.go: err.Error()":                    aFault,
	"activities/activities.go: err.Error()":                     aFault,
	"casework/registry.go: err.Error()":                         aFault,
	"workflows/case.go: err.Error()":                            aFault,
	"activities/bulk.go: err.Error()":                           goesOn,
	"activities/bulk.go: no.Error()":                            goesOn,
	"activities/bulk.go: why.Message":                           goesOn,
	"simulation/refusal.go: e.Message":                          goesOn,
	"simulation/refusal.go: err.Error()":                        goesOn,
	"simulation/refusal.go: withoutNumbers(of.Message)":         goesOn,
	"workflows/client.go: app.Message()":                        goesOn,
	"input/input.go: err.Message":                               goesOn,
	"api/problem.go: e.Message":                                 goesOn,
	"api/problem.go: m.Detail":                                  goesOn,
	"api/problem.go: sentence(items[0].Field, items[0].Detail)": goesOn,
	"api/forms.go: f.Message":                                   goesOn,
	"api/language.go: l.Error(&d.Error)":                        goesOn,
	"api/language.go: l.Said(f.Items[i].Message)":               goesOn,
	"api/commands.go: err.Error()":                              "what a type of the core says of its JSON: the schema has refused everything else",
	"api/guard.go: detail":                                      aTeller,
	"input/input.go: detail":                                    aTeller,
	"casework/document.go: documentForm(kind)":                  aTeller,
	"api/problem.go: detail":                                    "of the library that reads requests: TestEveryMessageOfTheLibraryThatReadsRequestsHasItsChinese",
}

// Why a text is passed on.
const (
	anArgument = "the text is an argument of this function: where it is called, it is read"
	goesOn     = "an error of ours goes on: where it was made, its text was read"
	aFault     = "a fault of the program: the API answers with a sentence of its own, and this goes to the log"
	aTeller    = "a function of the list tellers"
)

// TestEveryTextOfAnErrorIsRead: a text that this test cannot read could stand in English alone.
func TestEveryTextOfAnErrorIsRead(t *testing.T) {
	t.Parallel()
	_, unread := messages(t, os.DirFS(".."))
	for text, at := range unread {
		if passedOn[text] == "" {
			t.Errorf("%s: the text of this error is made elsewhere: %s", at, text)
		}
	}
	for text := range passedOn {
		require.Contains(t, unread, text, "nothing passes this on any more")
	}
	_, unread = messages(t, fstest.MapFS{"rehab/x.go": {Data: []byte(`package rehab
		func f(text string) any { return InvalidField("x", text + sleeps(text)) }`)}})
	require.Equal(t, []string{"rehab/x.go: text + sleeps(text)"}, slices.Collect(maps.Keys(unread)))
}

// TestEveryPackageThatMakesErrorsIsRead: an error of the engine made in a package that is not in
// the list would be looked at by nobody.
func TestEveryPackageThatMakesErrorsIsRead(t *testing.T) {
	t.Parallel()
	making := map[string]string{}
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (strings.HasPrefix(d.Name(), ".") && d.Name() != ".." || d.Name() == "node_modules" || d.Name() == "bench" || d.Name() == "testdata"):
			return fs.SkipDir
		case d.IsDir() || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if makesAnError(n) {
				making[filepath.ToSlash(strings.TrimPrefix(filepath.Dir(path), "../"))] = path
			}
			return true
		})
		return nil
	})
	require.NoError(t, err)
	require.Greater(t, len(making), 10, "the packages were not found")
	for _, dir := range slices.Sorted(maps.Keys(making)) {
		require.True(t, slices.Contains(spoken, dir) || slices.Contains(ofTests, dir), "%s: its errors are looked at by nobody", making[dir])
	}
}

// ofTests are packages that no program of the product has in it.
var ofTests = []string{"internal/memledger", "internal/ledgertest", "internal/doors"}

// makesAnError reports whether an error of the engine with a text of its own is made there.
func makesAnError(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.CallExpr:
		return nameOf(n.Fun) == "InvalidField"
	case *ast.CompositeLit:
		s, ok := n.Type.(*ast.SelectorExpr)
		if !ok || s.Sel.Name != "Error" || nameOf(s.X) != "rehab" {
			return false
		}
		return slices.ContainsFunc(n.Elts, func(e ast.Expr) bool {
			kv, ok := e.(*ast.KeyValueExpr)
			return ok && nameOf(kv.Key) == "Message"
		})
	}
	return false
}

// TestEveryMessageOfTheLibraryThatReadsRequestsHasItsChinese reads the list in the library's own source.
func TestEveryMessageOfTheLibraryThatReadsRequestsHasItsChinese(t *testing.T) {
	t.Parallel()
	dir, err := exec.CommandContext(t.Context(), "go", "list", "-f", "{{.Dir}}", "github.com/danielgtaylor/huma/v2/validation").Output()
	require.NoError(t, err)
	names, err := filepath.Glob(filepath.Join(strings.TrimSpace(string(dir)), "*.go"))
	require.NoError(t, err)
	n := 0
	for _, name := range names {
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		require.NoError(t, err)
		ast.Inspect(f, func(node ast.Node) bool {
			v, ok := node.(*ast.ValueSpec)
			if !ok || len(v.Values) != 1 || !strings.HasPrefix(v.Names[0].Name, "Msg") {
				return true
			}
			text, ok := (&reader{}).format(v.Values[0])
			require.True(t, ok, v.Names[0].Name)
			n++
			if _, ok := entry(text); !ok {
				t.Errorf("words/zh.go has no Chinese for %s of the library\n\t%q", v.Names[0].Name, text)
			}
			return true
		})
	}
	require.Greater(t, n, 40, "the messages were not found")
}

// urgent holds what to do in both languages, and each text takes its own.
const urgent = "%s - do not wait for this system: %s / %s"

func TestChineseTellsAllThatEnglishTells(t *testing.T) {
	t.Parallel()
	for _, table := range tables() {
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
