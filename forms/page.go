package forms

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"slices"
	"strings"
	"time"

	"guitu/rehab"
)

//go:embed page.html
var pageHTML string

//go:embed page.css
var pageCSS string

// Item is one line of the head: what the engine knew when the form was filled in.
type Item struct {
	Key   string `json:"key"`
	Label string `json:"label,omitempty"`
	Value string `json:"value"`
}

// headWords are the lines of the head, in their order.
func headWords() []struct {
	key string
	Words
} {
	return []struct {
		key string
		Words
	}{
		{"name", Words{"姓名", "Name"}}, {"measure", Words{"措施", "Measure"}}, {"phase", Words{"阶段", "Phase"}}, {"risk", Words{"风险等级", "Risk"}},
		{"place", Words{"所属街道（乡镇）", "Street"}}, {"worker", Words{"社工", "Worker"}}, {"served_on", Words{"送达日期", "Served on"}},
		{"reported_on", Words{"报到日期", "Reported on"}}, {"term_end", Words{"期满日期", "End of term"}}, {"last_test", Words{"最近一次检测", "Last test"}},
		{"tests_missed", Words{"经确认的漏检、拒检、逃避检测次数", "Confirmed missed, refused and evaded tests"}},
		{"leavings", Words{"经确认的擅自离开次数", "Confirmed leavings"}}, {"filled_on", Words{"填写日期", "Filled in on"}}, {"filled_by", Words{"填写人", "Filled in by"}},
	}
}

// Head puts what is known in its order, with labels in the language. What is not known, or not
// of the head, is left out.
func Head(known map[string]string, lang string) []Item {
	var out []Item
	for _, w := range headWords() {
		if v := known[w.key]; v != "" {
			out = append(out, Item{w.key, w.In(lang), v})
		}
	}
	return out
}

// Page is a printed form. Policy is the Content-Security-Policy that it needs.
type Page struct {
	HTML   []byte
	Policy string
}

// Print the answers on a page of A4; a blank form where there are none.
func (d *Definition) Print(f *Filled, head []Item, lang string) (Page, error) {
	p := printed{Title: d.Title.In(lang), Lang: map[bool]string{true: "en", false: "zh-CN"}[lang == "en"], Stem: d.Labels[langKey(lang)]["stem"], Head: head, Version: d.String(), CSS: template.CSS(pageCSS)} //nolint:gosec // our own constant
	var answers map[string]any
	if f != nil {
		answers = f.answers
		p.Scores = f.Scores(lang)
	}
	for _, g := range d.Groups {
		group := printedGroup{Title: d.label(lang, "group."+g.Name)}
		for _, name := range g.Fields {
			group.Lines = append(group.Lines, d.line(lang, name, d.fields[name], answers[name], f == nil))
		}
		p.Groups = append(p.Groups, group)
	}
	p.Note = Words{"分数只供参考，由工作人员决定", "Scores are a help: people decide"}.In(lang)
	p.Source = d.Source.Cite
	if d.Licence != nil {
		p.Licence = d.Licence.Holder + "；" + d.Licence.Terms.In(lang)
	}
	t, err := template.New("page").Parse(pageHTML)
	if err != nil {
		return Page{}, fmt.Errorf("read the page of a form: %w", err)
	}
	var out bytes.Buffer
	if err := t.Execute(&out, p); err != nil {
		return Page{}, fmt.Errorf("print form %s: %w", d.Ref, err)
	}
	sum := sha256.Sum256([]byte(pageCSS))
	return Page{out.Bytes(), "default-src 'none'; frame-ancestors 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"}, nil
}

func langKey(lang string) string {
	if lang == "en" {
		return "en"
	}
	return "zh"
}

type printed struct {
	Title, Lang, Stem, Version, Note, Source, Licence string
	Head                                              []Item
	Groups                                            []printedGroup
	Scores                                            []Result
	CSS                                               template.CSS
}

type printedGroup struct {
	Title string
	Lines []printedLine
}

// printedLine is a question and its answer: a text, boxes, or a table.
type printedLine struct {
	Label, Text string
	Boxes       []printedBox
	Columns     []string
	Rows        [][]string
}

type printedBox struct {
	Label  string
	Ticked bool
}

// ScoreText is the value and the band in words.
func (r Result) ScoreText() string {
	if r.Value == nil {
		return "—"
	}
	text := fmt.Sprint(*r.Value)
	if len(r.Range) == 2 {
		text += fmt.Sprintf(" (%d–%d)", r.Range[0], r.Range[1])
	}
	return strings.TrimSpace(text + " " + r.BandLabel)
}

func (d *Definition) line(lang, name string, k field, answer any, blank bool) printedLine {
	l := printedLine{Label: d.label(lang, name)}
	switch {
	case k.kind == rowsField:
		d.table(lang, name, k, answer, &l)
	case k.kind == codeField && (blank || answer != nil) && len(k.codes) <= maxBoxes:
		given := each(answer)
		for _, c := range k.codes {
			l.Boxes = append(l.Boxes, printedBox{d.label(lang, boxKey(d, lang, name, c)), slices.Contains(given, c)})
		}
	default:
		l.Text = d.said(lang, name, answer)
	}
	return l
}

const maxBoxes = 12

// boxKey is the label of the code; a number of a long scale is its own.
func boxKey(d *Definition, lang, name, code string) string {
	if key := name + "." + code; d.Labels[langKey(lang)][key] != "" {
		return key
	}
	return code
}

func (d *Definition) table(lang, name string, k field, answer any, l *printedLine) {
	var columns []string
	for c := range k.rows {
		columns = append(columns, c)
	}
	slices.Sort(columns)
	for _, c := range columns {
		l.Columns = append(l.Columns, d.label(lang, name+"."+c))
	}
	rows, _ := answer.([]any)
	for _, r := range rows {
		row, _ := r.(map[string]any)
		cells := make([]string, len(columns))
		for i, c := range columns {
			cells[i] = d.said(lang, name+"."+c, row[c])
		}
		l.Rows = append(l.Rows, cells)
	}
}

// said is an answer in words.
func (d *Definition) said(lang, name string, answer any) string {
	switch v := answer.(type) {
	case bool:
		return map[bool]Words{true: {"是", "Yes"}, false: {"否", "No"}}[v].In(lang)
	case string:
		if at, err := time.Parse(time.RFC3339, v); err == nil {
			return at.In(rehab.Shanghai).Format("2006-01-02 15:04")
		}
	}
	var words []string
	for _, code := range each(answer) {
		words = append(words, d.label(lang, boxKey(d, lang, name, code)))
	}
	return strings.Join(words, map[bool]string{true: ", ", false: "、"}[lang == "en"])
}
