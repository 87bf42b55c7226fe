// Package roster reads a list as an office has it, from a spreadsheet (.xlsx) or a .csv
// file: of orders, one row an order, or of workers. It finds the sheet and the headings,
// reads words, names of places, days and phones as people write them, and says of each row
// what is wrong with it and where. What was refused goes back as a spreadsheet with the
// reason beside the cell.
package roster

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Options of a reading.
type Options struct {
	Lang   Lang   // of errors; Chinese where it is empty
	Places Places // by which names of places are read; without them codes alone are
	Sheet  string // the sheet to read; every sheet with a list where it is empty
}

// File is what was read of a file.
type File struct {
	Name   string
	Tables []Table   // at least one
	Rows   []Row     // of all tables
	Notes  []Message // what the reader should know: columns, sheets and rows that were not read
	form   form
}

// Table is a sheet with a list.
type Table struct {
	Sheet    string
	Headings []string // as they stand
	Codes    []string // of the columns; empty for one that is not read
}

// Row is one order or one worker.
type Row struct {
	Table    int
	Number   int            // as the spreadsheet counts: its first row is 1
	Request  map[string]any // body of POST /v1/cases, or of POST /v1/workers
	Problems []Problem      // what keeps it from being sent
	Warnings []Problem      // what to look at, though it can be sent
	Cells    []string       // as they stand; days of a spreadsheet written out
	key      string         // what names the row, as it stands in its cell
}

// OrderNo of the row, empty when it has none.
func (r Row) OrderNo() string { s, _ := r.Request["order_no"].(string); return s }

// Problem names what is wrong in a row: the code of the column, and the rule.
type Problem struct {
	Column string
	Message
}

func (r *Row) add(column, key string, args ...any) {
	r.Problems = append(r.Problems, Problem{column, say(key, args...)})
}

func (r *Row) warn(column, key string, args ...any) {
	r.Warnings = append(r.Warnings, Problem{column, say(key, args...)})
}

func (r *Row) has(column string) bool {
	return slices.ContainsFunc(r.Problems, func(p Problem) bool { return p.Column == column })
}

// Read reads orders. The error is about the file as a whole: not a table, no headings,
// columns missing. What is wrong with a row is in the row.
func Read(name string, r io.Reader, o Options) (*File, error) { return read(orders(), name, r, o) }

// ReadWorkers reads workers for the registry, as Read reads orders.
func ReadWorkers(name string, r io.Reader, o Options) (*File, error) {
	return read(staff(), name, r, o)
}

// reader is one reading.
type reader struct {
	form     form
	options  Options
	from1904 bool
	unread   []string // sheets
	notes    []Message
	found    map[string]finding // places, by what was written
}

func (r *reader) fail(key string, args ...any) error {
	return failure{Message: say(key, args...), lang: r.options.Lang}
}

func read(f form, name string, from io.Reader, o Options) (*File, error) {
	r := &reader{form: f, options: o, found: make(map[string]finding)}
	sheets, err := r.sheets(name, from)
	if err != nil {
		return nil, err
	}
	out := &File{Name: name, form: f}
	headers, kept, err := r.choose(sheets)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	for i, h := range headers {
		out.Tables = append(out.Tables, Table{Sheet: kept[i].name, Headings: h.texts, Codes: h.codes})
		out.Rows = append(out.Rows, r.readRows(i, kept[i], h)...)
	}
	if len(out.Rows) == 0 {
		return nil, fmt.Errorf("%s: %w", name, r.fail("file.norows"))
	}
	if len(out.Rows) > maxRows {
		return nil, fmt.Errorf("%s: %w", name, r.fail("file.rows", maxRows))
	}
	r.markTwice(out.Rows)
	if len(r.unread) > 0 {
		r.notes = append(r.notes, say("note.sheets", r.unread))
	}
	out.Notes = r.notes
	return out, nil
}

