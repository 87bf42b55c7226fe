package api_test

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWhyTellsTheLastDecisionsWithTheirWords(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.opened(1)
	b.call("head", "POST", "/v1/cases/"+id+"/report-in", nil)
	b.call("head", "POST", "/v1/cases/"+id+"/change-risk", `{"risk":"high","note":"new friends"}`)
	why := b.call("district", "GET", "/v1/cases/"+id+"/why?decisions=1", nil)
	require.Equal(t, 200, why.StatusCode, why.text)
	list, _ := why.json["decisions"].([]any)
	require.Len(t, list, 1)
	require.Equal(t, "risk_changed", dig(list[0], "code"))
	require.Equal(t, "h-1", dig(list[0], "by", "id"))
	require.Equal(t, "new friends", dig(list[0], "texts", "note"))
	require.NotEmpty(t, dig(list[0], "policy", "version"))
	event := b.call("district", "GET", dig(list[0], "event").(string), nil)
	require.Equal(t, "risk_changed", dig(event.json["entries"].([]any)[0], "type"), event.text)

	admin := b.call("admin", "GET", "/v1/cases/"+id+"/why", nil)
	require.NotContains(t, admin.text, "new friends")
	require.NotEmpty(t, admin.json["state"])
	b.call("head", "GET", "/v1/cases/"+id+"/why?decisions=101", nil).problem(t, 422, "invalid", "decisions")
}
