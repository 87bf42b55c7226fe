package rehab

import (
	"regexp"
	"strconv"
	"strings"
)

// sentence writes a Chinese text as people read it: 2026年11月16日 for a day, 2026年11月16日8:30 for
// an instant, and what a duty is called for its id: 检测（test-3） is 检测（第3次）, test-3 alone 第3次检测.
func sentence(zh string) string {
	zh = dayInText.ReplaceAllStringFunc(zh, func(day string) string {
		m := dayInText.FindStringSubmatch(day)
		return m[1] + "年" + strings.TrimPrefix(m[2], "0") + "月" + strings.TrimPrefix(m[3], "0") + "日" + strings.TrimPrefix(m[4], "0")
	})
	zh = dutyInBrackets.ReplaceAllStringFunc(zh, func(id string) string {
		m := dutyInBrackets.FindStringSubmatch(id)
		switch d, known := duties[Kind(m[1])]; {
		case !known:
			return id
		case m[2] == "1" && !d.recurring:
			return ""
		}
		return "（第" + m[2] + "次）"
	})
	return dutyInText.ReplaceAllStringFunc(zh, func(id string) string {
		m := dutyInText.FindStringSubmatch(id)
		n, _ := strconv.Atoi(m[2]) // the pattern takes digits alone
		return ObligationID{Kind(m[1]), n}.zh()
	})
}

var (
	dayInText      = regexp.MustCompile(`(\d{4})-(\d\d)-(\d\d)(?: (\d\d:\d\d))?`)
	dutyInBrackets = regexp.MustCompile(`（([a-z_]+)-(\d+)）`)
	dutyInText     = regexp.MustCompile(`\b([a-z_]+)-(\d+)\b`)
)

// EN is what the obligation is called in an English sentence: "working group", "test 3".
func (id ObligationID) EN() string {
	d, known := duties[id.Kind]
	switch {
	case !known:
		return id.String()
	case id.N == 1 && !d.recurring:
		return d.en
	}
	return d.en + " " + strconv.Itoa(id.N)
}

// zh is what the obligation is called in a sentence. An id that is of no duty stays.
func (id ObligationID) zh() string {
	d, known := duties[id.Kind]
	switch {
	case !known:
		return id.String()
	case id.N == 1 && !d.recurring:
		return d.zh
	}
	return "第" + strconv.Itoa(id.N) + "次" + d.zh
}
