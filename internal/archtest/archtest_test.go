package archtest

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTheCodeKeepsItsShape(t *testing.T) {
	t.Parallel()
	packages, err := load(t.Context(), "../..")
	require.NoError(t, err)
	require.Greater(t, len(packages), 10)
	for _, p := range packages {
		for _, f := range checkPackage(p) {
			t.Error(f)
		}
		for _, file := range p.files {
			for _, f := range checkFile(p.folder, file) {
				t.Error(f)
			}
		}
	}
}

func TestTheProductContainsNothingOfTheDevelopmentServer(t *testing.T) {
	t.Parallel()
	paths, err := dependencies(t.Context(), "../..", "./cmd/guitu")
	require.NoError(t, err)
	require.Contains(t, paths, "guitu/rehab")
	for _, path := range paths {
		for _, c := range closed {
			require.False(t, covers(c.path, path), "the product contains %s: %s", path, c.why)
		}
	}
}

func TestEveryLineOfTheTableIsAboutCodeThatIsThere(t *testing.T) {
	t.Parallel()
	packages, err := load(t.Context(), "../..")
	require.NoError(t, err)
	folders, files := make(map[string]bool), make(map[string]bool)
	for _, p := range packages {
		folders[p.folder] = true
		for _, f := range p.files {
			files[p.folder+"/"+f.name] = true
		}
	}
	for _, b := range boundaries {
		require.True(t, folders[b.folder], "the table speaks of %s, which is not there", b.folder)
	}
	for place := range excused {
		file, _, _ := strings.Cut(place, " ")
		require.True(t, files[file], "%s is excused and is not there", file)
	}
}

func TestAWrongImportIsFound(t *testing.T) {
	t.Parallel()
	for name, p := range map[string]source{
		"the core does input and output":       {folder: "rehab", name: "rehab", imports: []string{"time", "net/http"}},
		"the core knows a library":             {folder: "rehab", name: "rehab", imports: []string{"github.com/google/uuid"}},
		"the core knows the store":             {folder: "rehab", name: "rehab", imports: []string{"guitu/store"}},
		"the core knows what is shown of it":   {folder: "rehab", name: "rehab", imports: []string{"guitu/board"}},
		"the loader opens files by itself":     {folder: "rehab/policy", name: "policy", imports: []string{"os"}},
		"the API knows the workflows":          {folder: "api", name: "api", imports: []string{"guitu/workflows"}},
		"the API knows the store":              {folder: "api", name: "api", imports: []string{"guitu/store"}},
		"an activity knows the store":          {folder: "activities", name: "activities", imports: []string{"guitu/store"}},
		"a workflow reads the database":        {folder: "workflows", name: "workflows", imports: []string{"github.com/jackc/pgx/v5"}},
		"the store knows Temporal":             {folder: "store", name: "store", imports: []string{"go.temporal.io/sdk/client"}},
		"the product contains the server":      {folder: "cmd/guitu", name: "main", imports: []string{"go.temporal.io/server/temporal"}},
		"the product contains the test server": {folder: "cmd/guitu", name: "main", imports: []string{"guitu/internal/devserver"}},
		"a package has no name of its own":     {folder: "internal/util", name: "util"},
	} {
		require.Len(t, checkPackage(p), 1, name)
	}
	right := source{folder: "api", name: "api", imports: []string{"net/http", "guitu/rehab", "github.com/danielgtaylor/huma/v2/adapters/humagin"}}
	require.Empty(t, checkPackage(right))
	below := source{folder: "store/queries", name: "queries", imports: []string{"guitu/rehab", "github.com/jackc/pgx/v5"}}
	require.Empty(t, checkPackage(below))
}

func TestAWrongCallIsFound(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ folder, code, want string }{
		{"rehab", `import "time"; var now = time.Now`, "time.Now"},
		{"rehab", `import clock "time"; var now = clock.Now()`, "time.Now"},
		{"workflows", `import "time"; func f() { time.Sleep(1) }`, "time.Sleep"},
		{"api", `import "context"; var ctx = context.Background()`, "context.Background"},
		{"store", `import "context"; var ctx = context.TODO()`, "context.TODO"},
	} {
		f, err := parseFile("made_up.go", []byte("package p\n"+c.code))
		require.NoError(t, err)
		found := checkFile(c.folder, f)
		require.Len(t, found, 1, c.code)
		require.Contains(t, found[0].rule, c.want)
	}
	for _, c := range []struct{ folder, name, code string }{
		{"rehab", "made_up.go", `import "time"; var zero = time.Unix(0, 0)`},
		{"cmd/guitu", "made_up.go", `import "context"; var ctx = context.Background()`},
		{"api", "made_up_test.go", `import "context"; var ctx = context.Background()`},
		{"api", "made_up.go", `type clock struct{ Now int }; func f(time clock) int { return time.Now }`},
	} {
		f, err := parseFile(c.name, []byte("package p\n"+c.code))
		require.NoError(t, err)
		require.Empty(t, checkFile(c.folder, f), c.code)
	}
}

func TestALongFileIsFoundUnlessItIsGenerated(t *testing.T) {
	t.Parallel()
	long := strings.Join(slices.Repeat([]string{"// a line"}, maxLines), "\n") + "\n"
	f, err := parseFile("long.go", []byte("package p\n"+long))
	require.NoError(t, err)
	require.Len(t, checkFile("store", f), 1)
	f, err = parseFile("long.go", []byte("// Code generated by sqlc. DO NOT EDIT.\n\npackage p\n"+long))
	require.NoError(t, err)
	require.Empty(t, checkFile("store", f))
}