// sheets of the file. Its kind is told by what it begins with, and then by its name.
func (r *reader) sheets(name string, from io.Reader) ([]sheet, error) {
	raw, err := io.ReadAll(io.LimitReader(from, maxFile+1))
	if err != nil {
		return nil, err
	}
	begins := func(s string) bool { return bytes.HasPrefix(raw, []byte(s)) }
	ending := strings.ToLower(filepath.Ext(name))
	var out []sheet
	switch {
	case len(raw) > maxFile:
		err = r.fail("file.big", maxFile>>20)
	case begins("\xd0\xcf\x11\xe0"):
		err = r.fail("file.old")
	case begins("<html"), begins("<!DOCTYPE"), begins("<HTML"):
		err = r.fail("file.html")
	case begins("PK\x03\x04"), ending == ".xlsx", ending == ".xlsm":
		out, err = r.readXLSX(raw)
	case ending == ".csv", ending == ".txt":
		out, err = r.readCSV(raw)
	default:
		return nil, r.fail("file.kind", name)
	}
	if err == nil && !slices.ContainsFunc(out, func(s sheet) bool { return len(s.lines) > 0 }) {
		err = r.fail("file.empty")
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return out, nil
}

// choose finds the sheets that hold a list, each with its headings. Where several do, all
// are read but those that show an example.
func (r *reader) choose(sheets []sheet) ([]header, []sheet, error) {
	var headers []header
	var kept []sheet
	var best header
	for _, s := range sheets {
		h := r.form.findHeader(s.lines)
		if h.found > best.found {
			best = h
		}
		if h.found == 0 || r.lacks(h) != nil || len(sheets) > 1 && isExample(s.name) {
			if len(s.lines) > 0 {
				r.unread = append(r.unread, s.name)
			}
			continue
		}
		headers, kept = append(headers, h), append(kept, s)
	}
	switch {
	case len(kept) > 0:
		return headers, kept, nil
	case best.found > 0:
		return nil, nil, r.lacks(best)
	}
	var wanted []string
	for _, c := range r.form.columns {
		if c.needed && len(wanted) < 4 {
			wanted = append(wanted, r.form.name(c.code, r.options.Lang))
		}
	}
	return nil, nil, r.fail("file.noheader", wanted)
}

// lacks says which columns are missing or stand twice.
func (r *reader) lacks(h header) error {
	var errs []error
	for _, m := range h.twice {
		errs = append(errs, failure{Message: m, lang: r.options.Lang})
	}
	for _, c := range r.form.columns {
		if c.needed && !slices.Contains(h.codes, c.code) {
			errs = append(errs, r.fail("file.nocolumn", r.form.name(c.code, r.options.Lang)))
		}
	}
	return errors.Join(errs...)
}

func isExample(sheet string) bool {
	for _, word := range []string{"示例", "样例", "样表", "例子", "说明", "示范", "example", "sample"} {
		if strings.Contains(strings.ToLower(sheet), word) {
			return true
		}
	}
	return false
}

// name of a column for a reader.
func (f form) name(code string, lang Lang) string {
	if c := f.column(code); c != nil && lang != English {
		return c.heading
	}
	if code == "row" {
		return Say(lang, "row")
	}
	return code
}

// Column is the name of a column for a reader, by the field that the API names.
func (f *File) Column(field string, lang Lang) string {
	for _, c := range f.form.columns {
		if c.carried != "" && field == "carried."+c.carried {
			field = c.code
		}
	}
	return f.form.name(field, lang)
}

// RowName is how a row is called: its number, with its sheet where several were read.
func (f *File) RowName(r Row) string {
	if len(f.Tables) == 1 {
		return strconv.Itoa(r.Number)
	}
	return fmt.Sprintf("%s!%d", f.Tables[r.Table].Sheet, r.Number)
}

// Warned reports whether the row was told something about the column.
func (r Row) Warned(column string) bool {
	return slices.ContainsFunc(r.Warnings, func(p Problem) bool { return p.Column == column })
}
