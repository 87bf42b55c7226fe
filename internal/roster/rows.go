package roster

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"guitu/identity"
)

// maxLeft is how many rows that are no part of the list are told one by one.
const maxLeft = 5

// readRows reads what stands below the headings.
func (r *reader) readRows(table int, s sheet, h header) []Row {
	var rows []Row
	left := 0
	r.noteUnread(h)
	for _, l := range s.lines[h.at:] {
		switch r.judge(h, l) {
		case nothing:
			continue
		case foreign:
			if left++; left <= maxLeft {
				r.notes = append(r.notes, say("note.left", l.number, excerpt(l.cells)))
			}
			continue
		}
		rows = append(rows, r.readRow(table, s.typed, h, l))
	}
	if left > maxLeft {
		r.notes = append(r.notes, say("note.left.more", left-maxLeft))
	}
	return rows
}

func (r *reader) noteUnread(h header) {
	var unread []string
	for i, code := range h.codes {
		if h.texts[i] != "" && code == "" && !slices.Contains(returned, heading(h.texts[i])) {
			unread = append(unread, h.texts[i])
		}
	}
	if len(unread) > 0 {
		r.notes = append(r.notes, say("note.unread", unread))
	}
}

func excerpt(cells []string) string {
	var parts []string
	for _, c := range cells {
		if plain, _ := identity.Plain(c); plain != "" {
			parts = append(parts, strings.Join(strings.Fields(plain), " "))
		}
	}
	s := []rune(strings.Join(parts, " "))
	return string(s[:min(len(s), 40)])
}

// verdict on a row below the headings.
type verdict int

const (
	record  verdict = iota // of the list
	nothing                // numbered beforehand, or otherwise without content
	foreign                // a total, a signature, a remark, the headings once more
)

// judge tells the rows of the list from what stands between and below them. A row with the
// number of a document and a name is of the list whatever it says.
func (r *reader) judge(h header, l line) verdict {
	filled, same, said := 0, 0, false
	identified := 0
	for i, cell := range l.cells {
		plain, _ := identity.Plain(cell)
		if plain == "" {
			continue
		}
		if i < len(h.codes) && h.codes[i] != "" {
			filled++
			if len(plain) < 60 && heading(plain) == h.plain[i] {
				same++
			}
			if h.codes[i] == "id_number" && looksLikeNumber.MatchString(identity.Number(plain)) || h.codes[i] == r.form.key && looksLikeKey(plain) {
				identified++
			}
		}
		said = said || footer.MatchString(strings.ReplaceAll(plain, " ", ""))
	}
	switch {
	case filled > 0 && same == filled, same >= 3:
		return foreign
	case said && identified == 0:
		return foreign
	case said && filled <= 2 && identified < 2:
		return foreign
	case filled == 0 && l.surplus == 0 && !remark(l):
		return nothing
	case filled == 0, filled == 1 && identified == 0 && remark(l):
		return foreign
	}
	return record
}

var (
	looksLikeNumber = regexp.MustCompile(`^[0-9A-Z+]{6,}$`)
	// footer is what stands below a list: sums, who made it, remarks.
	footer = regexp.MustCompile(`^(合计|总计|共计|小计|总数|累计|汇总|合\s*计|共[0-9]+[人条名行]|以上|以下空白|填表|制表|填报|审核|审批|复核|经办|负责人|单位负责人|领导签字|签字|签名|盖章|联系电话[::]|填表日期|日期[::]|注[::]|备注[::]|说明[::]|(?i:total|subtotal|sum|prepared by|signature|note))`)
)

// looksLikeKey tells the number of an order, or an id, from a remark: it is short and holds a
// digit or a letter.
func looksLikeKey(s string) bool {
	return !footer.MatchString(s) && len(s) < 90 && strings.ContainsFunc(s, func(x rune) bool { return x < 0x80 && (unicode.IsDigit(x) || unicode.IsLetter(x)) })
}

// remark reports whether all that the row holds is one longer text.
func remark(l line) bool {
	long, others := 0, 0
	for _, c := range l.cells {
		switch plain, _ := identity.Plain(c); {
		case plain == "":
		case len([]rune(plain)) > 8 && strings.ContainsFunc(plain, func(x rune) bool { return x > 0x2e80 || x == ' ' }):
			long++
		default:
			others++
		}
	}
	return long == 1 && others == 0
}

func (r *reader) readRow(table int, typed bool, h header, l line) Row {
	row := Row{Table: table, Number: l.number, Request: make(map[string]any), Cells: slices.Clone(l.cells)}
	over := make(map[string]any)
	for i, cell := range l.cells {
		if i >= len(h.codes) || h.texts[i] == "" {
			if !blank(cell) {
				r.surplusValue(&row, typed, i+1)
			}
			continue
		}
		c := r.form.column(h.codes[i])
		if c == nil {
			continue
		}
		if typed && c.kind == day {
			cell = dayOf(cell, r.from1904)
			row.Cells[i] = cell
		}
		value := r.convert(&row, c, h, cell)
		switch {
		case value == nil:
		case c.carried != "":
			over[c.carried] = value
		default:
			row.Request[c.code] = value
		}
	}
	if l.surplus > 0 {
		r.surplusValue(&row, typed, l.surplus)
	}
	if at := slices.Index(h.codes, r.form.key); at >= 0 {
		row.key = cellAt(l.cells, at)
	}
	for _, c := range r.form.columns {
		if _, ok := row.Request[c.code]; c.needed && !ok && !row.has(c.code) {
			row.add(c.code, "missing")
		}
	}
	if len(over) > 0 {
		if _, ok := over["reported_on"]; !ok && !row.has("reported_on") {
			row.add("reported_on", "carried.report")
		}
		row.Request["carried"] = over
	}
	if r.form.key == "order_no" {
		r.checkOrder(&row)
	}
	r.sortProblems(&row)
	return row
}

// surplusValue is a fault of a row of text, whose cells may have moved; in a spreadsheet they
// do not, and it is something to look at.
func (r *reader) surplusValue(row *Row, typed bool, column int) {
	if typed {
		row.warn("row", "surplus", column)
	} else {
		row.add("row", "surplus", column)
	}
}

// sortProblems puts them in the order of the form.
func (r *reader) sortProblems(row *Row) {
	at := func(p Problem) int {
		return slices.IndexFunc(r.form.columns, func(c column) bool { return c.code == p.Column })
	}
	slices.SortStableFunc(row.Problems, func(a, b Problem) int { return at(a) - at(b) })
}

// markTwice names rows whose key stands in an earlier one.
func (r *reader) markTwice(rows []Row) {
	type place struct {
		number  int
		written string
	}
	seen := make(map[string]place)
	for i := range rows {
		row := &rows[i]
		key, _ := row.Request[r.form.key].(string)
		if key == "" {
			continue
		}
		first, twice := seen[key]
		switch {
		case !twice:
			seen[key] = place{row.Number, row.key}
		case r.form.key != "order_no":
			row.add(r.form.key, "twice.id", first.number)
		case first.written != row.key:
			row.add(r.form.key, "twice.form", first.number, key)
		default:
			row.add(r.form.key, "twice", first.number)
		}
		if twice {
			r.sortProblems(row)
		}
	}
}
