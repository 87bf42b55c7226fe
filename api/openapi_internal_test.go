package api

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/gin-gonic/gin"
	"github.com/stretchr/testify/require"

	"guitu/rehab"
)

func TestEveryCommandStandsInASubjectOfTheDocument(t *testing.T) {
	t.Parallel()
	known := map[string]bool{}
	for _, s := range subjects() {
		require.False(t, known[s.tag], "%s stands twice", s.tag)
		known[s.tag] = true
	}
	for _, spec := range rehab.Commands() {
		require.True(t, known[spec.Subject], "%s is under %q, which api/tags.go does not describe", spec.Type, spec.Subject)
	}
}

// openTexts are named texts of ours that are no closed list: names and ids.
var openTexts = []string{}

// TestEveryEnumListsItsValues finds the fields of the document whose type is a text with a
// name: a list of codes that the document has to list.
func TestEveryEnumListsItsValues(t *testing.T) {
	t.Parallel()
	s := documented()
	registry := s.api.OpenAPI().Components.Schemas
	n := 0
	for name, schema := range registry.Map() {
		typ := registry.TypeFromRef("#/components/schemas/" + name)
		if typ == nil {
			continue // of a command, put together from its fields: looked at below
		}
		n += enumsOf(t, name, typ, schema)
	}
	for _, spec := range rehab.Commands() {
		typ := reflect.TypeOf(spec.Body)
		if schema := registry.Map()[schemaName(typ, "")]; schema != nil {
			n += enumsOf(t, spec.Type, typ, schema)
		}
	}
	require.Greater(t, n, 100, "the enums were not found")
}

// documented is a server with its document alone.
func documented() *server {
	s := &server{}
	s.api = humagin.New(gin.New(), s.config())
	s.routes()
	return s
}

// enumsOf counts the enums among the fields of a struct, and requires each to list its values.
func enumsOf(t *testing.T, name string, typ reflect.Type, schema *huma.Schema) (n int) {
	t.Helper()
	for typ.Kind() == reflect.Pointer || typ.Kind() == reflect.Slice {
		typ = typ.Elem()
	}
	if typ.Kind() != reflect.Struct {
		return 0
	}
	for _, f := range reflect.VisibleFields(typ) {
		tag, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		property := schema.Properties[tag]
		if property == nil {
			continue
		}
		of := f.Type
		for of.Kind() == reflect.Pointer || of.Kind() == reflect.Slice {
			of = of.Elem()
		}
		if of.Kind() != reflect.String || !strings.HasPrefix(of.PkgPath(), "guitu/") || slices.Contains(openTexts, of.String()) {
			continue
		}
		for property.Items != nil {
			property = property.Items
		}
		n++
		if len(property.Enum) == 0 {
			t.Errorf("%s.%s is a %s and lists no values", name, tag, of)
		}
	}
	return n
}
