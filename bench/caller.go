package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"
)

// caller calls the API as phones and offices do, over loopback.
type caller struct {
	stack  *stack
	client *http.Client
	n      atomic.Int64
}

func newCaller(s *stack, connections int) *caller {
	return &caller{stack: s, client: &http.Client{
		Timeout:   time.Minute,
		Transport: &http.Transport{MaxIdleConnsPerHost: connections, MaxIdleConns: connections},
	}}
}

func (c *caller) close() { c.client.CloseIdleConnections() }

// visit reports a talk with the client.
func (c *caller) visit(ctx context.Context, id string) error {
	return c.command(ctx, id, "record-contact", map[string]any{"channel": "talk", "outcome": "met"})
}

// command gives one command under a key of its own.
func (c *caller) command(ctx context.Context, id, name string, body any) error {
	key := "bench-" + strconv.FormatInt(time.Now().UnixNano(), 36) + "-" + strconv.FormatInt(c.n.Add(1), 10)
	return c.post(ctx, "/v1/cases/"+id+"/"+name, key, body, http.StatusOK)
}

// open opens the i-th case of a kind with an order, as the police would send it.
func (c *caller) open(ctx context.Context, kind string, i int) error {
	o := carried(c.stack.policy())
	return c.post(ctx, "/v1/cases", "", map[string]any{
		"order_no": orderNo(kind, i), "measure": o.Measure, "term_months": o.TermMonths,
		"decided_on": o.DecidedOn, "served_on": o.ServedOn, "service_method": o.Method,
		"name": "赵某某", "sex": "male", "id_number": idNumber(i), "phone": "12000000000",
		"household_street": o.Place, "execution_street": o.Place, "risk": o.Risk, "worker": fmt.Sprintf("w-%d", i%200),
		"family_contact": "赵某某", "family_phone": "12100000000", "carried": o.Carried,
	}, http.StatusCreated)
}

func orderNo(kind string, i int) string {
	return fmt.Sprintf("京公戒字〔2026〕%s%06d号", kind, i)
}

// idNumber is the i-th number of GB 11643 in a district that does not exist.
func idNumber(i int) string {
	born := time.Date(1980, 1, 1+i/999, 0, 0, 0, 0, time.UTC)
	digits := "110199" + born.Format("20060102") + fmt.Sprintf("%03d", i%999+1)
	sum := 0
	for k, weight := range []int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2} {
		sum += int(digits[k]-'0') * weight
	}
	return digits + string("10X98765432"[sum%11])
}

func (c *caller) post(ctx context.Context, path, key string, body any, want int) error {
	raw, err := json.Marshal(body)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.stack.base+path, bytes.NewReader(raw))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+c.stack.token)
	if key != "" {
		req.Header.Set("Idempotency-Key", key)
	}
	res, err := c.client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(res.Body, 1<<16))
	if err == nil && res.StatusCode != want {
		err = fmt.Errorf("%s: %s", res.Status, answer)
	}
	return err
}
