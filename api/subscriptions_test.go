package api_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/notify"
)

const hook = `{"role":"station_head","kind":"webhook","target":"https://hooks.example.cn/guitu?key=s3cret"}`

// subscriptionAnswers checks the operations of subscriptions against the document.
func (b *bench) subscriptionAnswers(d *document) {
	d.check("POST", "/v1/subscriptions", b.call("district", "POST", "/v1/subscriptions", hook, "Idempotency-Key", "k-1"))
	again := b.call("district", "POST", "/v1/subscriptions", hook, "Idempotency-Key", "k-1")
	d.check("POST", "/v1/subscriptions", again)
	path := "/v1/subscriptions/" + again.json["id"].(string)
	for _, body := range []string{`{`, `{"foo":1}`, `{"role":"admin","kind":"mail","target":"a@example.cn"}`, `{"role":"city","kind":"fax","target":"1234"}`} {
		d.check("POST", "/v1/subscriptions", b.call("district", "POST", "/v1/subscriptions", body))
	}
	d.check("POST", "/v1/subscriptions", b.call("district", "POST", "/v1/subscriptions", `{"role":"city","kind":"wecom","target":"https://hooks.example.cn"}`, "Idempotency-Key", "k-1"))
	d.check("POST", "/v1/subscriptions", b.call("head", "POST", "/v1/subscriptions", hook))
	for _, query := range []string{"", "?place=110102", "?limit=0"} {
		d.check("GET", "/v1/subscriptions", b.call("district", "GET", "/v1/subscriptions"+query, nil))
	}
	for _, query := range []string{"", "?state=failed", "?state=lost"} {
		d.check("GET", "/v1/subscriptions/{id}/deliveries", b.call("district", "GET", path+"/deliveries"+query, nil))
	}
	d.check("GET", "/v1/subscriptions/{id}/deliveries", b.call("district", "GET", "/v1/subscriptions/none/deliveries", nil))
	d.check("DELETE", "/v1/subscriptions/{id}", b.call("district", "DELETE", "/v1/subscriptions/none", nil))
	d.check("DELETE", "/v1/subscriptions/{id}", b.call("district", "DELETE", path, nil))
	d.check("DELETE", "/v1/subscriptions/{id}", b.call("district", "DELETE", path, nil))
}

func TestTheSecretOfAWebhookIsShownOnceAndTheTargetNever(t *testing.T) {
	t.Parallel()
	b := setup(t)
	made := b.call("district", "POST", "/v1/subscriptions", hook, "Idempotency-Key", "k-1")
	require.Equal(t, 201, made.StatusCode, made.text)
	require.NotEmpty(t, made.json["secret"])
	require.Equal(t, "110101", made.json["place"])
	again := b.call("district", "POST", "/v1/subscriptions", hook, "Idempotency-Key", "k-1")
	require.Equal(t, 200, again.StatusCode)
	require.Equal(t, made.json["id"], again.json["id"])
	listed := b.call("district", "GET", "/v1/subscriptions", nil)
	for _, text := range []string{again.text, listed.text, b.log.String()} {
		require.NotContains(t, text, made.json["secret"])
		require.NotContains(t, text, "s3cret")
	}
	require.Contains(t, listed.text, "https://hooks.example.cn")
	kept := b.subscribers.list[made.json["id"].(string)]
	require.Equal(t, notify.Sealed{Target: "https://hooks.example.cn/guitu?key=s3cret", Secret: made.json["secret"].(string)}, kept.sealed)
}

func TestSubscriptionsAreKeptInTheOwnArea(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, who := range []string{"worker", "head", "integration"} {
		require.Equal(t, 403, b.call(who, "POST", "/v1/subscriptions", hook).StatusCode, who)
		require.Equal(t, 403, b.call(who, "GET", "/v1/subscriptions", nil).StatusCode, who)
	}
	beyond := `{"place":"11","role":"city","kind":"webhook","target":"https://hooks.example.cn"}`
	require.Equal(t, 403, b.call("district", "POST", "/v1/subscriptions", beyond).StatusCode, "the notices of the city are not a district's")
	made := b.call("city", "POST", "/v1/subscriptions", beyond)
	require.Equal(t, 201, made.StatusCode, made.text)
	path := "/v1/subscriptions/" + made.json["id"].(string)
	require.Equal(t, 404, b.call("district", "DELETE", path, nil).StatusCode)
	require.Equal(t, 404, b.call("district", "GET", path+"/deliveries", nil).StatusCode)
	require.Empty(t, b.call("district", "GET", "/v1/subscriptions", nil).json["subscriptions"])
	require.Equal(t, 200, b.call("city", "DELETE", path, nil).StatusCode)
	require.Empty(t, b.call("city", "GET", "/v1/subscriptions", nil).json["subscriptions"])
}

func TestOnlyAnAllowedHostCanBeSubscribed(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, body := range []string{
		`{"role":"station_head","kind":"webhook","target":"https://elsewhere.example.cn"}`, `{"role":"station_head","kind":"webhook","target":"http://hooks.example.cn"}`,
		`{"role":"station_head","kind":"wecom","target":"http://169.254.169.254/latest"}`, `{"role":"station_head","kind":"mail","target":"Head <h@example.cn>"}`,
		`{"role":"station_head","kind":"webhook","target":"https://hooks.example.cn","secret":"mine"}`, `{"role":"worker","kind":"mail","target":"w@example.cn"}`,
		`{"role":"station_head","worker":"w-1","kind":"mail","target":"w@example.cn"}`,
	} {
		require.Equal(t, 422, b.call("district", "POST", "/v1/subscriptions", body).StatusCode, body)
	}
	require.Equal(t, 201, b.call("district", "POST", "/v1/subscriptions", `{"role":"worker","worker":"w-1","kind":"mail","target":"w@example.cn"}`).StatusCode)
}
