package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"guitu/bulk"
)

// operation measures (r): how long it takes until 2,000 cases are reassigned by one operation, from
// the request until each case has its outcome, and how long until all is taken back.
func (b *bench) bulk(ctx context.Context) error {
	n := 2000
	if b.short {
		n = 200
	}
	caller := newCaller(b.stack, b.callers)
	defer caller.close()
	var there, back []float64
	for round := range min(b.rounds, 3) {
		ids := names("fleet", round, n)
		if err := b.opened(ctx, ids, carried(b.policy()), time.Now(), false); err != nil {
			return err
		}
		b.settle(ctx)
		order := map[string]any{"kind": "assign-worker"}
		list := make([]map[string]string, n)
		for i, id := range ids {
			list[i] = map[string]string{"case_id": id, "worker": fmt.Sprintf("w-%d", 2+i%40)}
		}
		order["assignments"] = list
		began := time.Now()
		f, err := caller.bulk(ctx, http.MethodPost, "/v1/fleets", order)
		if err == nil {
			f, err = caller.stands(ctx, f.ID, bulk.Undoable)
		}
		if err != nil {
			return err
		}
		if f.Outcomes[bulk.Acted] != n {
			return fmt.Errorf("of %d cases %v", n, f.Outcomes)
		}
		there = append(there, time.Since(began).Seconds())
		began = time.Now()
		if _, err := caller.bulk(ctx, http.MethodPost, "/v1/fleets/"+f.ID+"/undo", nil); err != nil {
			return err
		}
		if f, err = caller.stands(ctx, f.ID, bulk.Undone); err != nil {
			return err
		}
		if f.Outcomes[bulk.TakenBack] != n {
			return fmt.Errorf("of %d cases %v", n, f.Outcomes)
		}
		back = append(back, time.Since(began).Seconds())
		b.say("    round %d  %d cases in %.1f s, taken back in %.1f s", round+1, n, there[round], back[round])
	}
	goal := atMost(60)
	if b.short {
		goal = target{} // it is set for 2,000 cases
	}
	b.report.add("r", fmt.Sprintf("reassign %d cases by a fleet", n), "s", goal, there...)
	b.report.add("r", "take it all back", "s", goal, back...)
	return nil
}

// operation makes one request about an operation.
func (c *caller) bulk(ctx context.Context, method, path string, body any) (bulk.Operation, error) {
	var f bulk.Operation
	raw, err := json.Marshal(body)
	if err != nil {
		return f, err
	}
	if body == nil {
		raw = nil
	}
	req, err := http.NewRequestWithContext(ctx, method, c.stack.base+path, bytes.NewReader(raw))
	if err != nil {
		return f, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+c.stack.token)
	res, err := c.client.Do(req)
	if err != nil {
		return f, err
	}
	defer res.Body.Close()
	if err := json.NewDecoder(res.Body).Decode(&f); err != nil {
		return f, err
	}
	if res.StatusCode >= http.StatusMultipleChoices {
		return f, fmt.Errorf("%s %s: %s", method, path, res.Status)
	}
	return f, nil
}

// stands waits until the operation is in the state.
func (c *caller) stands(ctx context.Context, id string, state bulk.State) (bulk.Operation, error) {
	for {
		f, err := c.bulk(ctx, http.MethodGet, "/v1/fleets/"+id, nil)
		if err != nil || f.State == state {
			return f, err
		}
		select {
		case <-ctx.Done():
			return f, ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
}
