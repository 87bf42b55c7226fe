package evaluation_test

import (
	"fmt"
	"os"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"guitu/board"
	"guitu/evaluation"
	"guitu/office"
	"guitu/rehab"
)

func TestEveryIndicatorLoadsAndEveryMeasureHasAName(t *testing.T) {
	t.Parallel()
	set, err := evaluation.Load()
	require.NoError(t, err)
	require.Greater(t, len(set.All()), 20)
	for _, i := range set.All() {
		require.NotEmpty(t, i.Metrics(), i.ID)
	}
	seen := map[string]bool{}
	for _, m := range evaluation.Metrics() {
		require.False(t, seen[m.Name], m.Name)
		seen[m.Name] = true
		require.NotEmpty(t, m.ZH)
		require.NotEmpty(t, m.EN)
	}
	for _, l := range evaluation.Levels() {
		require.NotEmpty(t, set.For(l, evaluation.Quarter))
	}
}

func TestThePageNamesEveryIndicatorAndMeasure(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("../docs/evaluation.md")
	require.NoError(t, err)
	set, err := evaluation.Load()
	require.NoError(t, err)
	for _, i := range set.All() {
		require.Contains(t, string(raw), fmt.Sprintf("| `%s` | %s | `%s` |", i.ID, i.Name.ZH, i.Formula))
	}
	for _, m := range evaluation.Metrics() {
		require.Contains(t, string(raw), fmt.Sprintf("| `%s` | %s |", m.Name, m.ZH))
	}
}

func TestAFormulaIsArithmeticOverKnownMeasures(t *testing.T) {
	t.Parallel()
	for text, why := range map[string]string{
		"contacts_mad":                         `no measure "contacts_mad"`,
		"100 * contacts_made / contacts_du":    `no measure "contacts_du"`,
		"contacts_made +":                      "cannot be read",
		"contacts_made > 3 ? 1 : 0":            "made of",
		"len(contacts_made)":                   "made of",
		"divide(contacts_made, 0, 'x')":        "made of",
		"contacts_made ** 2":                   "made of",
		"contacts_made % 2":                    "made of",
		"contacts_made.x":                      "made of",
		"'a'":                                  "made of",
		"1 + 1":                                "counts nothing",
		"let x = 1; contacts_made":             "made of",
		"contacts_made | abs()":                "",
		fmt.Sprintf("%0*d+cases_open", 400, 1): "at most",
	} {
		_, err := evaluation.Compile(text)
		require.ErrorContains(t, err, why, text)
	}
}

func TestADivisionByZeroIsNoValueWithItsReason(t *testing.T) {
	t.Parallel()
	counted := map[string]int64{"contacts_in_time": 3, "contacts_due": 4, "answer_minutes": 90}
	for text, want := range map[string]struct {
		value  float64
		reason string
	}{
		"100 * contacts_in_time / contacts_due":              {75, ""},
		"contacts_due / 3":                                   {1.3333, ""},
		"-contacts_due + 2 * (contacts_in_time - 1)":         {0, ""},
		"100 * contacts_in_time / tests_due":                 {0, "tests_due is 0"},
		"answer_minutes / 60 / tests_due":                    {0, "tests_due is 0"},
		"contacts_due / (contacts_due / tests_due)":          {0, "tests_due is 0"},
		"contacts_due / (contacts_due - contacts_in_time-1)": {0, "contacts_due - contacts_in_time - 1 is 0"},
		"1 / 0 + contacts_due":                               {0, "0 is 0"},
	} {
		f, err := evaluation.Compile(text)
		require.NoError(t, err, text)
		value, reason := f.Value(counted)
		require.Equal(t, want.reason, reason, text)
		require.InDelta(t, want.value, value, 1e-9, text)
	}
}

func TestAFormulaSaysWhatIsAboveAndBelowTheLine(t *testing.T) {
	t.Parallel()
	f, err := evaluation.Compile("100 * (contacts_in_time + tests_in_time) / (contacts_due + tests_due)")
	require.NoError(t, err)
	require.Equal(t, []evaluation.Operand{
		{Name: "contacts_in_time", Part: evaluation.Numerator}, {Name: "tests_in_time", Part: evaluation.Numerator},
		{Name: "contacts_due", Part: evaluation.Denominator}, {Name: "tests_due", Part: evaluation.Denominator},
	}, f.Operands())
	f, err = evaluation.Compile("answer_minutes / 60 / escalations_answered")
	require.NoError(t, err)
	require.Equal(t, []evaluation.Operand{{Name: "answer_minutes", Part: evaluation.Numerator}, {Name: "escalations_answered", Part: evaluation.Denominator}}, f.Operands())
	f, err = evaluation.Compile("cases_open")
	require.NoError(t, err)
	require.Equal(t, []evaluation.Operand{{Name: "cases_open", Part: evaluation.Term}}, f.Operands())
}

const own = `indicators:
  - id: contact_rate
    name: {zh: 联系率, en: Contacts}
    formula: 100 * contacts_in_time / contacts_due
    unit: percent
    periods: [year]
    levels: [street]
    direction: up
    target: 99
    source: {mark: practice, cite: "the office's own"}
`

