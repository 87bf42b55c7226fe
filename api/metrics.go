package api

import (
	"context"
	"strconv"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
)

// metrics are what /metrics shows of the API itself. Labels are routes, methods,
// statuses and classes of cases: nothing that names a person or a case.
type metrics struct {
	requests *prometheus.CounterVec
	latency  *prometheus.HistogramVec
	inFlight prometheus.Gauge
	clients  prometheus.Gauge
}

func newRegistry() *prometheus.Registry {
	r := prometheus.NewRegistry()
	r.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return r
}

func newMetrics(r prometheus.Registerer, board Board, subscriptions Subscriptions) (*metrics, error) {
	m := &metrics{
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "guitu_http_requests_total", Help: "Requests answered.",
		}, []string{"method", "route", "status"}),
		latency: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "guitu_http_request_seconds", Help: "Time to answer, live streams left out.",
			Buckets: []float64{.002, .005, .01, .02, .05, .1, .2, .5, 1, 2, 5, 10},
		}, []string{"method", "route"}),
		inFlight: prometheus.NewGauge(prometheus.GaugeOpts{Name: "guitu_http_in_flight", Help: "Requests being answered."}),
		clients:  prometheus.NewGauge(prometheus.GaugeOpts{Name: "guitu_sse_clients", Help: "Live streams open."}),
	}
	for _, c := range []prometheus.Collector{m.requests, m.latency, m.inFlight, m.clients, &caseCounts{board: board, subscriptions: subscriptions}} {
		if err := r.Register(c); err != nil {
			return nil, err
		}
	}
	return m, nil
}

func (m *metrics) observe(verb, route string, status int, took time.Duration) {
	verb = method(verb)
	m.requests.WithLabelValues(verb, route, strconv.Itoa(status)).Inc()
	if route != eventsPath {
		m.latency.WithLabelValues(verb, route).Observe(took.Seconds())
	}
}

// caseCounts reads the counts of cases and of deliveries when it is scraped, at most every countsFor.
type caseCounts struct {
	board         Board
	subscriptions Subscriptions

	mu   sync.Mutex
	read time.Time
	last []prometheus.Metric
}

const (
	countsFor     = 15 * time.Second
	countsTimeout = 3 * time.Second
)

var caseCountDesc = prometheus.NewDesc("guitu_cases", "Cases by what is counted.", []string{"count"}, nil)

var deliveryCountDesc = prometheus.NewDesc("guitu_deliveries", "Deliveries of notices that wait, and that were given up.", []string{"state"}, nil)

// Describe implements prometheus.Collector.
func (c *caseCounts) Describe(ch chan<- *prometheus.Desc) {
	ch <- caseCountDesc
	ch <- deliveryCountDesc
}

// Collect implements prometheus.Collector. When the database does not answer, the
// counts are missing from the scrape and the rest is there.
func (c *caseCounts) Collect(ch chan<- prometheus.Metric) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now := time.Now(); c.last == nil || now.Sub(c.read) > countsFor {
		ctx, cancel := context.WithTimeout(context.Background(), countsTimeout) // a scrape hands over none
		defer cancel()
		c.last, c.read = c.count(ctx), now
	}
	for _, m := range c.last {
		ch <- m
	}
}

func (c *caseCounts) count(ctx context.Context) []prometheus.Metric {
	counts, err := c.board.Counts(ctx)
	if err != nil {
		return nil
	}
	deliveries, err := c.subscriptions.DeliveryCounts(ctx)
	if err != nil {
		return nil
	}
	out := make([]prometheus.Metric, 0, len(counts)+len(deliveries))
	for state, n := range deliveries {
		out = append(out, prometheus.MustNewConstMetric(deliveryCountDesc, prometheus.GaugeValue, float64(n), string(state)))
	}
	for name, n := range counts {
		out = append(out, prometheus.MustNewConstMetric(caseCountDesc, prometheus.GaugeValue, float64(n), name))
	}
	return out
}
