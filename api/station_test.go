package api_test

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestACaseIsMovedToAStreetOfTheOwnAreaAlone(t *testing.T) {
	t.Parallel()
	b := setup(t)
	path := "/v1/cases/" + b.opened(1) + "/move-station"
	b.call("city", "POST", path, `{"place":"999999999"}`).problem(t, 404, "not_found", "place")
	b.call("district", "POST", path, `{"place":"`+otherStreet+`"}`).problem(t, 403, "forbidden", "place")
	b.call("district", "POST", path+"?dry_run=true", `{"place":"`+otherStreet+`"}`).problem(t, 403, "forbidden", "place")
	a := b.call("district", "POST", path, `{"place":"110101002"}`)
	require.Equal(t, 200, a.StatusCode, a.text)
}

func TestACaseFollowsAStationThatWasMergedIntoAnotherArea(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.opened(1)
	a := b.call("city", "POST", "/v1/places/"+street+"/merge", `{"into":"`+otherStreet+`","from":"2026-10-21"}`)
	require.Equal(t, 200, a.StatusCode, a.text)
	next := now.AddDate(0, 0, 1)
	b.clock.Store(&next)
	a = b.call("district", "POST", "/v1/cases/"+id+"/move-station", `{"place":"`+otherStreet+`"}`)
	require.Equal(t, 200, a.StatusCode, a.text)
}
