package rehab_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/rehab"
)

func TestNoKeyOfACallerIsAnIDOfTheSystem(t *testing.T) {
	t.Parallel()
	for _, id := range []string{rehab.Reserved("fleet", "f-1", 3), rehab.Reserved("supervision", "sv-1", "held"), rehab.Reserved("unread", 7)} {
		require.NotNil(t, rehab.CheckKey(id), "%q can be chosen by a caller", id)
		cmd := rehab.Command{ID: id, Actor: rehab.System, OccurredAt: noon("2026-01-05"), Body: rehab.ReportIn{}}
		require.Nil(t, cmd.Check(), "%q cannot be given by the system", id)
	}
	for _, key := range []string{"", " ", "a b", "键", "a\tb", "a\x7f", strings.Repeat("k", 129)} {
		require.NotNil(t, rehab.CheckKey(key), "%q", key)
	}
	require.Nil(t, rehab.CheckKey("sv-1/1"))
}

func TestAnIDOfTheRegistrySaysNothingOfWhoItIs(t *testing.T) {
	t.Parallel()
	for _, id := range []string{"w-1", "7", "hospital.lis:2", "2026-10-08_0001", "20261008000100000001", "w_" + strings.Repeat("9", 14), "a1b2c3d4e5f60718"} {
		require.Nil(t, rehab.CheckActorID("id", id), "%s", id)
	}
	for _, id := range []string{"", "张三", "zhang san", "a/b", strings.Repeat("w", 65), "110101199003074514", "11010119900307451X", "11010119900307451x",
		"110101900307451", "w-110101199003074514", "110101900307451-2", "id110101199003074514x"} {
		require.NotNil(t, rehab.CheckActorID("id", id), "%s", id)
	}
}
