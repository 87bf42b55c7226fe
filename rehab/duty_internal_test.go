package rehab

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestEveryKindOfDutyStandsInATopic: without its line a duty has no name, no source, and no
// limit that a new policy or calendar could move. docs/reference.md has it from there.
func TestEveryKindOfDutyStandsInATopic(t *testing.T) {
	t.Parallel()
	packages, err := parser.ParseDir(token.NewFileSet(), ".", func(f fs.FileInfo) bool { return !strings.HasSuffix(f.Name(), "_test.go") }, parser.SkipObjectResolution) //nolint:staticcheck // the files of one folder, without their types
	require.NoError(t, err)
	found := 0
	ast.Inspect(packages["rehab"], func(n ast.Node) bool {
		v, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if typ, ok := v.Type.(*ast.Ident); !ok || typ.Name != "Kind" || len(v.Values) != 1 {
			return true
		}
		kind, err := strconv.Unquote(v.Values[0].(*ast.BasicLit).Value)
		require.NoError(t, err)
		require.Contains(t, duties, Kind(kind), "%s stands in the list of duties of no topic", v.Names[0].Name)
		found++
		return true
	})
	require.Greater(t, found, 40)
}
