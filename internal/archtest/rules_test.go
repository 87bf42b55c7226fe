// Package archtest enforces the shape of the code: who may import whom, how long a file
// may be, and which calls belong to main alone. It reads the source and compiles nothing.
package archtest

import (
	"go/ast"
	"slices"
	"strings"
)

const (
	module   = "guitu"
	maxLines = 400 // of a file that was written by hand
)

// boundary says what the packages of one folder may import beside the standard library.
type boundary struct {
	// folder of the packages; what lies below it follows the same rule unless it has a
	// line of its own.
	folder string
	// allowed paths. One that ends in "/..." stands for all below it too.
	allowed []string
	// deniedStd are packages of the standard library that are refused, written likewise.
	deniedStd []string
}

// boundaries is the import table. A package without a line here may import what it
// likes: commands and what puts the parts together. Tests may, too.
var boundaries = []boundary{
	{folder: "rehab", deniedStd: []string{"os/...", "net/...", "database/sql", "log/..."}},
	{folder: "rehab/policy", allowed: []string{"guitu/rehab", "go.yaml.in/yaml/v3"}, deniedStd: []string{"os/...", "net/...", "database/sql"}},
	{folder: "board", allowed: []string{"guitu/rehab"}, deniedStd: []string{"os/...", "net/...", "database/sql", "log/..."}},
	{folder: "office", allowed: []string{"guitu/rehab", "guitu/board"}, deniedStd: []string{"os/...", "net/...", "database/sql", "log/..."}},
	{folder: "practice", allowed: []string{"guitu/rehab"}, deniedStd: []string{"os/...", "net/...", "database/sql", "log/..."}},
	{folder: "evaluation", allowed: []string{"guitu/rehab", "guitu/board", "guitu/office", "github.com/expr-lang/expr/...", "go.yaml.in/yaml/v3"}, deniedStd: []string{"os/...", "net/...", "database/sql"}},
	{folder: "evaluation/workbook", allowed: []string{"guitu/rehab", "guitu/evaluation", "github.com/xuri/excelize/v2"}, deniedStd: []string{"os/...", "net/...", "database/sql"}},
	{folder: "documents", allowed: []string{"guitu/rehab", "guitu/board"}, deniedStd: []string{"os/...", "net/...", "database/sql", "log/..."}},
	{folder: "notify", allowed: []string{"guitu/rehab", "guitu/board", "guitu/office", "github.com/wneessen/go-mail"}, deniedStd: []string{"os/...", "database/sql", "log/..."}},
	{folder: "store", allowed: []string{
		"guitu/rehab", "guitu/board", "guitu/office", "guitu/practice", "guitu/evaluation", "guitu/store/...", "github.com/jackc/pgx/v5/...", "github.com/pressly/goose/v3/...", "github.com/tink-crypto/tink-go/v2/...",
	}},
	{folder: "activities", allowed: []string{"guitu/rehab", "guitu/board", "guitu/office", "go.temporal.io/sdk/activity", "go.temporal.io/sdk/temporal", "golang.org/x/sync/errgroup"}},
	{folder: "workflows", allowed: []string{
		"guitu/rehab", "guitu/board", "guitu/office", "guitu/activities", "go.temporal.io/sdk/...", "go.temporal.io/api/...",
		"github.com/tink-crypto/tink-go/v2/...", "google.golang.org/protobuf/proto", // encryption of payloads
	}, deniedStd: []string{"os/...", "net/...", "database/sql"}},
	{folder: "api", allowed: []string{
		"guitu/rehab", "guitu/board", "guitu/documents", "guitu/office", "guitu/practice", "guitu/evaluation/...", "github.com/gin-gonic/gin/...", "github.com/danielgtaylor/huma/v2/...", "github.com/prometheus/client_golang/...",
		"github.com/google/uuid", "github.com/go-json-experiment/json/jsontext", "github.com/hashicorp/golang-lru/v2", "golang.org/x/sync/errgroup",
	}, deniedStd: []string{"database/sql"}},
	{folder: "worker", allowed: []string{"guitu/workflows", "guitu/activities", "go.temporal.io/sdk/..."}},
	{folder: "internal/scenario", allowed: []string{"guitu/rehab", "guitu/documents", "go.yaml.in/yaml/v3"}, deniedStd: []string{"os/...", "net/...", "database/sql"}},
	{folder: "config", allowed: []string{"github.com/spf13/viper", "github.com/spf13/pflag"}},
}

// closed packages may be imported by the folders named, and by tests, alone.
var closed = []struct {
	path string
	by   []string
	why  string
}{
	{"go.temporal.io/server/...", []string{"internal/devserver", "internal/deps"}, "the embedded server stays out of the product"},
	{"github.com/temporalio/ui-server/v2/...", []string{"internal/devserver", "cmd/guitu-dev", "internal/deps"}, "the embedded server stays out of the product"},
	{"github.com/6tail/lunar-go/...", nil, "the moon's calendar makes and checks a table; the product has the table"},
	{"guitu/internal/devserver/...", []string{"cmd/guitu-dev", "internal/devserver"}, "the embedded server stays out of the product"},
}

