package rehab_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/rehab"
)

func TestEveryCommandSaysWhatItIsAndWhoGivesIt(t *testing.T) {
	t.Parallel()
	specs := rehab.Commands()
	require.Len(t, specs, len(rehab.CommandTypes()))
	zh, en := map[string]string{}, map[string]string{}
	for _, s := range specs {
		require.Equal(t, s.Body.CommandType(), s.Type)
		require.NotEmpty(t, s.By, "nobody may give %s", s.Type)
		require.NotContains(t, s.By, rehab.SystemRole, s.Type)
		require.NotContains(t, s.By, rehab.PartnerRole, s.Type)
		for words, said := range map[string]map[string]string{s.ZH: zh, s.EN: en} {
			require.NotEmpty(t, words, s.Type)
			require.Empty(t, said[words], "%s and %s are called alike", said[words], s.Type)
			said[words] = s.Type
		}
		got, ok := rehab.SpecOf(s.Type)
		require.True(t, ok)
		require.Equal(t, s.EN, got.EN)
	}
	_, ok := rehab.SpecOf("fly")
	require.False(t, ok)
}

func TestEveryDutyIsSettledByACommand(t *testing.T) {
	t.Parallel()
	for _, d := range rehab.Duties() {
		require.NotEmpty(t, rehab.SettledBy(d.Kind, false).Type, "no command settles %s", d.Kind)
		require.NotEmpty(t, d.ZH, d.Kind)
		require.NotEmpty(t, d.EN, d.Kind)
	}
	for _, s := range rehab.Commands() {
		for _, k := range append(slices.Clone(s.Settles), s.Confirms...) {
			require.True(t, slices.ContainsFunc(rehab.Duties(), func(d rehab.DutySpec) bool { return d.Kind == k }), "%s settles %s, which is no duty", s.Type, k)
		}
	}
	require.Equal(t, "confirm-police-report", rehab.SettledBy(rehab.PoliceReportDuty, true).Type)
	require.Equal(t, "send-police-report", rehab.SettledBy(rehab.PoliceReportDuty, false).Type)
	require.Empty(t, rehab.SettledBy("fly", true).Type)
}

func TestPermitAsksTheTable(t *testing.T) {
	t.Parallel()
	require.Nil(t, rehab.Permit(rehab.Actor{ID: "d-1", Role: rehab.DistrictOffice}, rehab.LiftHold{Hold: 1}))
	for role, body := range map[rehab.Role]rehab.CommandBody{rehab.StationHead: rehab.LiftHold{Hold: 1}, rehab.SystemRole: rehab.ReportIn{}, "": rehab.ReportIn{}, rehab.Admin: nil} {
		err := rehab.Permit(rehab.Actor{ID: "x", Role: role}, body)
		require.NotNil(t, err)
		require.Equal(t, rehab.Forbidden, err.Code)
	}
	require.Equal(t, "the role station_head may not give the command lift-hold", rehab.Permit(rehab.Actor{Role: rehab.StationHead}, rehab.LiftHold{}).Message)
}

// inside are the types of strings that are no vocabulary: nobody outside reads them, or
// the document of the API spells them out (the codes of problems), or no list holds them (the
// codes of places).
var inside = []string{"AlarmKind", "RecordOutcome", "Code", "PlaceCode"}

// TestEveryWordOfTheCoreIsInItsEnum compares the constants of the core with its enums.
func TestEveryWordOfTheCoreIsInItsEnum(t *testing.T) {
	t.Parallel()
	words := map[string][]string{}
	for _, decl := range declarations(t) {
		for _, spec := range decl.Specs {
			switch v := spec.(type) {
			case *ast.TypeSpec:
				if base, ok := v.Type.(*ast.Ident); ok && base.Name == "string" && !slices.Contains(inside, v.Name.Name) {
					words[v.Name.Name] = append(words[v.Name.Name], []string{}...)
				}
			case *ast.ValueSpec:
				name, typed := v.Type.(*ast.Ident)
				if !typed || decl.Tok != token.CONST || slices.Contains(inside, name.Name) {
					continue
				}
				for _, value := range v.Values {
					if lit, ok := value.(*ast.BasicLit); ok && lit.Kind == token.STRING && lit.Value != `""` {
						words[name.Name] = append(words[name.Name], strings.Trim(lit.Value, `"`))
					}
				}
			}
		}
	}
	delete(words, "string")
	require.Greater(t, len(words), 40)
	byType := map[string]rehab.Enum{}
	for _, e := range rehab.Enums() {
		byType[strings.TrimPrefix(fmt.Sprintf("%T", e.Zero), "rehab.")] = e
	}
	for name, codes := range words {
		e, ok := byType[name]
		require.True(t, ok, "Enums has no %s", name)
		var have []string
		for _, w := range e.Words {
			require.NotEmpty(t, w.ZH, "%s %s", name, w.Code)
			require.NotEmpty(t, w.EN, "%s %s", name, w.Code)
			require.NotContains(t, have, w.Code, "%s twice", name)
			have = append(have, w.Code)
		}
		for _, c := range codes {
			require.Contains(t, have, c, "the enum of %s lacks it", name)
		}
	}
}

// TestEveryTypeOfACommandOrAnEventStandsInItsTopic finds what was written and is in no list.
func TestEveryTypeOfACommandOrAnEventStandsInItsTopic(t *testing.T) {
	t.Parallel()
	found := 0
	for _, file := range sources(t) {
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || f.Recv == nil || f.Name.Name != "CommandType" && f.Name.Name != "EventType" || len(f.Body.List) != 1 {
				continue
			}
			answer, ok := f.Body.List[0].(*ast.ReturnStmt)
			require.True(t, ok)
			lit, ok := answer.Results[0].(*ast.BasicLit)
			if !ok {
				continue
			}
			name := strings.Trim(lit.Value, `"`)
			_, known := rehab.SpecOf(name)
			if f.Name.Name == "EventType" {
				_, err := rehab.DecodeEventData(name, []byte("{}"))
				known = err == nil
			}
			require.True(t, known, "no topic lists %s, or topics() lacks its topic", name)
			found++
		}
	}
	require.Greater(t, found, 150)
}

// TestEveryCommandIsGivenInATest finds the command whose rules nobody tests.
func TestEveryCommandIsGivenInATest(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob("*_test.go")
	require.NoError(t, err)
	given := ""
	for _, path := range paths {
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		given += string(text)
	}
	for _, s := range rehab.Commands() {
		require.Contains(t, given, fmt.Sprintf("%T{", s.Body), "no test of rehab gives %s", s.Type)
	}
}

func declarations(t *testing.T) (out []*ast.GenDecl) {
	t.Helper()
	for _, file := range sources(t) {
		for _, d := range file.Decls {
			if g, ok := d.(*ast.GenDecl); ok {
				out = append(out, g)
			}
		}
	}
	return out
}

func sources(t *testing.T) (out []*ast.File) {
	t.Helper()
	paths, err := filepath.Glob("*.go")
	require.NoError(t, err)
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") || path == "holiday_gen.go" {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		require.NoError(t, err)
		out = append(out, file)
	}
	return out
}
