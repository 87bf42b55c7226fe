// Package kms lets the master key stay in a key management service or a hardware module: it
// is asked over HTTP to encrypt and to decrypt the keys of cases, and never gives its own key.
//
// The service answers two requests, each with a bearer token where one is set:
//
//	POST URL/encrypt {"plaintext": base64, "context": base64}  → {"ciphertext": base64}
//	POST URL/decrypt {"ciphertext": base64, "context": base64} → {"plaintext": base64}
//
// The context is what the ciphertext is bound to; with another one it must not be decrypted.
package kms

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// mark begins a ciphertext; four bytes of the digest of the address follow.
const mark = 'K'

const (
	head      = 5
	patience  = 10 * time.Second
	mostBytes = 1 << 20
)

// Master is a master key that a service keeps.
type Master struct {
	ctx    context.Context
	url    string
	token  string
	head   []byte
	client *http.Client
}

// New is the master key at the address. Requests end with the context, or after ten seconds.
func New(ctx context.Context, address, token string) (*Master, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return nil, fmt.Errorf("%q is not the https address of a key management service", address)
	}
	if u.Scheme == "http" && u.Hostname() != "localhost" && u.Hostname() != "127.0.0.1" && u.Hostname() != "::1" {
		return nil, fmt.Errorf("%s: keys go to another host over https alone", address)
	}
	address = strings.TrimSuffix(address, "/")
	sum := sha256.Sum256([]byte(address))
	return &Master{ctx: ctx, url: address, token: token, head: append([]byte{mark}, sum[:head-1]...), client: &http.Client{Timeout: patience}}, nil
}

// Wrote reports whether the ciphertext is of this service.
func (m *Master) Wrote(ciphertext []byte) bool { return bytes.HasPrefix(ciphertext, m.head) }

// message is what goes to the service and comes back.
type message struct {
	Plaintext  []byte `json:"plaintext,omitempty"`
	Ciphertext []byte `json:"ciphertext,omitempty"`
	Context    []byte `json:"context,omitempty"`
}

// Encrypt has the service encrypt.
func (m *Master) Encrypt(plaintext, associatedData []byte) ([]byte, error) {
	out, err := m.ask("encrypt", message{Plaintext: plaintext, Context: associatedData})
	if err != nil {
		return nil, err
	}
	if len(out.Ciphertext) == 0 {
		return nil, errors.New("the key management service answered without a ciphertext")
	}
	return append(bytes.Clone(m.head), out.Ciphertext...), nil
}

// Decrypt has the service decrypt.
func (m *Master) Decrypt(ciphertext, associatedData []byte) ([]byte, error) {
	if !m.Wrote(ciphertext) {
		return nil, errors.New("the ciphertext is not of this key management service")
	}
	out, err := m.ask("decrypt", message{Ciphertext: ciphertext[head:], Context: associatedData})
	if err != nil {
		return nil, err
	}
	if len(out.Plaintext) == 0 {
		return nil, errors.New("the key management service answered without a plaintext")
	}
	return out.Plaintext, nil
}

func (m *Master) ask(what string, in message) (out message, err error) {
	body, err := json.Marshal(in)
	if err != nil {
		return out, err
	}
	r, err := http.NewRequestWithContext(m.ctx, http.MethodPost, m.url+"/"+what, bytes.NewReader(body))
	if err != nil {
		return out, err
	}
	r.Header.Set("Content-Type", "application/json")
	if m.token != "" {
		r.Header.Set("Authorization", "Bearer "+m.token)
	}
	answer, err := m.client.Do(r)
	if err != nil {
		return out, fmt.Errorf("ask the key management service: %w", err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return out, fmt.Errorf("the key management service answered %s to %s", answer.Status, what)
	}
	if err := json.NewDecoder(io.LimitReader(answer.Body, mostBytes)).Decode(&out); err != nil {
		return out, fmt.Errorf("read the answer of the key management service: %w", err)
	}
	return out, nil
}
