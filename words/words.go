// Package words says in another language what the engine says in English. The English
// format of a message is its key; zh.go holds the Chinese of each. What has no Chinese
// stays English, and a test sees to it that nothing does.
package words

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"guitu/rehab"
)

// Lang is a language that texts are kept in.
type Lang string

// The languages, by the tags that HTTP gives them.
const (
	ZH Lang = "zh-CN"
	EN Lang = "en"
)

// Of chooses the language from an Accept-Language header (RFC 9110) or a variable such as
// LANG: the first by its weight that is one of ours, or fallback where there is none.
func Of(accept string, fallback Lang) Lang {
	best, weight := fallback, 0.0
	for part := range strings.SplitSeq(accept, ",") {
		tag, params, _ := strings.Cut(strings.TrimSpace(part), ";")
		q := 1.0
		if value, ok := strings.CutPrefix(strings.TrimSpace(params), "q="); ok {
			var err error
			if q, err = strconv.ParseFloat(value, 64); err != nil {
				continue
			}
		}
		tag = strings.ToLower(tag)
		if cut := strings.IndexAny(tag, "-_."); cut >= 0 {
			tag = tag[:cut]
		}
		lang := Lang("")
		switch tag {
		case "zh":
			lang = ZH
		case "en":
			lang = EN
		}
		if lang != "" && q > weight {
			best, weight = lang, q
		}
	}
	return best
}

// OfLocale is the language that the variables of a shell ask for: LC_ALL, else LANG.
func OfLocale(lookup func(name string) string, fallback Lang) Lang {
	for _, name := range []string{"LC_ALL", "LANG"} {
		if value := lookup(name); value != "" {
			return Of(value, fallback)
		}
	}
	return fallback
}

// Line is a line of a program, filled in. The English format is its key, the Chinese of it
// a format of the same arguments.
func (l Lang) Line(format string, args ...any) string {
	if zh, ok := lineOf(format); ok && l == ZH {
		format = zh
	}
	if len(args) == 0 {
		return format
	}
	return fmt.Sprintf(format, args...)
}

// Error is the message of the error in the language, without its field and its citation.
func (l Lang) Error(e *rehab.Error) string {
	if l != ZH {
		return e.Message
	}
	if zh, ok := entry(e.Key); ok {
		return fill(zh, e.Args)
	}
	return l.Text(e.Message)
}

// Text is an English text in the language: a literal of the catalogue, or one of its
// formats filled in.
func (l Lang) Text(english string) string {
	if l != ZH || english == "" {
		return english
	}
	key, args, ok := matched(english)
	if !ok {
		return english
	}
	zh, _ := entry(key)
	return fill(zh, args)
}

// matched is the key of the catalogue that the text was made from, with its arguments.
func matched(english string) (key string, args []string, ok bool) {
	if _, ok := entry(english); ok {
		return english, nil, true
	}
	for _, p := range patterns() {
		if !strings.Contains(english, p.part) {
			continue
		}
		if m := p.form.FindStringSubmatch(english); m != nil {
			return p.key, unquoted(p.key, m[1:]), true
		}
	}
	return "", nil, false
}

// tables hold the Chinese by the English format.
func tables() []map[string]string { return []map[string]string{chinese, theirs, failures, ofMachines} }

func entry(key string) (string, bool) {
	for _, table := range tables() {
		if zh, ok := table[key]; ok {
			return zh, true
		}
	}
	return "", false
}

// Said is a text that an error made of itself ("refused: served_on: is missing (DRR
// art.14)"), or a Text.
func (l Lang) Said(english string) string {
	if l != ZH {
		return english
	}
	m := ofError.FindStringSubmatch(english)
	if m == nil {
		return l.Text(english)
	}
	text, cite := m[2], ""
	if cut := strings.LastIndex(text, " ("); cut > 0 && strings.HasSuffix(text, ")") && isCitation(text[cut+2:len(text)-1]) {
		text, cite = text[:cut], text[cut+2:len(text)-1]
	}
	field := ""
	if at := aField.FindStringSubmatch(text); at != nil {
		field, text = at[1], at[2]
	}
	text = l.Subject(field, l.Text(text))
	if cite != "" {
		text += "（" + l.Cite(cite) + "）"
	}
	return text
}

var (
	ofError = regexp.MustCompile(`(?s)^(invalid|not_found|conflict|forbidden|refused|known|unavailable|internal): (.*)$`)
	aField  = regexp.MustCompile(`(?s)^([a-z_]+(?:[.\[][a-z0-9_.\[\]]+)?): (.*)$`)
)

// Subject puts the field, as forms call it, before what is said of it.
func (l Lang) Subject(field, said string) string {
	if field == "" || field == "body" {
		return said
	}
	if l != ZH {
		return field + ": " + said
	}
	field = l.Field(field)
	if readsOn.MatchString(said) {
		return field + said
	}
	return field + "：" + said
}

// readsOn are the predicates that follow their subject without a colon.
var readsOn = regexp.MustCompile("^(为|应|不能|不是|最多|至少|超|首尾|含有|填写为|重复|无法|没有填写|与|仅|不接受)")

// Title is what a problem of the code is called; ok is false where the language has none.
func (l Lang) Title(code string) (title string, ok bool) {
	if l != ZH {
		return "", false
	}
	title, ok = titles[code]
	return title, ok
}

