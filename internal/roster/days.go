package roster

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"guitu/rehab"
)

var (
	// ordered is a day with its year first: signs or words between the parts, a time or the day of
	// the week behind them.
	ordered = regexp.MustCompile(`^([0-9]{4})\s*[-/.,、\\_年\s]\s*([0-9]{1,2})\s*[-/.,、\\_月\s]\s*([0-9]{1,2})\s*(?:[日号]|$|\s|T|\()(.*)$`)
	compact = regexp.MustCompile(`^([0-9]{4})([0-9]{2})([0-9]{2})(?:\.0+)?$`)
	// behind is what may stand behind a day.
	behind    = regexp.MustCompile(`^\s*\(?(?:星期|周|礼拜)?[一二三四五六日天]?\)?\s*T?\s*(?:(?:上午|下午|[AaPp][Mm])?\s*[0-9]{1,2}[:时][0-9]{0,2}.*)?$`)
	yearLast  = regexp.MustCompile(`^[0-9]{1,2}\s*[-/.,]\s*[0-9]{1,2}\s*[-/.,]\s*[0-9]{4}`)
	yearShort = regexp.MustCompile(`^[0-9]{2}\s*[-/.年]\s*[0-9]{1,2}\s*[-/.月]\s*[0-9]{1,2}`)
	hanDay    = regexp.MustCompile(`^([〇○零一二三四五六七八九]{4})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})[日号]?$`)
)

// dayValue reads a day in any form in which year, month and day stand in this order.
func dayValue(row *Row, c *column, s string) any {
	if at, err := time.Parse(time.RFC3339, s); err == nil { // an instant: the day it is in Beijing
		return rehab.DateOf(at).String()
	}
	s = strings.Map(func(x rune) rune {
		if x >= '\u2010' && x <= '\u2015' || x == '\u2212' || x == '~' {
			return '-'
		}
		return x
	}, s)
	s = strings.TrimSuffix(s, "起")
	parts := ordered.FindStringSubmatch(s)
	switch {
	case parts != nil && behind.MatchString(parts[4]):
	case compact.MatchString(s):
		parts = compact.FindStringSubmatch(s)
	case hanDay.MatchString(strings.ReplaceAll(s, " ", "")):
		parts = hanParts(hanDay.FindStringSubmatch(strings.ReplaceAll(s, " ", "")))
	case yearLast.MatchString(s):
		row.add(c.code, "day.order", s)
		return nil
	case yearShort.MatchString(s):
		row.add(c.code, "day.short", s)
		return nil
	default:
		row.add(c.code, "day", s)
		return nil
	}
	if len(parts[2]) == 1 {
		parts[2] = "0" + parts[2]
	}
	if len(parts[3]) == 1 {
		parts[3] = "0" + parts[3]
	}
	d, err := rehab.ParseDate(parts[1] + "-" + parts[2] + "-" + parts[3])
	if err != nil {
		row.add(c.code, "day.none", s)
		return nil
	}
	return d.String()
}

// hanParts are year, month and day of a day in Chinese numerals.
func hanParts(m []string) []string {
	year := strings.NewReplacer("〇", "0", "○", "0", "零", "0", "一", "1", "二", "2", "三", "3", "四", "4", "五", "5", "六", "6", "七", "7", "八", "8", "九", "9").Replace(m[1])
	return []string{"", year, strconv.Itoa(hanNumber(m[2])), strconv.Itoa(hanNumber(m[3]))}
}

// hanNumber is a number below 100: 十, 十二, 二十, 二十三.
func hanNumber(s string) int {
	digit := func(s string) int { return counted(s) }
	tens, ones, has := strings.Cut(s, "十")
	switch {
	case !has:
		return digit(s)
	case tens == "":
		return 10 + digit(ones)
	}
	return 10*digit(tens) + digit(ones)
}

// instant is the first one of the day in Beijing; zero for none.
func instant(day string) time.Time {
	if d, err := rehab.ParseDate(day); err == nil {
		return d.Start()
	}
	return time.Time{}
}
