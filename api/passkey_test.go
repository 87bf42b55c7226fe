package api_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"net/http"
	"testing"

	"github.com/go-webauthn/webauthn/protocol/webauthncbor"
	"github.com/stretchr/testify/require"

	"guitu/rehab"
)

// authenticator is a passkey of a device: it signs what a browser would have it sign.
type authenticator struct {
	t       testing.TB
	key     *ecdsa.PrivateKey
	id      []byte
	handle  []byte
	counter uint32
}

func newAuthenticator(t testing.TB) *authenticator {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	return &authenticator{t: t, key: key, id: []byte("credential-of-the-test")}
}

func b64(raw []byte) string { return base64.RawURLEncoding.EncodeToString(raw) }

// clientData is what the browser says about the ceremony.
func clientData(t testing.TB, kind, challenge, origin string) []byte {
	t.Helper()
	raw, err := json.Marshal(map[string]any{"type": kind, "challenge": challenge, "origin": origin, "crossOrigin": false})
	require.NoError(t, err)
	return raw
}

// data is the authenticator data: user present and verified.
func (a *authenticator) data(flags byte, more ...byte) []byte {
	a.counter++
	host := sha256.Sum256([]byte("guitu.example.cn"))
	out := append(host[:], flags)
	return append(binary.BigEndian.AppendUint32(out, a.counter), more...)
}

// create answers navigator.credentials.create.
func (a *authenticator) create(options map[string]any, origin string) string {
	public := dig(options, "publicKey").(map[string]any)
	handle, err := base64.RawURLEncoding.DecodeString(dig(public, "user", "id").(string))
	require.NoError(a.t, err)
	a.handle = handle
	point, err := a.key.PublicKey.Bytes()
	require.NoError(a.t, err)
	cose, err := webauthncbor.Marshal(map[int]any{1: 2, 3: -7, -1: 1, -2: point[1:33], -3: point[33:]})
	require.NoError(a.t, err)
	more := append(make([]byte, 16), 0, byte(len(a.id)))
	attestation, err := webauthncbor.Marshal(map[string]any{"fmt": "none", "attStmt": map[string]any{}, "authData": a.data(0x45, append(append(more, a.id...), cose...)...)})
	require.NoError(a.t, err)
	return a.answer(map[string]any{
		"attestationObject": b64(attestation), "clientDataJSON": b64(clientData(a.t, "webauthn.create", public["challenge"].(string), origin)),
	})
}

// get answers navigator.credentials.get.
func (a *authenticator) get(options map[string]any, origin string, flags byte) string {
	client := clientData(a.t, "webauthn.get", dig(options, "publicKey", "challenge").(string), origin)
	data, hash := a.data(flags), sha256.Sum256(client)
	digest := sha256.Sum256(append(append([]byte{}, data...), hash[:]...))
	signature, err := ecdsa.SignASN1(rand.Reader, a.key, digest[:])
	require.NoError(a.t, err)
	return a.answer(map[string]any{"authenticatorData": b64(data), "clientDataJSON": b64(client), "signature": b64(signature), "userHandle": b64(a.handle)})
}

func (a *authenticator) answer(response map[string]any) string {
	raw, err := json.Marshal(map[string]any{"id": b64(a.id), "rawId": b64(a.id), "type": "public-key", "response": response, "clientExtensionResults": map[string]any{}})
	require.NoError(a.t, err)
	return string(raw)
}

const ourOrigin = "https://guitu.example.cn"

// enrolPasskey gives the account of the session a passkey.
func (b *bench) enrolPasskey(c *http.Cookie, device *authenticator) answer {
	b.t.Helper()
	options := b.as(c, "POST", "/v1/session/passkeys/register-options", nil)
	require.Equal(b.t, 200, options.StatusCode, options.text)
	return b.as(c, "POST", "/v1/session/passkeys/register", map[string]any{
		"ceremony": options.json["ceremony"], "credential": device.create(options.json["options"].(map[string]any), ourOrigin), "label": "手机",
	})
}

// bySignature signs in with a passkey.
func (b *bench) bySignature(device *authenticator, origin string, flags byte) answer {
	b.t.Helper()
	options := b.call("", "POST", "/v1/session/passkeys/sign-in-options", nil)
	require.Equal(b.t, 200, options.StatusCode, options.text)
	return b.call("", "POST", "/v1/session/passkeys/sign-in", map[string]any{
		"ceremony": options.json["ceremony"], "credential": device.get(options.json["options"].(map[string]any), origin, flags),
	})
}

func TestAPasskeySignsInAndIsBothFactors(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.employ(rehab.Actor{ID: "s-3", Role: rehab.Auditor, Place: "11"})
	_, c := b.signIn("s-3")
	device := newAuthenticator(t)
	made := b.enrolPasskey(c, device)
	require.Equal(t, 201, made.StatusCode, made.text)
	require.Equal(t, 200, b.as(c, "GET", "/v1/audit", nil).StatusCode, "the session is whole now")
	a, _ := b.signIn("s-3")
	a.problem(t, 401, "second_factor", "") // the password alone is not enough any more

	in := b.bySignature(device, ourOrigin, 0x05)
	require.Equal(t, 200, in.StatusCode, in.text)
	require.Equal(t, "s-3", in.json["account"])
	require.Len(t, in.Cookies(), 1)

	b.bySignature(device, "https://evil.example", 0x05).problem(t, 401, "unauthenticated", "") // a page that looks like ours
	b.bySignature(device, ourOrigin, 0x01).problem(t, 401, "unauthenticated", "")              // nobody was verified
	other := newAuthenticator(t)
	other.handle = device.handle
	b.bySignature(other, ourOrigin, 0x05).problem(t, 401, "unauthenticated", "") // another key
	device.counter = 0
	b.bySignature(device, ourOrigin, 0x05).problem(t, 401, "unauthenticated", "") // a copy of the key, whose counter is behind

	options := b.call("", "POST", "/v1/session/passkeys/sign-in-options", nil)
	device.counter = 40
	body := map[string]any{"ceremony": options.json["ceremony"], "credential": device.get(options.json["options"].(map[string]any), ourOrigin, 0x05)}
	require.Equal(t, 200, b.call("", "POST", "/v1/session/passkeys/sign-in", body).StatusCode)
	b.call("", "POST", "/v1/session/passkeys/sign-in", body).problem(t, 422, "refused", "ceremony") // sent again

	b.as(c, "DELETE", "/v1/session/passkeys/"+b64([]byte("none")), nil).problem(t, 404, "not_found", "")
	require.Equal(t, 204, b.as(c, "DELETE", "/v1/session/passkeys/"+made.json["id"].(string), nil).StatusCode)
	b.bySignature(device, ourOrigin, 0x05).problem(t, 401, "unauthenticated", "")
}
