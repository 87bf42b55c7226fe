package doors_test

import (
	"context"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"guitu/internal/doors"
	"guitu/internal/pgtest"
	"guitu/rehab"
	"guitu/store"
)

func house(t *testing.T) *doors.House {
	t.Helper()
	h, err := doors.Open(t.Context(), pgtest.New(t, "store", store.Migrate))
	require.NoError(t, err)
	t.Cleanup(func() { h.Close(context.WithoutCancel(t.Context())) })
	return h
}

// matrix tries the doors and keeps what is wrong.
type matrix struct {
	t        *testing.T
	h        *doors.House
	wrong    []string
	requests int
	seen     map[string]map[int]int // statuses by operation and who asked

	hidden, none map[string][]time.Duration // how long answers took about a case of others, and about none, by operation
}

// slower is how much longer an answer may take, at most, about a case of others than about none or
// the other way: an order of magnitude, and what a busy machine adds.
const (
	slower = 10
	busy   = 20 * time.Millisecond
)

// times complains of operations whose time says whether a hidden case is there.
func (m *matrix) times() {
	compared := 0
	for op, hidden := range m.hidden {
		none := m.none[op]
		if len(hidden) < 5 || len(none) < 5 {
			continue
		}
		slices.Sort(hidden)
		slices.Sort(none)
		a, b := hidden[len(hidden)/2], none[len(none)/2]
		if compared++; max(a, b) > slower*min(a, b)+busy {
			m.wrong = append(m.wrong, fmt.Sprintf("%s takes %s about a case of others and %s about none", op, a, b))
		}
	}
	m.t.Logf("%d operations take their time alike", compared)
}

func (m *matrix) complain(v doors.Variant, got doors.Reply, format string, args ...any) {
	m.wrong = append(m.wrong, fmt.Sprintf("%s as %q, %s %s: %s %s\n   answered %s", v.Operation, v.Token, v.Kind, v.Key, v.Path, fmt.Sprintf(format, args...), got.Problem()))
}

// TestEveryDoorForEverybody asks for every operation of the contract as everybody: about the own
// case and those of colleague, sibling street, another district, moved away, arriving and sealed,
// with places and workers of others. What each may is in the tables of rules_test.go.
func TestEveryDoorForEverybody(t *testing.T) {
	m := &matrix{t: t, h: house(t), seen: map[string]map[int]int{}, hidden: map[string][]time.Duration{}, none: map[string][]time.Duration{}}
	for _, reading := range []bool{true, false} { // what changes something comes last
		for _, op := range m.h.Contract.Operations {
			if only := os.Getenv("GUITU_TEST_DOORS"); only != "" && !slices.Contains(strings.Fields(only), op.ID) {
				continue
			}
			if (op.Method == "GET") != reading || slices.Contains(passedOver, op.ID) {
				continue
			}
			if _, ok := mayAsk[op.ID]; !ok && os.Getenv("GUITU_TEST_OBSERVE") == "" {
				m.wrong = append(m.wrong, "a new operation needs its line in rules_test.go: "+op.ID)
				continue
			}
			for _, token := range doors.Tokens() {
				m.door(op, token)
			}
		}
	}
	for id := range mayAsk {
		_, ok := m.h.Contract.Of(id)
		if !ok {
			m.wrong = append(m.wrong, "there is no operation "+id+" any more")
		}
	}
	m.times()
	trespasses, err := m.h.Trespasses(t.Context())
	require.NoError(t, err)
	m.wrong = append(m.wrong, trespasses...)
	if os.Getenv("GUITU_TEST_OBSERVE") != "" {
		for _, key := range slices.Sorted(maps.Keys(m.seen)) {
			fmt.Println("SEEN", key, m.seen[key])
		}
	}
	t.Logf("%d requests", m.requests)
	for _, w := range m.wrong[:min(len(m.wrong), 60)] {
		t.Error(w)
	}
}

// door asks for one operation as one person, in all variants.
func (m *matrix) door(op doors.Operation, token string) {
	a, known := doors.Actors[token]
	may := known && strings.ContainsRune(mayAsk[op.ID], letter(a.Role))
	variants := m.h.Vary(op, token)
	if !may && len(variants) > 3 { // one of each is enough
		variants = append(variants[:2:2], variants[len(variants)-1])
	}
	var none doors.Reply // about a case that is not there
	for _, v := range variants {
		if v.Kind == "case" && v.Key == "none" {
			none = m.h.Ask(m.t.Context(), token, v.Method, v.Path, v.Body, v.Headers...)
		}
	}
	for _, v := range variants {
		m.ask(op, v, a, known, may, none)
	}
}

