package roster

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"guitu/identity"
)

// convert gives the value of a cell in the type the column has; nil where it is empty, or
// where the row has been told what is wrong with it.
func (r *reader) convert(row *Row, c *column, h header, cell string) any {
	s, hidden := identity.Plain(unquote(cell))
	switch {
	case s == "":
		return nil
	case spreadsheetError(s):
		row.add(c.code, "error", s)
		return nil
	case strings.ContainsRune(s, utf8.RuneError):
		row.add(c.code, "broken")
		return nil
	case strings.ContainsFunc(s, unicode.IsControl):
		row.add(c.code, "control")
		return nil
	}
	if c.kind != orderNumber && hidden {
		row.warn(c.code, "hidden")
	}
	switch c.kind {
	case orderNumber:
		return orderValue(row, c, cell)
	case day:
		return dayValue(row, c, s)
	case number:
		return numberValue(row, c, s)
	case months:
		return monthsValue(row, c, h, s)
	case yesNo:
		return yesNoValue(row, c, s)
	case word:
		return wordValue(row, c, s)
	case person:
		return personValue(row, c, s)
	case documentNumber:
		return documentValue(row, c, s)
	case phone:
		return phoneValue(row, c, s)
	case street, address, station:
		return r.placeValue(row, c, s)
	}
	return textValue(row, c, s)
}

// unquote takes away what makes a spreadsheet keep a number as text: '110… and ="110…".
func unquote(cell string) string {
	if s, ok := strings.CutPrefix(cell, `="`); ok && strings.HasSuffix(s, `"`) {
		return strings.TrimSuffix(s, `"`)
	}
	return strings.TrimPrefix(cell, "'")
}

var (
	errorValue = regexp.MustCompile(`^(#(N/A|REF!|VALUE!|NAME\?|DIV/0!|NUM!|NULL!|SPILL!|CALC!|BLOCKED!|CONNECT!|FIELD!|UNKNOWN!|BUSY!|GETTING_DATA|名称\?|值!|引用!)|#{3,}|Err:[0-9]+)$`)
	scientific = regexp.MustCompile(`^[+-]?([0-9])(?:\.([0-9]+))?[eE]\+?([0-9]{1,3})$`)
)

// spreadsheetError reports whether the text is what a spreadsheet shows for a formula that
// failed, or for a number for which a column was too narrow.
func spreadsheetError(s string) bool { return errorValue.MatchString(strings.ToUpper(s)) }

// inFull writes out a number in scientific notation that has all its digits; lost reports
// one that has not.
func inFull(s string) (full string, lost bool) {
	m := scientific.FindStringSubmatch(s)
	if m == nil {
		return s, false
	}
	exponent, _ := strconv.Atoi(m[3])
	if len(m[2]) != exponent {
		return s, true
	}
	return m[1] + m[2], false
}

func orderValue(row *Row, c *column, cell string) any {
	no, changes := identity.OrderNumber(unquote(strings.TrimSpace(cell)))
	if _, lost := inFull(no); lost {
		row.add(c.code, "scientific", no)
		return nil
	}
	if utf8.RuneCountInString(no) > 64 {
		row.add(c.code, "order.long")
		return nil
	}
	for _, change := range changes {
		if change == identity.Hidden {
			row.warn(c.code, "hidden")
		}
	}
	if len(changes) > 1 || len(changes) == 1 && changes[0] != identity.Hidden {
		row.warn(c.code, "order.form", no)
	}
	return no
}

func numberValue(row *Row, c *column, s string) any {
	n, err := strconv.Atoi(strings.TrimSuffix(s, ".0"))
	for _, unit := range []string{"次", "天", "日", "人", "个", "件"} {
		if err != nil {
			n, err = strconv.Atoi(strings.TrimSpace(strings.TrimSuffix(s, unit)))
		}
	}
	if err != nil {
		row.add(c.code, "number", s)
		return nil
	}
	return n
}

var (
	yearsOnly  = regexp.MustCompile(`^([0-9]+|[一二两三])(年|周年|years?)$`)
	monthsOnly = regexp.MustCompile(`^([0-9]+|三十六|二十四|十二)(个月|月|months?)$`)
	yearsAnd   = regexp.MustCompile(`^([0-9]+|[一二两三])年(?:零)?([0-9]+|[一二三四五六七八九]|十|十一)个?月$`)
	halfMore   = regexp.MustCompile(`^([0-9]+|[一二两三])年半$`)
)

