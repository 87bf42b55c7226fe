package main

import (
	"bytes"
	"context"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/board"
	"guitu/words"
)

// toldTimelines are the histories of a town.
type toldTimelines struct{ *town }

func (w toldTimelines) Timeline(_ context.Context, caseID string, after int64, limit int) ([]board.TimelineEntry, error) {
	var out []board.TimelineEntry
	if h := w.told[caseID]; h != nil {
		for _, e := range h.Events {
			if e.Seq > after && len(out) < limit {
				out = append(out, board.TimelineEntry{Event: e})
			}
		}
	}
	return out, nil
}

func TestTheDemonstrationTellsThreeLivesInBothLanguages(t *testing.T) {
	t.Parallel()
	w, d, _ := playing(t, 3)
	w.days(d, 365)
	for lang, says := range map[words.Lang][]string{
		words.EN: {"Lin Xiaohe reports in; the term runs to 20", "Lin Xiaohe signs the agreement", "Chen Yiming misses", "Three lives are told", "http://town/docs"},
		words.ZH: {"林小禾报到，期满日期20", "林小禾签订协议", "陈一鸣逾期：", "姓名均为虚构", "http://town/docs"},
	} {
		var out bytes.Buffer
		told := newStory(toldTimelines{w}, lang, "http://town", &out)
		told.introduce()
		for i, h := range d.story.heroes {
			require.NotEmpty(t, h.orderNo, "nobody plays %s", h.en)
			told.heroes[i].orderNo, told.heroes[i].caseID = h.orderNo, h.caseID
			require.Contains(t, h.personas, persona(h.caseID))
		}
		require.NoError(t, told.tell(t.Context()))
		text := out.String()
		for _, want := range says {
			require.Contains(t, text, want)
		}
		require.Equal(t, 3, strings.Count(text, "http://town/v1/cases/"))
		lines := strings.Count(text, "\n")
		require.Greater(t, lines, 30)
		require.Less(t, lines, 450, "only what is of note")
		if lang == words.ZH {
			english := regexp.MustCompile(`[A-Za-z]{2,} [a-z]{2,}`)
			require.NotRegexp(t, english, text)
		} else {
			require.NotRegexp(t, `\p{Han}`, text)
		}
		require.NoError(t, told.tell(t.Context()))
		require.Equal(t, text, out.String(), "nothing is told twice")
	}
}

func TestThePartsOfTheStoryAreGivenOnce(t *testing.T) {
	t.Parallel()
	s := newStory(nil, words.EN, "http://town", &bytes.Buffer{})
	given := map[string]string{}
	for _, id := range []string{"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p", "q", "r", "s", "t"} {
		if name := s.cast("order-"+id, id); name != "" {
			require.Empty(t, given[name])
			given[name] = id
			require.Equal(t, name, s.cast("order-"+id, id), "the same order again")
		}
	}
	require.NotEmpty(t, given)
}
