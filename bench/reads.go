package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"golang.org/x/sync/errgroup"

	"guitu/office"
	"guitu/rehab"
)

// calls is how often each read is called: more often than PostgreSQL looks at a prepared
// statement before it may keep one plan for all arguments, and so often that the first call
// of all is the max and not the p95.
const calls = 24

// reads measures (g): what a person waits for who looks at something, with many cases in
// the ledger, spread over all streets. Every read is called by nobody else at the time.
func (b *bench) reads(ctx context.Context) error {
	streets, err := b.streets(ctx)
	if err != nil {
		return err
	}
	began := time.Now()
	if err := b.spread(ctx, streets, b.open); err != nil {
		return err
	}
	b.say("    %d cases in %d streets, written in %s", b.open, len(streets), time.Since(began).Round(time.Second))
	if _, err := b.admin["guitu"].Exec(ctx, "VACUUM ANALYZE"); err != nil {
		return err
	}
	for token, a := range people(streets[0]) {
		if err := b.service.Store.KeepToken(ctx, token, a, "bench", time.Now().AddDate(1, 0, 0)); err != nil {
			return err
		}
	}
	caller := newCaller(b.stack, 1)
	defer caller.close()
	b.report.note("(g) %d cases in %d streets; each read %d times; p95 and max are of these", b.open, len(streets), calls)
	for _, r := range readList(streets[0]) {
		took := make([]float64, 0, calls)
		size := 0
		for range calls {
			at := time.Now()
			if size, err = caller.get(ctx, r.path, r.token); err != nil {
				b.report.note("(g) %s: %v", r.name, err)
				break
			}
			took = append(took, float64(time.Since(at).Microseconds())/1000)
		}
		if len(took) == 0 {
			continue
		}
		slices.Sort(took)
		p50, p95, most := at(took, 0.5), at(took, 0.95), took[len(took)-1]
		b.say("    %-34s p50 %7.1f  p95 %7.1f  max %7.1f ms  %d bytes", r.name, p50, p95, most, size)
		b.report.add("g", r.name+", p50", "ms", target{}, p50)
		b.report.add("g", r.name+", p95", "ms", atMost(r.aim()), p95)
		b.report.add("g", r.name+", max", "ms", atMost(2000), most)
	}
	return nil
}

// at is the value below which the share of the sorted values lies.
func at(sorted []float64, share float64) float64 {
	return sorted[min(len(sorted)-1, int(share*float64(len(sorted))))]
}

// read is a path, asked for by the city office, or with the token of somebody else.
type read struct{ name, path, token string }

// aim is what a screen may wait for its answer, p95 in ms. All rows of a city's board are taken once.
func (r read) aim() float64 {
	if r.path == boardRows {
		return 400
	}
	return 100
}

const boardRows = "/v1/board/rows"

// people are who asks beside the city office, by their tokens.
func people(street string) map[string]rehab.Actor {
	return map[string]rehab.Actor{
		"bench-worker":   {ID: "w-0", Role: rehab.WorkerRole, Place: street},
		"bench-head":     {ID: "head", Role: rehab.StationHead, Place: street},
		"bench-district": {ID: "district", Role: rehab.DistrictOffice, Place: street[:6]},
	}
}

// readList is every read a screen is made of, as a city office sees it, and of one case.
func readList(street string) []read {
	id := readCase(0)
	month := time.Now().In(rehab.Shanghai).Format("2006-01")
	evaluation := func(level string) string {
		return "/v1/evaluation?" + url.Values{"period": {month}, "level": {level}}.Encode()
	}
	return []read{
		{"now, of a worker", "/v1/now", "bench-worker"},
		{"now, of a station", "/v1/now", "bench-head"},
		{"now, of a district", "/v1/now", "bench-district"},
		{"now, of the city", "/v1/now", ""},
		{"inbox", "/v1/inbox", ""},
		{"escalations", "/v1/escalations", ""},
		{"board of a district", "/v1/board?place=" + street[:6], ""},
		{"board of a street", "/v1/board?place=" + street, ""},
		{"cases, a page", "/v1/cases?limit=50", ""},
		{"rows of the board, the city", boardRows, ""},
		{"case", "/v1/cases/" + id, ""},
		{"why", "/v1/cases/" + id + "/why", ""},
		{"timeline", "/v1/cases/" + id + "/timeline", ""},
		{"coverage of the city", "/v1/coverage", ""},
		{"coverage of a district", "/v1/coverage?place=" + street[:6], ""},
		{"evaluation by district", evaluation("district"), ""},
		{"evaluation by street", evaluation("street"), ""},
		{"evaluation by worker, a district", evaluation("worker") + "&place=" + street[:6], ""},
		{"trend of the city", "/v1/evaluation/trend?periods=12", ""},
		{"trend of a district", "/v1/evaluation/trend?periods=12&place=" + street[:6], ""},
		{"funnel of the city", "/v1/escalations/funnel", ""},
		{"day of a worker", "/v1/day", "bench-worker"},
		{"engine room", "/v1/engine", ""},
		{"coverage of the city at a day", "/v1/coverage/on/" + time.Now().AddDate(0, 0, -1).Format(time.DateOnly), ""},
		{"runs of the watch", "/v1/coverage/runs?limit=30", ""},
		{"workers of a district", "/v1/workers?place=" + street[:6], ""},
		{"transfers", "/v1/transfers", ""},
		{"referrals", "/v1/referrals", ""},
		{"supervisions", "/v1/supervisions", ""},
		{"caseload of a district", "/v1/caseload?place=" + street[:6], ""},
		{"caseload of the city, a page", "/v1/caseload?limit=200", ""},
	}
}

