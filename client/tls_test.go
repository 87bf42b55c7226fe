package client_test

import (
	"crypto/tls"
	"net"
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/client"
	"guitu/workflows"
)

// TestTheEngineIsSpokenToByTLS has a server that hears what is said first.
func TestTheEngineIsSpokenToByTLS(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	heard := make(chan byte, 1)
	go func() {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		first := make([]byte, 1)
		_, _ = conn.Read(first)
		heard <- first[0]
		_ = conn.Close()
		_ = listener.Close()
	}()
	payload, err := workflows.GenerateKeyset()
	require.NoError(t, err)
	_, err = client.Dial(t.Context(), client.Options{
		Address: listener.Addr().String(), Namespace: "guitu", Payload: payload,
		TLS: &tls.Config{ServerName: "temporal", MinVersion: tls.VersionTLS12},
	})
	require.Error(t, err)
	require.Equal(t, byte(0x16), <-heard, "a handshake, and no word in clear")
}
