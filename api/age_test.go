package api_test

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestNCL39Under16IsHeldAgainstTheIdentityNumber(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.opened(1, "worker", nil) // born in 1987
	a := b.call("worker", "POST", "/v1/cases/"+id+"/record-circumstance", `{"circumstance":"under_16","from":"2026-10-01","until":"2027-10-01"}`)
	require.Equal(t, 422, a.StatusCode, a.text)
	require.Equal(t, "until", a.json["field"])
	require.Equal(t, "NCL art.39", a.json["citation"], a.text)
}
