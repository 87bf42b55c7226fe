package e2e_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"guitu/rehab"
)

// object is a JSON object as a caller writes it.
type object = map[string]any

// reply is an answer of the API.
type reply struct {
	status int
	body   []byte
}

func (r reply) String() string { return fmt.Sprintf("%d %s", r.status, r.body) }

// receipt is the answer to a command.
type receipt struct {
	CaseID    string `json:"case_id"`
	CommandID string `json:"command_id"`
	Seq       int64  `json:"seq"`
	Duplicate bool   `json:"duplicate"`
	Pending   bool   `json:"pending"`
}

// problem is the answer to a request that is refused.
type problem struct {
	Status   int    `json:"status"`
	Code     string `json:"code"`
	Detail   string `json:"detail"`
	Field    string `json:"field"`
	Citation string `json:"citation"`
	Errors   []struct {
		Field  string `json:"field"`
		Detail string `json:"detail"`
	} `json:"errors"`
}

// send is one request as it is; the body may be anything.
func (w *world) send(ctx context.Context, method, path, token, key string, body []byte) (reply, error) {
	server, own, _ := w.at()
	if token == "" {
		token = own
	}
	req, err := http.NewRequestWithContext(ctx, method, server+path, bytes.NewReader(body))
	if err != nil {
		return reply{}, err
	}
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Accept-Language", "en")
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/json")
	}
	if key != "" {
		req.Header.Set("Idempotency-Key", key)
	}
	res, err := w.http.Do(req)
	if err != nil {
		return reply{}, err
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	return reply{res.StatusCode, raw}, err
}

// post is a request of the holder of the token; "" is the city office's.
func (w *world) post(t *testing.T, token, path, key string, body object) reply {
	t.Helper()
	raw, err := json.Marshal(body)
	require.NoError(t, err)
	res, err := w.send(t.Context(), http.MethodPost, path, token, key, raw)
	require.NoError(t, err)
	return res
}

// do is a command that has to be taken: what a busy machine left with the engine is asked for
// again by its key.
func (w *world) do(t *testing.T, token, path, key string, body object) receipt {
	t.Helper()
	res := w.post(t, token, path, key, body)
	for tries := 0; res.status == http.StatusAccepted && tries < 60; tries++ {
		time.Sleep(time.Second)
		res = w.post(t, token, path, decode[receipt](t, res).CommandID, body)
	}
	require.Contains(t, []int{http.StatusOK, http.StatusCreated}, res.status, "%s: %s", path, res)
	return decode[receipt](t, res)
}

// open opens the case of an order and gives its path.
func (w *world) open(t *testing.T, order object) string {
	t.Helper()
	return "/v1/cases/" + w.do(t, "", "/v1/cases", "", order).CaseID
}

// get reads as the city office does.
func get[T any](t *testing.T, w *world, path string) T {
	t.Helper()
	res, err := w.send(t.Context(), http.MethodGet, path, "", "", nil)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, res.status, "%s: %s", path, res)
	return decode[T](t, res)
}

func decode[T any](t *testing.T, r reply) T {
	t.Helper()
	var out T
	require.NoError(t, json.Unmarshal(r.body, &out), "%s", r)
	return out
}

// entry is an event of a timeline.
type entry struct {
	Seq        int64           `json:"seq"`
	Type       string          `json:"type"`
	RecordedAt time.Time       `json:"recorded_at"`
	OccurredAt time.Time       `json:"occurred_at"`
	Command    string          `json:"command"`
	Data       json.RawMessage `json:"data"`
}

func (e entry) read(t *testing.T, into any) {
	t.Helper()
	require.NoError(t, json.Unmarshal(e.Data, into))
}

// timeline is the whole history of the case at the path.
func (w *world) timeline(t *testing.T, casePath string) []entry {
	t.Helper()
	var all []entry
	for after := int64(0); ; {
		page := get[struct {
			Entries []entry
			Next    int64
		}](t, w, fmt.Sprintf("%s/timeline?limit=200&after=%d", casePath, after))
		all = append(all, page.Entries...)
		if after = page.Next; after == 0 {
			return all
		}
	}
}

// caseRow is what a list says of a case.
type caseRow struct {
	CaseID      string    `json:"case_id"`
	Seq         int64     `json:"seq"`
	Phase       string    `json:"phase"`
	Overdue     int       `json:"overdue"`
	Escalations int       `json:"escalations"`
	TopRung     string    `json:"top_rung"`
	WakeAt      time.Time `json:"wake_at"`
}

// cases lists all of them.
func (w *world) cases(t *testing.T) []caseRow {
	t.Helper()
	var all []caseRow
	for after := ""; ; {
		page := get[struct {
			Cases []caseRow
			Next  string
		}](t, w, "/v1/cases?limit=200&after="+after)
		all = append(all, page.Cases...)
		if after = page.Next; after == "" {
			return all
		}
	}
}

// newOrder is the n-th synthetic order: an area, numbers and phones that nobody has.
func newOrder(n int, served rehab.Date, worker string) object {
	street := []string{"110101001", "110101002", "110105012", "110106024"}[n%4]
	return object{
		"order_no": fmt.Sprintf("京公戒字〔2026〕7%05d号", n), "measure": "treatment", "term_months": 36,
		"decided_on": served.AddDays(-2).String(), "served_on": served.String(), "service_method": "direct",
		"name": fmt.Sprintf("某%05d", n), "sex": "male", "id_number": idNumber(n), "phone": fmt.Sprintf("120%08d", n),
		"household_street": street, "execution_street": street, "risk": []string{"high", "medium", "low"}[n%3], "worker": worker,
	}
}

// idNumber has the area 110199, which is nobody's, and a right check character (GB 11643).
func idNumber(n int) string {
	born := rehab.NewDate(1980, time.January, 1).AddDays(n % 7000)
	digits := "110199" + strings.ReplaceAll(born.String(), "-", "") + fmt.Sprintf("%03d", n/7000)
	sum := 0
	for i, weight := range []int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2} {
		sum += int(digits[i]-'0') * weight
	}
	return digits + string("10X98765432"[sum%11])
}

// today is the day in Shanghai.
func today() rehab.Date { return rehab.DateOf(time.Now()) }