func readCase(i int) string { return "read-" + strconv.Itoa(i) }

// streets are the codes of all streets and towns.
func (b *bench) streets(ctx context.Context) ([]string, error) {
	places, err := b.service.Store.Places(ctx, rehab.DateOf(time.Now()))
	var out []string
	for _, p := range places {
		if len(p.Code) == 9 {
			out = append(out, p.Code)
		}
	}
	return out, err
}

// spread writes cases over the streets, eighty to a worker, opened on one of the last ten days.
// The workers are in the registry, but for the last of them.
func (b *bench) spread(ctx context.Context, streets []string, n int) error {
	since := rehab.DateOf(time.Now()).AddDays(-60)
	for i, street := range streets[:len(streets)-1] {
		cmd := office.Command{ID: office.RegisterCommand, Digest: "-", Actor: clerk, At: since.Start()}
		duty := office.Duty{Place: street, Post: office.FullTime, Qualification: office.Certified}
		id := fmt.Sprintf("w-%d", i)
		if _, err := b.service.Store.ChangeWorker(ctx, cmd, id, office.WorkerFact{Record: office.Record{From: since}, Change: office.Registered, Duty: duty}, "社工"+id); err != nil {
			return err
		}
	}
	group, ctx := errgroup.WithContext(ctx)
	workers := b.config.Database.MaxConns
	for part := range workers {
		group.Go(func() error {
			for i := part; i < n; i += workers {
				order := carried(b.policy())
				order.Place, order.Worker = streets[i%len(streets)], fmt.Sprintf("w-%d", i%len(streets))
				order.Risk = []rehab.Risk{rehab.High, rehab.Medium, rehab.Low}[i%3]
				if err := b.aged(ctx, readCase(i), order, i%10); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return group.Wait()
}

// aged writes a case that was opened so many days ago and in which time has passed since.
func (s *stack) aged(ctx context.Context, id string, order rehab.OpenCase, days int) error {
	at := time.Now().AddDate(0, 0, -days)
	reported := rehab.DateOf(at).AddDays(-45)
	order.DecidedOn, order.ServedOn = reported, reported
	order.Carried = &rehab.Carried{ReportedOn: reported, AgreementOn: reported, Tests: 1, Contacts: 1}
	env := rehab.Env{Now: at, Policy: s.rules.Policy(order.Policy), Calendar: s.rules.Calendar()}
	c := &rehab.Case{ID: id}
	cmd := rehab.Command{ID: "open-" + id, Actor: clerk, OccurredAt: at, Digest: "-", Body: order}
	events, err := c.Decide(cmd, env)
	for err == nil && len(events) > 0 {
		if _, err = s.service.Store.Record(ctx, rehab.NewRecord(c, cmd, events)); err != nil {
			break
		}
		c.Fold(events)
		cmd, events = rehab.Command{}, nil
		if wake := c.Wake(); !wake.IsZero() && wake.Before(time.Now()) {
			env.Now = wake
			events = c.Advance(env)
		}
	}
	return err
}

// get reads one answer to its end and says how long it is.
func (c *caller) get(ctx context.Context, path, token string) (int, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.stack.base+path, nil)
	if err != nil {
		return 0, err
	}
	req.Header.Set("Authorization", "Bearer "+cmp.Or(token, c.stack.token))
	res, err := c.client.Do(req)
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %.300s", res.Status, answer)
	}
	return len(answer), err
}
