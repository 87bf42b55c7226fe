package api_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"
)

// evaluationAnswers checks every operation of evaluation but the file against the document.
func (b *bench) evaluationAnswers(d *document) {
	for path, calls := range map[string][]string{
		"/v1/indicators":         {"/v1/indicators"},
		"/v1/evaluation":         {"/v1/evaluation?period=2026-Q3&level=street", "/v1/evaluation?period=2026-09&level=worker", "/v1/evaluation?period=x&level=street", "/v1/evaluation"},
		"/v1/evaluation/cases":   {"/v1/evaluation/cases?period=2026-Q3&level=street&indicator=contact_rate&unit=" + street + "&limit=2", "/v1/evaluation/cases?period=2026-Q3&level=worker&indicator=contact_rate&unit=w-1", "/v1/evaluation/cases"},
		"/v1/exports":            {"/v1/exports", "/v1/exports?limit=0"},
		"/v1/evaluation/trend":   {"/v1/evaluation/trend?indicator=test_rate&periods=2", "/v1/evaluation/trend?until=x", "/v1/evaluation/trend?indicator=placements"},
		"/v1/escalations/funnel": {"/v1/escalations/funnel", "/v1/escalations/funnel?from=2026-10-21", "/v1/escalations/funnel?place=110102"},
	} {
		for _, c := range calls {
			for _, who := range []string{"head", "worker", "city", "integration", ""} {
				d.check("GET", path, b.call(who, "GET", c, nil))
			}
		}
		for _, part := range []string{"Tallies", "Facts", "Exports", "Trend", "Climbs"} {
			b.fail[part] = fmt.Errorf("broken")
			d.check("GET", path, b.call("city", "GET", calls[0], nil))
			delete(b.fail, part)
		}
	}
	for _, who := range []string{"worker", "integration", ""} {
		d.check("GET", "/v1/evaluation.xlsx", b.call(who, "GET", "/v1/evaluation.xlsx?period=2026-Q3&purpose=review", nil))
	}
}

// rowsOf is each unit's value of an indicator; nil where it has none.
func valuesOf(a answer, indicator string) map[string]any {
	out := map[string]any{}
	for _, r := range a.json["rows"].([]any) {
		if dig(r, "indicator") == indicator {
			out[dig(r, "unit", "id").(string)] = dig(r, "value")
		}
	}
	return out
}

func TestAnEvaluationHasARowForEveryUnitInScope(t *testing.T) {
	t.Parallel()
	b := setup(t)
	a := b.must(200, "city", "GET", "/v1/evaluation?period=2026-Q3&level=street", nil)
	require.Equal(t, map[string]any{street: 33.3333, "110101002": nil, otherStreet: 100.0}, valuesOf(a, "contact_rate"))
	require.Equal(t, map[string]any{street: 340.0, "110101002": 0.0, otherStreet: 0.0}, valuesOf(a, "publicity_reach"))
	require.Equal(t, true, a.json["complete"])
	require.Equal(t, "2026-07-01", dig(a.json, "period", "from"))
	a = b.must(200, "district", "GET", "/v1/evaluation?period=2026-Q3&level=district&indicator=contact_rate", nil)
	require.Len(t, a.json["rows"], 1)
	row := a.json["rows"].([]any)[0]
	require.Equal(t, "东城区", dig(row, "unit", "name"))
	require.Equal(t, false, dig(row, "met"))
	require.Equal(t, []any{
		map[string]any{"name": "contacts_in_time", "part": "numerator", "value": 1.0}, map[string]any{"name": "contacts_due", "part": "denominator", "value": 3.0},
	}, dig(row, "measures"))
	a = b.must(200, "head", "GET", "/v1/evaluation?period=2026-Q3&level=worker&indicator=contact_rate", nil)
	require.Equal(t, map[string]any{"w-1": 50.0, "w-2": 0.0}, valuesOf(a, "contact_rate"))
	a = b.must(200, "worker", "GET", "/v1/evaluation?period=2026-Q3&level=worker&indicator=contact_rate", nil)
	require.Equal(t, map[string]any{"w-1": 50.0}, valuesOf(a, "contact_rate"))
}

