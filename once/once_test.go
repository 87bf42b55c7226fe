package once_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/once"
	"guitu/rehab"
)

func TestARequestRepeatsItselfAndNoOther(t *testing.T) {
	t.Parallel()
	r := once.Request{Key: "k", Digest: "d"}
	require.NoError(t, r.Repeats("d"))
	require.Equal(t, rehab.Conflict, rehab.CodeOf(r.Repeats("another")))
}

func TestAKeyIsTheCallersOrANewOneAndNeverTheSystems(t *testing.T) {
	t.Parallel()
	key, err := once.Key("k-1")
	require.NoError(t, err)
	require.Equal(t, "k-1", key)
	one, err := once.Key("")
	require.NoError(t, err)
	two, err := once.Key("")
	require.NoError(t, err)
	require.NotEqual(t, one, two)
	_, err = once.Key(rehab.Reserved("worker", "registered"))
	require.Equal(t, rehab.Invalid, rehab.CodeOf(err))
	require.NotEqual(t, once.ID("w-1", "k"), once.ID("w-2", "k"))
	require.Equal(t, "59b271ae", once.ID("a", "b")[:8], "what was made with a key is found with it after an upgrade")
}
