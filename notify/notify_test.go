package notify_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"guitu/board"
	"guitu/notify"
	"guitu/rehab"
)

var now = time.Date(2026, 10, 20, 4, 0, 0, 0, time.UTC)

// outgoing is a delivery about a missed test, as telling as a notice can be.
func outgoing(kind notify.SubscriptionKind, target, secret string) notify.Outgoing {
	return notify.Outgoing{
		Delivery: notify.Delivery{ID: "s-1-77", Position: 77, Tries: 1}, Kind: kind, Language: "zh", Sealed: notify.Sealed{Target: target, Secret: secret},
		Notice: board.NoticeRow{Position: 77, CaseID: "c-secretcase", Seq: 9, CreatedAt: now, Notice: rehab.Notice{
			Role: rehab.StationHead, Place: "110101001", Worker: "w-1", Type: "violation_found", Escalation: 5, Obligation: rehab.ObligationID{Kind: rehab.TestDuty, N: 3},
		}},
		Due: rehab.NewDate(2026, 10, 22),
	}
}

// receiver is another system on loopback that answers as it is told.
type receiver struct {
	*httptest.Server
	status int
	answer string
	header http.Header
	query  url.Values
	body   string
	hits   int
}

func receive(t *testing.T) (*receiver, *notify.Sender) {
	t.Helper()
	r := &receiver{status: 200, answer: `{"errcode":0,"errmsg":"ok"}`}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, in *http.Request) {
		raw, _ := io.ReadAll(in.Body)
		r.header, r.query, r.body = in.Header, in.URL.Query(), string(raw)
		r.hits++
		w.Header().Set("Location", r.URL+"/elsewhere")
		w.WriteHeader(r.status)
		_, _ = io.WriteString(w, r.answer)
	}))
	t.Cleanup(r.Close)
	return r, notify.NewSender([]string{strings.TrimPrefix(r.URL, "http://")}, notify.SMTP{}, func() time.Time { return now })
}

// telling are words that would tell a reader why a message came.
var telling = []string{"c-secretcase", "w-1", "110101", "violation", "test", "检测", "毒", "社区", "康复", "drug", "rehab", "guitu", "归途"}

func TestAWebhookIsSignedOverIdTimeAndBody(t *testing.T) {
	t.Parallel()
	r, s := receive(t)
	secret := s.NewSecret()
	require.NotEqual(t, secret, s.NewSecret())
	require.Empty(t, s.Send(t.Context(), outgoing(notify.ByWebhook, r.URL+"/in", secret)))
	require.Equal(t, "s-1-77", r.header.Get("Webhook-Id"))
	require.Equal(t, "1792468800", r.header.Get("Webhook-Timestamp"))
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	require.NoError(t, err)
	h := hmac.New(sha256.New, key)
	h.Write([]byte("s-1-77.1792468800." + r.body))
	require.Equal(t, "v1,"+base64.StdEncoding.EncodeToString(h.Sum(nil)), r.header.Get("Webhook-Signature"))
	require.JSONEq(t, `{"type":"notice","timestamp":"2026-10-20T04:00:00Z","data":{"position":77,"case_id":"c-secretcase","seq":9,"created_at":"2026-10-20T04:00:00Z",
		"role":"station_head","place":"110101001","worker":"w-1","type":"violation_found","escalation":5,"obligation":"test-3"}}`, r.body)
}

