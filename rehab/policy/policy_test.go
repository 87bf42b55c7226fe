package policy_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"guitu/rehab"
	"guitu/rehab/policy"
)

func TestEmbeddedPoliciesAndCalendarsLoad(t *testing.T) {
	t.Parallel()
	set, err := policy.Load()
	require.NoError(t, err)
	require.Equal(t, []int{2025, 2026}, set.Calendar().Years())
	for _, id := range []string{"national", "beijing"} {
		ref, ok := set.Latest(id)
		require.True(t, ok)
		require.Equal(t, 15, set.Policy(ref).ReportIn.N)
	}
	require.True(t, set.Calendar().IsWorkday(rehab.NewDate(2026, 9, 20)))
}

// version is the national policy under another version.
func version(t testing.TB, v string) *fstest.MapFile {
	return &fstest.MapFile{Data: with(t, `version: "2026.1"`, `version: "`+v+`"`)}
}

func TestAFolderAddsPoliciesAndYears(t *testing.T) {
	t.Parallel()
	set, err := policy.Load(fstest.MapFS{
		"national@2027.1.yaml": version(t, "2027.1"),
		"calendar-2027.yaml":   {Data: []byte("year: 2027\nsource: x\noff: [" + statutory(2027) + ", 2027-10-04]\nworking: []\n")},
	})
	require.NoError(t, err)
	require.Equal(t, []int{2025, 2026, 2027}, set.Calendar().Years())
	require.False(t, set.Calendar().IsWorkday(rehab.NewDate(2027, 10, 4)))
	require.Len(t, set.Refs(), 4)
	ref, ok := set.Latest("national")
	require.True(t, ok)
	require.Equal(t, "national@2027.1", ref.String())
	require.NotNil(t, set.Policy(rehab.PolicyRef{ID: "national", Version: "2026.1"}), "the old version stays")
	_, ok = set.Latest("mars")
	require.False(t, ok)
}

func TestTheTenthVersionIsLaterThanTheNinth(t *testing.T) {
	t.Parallel()
	set, err := policy.Load(fstest.MapFS{"national@2026.9.yaml": version(t, "2026.9"), "national@2026.10.yaml": version(t, "2026.10")})
	require.NoError(t, err)
	ref, _ := set.Latest("national")
	require.Equal(t, "2026.10", ref.Version)
}

func TestAFolderThatIsWrongIsRefusedWithTheFile(t *testing.T) {
	t.Parallel()
	for want, files := range map[string]fstest.MapFS{
		"a version never changes":  {"national@2026.1.yaml": version(t, "2026.1")},
		"is named national@2026.3": {"other.yaml": version(t, "2026.3")},
		"bad.yaml: ":               {"bad.yaml": {Data: []byte("id: [")}},
		"laxer than DRR art.14":    {"lax@1.yaml": {Data: []byte(strings.NewReplacer("id: national", "id: lax", "n: 15, unit: days", "n: 30, unit: days").Replace(national(t)))}},
	} {
		_, err := policy.Load(files)
		require.ErrorContains(t, err, want)
	}
}