func TestAnEvaluationOutsideTheScopeIsRefused(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for query, want := range map[string][3]any{
		"head ?period=2026-Q3&level=street&place=110102":            {403, "forbidden", "place"},
		"worker ?period=2026-Q3&level=street":                       {403, "forbidden", "level"},
		"integration ?period=2026-Q3&level=street":                  {403, "forbidden", ""},
		"placeless ?period=2026-Q3&level=street":                    {403, "forbidden", ""},
		"district ?period=2026-Q3&level=city":                       {422, "invalid", "level"},
		"city ?period=2027&level=city":                              {422, "invalid", "period"},
		"city ?period=2026-Q9&level=city":                           {422, "invalid", "period"},
		"city ?period=2026-Q3&level=village":                        {422, "invalid", "level"},
		"city ?period=2026-Q3&level=city&indicator=none":            {422, "invalid", "indicator"},
		"city ?period=2026-09&level=city&indicator=assessment_rate": {422, "invalid", "indicator"},
		"city ?period=2026-Q3&level=city&foo=1":                     {422, "invalid", "foo"},
	} {
		who, path, _ := strings.Cut(query, " ")
		b.call(who, "GET", "/v1/evaluation"+path, nil).problem(t, want[0].(int), want[1].(string), want[2].(string))
	}
	facts := "/v1/evaluation/cases?period=2026-Q3&indicator=contact_rate&"
	b.call("worker", "GET", facts+"level=worker&unit=w-2", nil).problem(t, 403, "forbidden", "unit")
	b.call("head", "GET", facts+"level=street&unit="+otherStreet, nil).problem(t, 403, "forbidden", "place")
	b.call("head", "GET", facts+"level=district&unit=110101", nil).problem(t, 422, "invalid", "level")
	b.call("city", "GET", facts+"level=district&unit=110101001", nil).problem(t, 422, "invalid", "unit")
	b.call("city", "GET", strings.Replace(facts, "contact_rate", "none", 1)+"level=city&unit=11", nil).problem(t, 422, "invalid", "indicator")
}

func TestTheCasesBehindANumberAddUpToIt(t *testing.T) {
	t.Parallel()
	b := setup(t)
	path := "/v1/evaluation/cases?period=2026-Q3&indicator=contact_rate&level=street&limit=2&unit=" + street
	sums, after := map[string]float64{}, ""
	var want any
	for {
		a := b.must(200, "district", "GET", path+"&after="+url.QueryEscape(after), nil)
		require.InDelta(t, 33.3333, dig(a.json, "row", "value"), 1e-9, "the number is on every page")
		for _, f := range a.json["facts"].([]any) {
			sums[dig(f, "measure").(string)] += dig(f, "value").(float64)
			require.Equal(t, street, dig(f, "place"))
		}
		want = dig(a.json, "row", "measures")
		next, more := a.json["next"].(string)
		if !more {
			break
		}
		after = next
	}
	for _, m := range want.([]any) {
		require.InDelta(t, dig(m, "value"), sums[dig(m, "name").(string)], 1e-9)
	}
	require.Len(t, sums, 2)
}

func TestAFileOfFiguresNeedsAPurposeAndIsNoted(t *testing.T) {
	t.Parallel()
	b := setup(t)
	const path = "/v1/evaluation.xlsx?period=2026-Q3&purpose="
	for who, purpose := range map[string]string{"head": "", "district": "%20%20%20%20%20x", "city": strings.Repeat("x", 201), "admin": "a%0Ab%0Acdef"} {
		b.call(who, "GET", path+purpose, nil).problem(t, 422, "invalid", "purpose")
	}
	b.call("worker", "GET", path+"review", nil).problem(t, 403, "forbidden", "")
	b.call("head", "GET", path+"review&place=110102", nil).problem(t, 403, "forbidden", "place")
	require.Empty(t, b.exported)
	b.fail["KeepExport"] = fmt.Errorf("broken")
	require.Equal(t, 500, b.call("head", "GET", path+"review", nil).StatusCode, "without the note there is no file")
	delete(b.fail, "KeepExport")

	a := b.must(200, "district", "GET", path+url.QueryEscape("=1+1 季度考核"), nil)
	require.Equal(t, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", a.Header.Get("Content-Type"))
	require.Equal(t, `attachment; filename="evaluation-110101-2026-Q3.xlsx"`, a.Header.Get("Content-Disposition"))
	f, err := excelize.OpenReader(strings.NewReader(a.text))
	require.NoError(t, err)
	require.Equal(t, []string{"区", "街道乡镇", "社工", "图表", "区明细", "街道乡镇明细", "社工明细", "指标说明"}, f.GetSheetList(), "a district has no sheet of the city")
	purpose, err := f.GetCellValue("区", "B7")
	require.NoError(t, err)
	require.Equal(t, "=1+1 季度考核", purpose)
	formula, err := f.GetCellFormula("区", "B7")
	require.NoError(t, err)
	require.Empty(t, formula)
	one, err := excelize.OpenReader(strings.NewReader(b.must(200, "city", "GET", path+"review&level=city", nil).text))
	require.NoError(t, err)
	require.Equal(t, []string{"市", "图表", "市明细", "指标说明"}, one.GetSheetList())

	list := b.must(200, "city", "GET", "/v1/exports?limit=1", nil)
	require.Equal(t, "review", dig(list.json["exports"].([]any)[0], "purpose"))
	rest := b.must(200, "city", "GET", fmt.Sprint("/v1/exports?before=", list.json["next"]), nil)
	first := rest.json["exports"].([]any)[0]
	require.Equal(t, "d-1", dig(first, "actor", "id"))
	require.Equal(t, "2026-Q3", dig(first, "filter", "period"))
	require.Len(t, dig(first, "digest"), 64)
	require.Empty(t, b.must(200, "head", "GET", "/v1/exports", nil).json["exports"])
	require.NotContains(t, b.log.String(), "季度考核")
}
