package suite_test

import (
	"bytes"
	"encoding/hex"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"

	"guitu/suite"
)

// each runs the test under both suites.
func each(t *testing.T, do func(t *testing.T, s suite.Suite)) {
	t.Helper()
	for _, name := range []string{suite.AES, suite.SM} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, err := suite.Named(name)
			require.NoError(t, err)
			require.Equal(t, name, s.Name())
			do(t, s)
		})
	}
}

func TestACiphertextNamesItsSuiteAndItsKey(t *testing.T) {
	t.Parallel()
	marks := map[string]byte{suite.AES: 1, suite.SM: 'S'}
	each(t, func(t *testing.T, s suite.Suite) {
		k, err := s.NewKey()
		require.NoError(t, err)
		require.Equal(t, s.Name(), k.Suite())
		c, err := k.Encrypt([]byte("words"), []byte("where"))
		require.NoError(t, err)
		require.Equal(t, marks[s.Name()], c[0])
		require.True(t, k.Wrote(c))
		again, err := k.Encrypt([]byte("words"), []byte("where"))
		require.NoError(t, err)
		require.NotEqual(t, c, again)

		back, err := suite.ParseText(suite.Text(k))
		require.NoError(t, err)
		plain, err := back.Decrypt(c, []byte("where"))
		require.NoError(t, err)
		require.Equal(t, "words", string(plain))
		_, err = back.Decrypt(c, []byte("elsewhere"))
		require.Error(t, err)
		for i := range c {
			changed := bytes.Clone(c)
			changed[i] ^= 1
			_, err := back.Decrypt(changed, []byte("where"))
			require.Error(t, err, "byte %d", i)
			_, err = back.Decrypt(c[:i], []byte("where"))
			require.Error(t, err, "cut at %d", i)
		}
		other, err := s.NewKey()
		require.NoError(t, err)
		require.False(t, other.Wrote(c))
	})
}

func TestARingWritesWithTheFirstKeyAndReadsWhatAnyWrote(t *testing.T) {
	t.Parallel()
	var keys []suite.AEAD
	for _, name := range []string{suite.AES, suite.AES, suite.SM} {
		s, err := suite.Named(name)
		require.NoError(t, err)
		k, err := s.NewKey()
		require.NoError(t, err)
		keys = append(keys, k)
	}
	all := suite.Ring(keys)
	for i, k := range keys {
		c, err := k.Encrypt([]byte("words"), nil)
		require.NoError(t, err)
		plain, err := all.Decrypt(c, nil)
		require.NoError(t, err)
		require.Equal(t, "words", string(plain))
		_, err = append(suite.Ring{}, append(keys[:i:i], keys[i+1:]...)...).Decrypt(c, nil)
		require.ErrorIs(t, err, suite.ErrForeign)
	}
	c, err := all.Encrypt([]byte("words"), nil)
	require.NoError(t, err)
	_, err = keys[0].Decrypt(c, nil)
	require.NoError(t, err)
	_, err = suite.Ring{}.Encrypt(nil, nil)
	require.Error(t, err)
}

func TestAKeysetOfTinkIsReadAsItWas(t *testing.T) {
	t.Parallel()
	handle, err := keyset.NewHandle(aead.AES256GCMKeyTemplate())
	require.NoError(t, err)
	var raw bytes.Buffer
	require.NoError(t, insecurecleartextkeyset.Write(handle, keyset.NewBinaryWriter(&raw)))
	old, err := aead.New(handle)
	require.NoError(t, err)
	c, err := old.Encrypt([]byte("words"), []byte("where"))
	require.NoError(t, err)
	k, err := suite.Parse(raw.Bytes())
	require.NoError(t, err)
	plain, err := k.Decrypt(c, []byte("where"))
	require.NoError(t, err)
	require.Equal(t, "words", string(plain))
	for _, junk := range []string{"", "S", "Sxxxx", "junk", "\x08\x01"} {
		_, err := suite.Parse([]byte(junk))
		require.Error(t, err, "%q", junk)
	}
}

func TestWhatIsSealedForAHolderIsOpenedByItAlone(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s suite.Suite) {
		public, private, err := s.NewPair()
		require.NoError(t, err)
		_, other, err := s.NewPair()
		require.NoError(t, err)
		sealed, err := s.SealFor(public, []byte("half of a key"))
		require.NoError(t, err)
		require.NotContains(t, string(sealed), "half")
		plain, err := s.OpenWith(private, sealed)
		require.NoError(t, err)
		require.Equal(t, "half of a key", string(plain))
		_, err = s.OpenWith(other, sealed)
		require.Error(t, err)
		_, err = s.SealFor("junk", nil)
		require.ErrorContains(t, err, "holder")
		_, err = s.OpenWith("junk", sealed)
		require.ErrorContains(t, err, "holder")
	})
}

// The digest of "abc" in GB/T 32905 and in FIPS 180-4.
func TestTheDigestsAreThoseOfTheStandards(t *testing.T) {
	t.Parallel()
	want := map[string]string{
		suite.SM:  "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0",
		suite.AES: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
	}
	each(t, func(t *testing.T, s suite.Suite) {
		h := s.NewHash()
		h.Write([]byte("abc"))
		require.Equal(t, want[s.Name()], hex.EncodeToString(h.Sum(nil)))
	})
	_, err := suite.Named("des")
	require.ErrorContains(t, err, "des")
}

func TestAKeyIsWrappedForOneCaseAndTheReleaseBeforeReadsIt(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s suite.Suite) {
		master, err := s.NewKey()
		require.NoError(t, err)
		other, err := s.NewKey()
		require.NoError(t, err)
		k, err := s.NewKey()
		require.NoError(t, err)
		wrapped, err := suite.Wrap(master, k, []byte("c-1"))
		require.NoError(t, err)
		require.True(t, suite.WrappedBy(master, wrapped))
		require.False(t, suite.WrappedBy(other, wrapped))
		back, err := suite.Unwrap(suite.Ring{other, master}, wrapped, []byte("c-1"))
		require.NoError(t, err)
		require.Equal(t, k.Bytes(), back.Bytes())
		_, err = suite.Unwrap(master, wrapped, []byte("c-2"))
		require.Error(t, err)
		if s.Name() == suite.AES {
			_, err := keyset.ReadWithAssociatedData(keyset.NewBinaryReader(bytes.NewReader(wrapped)), master, []byte("c-1"))
			require.NoError(t, err, "an older release opens it with Tink")
		}
	})
}