func TestTheSignatureIsThatOfTheStandardWebhooksLibraries(t *testing.T) {
	t.Parallel()
	got, err := notify.Signature("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", time.Unix(1614265330, 0), []byte(`{"test": 2432232314}`))
	require.NoError(t, err)
	require.Equal(t, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", got)
}

func TestARobotSaysNothingOfWhyItSpeaks(t *testing.T) {
	t.Parallel()
	for _, kind := range []notify.SubscriptionKind{notify.ByWeCom, notify.ByDingTalk} {
		for _, language := range []string{"zh", "en"} {
			r, s := receive(t)
			o := outgoing(kind, r.URL+"/send?key=k", "")
			o.Language = language
			require.Empty(t, s.Send(t.Context(), o))
			require.Contains(t, r.body, `"msgtype":"text"`)
			require.Contains(t, r.body, "77")
			require.Contains(t, r.body, "2026-10-22")
			for _, word := range telling {
				require.NotContains(t, strings.ToLower(r.body), word, language)
			}
			require.Equal(t, "k", r.query.Get("key"))
			require.Empty(t, r.query.Get("sign"))
		}
	}
}

func TestADingTalkRobotWithASecretIsSigned(t *testing.T) {
	t.Parallel()
	r, s := receive(t)
	require.Empty(t, s.Send(t.Context(), outgoing(notify.ByDingTalk, r.URL+"/robot/send?access_token=t", "SEC1")))
	require.Equal(t, "t", r.query.Get("access_token"))
	require.Equal(t, "1792468800000", r.query.Get("timestamp"))
	h := hmac.New(sha256.New, []byte("SEC1"))
	h.Write([]byte("1792468800000\nSEC1"))
	require.Equal(t, base64.StdEncoding.EncodeToString(h.Sum(nil)), r.query.Get("sign"))
}

func TestAFaultIsNamedByACodeWithoutAddressOrAnswer(t *testing.T) {
	t.Parallel()
	r, s := receive(t)
	r.status = 500
	require.Equal(t, "status_500", s.Send(t.Context(), outgoing(notify.ByWebhook, r.URL, "")))
	r.status = 302
	hits := r.hits
	require.Equal(t, "status_302", s.Send(t.Context(), outgoing(notify.ByWebhook, r.URL, "")))
	require.Equal(t, hits+1, r.hits, "no redirect is followed")
	r.status, r.answer = 200, `{"errcode":310000,"errmsg":"sign not match"}`
	require.Equal(t, "robot_310000", s.Send(t.Context(), outgoing(notify.ByDingTalk, r.URL, "")))
	r.answer = `<html>`
	require.Equal(t, "answer_unclear", s.Send(t.Context(), outgoing(notify.ByWeCom, r.URL, "")))
	r.Close()
	require.Equal(t, "refused", s.Send(t.Context(), outgoing(notify.ByWebhook, r.URL, "")))
}

func TestNobodyIsCalledWhoIsNotOnTheList(t *testing.T) {
	t.Parallel()
	r, _ := receive(t)
	for name, hosts := range map[string][]string{"none": nil, "another": {"hooks.example.cn"}, "without its port": {"127.0.0.1"}} {
		s := notify.NewSender(hosts, notify.SMTP{}, time.Now)
		require.Equal(t, "not_allowed", s.Send(t.Context(), outgoing(notify.ByWebhook, r.URL, "")), name)
	}
	require.Zero(t, r.hits)

	s := notify.NewSender([]string{"hooks.example.cn", "hooks.example.cn:8443", "169.254.169.254", "0.0.0.0"}, notify.SMTP{}, time.Now)
	for _, allowed := range []string{"https://hooks.example.cn/a?b=c", "https://HOOKS.example.cn:443/", "https://hooks.example.cn:8443/"} {
		shown, err := s.CheckTarget(notify.ByWebhook, allowed)
		require.NoError(t, err, allowed)
		require.NotContains(t, shown, "b=c")
	}
	for _, refused := range []string{
		"http://hooks.example.cn", "https://hooks.example.cn:80", "https://user@hooks.example.cn", "https://hooks.example.cn.evil.example", "https://127.0.0.1", "https://evil.example/hooks.example.cn",
		"file:///etc/passwd", "https://hooks.example.cn#x", "hooks.example.cn", "https:hooks.example.cn", "", "https://[::1]/",
	} {
		_, err := s.CheckTarget(notify.ByWebhook, refused)
		require.Equal(t, rehab.Invalid, rehab.CodeOf(err), refused)
	}
	for _, neighbour := range []string{"https://169.254.169.254/latest", "https://0.0.0.0/"} {
		require.Equal(t, "not_allowed", s.Send(t.Context(), outgoing(notify.ByWebhook, neighbour, "")), "a list that names it does not open it")
	}
}

func TestAWebhookOfAChangeSaysItsKindAndIsSignedAlike(t *testing.T) {
	t.Parallel()
	r, s := receive(t)
	o := outgoing(notify.ByWebhook, r.URL+"/in", s.NewSecret())
	o.Event, o.At = "released", now
	o.Change = notify.HookChange{Position: 77, CaseID: "c-1", Seq: 40, Event: "case_released", Phase: rehab.Released, Place: "110101001", Worker: "w-1"}
	require.Empty(t, s.Send(t.Context(), o))
	require.JSONEq(t, `{"type":"released","timestamp":"2026-10-20T04:00:00Z","data":{"position":77,"case_id":"c-1","seq":40,"event":"case_released","phase":"released","place":"110101001","worker":"w-1"}}`, r.body)
	want, err := notify.Signature(o.Sealed.Secret, "s-1-77", now, []byte(r.body))
	require.NoError(t, err)
	require.Equal(t, want, r.header.Get("Webhook-Signature"))
}