func (m *matrix) ask(op doors.Operation, v doors.Variant, a rehab.Actor, known, may bool, none doors.Reply) {
	ctx := m.t.Context()
	before, row := int64(0), rehab.Summary{}
	c := m.h.Cases[v.Key]
	if c != nil {
		var err error
		row, err = m.h.Row(ctx, c.ID)
		require.NoError(m.t, err)
		before = row.Seq
	}
	began := time.Now()
	got, wrong := m.h.Try(ctx, v.Request)
	took := time.Since(began)
	m.requests++
	for _, w := range wrong {
		m.complain(v, got, "%s", w)
	}
	key := op.ID + " " + v.Token
	if m.seen[key] == nil {
		m.seen[key] = map[int]int{}
	}
	m.seen[key][got.Status]++
	switch {
	case op.Open:
		return
	case !known && got.Status != 401:
		m.complain(v, got, "nobody gets in")
		return
	case known && !may && got.Status != 403 && got.Status != 422 && got.Status != 400 && !(got.Status == 404 && hides(op)):
		m.complain(v, got, "is not for this role")
		return
	case !may || !known:
		return
	}
	m.elsewhere(op, v, a, got)
	about := strings.HasPrefix(op.Path, "/v1/cases/{id}")
	if about && v.Kind == "case" && v.Key == "none" {
		m.none[op.ID] = append(m.none[op.ID], took)
	}
	if c == nil {
		return
	}
	if about && !reached(op, a, row) {
		m.hidden[op.ID] = append(m.hidden[op.ID], took)
	}
	m.aboutACase(op, v, a, row, got, none)
	if after, err := m.h.Row(ctx, c.ID); err != nil || after.Seq != before && !reached(op, a, row) {
		m.complain(v, got, "changed the case, from %d to %d (%v)", before, after.Seq, err)
	}
}

// elsewhere looks for what the answer says of places, workers and cases of others.
func (m *matrix) elsewhere(op doors.Operation, v doors.Variant, a rehab.Actor, got doors.Reply) {
	if op.Method == "GET" && v.Kind == "place" && apart(a, v.Key) && got.Status < 300 && !slices.Contains(everywhere, op.ID) {
		m.complain(v, got, "answers about a place outside the area")
	}
	if op.Method == "GET" && v.Kind == "worker" && strings.Contains(op.Path, "/workers/{id}") && v.Key == "w-9" && apart(a, doors.Foreign) {
		none := m.h.Ask(m.t.Context(), v.Token, v.Method, strings.Replace(v.Path, "w-9", "w-77", 1), "")
		if got.Problem() != none.Problem() {
			m.complain(v, got, "tells a worker of others from none")
		}
	}
	if op.Method != "GET" || !above(a) || op.ID == "get-inbox" { // notices stay with whom they were sent to
		return
	}
	for key, c := range m.h.Cases {
		if !strings.Contains(got.Body, c.ID) || strings.Contains(v.Path+v.Body, c.ID) || key == "arriving" {
			continue
		}
		row, err := m.h.Row(m.t.Context(), c.ID)
		require.NoError(m.t, err)
		if !reached(op, a, row) {
			m.complain(v, got, "names the case %s, which lies at %s", key, row.Place)
		}
	}
}

// aboutACase holds the answer about a case against where the case stood.
func (m *matrix) aboutACase(op doors.Operation, v doors.Variant, a rehab.Actor, row rehab.Summary, got, none doors.Reply) {
	if !strings.HasPrefix(op.Path, "/v1/cases/{id}") {
		return
	}
	missing := got.Status == 404 && strings.Contains(got.Body, "未找到该个案")
	invalid := strings.Contains(got.Body, `"code":"invalid"`) // which looks at no case
	switch inside := reached(op, a, row); {
	case inside && row.Phase == rehab.Sealed && !invalid && !strings.Contains(got.Body, "封存"):
		m.complain(v, got, "says of a sealed case more than that it is sealed")
	case inside && row.Phase != rehab.Sealed && (missing || got.Status == 403 && !narrower(op, a) && !strings.Contains(got.Body, `"field"`)):
		m.complain(v, got, "hides a case of the own area")
	case !inside && got.Problem() != none.Problem():
		m.complain(v, got, "tells a hidden case from none, of which it says %s", none.Problem())
	}
}
