package notify

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"
)

const secretPrefix = "whsec_"

// NewSecret makes the key of a webhook, in the form that the Standard Webhooks libraries read.
func (*Sender) NewSecret() string {
	key := make([]byte, 32)
	_, _ = rand.Read(key) // never fails
	return secretPrefix + base64.StdEncoding.EncodeToString(key)
}

// Signature is that of a webhook: HMAC-SHA256 over its id, the time in seconds and the body.
func Signature(secret, id string, at time.Time, body []byte) (string, error) {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, secretPrefix))
	if err != nil {
		return "", fmt.Errorf("the secret is not base64: %w", err)
	}
	h := hmac.New(sha256.New, key)
	fmt.Fprintf(h, "%s.%d.", id, at.Unix())
	h.Write(body)
	return "v1," + base64.StdEncoding.EncodeToString(h.Sum(nil)), nil
}

// signDingTalk adds time and signature to the address of a DingTalk robot that asks for them.
func signDingTalk(target, secret string, at time.Time) (string, error) {
	u, err := url.Parse(target)
	if err != nil || secret == "" {
		return target, err
	}
	stamp := strconv.FormatInt(at.UnixMilli(), 10)
	h := hmac.New(sha256.New, []byte(secret))
	h.Write([]byte(stamp + "\n" + secret))
	q := u.Query()
	q.Set("timestamp", stamp)
	q.Set("sign", base64.StdEncoding.EncodeToString(h.Sum(nil)))
	u.RawQuery = q.Encode()
	return u.String(), nil
}
