package api_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/api"
	"guitu/rehab"
	"guitu/words"
)

func TestTheCodesNameEverythingInBothLanguages(t *testing.T) {
	t.Parallel()
	b := setup(t)
	a := b.call("worker", "GET", "/v1/codes", nil)
	require.Equal(t, 200, a.StatusCode, a.text)
	require.Equal(t, "private, max-age=3600", a.Header.Get("Cache-Control"))
	b.document(t).check("GET", "/v1/codes", a)
	for _, who := range []string{"head", "district", "city", "admin", "integration", "partner"} {
		require.Equal(t, a.text, b.call(who, "GET", "/v1/codes", nil).text, "it is the same for "+who)
	}
	require.Equal(t, 401, b.call("", "GET", "/v1/codes", nil).StatusCode)

	var got api.Codes
	require.NoError(t, json.Unmarshal([]byte(a.text), &got))
	require.Len(t, got.Enums, len(rehab.Enums())+len(words.Lists()))
	require.Len(t, got.Commands, len(rehab.CommandTypes()))
	lift := got.Commands[slices.IndexFunc(got.Commands, func(c api.CommandWord) bool { return c.Code == "lift-hold" })]
	require.Equal(t, api.CommandWord{
		Code: "lift-hold", ZH: "解除暂缓", EN: "Lift a hold", Reason: true, Settles: []rehab.Kind{},
		Roles: []rehab.Role{rehab.DistrictOffice, rehab.CityOffice, rehab.Admin}, AfterRelease: true, Suspended: true,
	}, lift)
	for _, d := range got.Duties {
		require.NotEmpty(t, d.Command, "%s is settled by nothing", d.Code)
	}
}

func TestTheDocumentShowsTheValuesOfEveryEnum(t *testing.T) {
	t.Parallel()
	for _, e := range rehab.Enums() {
		schema := api.SchemaOf(reflect.TypeOf(e.Zero))
		require.NotEmpty(t, schema.Enum, "%s is a plain string in the document: newSchemas has no line for it", e.Name)
		require.Equal(t, fmt.Sprint(e.Sent()), fmt.Sprint(schema.Enum), e.Name)
	}
}
