package config_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/letsencrypt/challtestsrv"
	"github.com/letsencrypt/pebble/v2/ca"
	"github.com/letsencrypt/pebble/v2/db"
	"github.com/letsencrypt/pebble/v2/va"
	"github.com/letsencrypt/pebble/v2/wfe"
	"github.com/stretchr/testify/require"

	"guitu/config"
)

const host = "guitu.example.cn"

// authority is a certificate authority that speaks ACME and finds every host at this machine,
// TLS on the port. It answers with where it is, who signs for its own address, and its root.
func authority(t *testing.T, port int) (directory, file string, roots *x509.CertPool) {
	t.Helper()
	t.Setenv("PEBBLE_VA_NOSLEEP", "1")
	quiet := log.New(io.Discard, "", 0)
	free, err := net.ListenPacket("udp", "127.0.0.1:0")
	require.NoError(t, err)
	resolver := free.LocalAddr().String()
	require.NoError(t, free.Close())
	names, err := challtestsrv.New(challtestsrv.Config{DNSAddrs: []string{resolver}, Log: quiet})
	require.NoError(t, err)
	names.SetDefaultDNSIPv4("127.0.0.1")
	names.SetDefaultDNSIPv6("")
	go names.Run()
	t.Cleanup(names.Shutdown)
	lookup := &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "udp", resolver)
	}}
	require.Eventually(t, func() bool {
		found, err := lookup.LookupIPAddr(t.Context(), host)
		return err == nil && len(found) > 0
	}, 30*time.Second, 20*time.Millisecond, "it answers")

	kept := db.NewMemoryStore()
	signer := ca.New(quiet, kept, "", "ecdsa", 0, 1, map[string]ca.Profile{"default": {Description: "usual"}})
	front := wfe.New(quiet, kept, va.New(quiet, 1, port, false, resolver, kept), signer, nil, false, false, 1, 1)
	server := httptest.NewTLSServer(front.Handler())
	t.Cleanup(server.Close)
	file = filepath.Join(t.TempDir(), "authority.pem")
	require.NoError(t, os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}), 0o600))
	roots = x509.NewCertPool()
	require.True(t, roots.AppendCertsFromPEM(signer.GetRootCert(0).PEM()))
	return server.URL + wfe.DirectoryPath, file, roots
}

// TestACertificateIsOrderedByItself has a real authority look at the host before it signs.
func TestACertificateIsOrderedByItself(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	directory, file, roots := authority(t, listener.Addr().(*net.TCPAddr).Port)
	dir := t.TempDir()
	secure, err := config.TLS{ACME: config.ACME{Hosts: []string{host}, Dir: dir, Directory: directory, CA: file}}.Server()
	require.NoError(t, err)
	serve(t, listener, secure)

	require.Equal(t, http.StatusNoContent, get(t, listener, &tls.Config{RootCAs: roots, ServerName: host, MinVersion: tls.VersionTLS12}))
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(entries), 2, "the account and the certificate are kept over a restart")
	_, err = dial(t, listener, &tls.Config{RootCAs: roots, ServerName: "other.example.cn", MinVersion: tls.VersionTLS12})
	require.Error(t, err, "no certificate is ordered for a host that nobody named")
}

// TestBothServersShowTheirCertificates is a Temporal that takes those alone whom the authority
// of the installation signed for.
func TestBothServersShowTheirCertificates(t *testing.T) {
	t.Parallel()
	root := sign(t, "root", nil)
	theirs, ours, foreign := sign(t, "temporal", root), sign(t, "guitu", root), sign(t, "stranger", nil)
	trusted := x509.NewCertPool()
	trusted.AddCert(root.cert)
	pair, err := tls.LoadX509KeyPair(theirs.certFile, theirs.keyFile)
	require.NoError(t, err)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	serve(t, listener, &tls.Config{Certificates: []tls.Certificate{pair}, ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: trusted, MinVersion: tls.VersionTLS12})

	known, err := config.Mutual{CA: root.certFile, Cert: ours.certFile, Key: ours.keyFile, Name: "temporal"}.Client()
	require.NoError(t, err)
	require.Equal(t, http.StatusNoContent, get(t, listener, known))
	for name, m := range map[string]config.Mutual{
		"without one's own":         {CA: root.certFile, Name: "temporal"},
		"signed by somebody else":   {CA: root.certFile, Cert: foreign.certFile, Key: foreign.keyFile, Name: "temporal"},
		"of another name":           {CA: root.certFile, Cert: ours.certFile, Key: ours.keyFile, Name: "other"},
		"without whom to trust":     {Cert: ours.certFile, Key: ours.keyFile, Name: "temporal"},
		"with another one to trust": {CA: foreign.certFile, Cert: ours.certFile, Key: ours.keyFile, Name: "temporal"},
	} {
		c, err := m.Client()
		require.NoError(t, err, name)
		_, err = dial(t, listener, c)
		require.Error(t, err, name)
	}
	plain, err := config.Mutual{}.Client()
	require.NoError(t, err)
	require.Nil(t, plain)
	_, err = config.Mutual{CA: ours.keyFile}.Client()
	require.ErrorContains(t, err, "temporal.tls.ca")
	_, err = config.Mutual{Cert: "missing.pem", Key: ours.keyFile}.Client()
	require.ErrorContains(t, err, "temporal.tls.cert")
}

