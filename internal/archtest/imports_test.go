// Package archtest holds the code to its import rules where nobody runs the linter: the
// rules are written once, for depguard in .golangci.yml, and this test hands them to
// depguard itself, so that "go test" fails on what "make check" would. What depguard cannot
// see is tested here too: what ends up in the product by way of other packages. Forbidden
// calls, the length of files and the names of packages are the linter's alone.
package archtest

import (
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/OpenPeeDeeP/depguard/v2"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
	"golang.org/x/tools/go/analysis"
)

// rule of depguard, as golangci-lint has it written.
type rule struct {
	ListMode string   `yaml:"list-mode"`
	Files    []string `yaml:"files"`
	Allow    []string `yaml:"allow"`
	Deny     []struct {
		Pkg  string `yaml:"pkg"`
		Desc string `yaml:"desc"`
	} `yaml:"deny"`
}

const basePath = "${base-path}/"

func root(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs("../..")
	require.NoError(t, err)
	return dir
}

func rules(t *testing.T) map[string]rule {
	t.Helper()
	raw, err := os.ReadFile("../../.golangci.yml")
	require.NoError(t, err)
	var config struct {
		Linters struct {
			Enable   []string `yaml:"enable"`
			Settings struct {
				Depguard struct {
					Rules map[string]rule `yaml:"rules"`
				} `yaml:"depguard"`
			} `yaml:"settings"`
		} `yaml:"linters"`
	}
	require.NoError(t, yaml.Unmarshal(raw, &config))
	require.Contains(t, config.Linters.Enable, "depguard")
	require.Greater(t, len(config.Linters.Settings.Depguard.Rules), 10)
	return config.Linters.Settings.Depguard.Rules
}

// checker says what is wrong with the imports of a file.
func checker(t *testing.T) func(name string, src any) []string {
	t.Helper()
	dir := root(t)
	settings := make(depguard.LinterSettings)
	for name, r := range rules(t) {
		list := &depguard.List{ListMode: r.ListMode, Allow: r.Allow, Deny: make(map[string]string)}
		for _, f := range r.Files {
			list.Files = append(list.Files, strings.Replace(f, basePath, filepath.ToSlash(dir)+"/", 1))
		}
		for _, d := range r.Deny {
			list.Deny[d.Pkg] = d.Desc
		}
		settings[name] = list
	}
	analyzer, err := depguard.NewAnalyzer(&settings)
	require.NoError(t, err)
	return func(name string, src any) []string {
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, filepath.Join(dir, name), src, parser.ImportsOnly)
		require.NoError(t, err)
		var found []string
		_, err = analyzer.Run(&analysis.Pass{
			Analyzer: analyzer, Fset: fset, Files: []*ast.File{file},
			Report: func(d analysis.Diagnostic) { found = append(found, name+": "+d.Message) },
		})
		require.NoError(t, err)
		return found
	}
}

func TestEveryImportIsAllowed(t *testing.T) {
	t.Parallel()
	dir, check := root(t), checker(t)
	n := 0
	require.NoError(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, path)
		switch {
		case err != nil:
			return err
		case d.IsDir() && (name == "bench" || d.Name() == "testdata" || d.Name() == "node_modules" || name != "." && strings.HasPrefix(d.Name(), ".")):
			return filepath.SkipDir
		case d.IsDir() || filepath.Ext(name) != ".go":
			return nil
		}
		// A generator that no build contains may import what it needs, as for the linter.
		if in, err := build.Default.MatchFile(filepath.Split(path)); err != nil || !in {
			return err
		}
		n++
		for _, wrong := range check(name, nil) {
			t.Error(wrong)
		}
		return nil
	}))
	require.Greater(t, n, 300, "the files were not found")
}