func monthsValue(row *Row, c *column, h header, s string) any {
	s = strings.ToLower(strings.ReplaceAll(s, " ", ""))
	var n int
	ok := true
	switch {
	case yearsOnly.MatchString(s):
		n = 12 * counted(yearsOnly.FindStringSubmatch(s)[1])
	case monthsOnly.MatchString(s):
		n = counted(monthsOnly.FindStringSubmatch(s)[1])
	case yearsAnd.MatchString(s):
		m := yearsAnd.FindStringSubmatch(s)
		n = 12*counted(m[1]) + counted(m[2])
	case halfMore.MatchString(s):
		n = 12*counted(halfMore.FindStringSubmatch(s)[1]) + 6
	case s == "半年":
		n = 6
	default:
		var err error
		if n, err = strconv.Atoi(strings.TrimSuffix(s, ".0")); err != nil {
			ok = false
		} else if h.years && !h.inMonths {
			n *= 12
		} else if n >= 1 && n <= 3 && !h.inMonths {
			row.add(c.code, "months.unit", s)
			return nil
		}
	}
	switch {
	case !ok:
		row.add(c.code, "months", s)
	case n < 1 || n > 36:
		row.add(c.code, "months.range")
	default:
		return n
	}
	return nil
}

// counted is a small number in digits or Chinese numerals.
func counted(s string) int {
	if n, err := strconv.Atoi(s); err == nil {
		return n
	}
	return map[string]int{"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10, "十一": 11, "十二": 12, "二十四": 24, "三十六": 36}[s]
}

func yesNoValue(row *Row, c *column, s string) any {
	switch strings.ToLower(s) {
	case "true", "是", "有", "yes", "y", "1", "√", "✓", "✔", "☑", "需要", "参加":
		return true
	case "false", "否", "无", "没有", "no", "n", "0", "×", "x", "✗", "☐", "-", "/", "不需要", "未参加":
		return false
	}
	row.add(c.code, "yesno", s)
	return nil
}

func wordValue(row *Row, c *column, s string) any {
	key := strings.ToLower(strings.ReplaceAll(s, " ", ""))
	v := vocabulary[c.code][key]
	if v == "" {
		if at := strings.IndexByte(key, '('); at > 0 { // 社区戒毒（3年）
			v = vocabulary[c.code][key[:at]]
		}
	}
	if v == "" {
		row.add(c.code, "word", s, choices(c.code))
		return nil
	}
	return v
}

// personValue takes out the blanks that align names of two characters with those of three.
func personValue(row *Row, c *column, s string) any {
	rs := []rune(s)
	var b strings.Builder
	for i, x := range rs {
		if x == ' ' && (i > 0 && rs[i-1] > 0x2e80 || i+1 < len(rs) && rs[i+1] > 0x2e80) {
			continue
		}
		b.WriteRune(x)
	}
	if !strings.ContainsFunc(b.String(), unicode.IsLetter) { // what a formula gives for an empty cell
		row.add(c.code, "person", s)
		return nil
	}
	return textValue(row, c, b.String())
}

func textValue(row *Row, c *column, s string) any {
	limit := 64
	if c.code == "household_address" {
		limit = 200
	}
	switch {
	case utf8.RuneCountInString(s) > limit:
		row.add(c.code, "text.long", limit)
	case (c.code == "worker" || c.code == "id") && strings.ContainsFunc(s, func(x rune) bool { return x > 0x7f }):
		row.add(c.code, "worker.name", s)
	default:
		return s
	}
	return nil
}

func documentValue(row *Row, c *column, s string) any {
	no, lost := inFull(s)
	if lost {
		row.add(c.code, "scientific", s)
		return nil
	}
	return identity.Number(no)
}

func phoneValue(row *Row, c *column, s string) any {
	full, lost := inFull(strings.TrimSuffix(s, ".0"))
	if lost {
		row.add(c.code, "scientific", s)
		return nil
	}
	switch full {
	case "无", "没有", "无电话", "暂无", "-", "/", "不详":
		return nil
	}
	no, rest, note, ok := identity.Phone(full)
	switch {
	case !ok:
		row.add(c.code, "phone", s)
		return nil
	case note == identity.PhoneRest:
		row.warn(c.code, "phone.rest", rest)
	case note == identity.PhoneShort:
		row.warn(c.code, "phone.short")
	}
	return no
}