// TestARenewedCertificateTakesNoRestart puts another one into the file, in the middle of which
// there was none.
func TestARenewedCertificateTakesNoRestart(t *testing.T) {
	t.Parallel()
	root := sign(t, "root", nil)
	first, second := sign(t, host, root), sign(t, host, root)
	secure, err := config.TLS{Cert: first.certFile, Key: first.keyFile}.Server()
	require.NoError(t, err)
	shown := func() *big.Int {
		c, err := secure.GetCertificate(nil)
		require.NoError(t, err)
		parsed, err := x509.ParseCertificate(c.Certificate[0])
		require.NoError(t, err)
		return parsed.SerialNumber
	}
	require.Equal(t, first.cert.SerialNumber, shown())
	require.NoError(t, os.Remove(first.certFile))
	require.Equal(t, first.cert.SerialNumber, shown(), "while it is renewed the last one holds")
	for from, to := range map[string]string{second.keyFile: first.keyFile, second.certFile: first.certFile} {
		raw, err := os.ReadFile(from)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(to, raw, 0o600))
	}
	require.NoError(t, os.Chtimes(first.certFile, time.Now(), time.Now().Add(time.Minute)))
	require.Equal(t, second.cert.SerialNumber, shown())
	_, err = config.TLS{Cert: "missing.pem", Key: first.keyFile}.Server()
	require.ErrorContains(t, err, "api.tls")
}

func serve(t *testing.T, listener net.Listener, secure *tls.Config) {
	t.Helper()
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }), TLSConfig: secure,
		ReadHeaderTimeout: time.Minute, ErrorLog: log.New(io.Discard, "", 0)}
	go func() { _ = server.ServeTLS(listener, "", "") }()
	t.Cleanup(func() { _ = server.Close() })
}

func dial(t *testing.T, listener net.Listener, c *tls.Config) (int, error) {
	t.Helper()
	transport := &http.Transport{TLSClientConfig: c, DisableKeepAlives: true}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://"+listener.Addr().String(), nil)
	require.NoError(t, err)
	res, err := transport.RoundTrip(req)
	if err != nil {
		return 0, err
	}
	return res.StatusCode, res.Body.Close()
}

func get(t *testing.T, listener net.Listener, c *tls.Config) int {
	t.Helper()
	status, err := dial(t, listener, c)
	require.NoError(t, err)
	return status
}

type signed struct {
	cert              *x509.Certificate
	key               *ecdsa.PrivateKey
	certFile, keyFile string
}

// sign writes a certificate of the name, by the other one or by itself.
func sign(t *testing.T, name string, by *signed) *signed {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	serial, err := rand.Int(rand.Reader, big.NewInt(1<<62))
	require.NoError(t, err)
	form := &x509.Certificate{SerialNumber: serial, Subject: pkix.Name{CommonName: name}, DNSNames: []string{name}, NotAfter: time.Now().Add(time.Hour),
		IsCA: by == nil, BasicConstraintsValid: true, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth, x509.ExtKeyUsageServerAuth}}
	parent, signer := form, key
	if by != nil {
		parent, signer = by.cert, by.key
	}
	der, err := x509.CreateCertificate(rand.Reader, form, parent, &key.PublicKey, signer)
	require.NoError(t, err)
	cert, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	raw, err := x509.MarshalPKCS8PrivateKey(key)
	require.NoError(t, err)
	s := &signed{cert, key, filepath.Join(t.TempDir(), "cert.pem"), filepath.Join(t.TempDir(), "key.pem")}
	require.NoError(t, os.WriteFile(s.certFile, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600))
	require.NoError(t, os.WriteFile(s.keyFile, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: raw}), 0o600))
	return s
}
