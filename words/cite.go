package words

import (
	"regexp"
	"strconv"
	"strings"
)

// sources are the texts that are cited, by their short names.
var sources = map[string]string{
	"CC":       "《中华人民共和国民法典》",
	"NCL":      "《中华人民共和国禁毒法》",
	"DRR":      "《戒毒条例》",
	"DTP":      "《吸毒检测程序规定》",
	"APR":      "《公安机关办理行政案件程序规定》",
	"PIPL":     "《中华人民共和国个人信息保护法》",
	"GB 11643": "《公民身份号码》（GB 11643）",
}

var (
	source   = regexp.MustCompile(`^(NCL|DRR|DTP|APR|PIPL|CC|GB 11643)(?: art\.(.+))?$`)
	withNote = regexp.MustCompile(`^(.+) \((.+)\)$`)
	article  = regexp.MustCompile(`^(\d+)(?:\((\d+)\))?$`)
)

// Cite is a citation in the language: "DRR art.14, 38" is 《戒毒条例》第十四条、第三十八条,
// "NCL art.35(2), DRR art.21" names both. What is no citation stays as it is.
func (l Lang) Cite(citation string) string {
	if l != ZH || citation == "" {
		return citation
	}
	if zh, ok := cites[citation]; ok {
		return zh
	}
	if m := withNote.FindStringSubmatch(citation); m != nil {
		note, ours := strings.CutSuffix(m[2], "our choice")
		note = strings.TrimSuffix(note, ", ")
		if zh, ok := cites[note]; ok {
			note = zh
		}
		if note != "" && ours {
			note += "，"
		}
		if ours {
			note += "本系统设定"
		}
		return l.Cite(m[1]) + "（" + note + "）"
	}
	if first, rest, ok := strings.Cut(citation, "; "); ok && !source.MatchString(first) {
		return l.Cite(first) + "；" + l.Cite(rest)
	}
	var out strings.Builder
	for part := range strings.SplitSeq(strings.ReplaceAll(citation, "; ", ", "), ", ") {
		articles := part
		if m := source.FindStringSubmatch(part); m != nil {
			if out.Len() > 0 {
				out.WriteString("、")
			}
			out.WriteString(sources[m[1]])
			if articles = m[2]; articles == "" {
				continue
			}
		} else if out.Len() == 0 {
			return citation
		} else {
			out.WriteString("、")
		}
		m := article.FindStringSubmatch(articles)
		if m == nil {
			return citation
		}
		out.WriteString("第" + numeral(m[1]) + "条")
		if m[2] != "" {
			out.WriteString("第" + numeral(m[2]) + "款")
		}
	}
	return out.String()
}

func isCitation(s string) bool { return ZH.Cite(s) != s }

const digits = "零一二三四五六七八九"

// numeral is a number below 1000 in Chinese, as articles are counted: 十八, 三十五, 一百零一.
func numeral(s string) string {
	n, err := strconv.Atoi(s)
	if err != nil || n <= 0 || n >= 1000 {
		return s
	}
	digit := func(d int) string { return string([]rune(digits)[d]) }
	hundreds, tens, ones := n/100, n/10%10, n%10
	out := ""
	if hundreds > 0 {
		out = digit(hundreds) + "百"
	}
	switch {
	case tens > 1 || tens == 1 && hundreds > 0:
		out += digit(tens) + "十"
	case tens == 1:
		out += "十"
	case hundreds > 0 && ones > 0:
		out += "零"
	}
	if ones > 0 {
		out += digit(ones)
	}
	return out
}