// verbs are those of a Chinese text: as fmt has them, and {list} after one that is a code
// of that enum.
var verbs = regexp.MustCompile(`%(?:\[(\d+)\])?[sdqvX](?:\{(\w+)\})?`)

// fill puts the arguments into a Chinese text: days and codes in Chinese, %q as it stands.
func fill(zh string, args []string) string {
	next := 0
	return verbs.ReplaceAllStringFunc(zh, func(verb string) string {
		m := verbs.FindStringSubmatch(verb)
		n := next
		if m[1] != "" {
			n, _ = strconv.Atoi(m[1]) // the pattern takes digits alone
			n--
		}
		next = n + 1
		if n >= len(args) {
			return "…"
		}
		if strings.Contains(verb, "q") {
			return "“" + args[n] + "”"
		}
		return argument(m[2], args[n])
	})
}

var (
	isDay  = regexp.MustCompile(`^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d:\d\d):\d\d(?:\.\d+)?\+08:00)?$`)
	isDuty = regexp.MustCompile(`^([a-z_]+)-(\d+)$`)
)

// argument is one value in Chinese: a day or an instant in Beijing, an obligation, a list, a code of the enum (of
// any, where none is named), or a sentence of its own. Anything else is a name.
func argument(list, arg string) string {
	if m := isDay.FindStringSubmatch(arg); m != nil {
		day := number(m[1]) + "年" + number(m[2]) + "月" + number(m[3]) + "日"
		if m[4] == "" || m[4] == "00:00" {
			return day
		}
		return day + strings.TrimPrefix(m[4], "0")
	}
	if zh, ok := wordOf(list, arg); ok {
		return zh
	}
	if m := isDuty.FindStringSubmatch(arg); m != nil {
		if zh, ok := wordOf("duty", m[1]); ok {
			if _, comesAgain := wordOf("recurring", m[1]); m[2] == "1" && !comesAgain {
				return zh
			}
			return "第" + m[2] + "次" + zh
		}
	}
	if in, ok := strings.CutPrefix(arg, "["); ok && strings.HasSuffix(in, "]") {
		return listed(list, strings.Fields(in[:len(in)-1]))
	}
	if someCodes.MatchString(arg) {
		return listed(list, strings.Split(arg, ", "))
	}
	for _, sep := range []string{"; ", " and "} {
		if parts := strings.Split(arg, sep); len(parts) > 1 {
			for i := range parts {
				parts[i] = argument(list, parts[i])
			}
			return strings.Join(parts, map[string]string{"; ": "；", " and ": "、"}[sep])
		}
	}
	if strings.Contains(arg, " ") {
		return ZH.Said(arg)
	}
	return arg
}

// someCodes are codes as the library that reads requests lists them.
var someCodes = regexp.MustCompile(`^[a-z][a-z_0-9]*(?:, [a-z][a-z_0-9]*)+$`)

// listed are codes one may choose from, each with what it is called.
func listed(list string, codes []string) string {
	for i, c := range codes {
		if zh, ok := wordOf(list, c); ok {
			codes[i] = c + "（" + zh + "）"
		}
	}
	return strings.Join(codes, "、")
}

func number(digits string) string { return strings.TrimLeft(digits, "0") }

// pattern reads a text that was made from a format of the catalogue.
type pattern struct {
	key, part string // part is the longest run of letters in it
	literal   int    // letters in all
	form      *regexp.Regexp
}

var englishVerb = regexp.MustCompile(`%(?:\d+)?[sdqvX]`)

func compile(key string) pattern {
	p := pattern{key: key}
	var form strings.Builder
	form.WriteString("(?s)^")
	at := 0
	for _, m := range append(englishVerb.FindAllStringIndex(key, -1), []int{len(key), len(key)}) {
		text := key[at:m[0]]
		form.WriteString(regexp.QuoteMeta(text))
		p.literal += len(text)
		if len(text) > len(p.part) {
			p.part = text
		}
		switch verb := key[m[0]:m[1]]; {
		case verb == "":
		case strings.HasSuffix(verb, "d"):
			form.WriteString(`(-?\d+)`)
		case strings.HasSuffix(verb, "q"):
			form.WriteString(`("(?:[^"\\]|\\.)*")`)
		default:
			form.WriteString("(.+?)")
		}
		at = m[1]
	}
	form.WriteString("$")
	p.form = regexp.MustCompile(form.String())
	return p
}

// sorted are the patterns of all formats, the most telling first.
func sorted() []pattern {
	var out []pattern
	for _, table := range tables() {
		for key := range table {
			if strings.Contains(key, "%") && key != "%s" {
				out = append(out, compile(key))
			}
		}
	}
	slices.SortFunc(out, func(a, b pattern) int {
		return cmp.Or(cmp.Compare(b.literal, a.literal), cmp.Compare(a.key, b.key))
	})
	return out
}

// unquoted takes the quotes from what %q wrote.
func unquoted(key string, args []string) []string {
	for i, verb := range englishVerb.FindAllString(key, -1) {
		if s, err := strconv.Unquote(args[i]); err == nil && verb == "%q" {
			args[i] = s
		}
	}
	return args
}
