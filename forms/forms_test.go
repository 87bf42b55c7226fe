package forms_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"guitu/forms"
	"guitu/rehab"
)

// worked is the example that stands beside a definition: answers that hold, the scores they
// come to, and answers that do not hold with the field that is wrong.
type worked struct {
	Answers json.RawMessage `json:"answers"`
	Scores  map[string]struct {
		Value   *int           `json:"value"`
		Band    string         `json:"band"`
		LeftOut int            `json:"left_out"`
		Profile map[string]int `json:"profile"`
		First   []string       `json:"first"`
	} `json:"scores"`
	Bad struct {
		Answers json.RawMessage `json:"answers"`
		Field   string          `json:"field"`
	} `json:"bad"`
}

func load(t *testing.T) *forms.Set {
	t.Helper()
	set, err := forms.Load()
	require.NoError(t, err)
	return set
}

func example(t *testing.T, r forms.Ref) worked {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("examples", r.String()+".json"))
	require.NoError(t, err, "every form has a worked example beside it")
	var w worked
	require.NoError(t, json.Unmarshal(raw, &w))
	return w
}

// TestEveryFormOpensFillsAndPrints walks every definition: it loads (which holds labels,
// statistics, conditions, scores and dangers against its schema), opens blank, takes its
// worked example, comes to its scores, refuses what is wrong by its field, and prints.
func TestEveryFormOpensFillsAndPrints(t *testing.T) {
	t.Parallel()
	set := load(t)
	require.GreaterOrEqual(t, len(set.All()), 41)
	for _, d := range set.All() {
		t.Run(d.String(), func(t *testing.T) {
			t.Parallel()
			w := example(t, d.Ref)
			for _, lang := range []string{"zh", "en"} {
				blank, err := d.Print(nil, nil, lang)
				require.NoError(t, err)
				require.Contains(t, string(blank.HTML), d.Title.In(lang))
			}
			f, faults := d.Fill(w.Answers)
			require.Empty(t, faults)
			require.Len(t, w.Scores, len(f.Scores("zh")), "each score has a worked example")
			for _, r := range f.Scores("zh") {
				want := w.Scores[r.Name]
				require.Equal(t, want.Value, r.Value, r.Name)
				require.Equal(t, want.Band, r.Band, r.Name)
				require.Equal(t, want.LeftOut, r.LeftOut, r.Name)
				require.Equal(t, want.Profile, r.Profile, r.Name)
				require.Equal(t, want.First, r.First, r.Name)
				require.NotEmpty(t, r.Label)
			}
			page, err := d.Print(f, forms.Head(map[string]string{"name": "王某"}, "zh"), "zh")
			require.NoError(t, err)
			require.Contains(t, string(page.HTML), "王某")
			require.NotContains(t, string(page.HTML), "<script")

			_, faults = d.Fill(w.Bad.Answers)
			require.NotEmpty(t, faults, "the wrong answers are taken")
			require.True(t, slices.ContainsFunc(faults, func(e *rehab.Error) bool { return e.Field == w.Bad.Field }), "%v", faults)
			_, faults = d.Fill([]byte(`{"what_is_this":1}`))
			require.True(t, slices.ContainsFunc(faults, func(e *rehab.Error) bool { return e.Field == "answers.what_is_this" }), "%v", faults)
		})
	}
}

// TestFiguresHoldNoText fills every field of every form with what its example says and holds
// what reaches figures against every text of it.
func TestFiguresHoldNoText(t *testing.T) {
	t.Parallel()
	for _, d := range load(t).All() {
		w := example(t, d.Ref)
		f, faults := d.Fill(w.Answers)
		require.Empty(t, faults)
		for _, v := range f.Values() {
			require.Regexp(t, `^[a-z0-9_.]+$`, v.Field)
			require.Regexp(t, `^([a-z0-9_]*|\d{4}-\d\d)$`, v.Code, "%s: %s", d.Ref, v.Field)
			require.False(t, slices.Contains(d.Private, v.Field), "%s is private", v.Field)
		}
	}
}

// change gives the definition of the call record with one thing replaced.
func change(t *testing.T, old, replacement string) error {
	t.Helper()
	raw, err := os.ReadFile("definitions/phone_record@1.json")
	require.NoError(t, err)
	require.Contains(t, string(raw), old)
	_, err = forms.Parse([]byte(strings.Replace(string(raw), old, replacement, 1)))
	return err
}

