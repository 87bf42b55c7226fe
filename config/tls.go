package config

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"os"
	"sync"
	"time"

	"golang.org/x/crypto/acme"
	"golang.org/x/crypto/acme/autocert"
)

// Server is how the server speaks TLS; nil: in clear. A certificate of files is read again
// when they change: renewing it takes no restart.
func (t TLS) Server() (*tls.Config, error) {
	switch {
	case t.Plain():
		return nil, nil //nolint:nilnil // in clear is no error
	case t.Cert != "":
		kept := &keyPair{cert: t.Cert, key: t.Key}
		if _, err := kept.load(); err != nil {
			return nil, fmt.Errorf("api.tls: %w", err)
		}
		return &tls.Config{
			MinVersion:     tls.VersionTLS12,
			GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return kept.load() },
		}, nil
	}
	return t.ACME.server()
}

func (a ACME) server() (*tls.Config, error) {
	m := &autocert.Manager{
		Prompt: autocert.AcceptTOS, Cache: autocert.DirCache(a.Dir), HostPolicy: autocert.HostWhitelist(a.Hosts...), Email: a.Email,
		Client: &acme.Client{DirectoryURL: a.Directory},
	}
	if a.CA != "" {
		pool, err := authority(a.CA)
		if err != nil {
			return nil, fmt.Errorf("api.tls.acme.ca: %w", err)
		}
		m.Client.HTTPClient = &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}}}
	}
	c := m.TLSConfig()
	c.MinVersion = tls.VersionTLS12
	return c, nil
}

// Client is how the other server is spoken to; nil: in clear.
func (m Mutual) Client() (*tls.Config, error) {
	if m == (Mutual{}) {
		return nil, nil //nolint:nilnil // in clear is no error
	}
	c := &tls.Config{MinVersion: tls.VersionTLS12, ServerName: m.Name}
	if m.CA != "" {
		pool, err := authority(m.CA)
		if err != nil {
			return nil, fmt.Errorf("temporal.tls.ca: %w", err)
		}
		c.RootCAs = pool
	}
	if m.Cert != "" {
		kept := &keyPair{cert: m.Cert, key: m.Key}
		if _, err := kept.load(); err != nil {
			return nil, fmt.Errorf("temporal.tls.cert: %w", err)
		}
		c.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return kept.load() }
	}
	return c, nil
}

func authority(file string) (*x509.CertPool, error) {
	raw, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(raw) {
		return nil, fmt.Errorf("%s holds no certificate in PEM", file)
	}
	return pool, nil
}

// keyPair is a certificate in two files, which somebody renews.
type keyPair struct {
	cert, key string

	mu   sync.Mutex
	pair *tls.Certificate
	as   time.Time // when the file was written that pair comes from
}

// load answers with the certificate as it stands in the files. While they cannot be read, as in
// the middle of a renewal, the last one holds.
func (k *keyPair) load() (*tls.Certificate, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	info, err := os.Stat(k.cert)
	if err == nil && k.pair != nil && info.ModTime().Equal(k.as) {
		return k.pair, nil
	}
	pair, loadErr := tls.LoadX509KeyPair(k.cert, k.key)
	switch {
	case err == nil && loadErr == nil:
		k.pair, k.as = &pair, info.ModTime()
	case k.pair == nil:
		return nil, errors.Join(err, loadErr)
	}
	return k.pair, nil
}
