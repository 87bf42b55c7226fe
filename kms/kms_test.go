package kms_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/kms"
	"guitu/suite"
)

// service is a key management service with a key that it never gives.
func service(t *testing.T, name, token string) *httptest.Server {
	t.Helper()
	s, err := suite.Named(name)
	require.NoError(t, err)
	key, err := s.NewKey()
	require.NoError(t, err)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer "+token {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		var m struct {
			Plaintext  []byte `json:"plaintext,omitempty"`
			Ciphertext []byte `json:"ciphertext,omitempty"`
			Context    []byte `json:"context,omitempty"`
		}
		if json.NewDecoder(r.Body).Decode(&m) != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		var err error
		switch r.URL.Path {
		case "/keys/guitu/encrypt":
			m.Ciphertext, err = key.Encrypt(m.Plaintext, m.Context)
			m.Plaintext = nil
		case "/keys/guitu/decrypt":
			m.Plaintext, err = key.Decrypt(m.Ciphertext, m.Context)
			m.Ciphertext = nil
		default:
			w.WriteHeader(http.StatusNotFound)
			return
		}
		if err != nil {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		_ = json.NewEncoder(w).Encode(m)
	}))
	t.Cleanup(server.Close)
	return server
}

func TestAMasterKeyThatNeverLeavesItsServiceWrapsTheKeysOfCases(t *testing.T) {
	t.Parallel()
	for _, name := range []string{suite.AES, suite.SM} {
		server := service(t, name, "secret")
		m, err := kms.New(t.Context(), server.URL+"/keys/guitu/", "secret")
		require.NoError(t, err)
		s, err := suite.Named(name)
		require.NoError(t, err)
		key, err := s.NewKey()
		require.NoError(t, err)
		wrapped, err := suite.Wrap(m, key, []byte("c-1"))
		require.NoError(t, err)
		require.True(t, suite.WrappedBy(m, wrapped))
		local, err := s.NewKey()
		require.NoError(t, err)
		back, err := suite.Unwrap(suite.Ring{local, m}, wrapped, []byte("c-1"))
		require.NoError(t, err)
		require.Equal(t, key.Bytes(), back.Bytes())
		_, err = suite.Unwrap(m, wrapped, []byte("c-2"))
		require.ErrorContains(t, err, "403")

		stranger, err := kms.New(t.Context(), server.URL+"/keys/guitu", "wrong")
		require.NoError(t, err)
		_, err = suite.Unwrap(stranger, wrapped, []byte("c-1"))
		require.ErrorContains(t, err, "401")
		server.Close()
		_, err = suite.Wrap(m, key, nil)
		require.ErrorContains(t, err, "ask the key management service")
	}
}

func TestKeysGoToAnotherHostOverHTTPSAlone(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"", "file:///etc/passwd", "https://", "http://kms.example/keys"} {
		_, err := kms.New(t.Context(), address, "")
		require.Error(t, err, address)
	}
	_, err := kms.New(t.Context(), "https://kms.example/keys", "")
	require.NoError(t, err)
}
