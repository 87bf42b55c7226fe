package roster

import (
	"slices"
	"strings"

	"guitu/identity"
)

const (
	// maxRows is the most one file may hold, maxColumns how far to the right it is read, and
	// maxFile how large it may be.
	maxRows    = 100_000
	maxColumns = 120
	maxFile    = 64 << 20
	// searched is how many rows that are not blank may stand above the headings.
	searched = 60
)

// sheet is a sheet of a file: its rows that are not blank.
type sheet struct {
	name  string
	typed bool // its cells have types: a number may be a day
	lines []line
	width int // of the widest row, as far as it is read
}

// line is a row of a sheet as it stands there. surplus is a column with a value to the right
// of what is read.
type line struct {
	number  int
	cells   []string
	surplus int
	filled  bool // from merged cells
}

// add takes a row; a blank one is nothing. Blank cells at its end are none.
func (s *sheet) add(number int, cells []string, surplus int) {
	cells = cells[:min(len(cells), maxColumns)]
	for len(cells) > 0 && blank(cells[len(cells)-1]) {
		cells = cells[:len(cells)-1]
	}
	if len(cells) == 0 && surplus == 0 {
		return
	}
	s.width = max(s.width, len(cells))
	s.lines = append(s.lines, line{number: number, cells: slices.Clone(cells), surplus: surplus})
}

func blank(cell string) bool {
	if cell == "" {
		return true
	}
	plain, _ := identity.Plain(cell)
	return plain == ""
}

// header is where the headings of a sheet stand and what they say: the code of each column,
// empty for one that is not known.
type header struct {
	at       int // index of the line of the first row of data
	first    int // index of the first line of the headings
	codes    []string
	texts    []string
	plain    []string // the texts in the form of heading
	years    bool     // the term is in years, by its heading
	inMonths bool
	twice    []Message
	found    int
}

// hasHeader reports whether the headings stand in the lines.
func (f form) hasHeader(lines []line) bool { return f.findHeader(lines).found > 0 }

// findHeader looks for the row that holds the most headings, or two rows of which the upper
// holds groups (家属 above 姓名 and 电话). found is 0 where there is none.
func (f form) findHeader(lines []line) header {
	known := f.headings()
	var best header
	for i := range min(len(lines), searched) {
		alone := f.readHeader(known, lines[i].cells, nil)
		alone.first, alone.at = i, i+1
		if alone.found > best.found {
			best = alone
		}
		if i+1 < len(lines) && lines[i+1].number == lines[i].number+1 && !looksLikeData(lines[i+1].cells) {
			both := f.readHeader(known, lines[i+1].cells, lines[i].cells)
			both.first, both.at = i, i+2
			if both.found > best.found && both.found > f.readHeader(known, lines[i+1].cells, nil).found {
				best = both
			}
		}
	}
	if best.found < 3 {
		return header{}
	}
	return best
}

// looksLikeData tells a row of the list from a second row of headings: it holds a long number.
func looksLikeData(cells []string) bool {
	return slices.ContainsFunc(cells, func(c string) bool {
		plain, _ := identity.Plain(c)
		digits := strings.Map(func(r rune) rune {
			if r < '0' || r > '9' {
				return -1
			}
			return r
		}, plain)
		return len(digits) >= 8
	})
}

func (f form) readHeader(known map[string]string, cells, above []string) header {
	h := header{}
	group, at := "", make(map[string]int)
	for i := range max(len(cells), len(above)) {
		own, up := cellAt(cells, i), cellAt(above, i)
		if !blank(up) {
			group = up
		}
		shown, code := own, ""
		switch {
		case blank(own):
			shown, code = up, lookup(known, up)
		default:
			if above != nil {
				code = lookup(known, bare(group)+own)
			}
			if code == "" {
				code = lookup(known, own)
			}
		}
		if code == "phone" && at["phone"] > 0 && at["family_contact"] > 0 {
			code = "family_phone" // the second phone, behind the name of somebody else
		}
		if first := at[code]; code != "" && first > 0 {
			h.twice = append(h.twice, say("file.twice", shown, first, i+1))
		} else if code != "" {
			at[code] = i + 1
			h.found++
		}
		if code == "term_months" {
			h.years, h.inMonths = strings.Contains(shown, "年"), strings.Contains(shown, "月") || strings.Contains(shown, "month")
		}
		h.codes, h.texts, h.plain = append(h.codes, code), append(h.texts, strings.TrimSpace(shown)), append(h.plain, heading(shown))
	}
	return h
}

func lookup(known map[string]string, text string) string {
	if code := known[heading(text)]; code != "" {
		return code
	}
	if code := known[strings.TrimSuffix(heading(text), "必填")]; code != "" {
		return code
	}
	return known[bare(text)]
}

func cellAt(cells []string, i int) string {
	if i < len(cells) {
		return cells[i]
	}
	return ""
}
