package notify

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"syscall"
	"time"
)

const (
	sendTimeout = 10 * time.Second
	maxAnswer   = 64 << 10
)

// Sender sends deliveries. Without Hosts it calls nobody, without Mail.Host it mails nobody.
type Sender struct {
	Hosts  []string // that may be called
	Mail   SMTP
	Now    func() time.Time
	Origin string // of the pages, where a number leads to; empty: none is named

	client *http.Client
}

// NewSender makes a sender that follows no redirect and goes through no proxy: both would
// lead past the list of hosts.
func NewSender(hosts []string, m SMTP, now func() time.Time) *Sender {
	return &Sender{Hosts: hosts, Mail: m, Now: now, client: &http.Client{
		Timeout:       sendTimeout,
		Transport:     &http.Transport{DialContext: dial, DisableKeepAlives: true, TLSHandshakeTimeout: sendTimeout},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// Send tries a delivery once. The code names what went wrong, empty: nothing did. It
// names no address and no answer, so that it may be kept, logged and shown.
func (s *Sender) Send(ctx context.Context, o Outgoing) (code string) {
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	if _, err := s.CheckTarget(o.Kind, o.Sealed.Target); err != nil {
		return "not_allowed" // the configuration has changed since
	}
	switch o.Kind {
	case ByMail:
		return s.mail(ctx, o)
	case ByWebhook:
		return s.webhook(ctx, o)
	default:
		return s.robot(ctx, o)
	}
}

func (s *Sender) webhook(ctx context.Context, o Outgoing) string {
	body, err := webhookPayload(o)
	if err != nil {
		return "unreadable"
	}
	at := s.Now()
	signature, err := Signature(o.Sealed.Secret, o.ID, at, body)
	if err != nil {
		return "unreadable"
	}
	_, code := s.post(ctx, o.Sealed.Target, body, http.Header{
		"Webhook-Id": {o.ID}, "Webhook-Timestamp": {strconv.FormatInt(at.Unix(), 10)}, "Webhook-Signature": {signature},
	})
	return code
}

// robot sends to a group chat, whose robot answers 200 with a code of its own.
func (s *Sender) robot(ctx context.Context, o Outgoing) string {
	target := o.Sealed.Target
	if o.Kind == ByDingTalk {
		var err error
		if target, err = signDingTalk(target, o.Sealed.Secret, s.Now()); err != nil {
			return "unreadable"
		}
	}
	body, err := robotPayload(o, s.Origin)
	if err != nil {
		return "unreadable"
	}
	raw, code := s.post(ctx, target, body, http.Header{})
	if code != "" {
		return code
	}
	var answer struct {
		ErrCode *int `json:"errcode"`
	}
	if err := json.Unmarshal(raw, &answer); err != nil || answer.ErrCode == nil {
		return "answer_unclear"
	}
	if *answer.ErrCode != 0 {
		return fmt.Sprintf("robot_%d", *answer.ErrCode)
	}
	return ""
}

func (s *Sender) post(ctx context.Context, target string, body []byte, header http.Header) (answer []byte, code string) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, target, bytes.NewReader(body))
	if err != nil {
		return nil, "unreadable"
	}
	r.Header = header
	r.Header.Set("Content-Type", "application/json; charset=utf-8")
	r.Header.Set("User-Agent", "guitu")
	res, err := s.client.Do(r)
	if err != nil {
		return nil, faultCode(err)
	}
	defer func() { _ = res.Body.Close() }()
	answer, err = io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	switch {
	case res.StatusCode < 200 || res.StatusCode > 299:
		return nil, fmt.Sprintf("status_%d", res.StatusCode)
	case err != nil:
		return nil, faultCode(err)
	}
	return answer, ""
}

// faultCode names the fault of a connection. The error itself holds the address.
func faultCode(err error) string {
	var timeout interface{ Timeout() bool }
	switch {
	case errors.Is(err, errBarred):
		return "not_allowed"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "refused"
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return "timeout"
	}
	return "unreachable"
}