func TestADefinitionThatCannotWorkIsRefusedWithItsField(t *testing.T) {
	t.Parallel()
	here, err := os.Getwd()
	require.NoError(t, err)
	for _, c := range []struct{ name, old, replacement, field string }{
		{"a code without its Chinese", `"state.low": "情绪低落",`, ``, "labels.zh.state.low"},
		{"a field without its English", `"content": "Summary"`, `"x": "y"`, "labels.en.content"},
		{"a free text in the figures", `"statistics": ["outcome"`, `"statistics": ["content"`, "statistics[0]"},
		{"a condition about nothing", `{"const": "client"}}, "required": ["who"]`, `{"const": "client"}}, "required": ["whom"]`, "schema.allOf[1].if"},
		{"a duty that is none", `["contact", "watch_contact"`, `["dance", "watch_contact"`, "for[0]"},
		{"a command that is none", `["record-contact"]`, `["record-dance"]`, "commands[0]"},
		{"a field in no group", `"next", "content"]}`, `"next"]}`, "groups"},
		{"a form that takes anything", `"additionalProperties": false`, `"additionalProperties": true`, "schema.additionalProperties"},
		{"a short part that is written", `"short": ["outcome"`, `"short": ["content"`, "short[0]"},
		{"a schema that looks elsewhere", `{"type": "string", "minLength": 1, "maxLength": 2000}`, `{"$ref": "file://` + here + `/examples/gad7@1.json"}`, "schema"},
		{"an unknown key", `"source": {`, `"sauce": {`, "definition"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			err := change(t, c.old, c.replacement)
			var e *rehab.Error
			require.ErrorAs(t, err, &e)
			require.Equal(t, c.field, e.Field, e.Message)
		})
	}
}

func TestAFolderAddsFormsAndReplacesNone(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("definitions/phone_record@1.json")
	require.NoError(t, err)
	_, err = forms.Load(fstest.MapFS{"phone_record@1.json": {Data: raw}})
	require.ErrorContains(t, err, "a version never changes")
	_, err = forms.Load(fstest.MapFS{"phone_record@2.json": {Data: raw}})
	require.ErrorContains(t, err, "is named phone_record@1.json")
	next := strings.Replace(string(raw), `"version": 1`, `"version": 2`, 1)
	set, err := forms.Load(fstest.MapFS{"phone_record@2.json": {Data: []byte(next)}})
	require.NoError(t, err)
	for _, d := range forms.Latest(set.All()) {
		if d.Form == "phone_record" {
			require.Equal(t, 2, d.Version)
		}
	}
	one, err := forms.Parse(raw)
	require.NoError(t, err)
	again, err := forms.Parse([]byte(strings.ReplaceAll(string(raw), "\n", "\n ")))
	require.NoError(t, err)
	require.Equal(t, one.Digest(), again.Digest(), "the digest is over what it says, not over its blanks")
	other, err := forms.Parse([]byte(strings.Replace(string(raw), "情绪低落", "情绪不高", 1)))
	require.NoError(t, err)
	require.NotEqual(t, one.Digest(), other.Digest())
}

func filled(t *testing.T, code, answers string) *forms.Filled {
	t.Helper()
	f, faults := load(t).Get(forms.Ref{Form: code, Version: 1}).Fill([]byte(answers))
	require.Empty(t, faults)
	return f
}

func TestDangersAreSeen(t *testing.T) {
	t.Parallel()
	visit := `{"channel":"home_visit","outcome":"met","state":"low","next":"doctor","needs":["none"],"sign":["SIGN"]}`
	require.Equal(t, []rehab.CrisisKind{rehab.SelfHarm}, filled(t, "visit_record", strings.Replace(visit, "SIGN", "self_harm_talk", 1)).Dangers())
	require.Equal(t, []rehab.CrisisKind{rehab.Overdose}, filled(t, "visit_record", strings.Replace(visit, "SIGN", "unresponsive", 1)).Dangers())
	require.Empty(t, filled(t, "visit_record", strings.Replace(visit, "SIGN", "wound", 1)).Dangers())
	require.Equal(t, []rehab.CrisisKind{rehab.SelfHarm}, filled(t, "phq9", `{"offered":"yes","read_by":"client","q9":1}`).Dangers(), "whatever the sum")
	require.Empty(t, filled(t, "phq9", `{"offered":"yes","read_by":"client","q9":"declined"}`).Dangers())
}

