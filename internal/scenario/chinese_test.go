package scenario_test

import (
	"context"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/stretchr/testify/require"

	"guitu/internal/scenario"
	"guitu/rehab"
	"guitu/rehab/policy"
	"guitu/words"
)

// reader plays a life and reads, after each step, all that is said of the case.
type reader struct {
	*scenario.Core
	t     *testing.T
	rules rehab.Rules
	said  map[string]bool
}

func (r *reader) To(ctx context.Context, at time.Time) error {
	if err := r.Core.To(ctx, at); err != nil {
		return err
	}
	c, err := r.State(ctx)
	if err == nil && c.Phase != "" {
		r.read(c.Explain(rehab.NewEnv(r.rules, c, nil, at)))
	}
	return err
}

func (r *reader) read(x rehab.Explanation) {
	for _, lines := range [][]rehab.Line{{x.State}, x.Waiting, x.Next, x.Counters, x.Warnings} {
		for _, l := range lines {
			r.line(l)
		}
	}
}

func (r *reader) line(l rehab.Line) {
	r.said[l.Code] = true
	requireTrade(r.t, l.Code, l.ZH)
	if l.Citation != "" {
		requireTrade(r.t, l.Code, words.ZH.Cite(l.Citation))
	}
	require.NotEmpty(r.t, l.EN, l.Code)
}

var (
	englishWords = regexp.MustCompile(`[A-Za-z]{2,} [a-z]+`)
	isoDay       = regexp.MustCompile(`\d{4}-\d\d-\d\d`)
	halfWidth    = regexp.MustCompile(`\p{Han}[,;:()!?]|[,;:()!?]\p{Han}`)
	aCode        = regexp.MustCompile(`[a-z_]{3,}`)
)

// requireTrade holds a text to be Chinese as the trade writes it: no English sentence, no
// code and no id of a duty, days and punctuation as in a sentence.
func requireTrade(t *testing.T, what, said string) {
	t.Helper()
	for _, quoted := range []string{"GB 11643"} {
		said = strings.ReplaceAll(said, quoted, "")
	}
	if !strings.ContainsFunc(said, func(c rune) bool { return unicode.Is(unicode.Han, c) }) || englishWords.MatchString(said) {
		t.Errorf("%s is no Chinese: %q", what, said)
	}
	if isoDay.MatchString(said) || halfWidth.MatchString(said) {
		t.Errorf("%s is not written as in a sentence: %q", what, said)
	}
	for _, code := range aCode.FindAllString(said, -1) {
		for _, e := range rehab.Enums() {
			if slices.ContainsFunc(e.Words, func(w rehab.Word) bool { return w.Code == code }) {
				t.Errorf("%s holds the code %s: %q", what, code, said)
			}
		}
	}
}

func TestAllThatIsSaidOfEveryLifeIsChinese(t *testing.T) {
	t.Parallel()
	rules, err := policy.Load()
	require.NoError(t, err)
	list, err := scenario.Load(os.DirFS("../../testdata/scenarios"))
	require.NoError(t, err)
	said := make(map[string]bool)
	for _, s := range list {
		r := &reader{Core: scenario.NewCore(s.Name, rules), t: t, rules: scenario.NewRules(rules), said: said}
		require.NoError(t, s.Play(t.Context(), r), s.Name)
		history, err := r.Ledger(t.Context())
		require.NoError(t, err)
		for _, d := range rehab.Decisions(history, len(history)) {
			r.line(d.Line)
		}
		told(t, s.Name, history)
	}
	require.Greater(t, len(said), 60, "the lines were not found")
}

// told holds every event, what it did and whom it told to have words in both languages.
func told(t *testing.T, name string, history []rehab.Event) {
	t.Helper()
	notices := make(map[string]string)
	for _, e := range words.Lists() {
		if e.Name == "notice" {
			for _, w := range e.Words {
				notices[w.Code] = w.ZH
			}
		}
	}
	c := &rehab.Case{ID: name}
	for _, e := range history {
		c.Apply(e)
		kind := e.Data.EventType()
		require.NotEqual(t, kind, words.EN.Event(kind), "an event without words: words/lists.go")
		requireTrade(t, kind, words.ZH.Event(kind))
		for _, n := range c.Notices(e) {
			requireTrade(t, "the notice "+n.Type, notices[n.Type])
		}
	}
	for _, o := range rehab.EffectsOf(history).Opened {
		requireTrade(t, string(o.Kind), o.ZH)
	}
}

func TestEnglishInAChineseLineIsFound(t *testing.T) {
	t.Parallel()
	for _, said := range []string{"服务对象 has not reported in 报到", "only English", "已于2026-11-16送达", "已登记,等待报到", "report_in-1已逾期", "风险等级由high改为低"} {
		fake := &testing.T{}
		requireTrade(fake, "a line", said)
		require.True(t, fake.Failed(), said)
	}
	fake := &testing.T{}
	requireTrade(fake, "a line", "决定书已于2026年11月16日送达，等待报到")
	require.False(t, fake.Failed())
}
