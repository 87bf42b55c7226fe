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

func TestAGapOfCoverageClimbsAsThePolicySays(t *testing.T) {
	t.Parallel()
	p := rehab.Policy{GapAlert: rehab.Limit{N: 24, Unit: rehab.Hours}}
	require.Equal(t, []rehab.GapRung{
		{Role: rehab.StationHead, After: 24 * time.Hour}, {Role: rehab.DistrictOffice, After: 48 * time.Hour}, {Role: rehab.CityOffice, After: 96 * time.Hour},
	}, p.GapLadder())
}