func TestAWrongImportIsFound(t *testing.T) {
	t.Parallel()
	check := checker(t)
	for name, row := range map[string][2]string{
		"the core does input and output":          {"rehab", "net/http"},
		"the core logs":                           {"rehab", "log/slog"},
		"the core knows a library":                {"rehab", "github.com/google/uuid"},
		"the core knows the store":                {"rehab", "guitu/store"},
		"the core knows its own policy loader":    {"rehab", "guitu/rehab/policy"},
		"the loader opens files by itself":        {"rehab/policy", "os"},
		"the core knows how it is listed":         {"rehab", "guitu/board"},
		"an office rule runs a program":           {"office", "os/exec"},
		"a register reads a database":             {"registers", "database/sql"},
		"an indicator knows the store":            {"evaluation", "guitu/store"},
		"a workbook knows the offices":            {"evaluation/workbook", "guitu/office"},
		"a paper asks the network":                {"documents", "net/http"},
		"a notice knows the store":                {"notify", "guitu/store"},
		"the API knows the workflows":             {"api", "guitu/workflows"},
		"the API knows the store":                 {"api", "guitu/store"},
		"the API reads a database":                {"api", "database/sql"},
		"an activity knows the store":             {"activities", "guitu/store"},
		"a workflow reads the database":           {"workflows", "github.com/jackc/pgx/v5"},
		"a workflow opens a file":                 {"workflows", "os"},
		"the store knows Temporal":                {"store", "go.temporal.io/sdk/client"},
		"a package below the store knows the API": {"store/queries", "guitu/api"},
		"the worker knows the API":                {"worker", "guitu/api"},
		"a scenario knows the store":              {"internal/scenario", "guitu/store"},
		"the settings know the core":              {"config", "guitu/rehab"},
		"the product contains the test server":    {"cmd/guitu", "guitu/internal/devserver"},
		"the product contains Temporal's pages":   {"cmd/guitu", "github.com/temporalio/ui-server/v2/server"},
		"the local program runs Temporal itself":  {"cmd/guitu-dev", "go.temporal.io/server/temporal"},
		"the pages know what is behind the API":   {"web", "guitu/store"},
		"the product looks at the moon":           {"internal/wiring", "github.com/6tail/lunar-go/calendar"},
	} {
		src := "package p\nimport (\n\t_ \"time\"\n\t_ \"" + row[1] + "\"\n)\n"
		require.Len(t, check(row[0]+"/made_up.go", src), 1, name)
		require.Empty(t, check(row[0]+"/made_up_test.go", src), "tests may: "+name)
	}
	for folder, path := range map[string]string{
		"api": "github.com/danielgtaylor/huma/v2/adapters/humagin", "store/queries": "github.com/jackc/pgx/v5", "cmd/guitu": "guitu/store",
		"cmd/guitu-dev": "guitu/internal/devserver", "internal/devserver": "go.temporal.io/server/temporal",
	} {
		require.Empty(t, check(folder+"/made_up.go", "package p\nimport _ \""+path+"\"\n"), folder)
	}
}

func TestTheProductContainsNothingOfTheDevelopmentServer(t *testing.T) {
	t.Parallel()
	cmd := exec.CommandContext(t.Context(), "go", "list", "-deps", "./cmd/guitu")
	cmd.Dir = root(t)
	raw, err := cmd.Output()
	require.NoError(t, err)
	paths := strings.Fields(string(raw))
	require.Contains(t, paths, "guitu/rehab")
	all := rules(t)
	for _, name := range []string{"development-server", "temporal-server", "moon"} {
		require.NotEmpty(t, all[name].Deny, name)
		for _, d := range all[name].Deny {
			for _, path := range paths {
				require.False(t, strings.HasPrefix(path, d.Pkg), "the product contains %s: %s", path, d.Desc)
			}
		}
	}
}

func TestEveryRuleIsAboutCodeThatIsThere(t *testing.T) {
	t.Parallel()
	for name, r := range rules(t) {
		for _, f := range r.Files {
			if folder, ok := strings.CutPrefix(strings.TrimPrefix(f, "!"), basePath); ok {
				require.DirExists(t, filepath.Join(root(t), strings.TrimSuffix(folder, "/**")), name)
			}
		}
	}
}
