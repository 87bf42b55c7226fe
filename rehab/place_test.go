package rehab_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"guitu/rehab"
)

func TestEachOfficeWatchesOverTheStreetFromItsOwnPlace(t *testing.T) {
	t.Parallel()
	for role, want := range map[rehab.Role]string{
		rehab.CityOffice: "11", rehab.DistrictOffice: "110101", rehab.StationHead: "110101001", rehab.WorkerRole: "110101001",
	} {
		require.Equal(t, want, role.PlaceOver("110101001"), "%s", role)
	}
	require.Empty(t, rehab.DistrictOffice.PlaceOver(""), "outside the system")
}

func TestACodeOfAPlaceKnowsItsLevelAndWhatLiesInIt(t *testing.T) {
	t.Parallel()
	for code, want := range map[rehab.PlaceCode]struct {
		level  rehab.PlaceLevel
		parent rehab.PlaceCode
	}{
		"11": {rehab.CityLevel, ""}, "110101": {rehab.DistrictLevel, "11"}, "110101001": {rehab.StreetLevel, "110101"},
		"": {}, "1101": {}, "11010100x": {}, "110101001000": {},
	} {
		require.Equal(t, want.level, code.Level(), "%q", code)
		require.Equal(t, want.parent, code.Parent(), "%q", code)
		require.Equal(t, want.level == rehab.StreetLevel, code.IsStreet(), "%q", code)
	}
	require.True(t, rehab.PlaceCode("110101").Contains("110101001"))
	require.True(t, rehab.PlaceCode("110101").Contains("110101"))
	require.True(t, rehab.PlaceCode("").Contains("110101"), "no place is everywhere")
	require.False(t, rehab.PlaceCode("110102").Contains("110101001"))
	require.False(t, rehab.PlaceCode("110101001").Contains("110101"))
	require.Empty(t, rehab.PlaceCode("11").At(rehab.StreetLevel))
}

func TestAGapOfCoverageClimbsAsThePolicySays(t *testing.T) {
	t.Parallel()
	p := rehab.Policy{GapAlert: rehab.Limit{N: 24, Unit: rehab.Hours}}
	require.Equal(t, []rehab.GapRung{
		{Role: rehab.StationHead, After: 24 * time.Hour}, {Role: rehab.DistrictOffice, After: 48 * time.Hour}, {Role: rehab.CityOffice, After: 96 * time.Hour},
	}, p.GapLadder())
}