func TestAFolderAddsAndReplacesIndicators(t *testing.T) {
	t.Parallel()
	set, err := evaluation.Load(fstest.MapFS{"own.yaml": {Data: []byte(own)}})
	require.NoError(t, err)
	require.InDelta(t, 99, *set.Indicator("contact_rate").Target, 0)
	embedded, err := evaluation.Load()
	require.NoError(t, err)
	require.Len(t, set.All(), len(embedded.All()))
	require.Nil(t, set.Indicator("none"))

	_, err = evaluation.Load(fstest.MapFS{"a.yaml": {Data: []byte(own)}, "b.yaml": {Data: []byte(own)}})
	require.ErrorContains(t, err, "twice")
	_, err = evaluation.Load(fstest.MapFS{"a.yaml": {Data: []byte("indicators:\n  -\n")}})
	require.ErrorContains(t, err, "empty")
	_, err = evaluation.Load(fstest.MapFS{"a.yaml": {Data: []byte(`indicators:
  - {id: X, name: {zh: 甲}, formula: publicity_reached, unit: m, periods: [week], levels: [worker, worker], direction: left, target: 1, source: {mark: guess}}
`)}})
	for _, part := range []string{"id:", "name:", "unit:", "periods:", "levels:", "direction:", "source:", "not counted for single workers"} {
		require.ErrorContains(t, err, part, "all faults are named together")
	}
	_, err = evaluation.Load(fstest.MapFS{"a.yaml": {Data: []byte("indicators: []\nfoo: 1\n")}})
	require.ErrorContains(t, err, "foo")
}

func TestPeriods(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][2]string{
		"2026-Q2": {"2026-04-01", "2026-06-30"}, "2026-02": {"2026-02-01", "2026-02-28"}, "2028-02": {"2028-02-01", "2028-02-29"},
		"2026": {"2026-01-01", "2026-12-31"}, "2026-Q4": {"2026-10-01", "2026-12-31"},
	} {
		p, err := evaluation.ParsePeriod(text)
		require.NoError(t, err)
		require.Equal(t, want, [2]string{p.From.String(), p.To.String()})
	}
	for _, text := range []string{"", "2026-Q5", "2026-13", "1926", "2026-00", "2026-q2", "2026-Q2 "} {
		_, err := evaluation.ParsePeriod(text)
		require.Equal(t, rehab.Invalid, rehab.CodeOf(err), text)
	}
}

func TestAPlaceThatEndedBeforeThePeriodIsNoUnit(t *testing.T) {
	t.Parallel()
	p, err := evaluation.ParsePeriod("2026-Q2")
	require.NoError(t, err)
	place := func(code string, status office.PlaceStatus, since rehab.Date) office.Place {
		return office.Place{Place: board.Place{Code: code}, Status: status, Since: since}
	}
	require.Equal(t, []board.Place{{Code: "1"}, {Code: "3"}}, evaluation.PlacesOf([]office.Place{
		place("1", office.InForce, 0), place("2", office.WasMerged, p.From), place("3", office.WasClosed, p.From.AddDays(1)),
	}, p))
	require.Equal(t, p.To, p.LastDay(p.To.AddDays(9).Start()))
	require.Equal(t, p.From, p.LastDay(p.From.Start()))
}

func TestAUnitInWhichNothingWasCountedHasZeros(t *testing.T) {
	t.Parallel()
	set, err := evaluation.Load()
	require.NoError(t, err)
	p, err := evaluation.ParsePeriod("2026-Q2")
	require.NoError(t, err)
	q := evaluation.Query{Place: "110101", Level: evaluation.Street, Now: time.Date(2026, 6, 30, 16, 0, 0, 0, time.UTC)}
	r := evaluation.Evaluate(q, p, []*evaluation.Indicator{set.Indicator("contact_rate"), set.Indicator("publicity"), set.Indicator("answer_hours")},
		[]evaluation.Unit{{ID: "110101001"}, {ID: "110101002"}},
		[]evaluation.Tally{{Metric: "contacts_due", Place: "110101002", Value: 10}, {Metric: "contacts_in_time", Place: "110101002", Value: 9},
			{Metric: "answer_minutes", Place: "110101003", Value: 1500}, {Metric: "escalations_answered", Place: "110101003", Value: 1}})
	require.True(t, r.Complete, "the last day is over in Shanghai")
	require.Len(t, r.Rows, 9)
	require.Nil(t, r.Rows[0].Value)
	require.Equal(t, "contacts_due is 0", r.Rows[0].Reason)
	require.Nil(t, r.Rows[0].Met)
	require.InDelta(t, 0, *r.Rows[1].Value, 0)
	require.InDelta(t, 90, *r.Rows[3].Value, 0)
	require.True(t, *r.Rows[3].Met)
	require.Equal(t, "110101003", r.Rows[8].Unit.ID)
	require.InDelta(t, 25, *r.Rows[8].Value, 0)
	require.False(t, *r.Rows[8].Met, "less is better")
}