// vague are names that say nothing about a package.
var vague = []string{"util", "utils", "common", "helper", "helpers", "model", "models", "type", "types", "misc", "shared"}

// roots may start a context of their own: programs, and tools for tests.
var roots = []string{"cmd", "bench", "internal/pgtest"}

// finding is one broken rule.
type finding struct{ where, rule string }

func (f finding) String() string { return f.where + ": " + f.rule }

// checkPackage holds a package against the rules about names and imports.
func checkPackage(p source) []finding {
	var out []finding
	add := func(rule string) { out = append(out, finding{p.folder, rule}) }
	if slices.Contains(vague, p.name) {
		add("a package named " + p.name + " says nothing about what is in it")
	}
	b := boundaryOf(p.folder)
	for _, path := range p.imports {
		for _, c := range closed {
			if covers(c.path, path) && !inFolder(p.folder, c.by) {
				add("imports " + path + ": " + c.why)
			}
		}
		switch {
		case b == nil:
		case isStandard(path):
			if anyCovers(b.deniedStd, path) {
				add("imports " + path + ", which the import table refuses")
			}
		case path != module+"/"+p.folder && !anyCovers(b.allowed, path):
			add("imports " + path + ", which the import table does not allow")
		}
	}
	return out
}

func boundaryOf(folder string) *boundary {
	var best *boundary
	for i := range boundaries {
		b := &boundaries[i]
		if inFolder(folder, []string{b.folder}) && (best == nil || len(b.folder) > len(best.folder)) {
			best = b
		}
	}
	return best
}

func inFolder(folder string, roots []string) bool {
	return slices.ContainsFunc(roots, func(root string) bool { return folder == root || strings.HasPrefix(folder, root+"/") })
}

func covers(pattern, path string) bool {
	base, deep := strings.CutSuffix(pattern, "/...")
	return path == base || deep && strings.HasPrefix(path, base+"/")
}

func anyCovers(patterns []string, path string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool { return covers(p, path) })
}

// isStandard reports whether the path is of the standard library: its first element
// has no dot, and it is not ours.
func isStandard(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	return !strings.Contains(first, ".") && first != module
}

// banned are calls that a folder must not make, by package path and name.
var banned = []struct {
	folders []string // nil: everywhere but in roots
	path    string
	names   []string
	why     string
}{
	{[]string{"rehab", "office", "practice", "evaluation", "workflows"}, "time", []string{"Now", "Since", "Until", "Sleep", "After", "Tick", "NewTimer", "NewTicker"}, "time enters as a value"},
	{nil, "context", []string{"Background", "TODO"}, "a context comes from above; main makes the first"},
}

// excused are places where a banned call is right, each with its reason.
var excused = map[string]string{
	"api/server.go context.Background":             "the root of every request",
	"api/metrics.go context.Background":            "a scrape hands over no context",
	"internal/devserver/log.go context.Background": "the logger of Temporal's server hands over no context",
	"workflows/client.go time.Now":                 "the client runs outside the workflow",
	"workflows/client.go time.After":               "the client runs outside the workflow",
}

// checkFile holds one file against the rules about length and calls.
func checkFile(folder string, f file) []finding {
	var out []finding
	where := strings.TrimPrefix(folder+"/"+f.name, "./")
	if f.lines > maxLines && !f.generated {
		out = append(out, finding{where, "is longer than 400 lines"})
	}
	if f.test {
		return out
	}
	local := make(map[string]string) // name in the file -> path
	for _, spec := range f.tree.Imports {
		path := strings.Trim(spec.Path.Value, `"`)
		name := path[strings.LastIndex(path, "/")+1:]
		if spec.Name != nil {
			name = spec.Name.Name
		}
		local[name] = path
	}
	ast.Inspect(f.tree, func(n ast.Node) bool {
		sel, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		pkg, ok := sel.X.(*ast.Ident)
		if !ok || pkg.Obj != nil { // a variable that shadows the package
			return true
		}
		out = append(out, checkCall(folder, where, local[pkg.Name], sel.Sel.Name)...)
		return true
	})
	return out
}

func checkCall(folder, where, path, name string) []finding {
	var out []finding
	for _, b := range banned {
		applies := b.folders == nil && !inFolder(folder, roots) || inFolder(folder, b.folders)
		if !applies || b.path != path {
			continue
		}
		for _, n := range b.names {
			if n == name && excused[where+" "+path+"."+name] == "" {
				out = append(out, finding{where, "uses " + path + "." + name + ": " + b.why})
			}
		}
	}
	return out
}