// screening fills a risk screening in with one degree for all, and answers to the hard rules.
func screening(t *testing.T, answers ...string) *forms.Filled {
	t.Helper()
	a := map[string]any{"kind": "clean_36", "degree": "none", "conduct": "none", "times": "none", "clean": "m24", "family": "supportive", "work": "stable"}
	for _, h := range []string{"refusal", "violation", "relapse", "lost", "self_harm", "psychotic", "overdose", "custody_unfit", "maintenance_broken"} {
		a["hard_"+h] = "no"
	}
	for i := 0; i < len(answers); i += 2 {
		a[answers[i]] = answers[i+1]
	}
	raw, err := json.Marshal(a)
	require.NoError(t, err)
	return filled(t, "risk_screening", string(raw))
}

func TestAScreeningProposesAndALowerClassTakesTwo(t *testing.T) {
	t.Parallel()
	on := day(t, "2026-11-30")
	low := screening(t)
	require.Equal(t, rehab.High, screening(t, "hard_overdose", "yes").Propose(rehab.Low, on, nil).Risk, "one hard rule is enough")
	require.Equal(t, "hard", screening(t, "hard_overdose", "yes").Propose(rehab.Low, on, nil).Why)
	medium := screening(t, "kind", "several", "degree", "severe", "conduct", "few", "times", "one")
	require.Equal(t, rehab.Medium, medium.Propose(rehab.Low, on, nil).Risk, "higher at once")
	none := screening(t, "kind", "declined", "degree", "unknown", "conduct", "unknown")
	require.Empty(t, none.Propose(rehab.Low, on, nil).Risk)
	require.Equal(t, "too_little_known", none.Propose(rehab.Low, on, nil).Why)

	require.Equal(t, rehab.High, low.Propose(rehab.High, on, nil).Risk, "one screening lowers nothing")
	require.Equal(t, rehab.High, low.Propose(rehab.High, on, []forms.Past{{On: on.AddDays(-89), Filled: low}}).Risk)
	require.Equal(t, rehab.Medium, low.Propose(rehab.High, on, []forms.Past{{On: on.AddDays(-90), Filled: low}}).Risk, "one class alone")
	require.Equal(t, rehab.Low, low.Propose(rehab.Medium, on, []forms.Past{{On: on.AddDays(-90), Filled: low}}).Risk)
	hard := screening(t, "hard_lost", "yes")
	require.Equal(t, rehab.Medium, low.Propose(rehab.Medium, on, []forms.Past{{On: on.AddDays(-200), Filled: low}, {On: on.AddDays(-10), Filled: hard}}).Risk, "a hard rule begins the count again")
}

func TestASoonerContactIsProposedWhereAFactorRose(t *testing.T) {
	t.Parallel()
	before := filled(t, "relapse_risk", example(t, forms.Ref{Form: "relapse_risk", Version: 1}).with(t, "r1", 0))
	require.True(t, filled(t, "relapse_risk", example(t, forms.Ref{Form: "relapse_risk", Version: 1}).with(t, "r1", 2)).Sooner(before))
	require.False(t, filled(t, "relapse_risk", example(t, forms.Ref{Form: "relapse_risk", Version: 1}).with(t, "r1", 1)).Sooner(before))
	require.True(t, filled(t, "rulers", `{"offered":"yes","read_by":"client","craving":8}`).Sooner(nil))
	require.False(t, filled(t, "rulers", `{"offered":"yes","read_by":"client","craving":7}`).Sooner(nil))
}

func (w worked) with(t *testing.T, name string, v any) string {
	t.Helper()
	a := map[string]any{}
	require.NoError(t, json.Unmarshal(w.Answers, &a))
	a[name] = v
	raw, err := json.Marshal(a)
	require.NoError(t, err)
	return string(raw)
}

func TestTwoMissingAnswersOfAScaleGiveNoTotal(t *testing.T) {
	t.Parallel()
	f := filled(t, "gad7", `{"offered":"yes","read_by":"client","q1":3,"q2":3,"q3":3,"q4":3,"q5":3,"q6":3}`)
	require.Equal(t, 21, *f.Scores("en")[0].Value, "one missing answer counts as the mean of the others")
	f = filled(t, "gad7", `{"offered":"yes","read_by":"client","q1":3,"q2":3,"q3":3,"q4":3,"q5":3,"q6":"declined"}`)
	require.Nil(t, f.Scores("en")[0].Value)
	require.Empty(t, filled(t, "gad7", `{"offered":"declined"}`).Scores("en"), "to decline is an answer")
}

func day(t *testing.T, s string) rehab.Date {
	t.Helper()
	d, err := rehab.ParseDate(s)
	require.NoError(t, err)
	return d
}
