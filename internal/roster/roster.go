// Package roster reads a list from a spreadsheet (.xlsx) or a .csv file: of orders, one
// row an order in the columns of the order form, or of workers.
package roster

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"guitu/office"
	"guitu/rehab"
)

// form is a kind of list: its columns, of which those that are true have to be there,
// and the one that names a row.
type form struct {
	columns map[string]bool
	key     string
	twice   string // what to say of a name that comes again
}

func orders() form {
	return form{key: "order_no", twice: "the order number", columns: map[string]bool{
		"order_no": true, "measure": true, "term_months": true, "decided_on": true, "served_on": true, "service_method": true,
		"name": true, "sex": true, "id_number": true, "phone": false, "household_street": true, "residence_street": false,
		"execution_street": true, "risk": true, "maintenance_therapy": false, "employment_intent": false,
		"family_contact": false, "family_phone": false, "worker": false, "printed_end": false, "credit_days": false, "family_told_on": false,
		"reported_on": false, "agreement_on": false, "tests_done": false, "contacts_done": false,
	}}
}

func staff() form {
	return form{key: "id", twice: "the id", columns: map[string]bool{
		"id": true, "name": true, "post": true, "place": true, "from": true, "qualification": false, "limit": false,
	}}
}

// carried maps the columns of a case already under way to the fields of the request.
var carried = map[string]string{"reported_on": "reported_on", "agreement_on": "agreement_on", "tests_done": "tests", "contacts_done": "contacts"}

// days are the columns that hold one.
var days = []string{"decided_on", "served_on", "family_told_on", "printed_end", "reported_on", "agreement_on", "from"}

// choices are the words a column may hold.
var choices = map[string][]string{
	"measure":        {string(rehab.Treatment), string(rehab.Rehabilitation)},
	"service_method": words(rehab.ServiceMethods()),
	"sex":            {"男", "女", "male", "female"},
	"risk":           {string(rehab.High), string(rehab.Medium), string(rehab.Low)},
	"post":           words(office.Posts()),
	"qualification":  words(office.Qualifications()),
}

func words[T ~string](list []T) []string {
	out := make([]string, len(list))
	for i, w := range list {
		out[i] = string(w)
	}
	return out
}

// maxRows is the most one file may hold.
const maxRows = 100_000

// Row is one order or one worker. Number counts as a spreadsheet does: the header is row 1.
type Row struct {
	Number   int
	Request  map[string]any // body of POST /v1/cases, or of POST /v1/workers
	Problems []Problem      // what keeps it from being sent
}

// OrderNo of the row, empty when it has none.
func (r Row) OrderNo() string { s, _ := r.Request["order_no"].(string); return s }

// Problem names what is wrong in a row: the column and the rule.
type Problem struct {
	Column string
	Rule   string
}

// Read reads orders. The kind of file is told by the ending of its name. The error is
// about the file as a whole: not a table, columns missing or unknown. What is wrong with
// a row is in the row.
func Read(name string, r io.Reader) ([]Row, error) { return orders().read(name, r) }

// ReadWorkers reads workers for the registry, as Read reads orders.
func ReadWorkers(name string, r io.Reader) ([]Row, error) { return staff().read(name, r) }

func (f form) read(name string, r io.Reader) ([]Row, error) {
	var table [][]string
	var err error
	switch ending := strings.ToLower(filepath.Ext(name)); ending {
	case ".csv":
		table, err = readCSV(r)
	case ".xlsx":
		table, err = readXLSX(r)
	default:
		return nil, fmt.Errorf("%s: a list is a .csv or an .xlsx file, not %q", name, ending)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if len(table) == 0 {
		return nil, fmt.Errorf("%s: the file is empty", name)
	}
	if len(table) > maxRows+1 {
		return nil, fmt.Errorf("%s: %d rows; one file may hold %d", name, len(table)-1, maxRows)
	}
	header, err := f.readHeader(table[0])
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return f.readRows(header, table[1:]), nil
}

func readCSV(r io.Reader) ([][]string, error) {
	raw, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	if !utf8.Valid(raw) {
		return nil, errors.New("not UTF-8 text: save it as CSV UTF-8, or as .xlsx")
	}
	c := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf"))))
	c.FieldsPerRecord = -1
	table, err := c.ReadAll()
	var parse *csv.ParseError
	if errors.As(err, &parse) {
		return nil, fmt.Errorf("line %d is not CSV: %w", parse.Line, parse.Err)
	}
	return table, err
}

func readXLSX(r io.Reader) ([][]string, error) {
	f, err := excelize.OpenReader(r, excelize.Options{UnzipSizeLimit: 256 << 20})
	if err != nil {
		return nil, fmt.Errorf("not a spreadsheet: %w", err)
	}
	defer func() { _ = f.Close() }()
	sheets := f.GetSheetList()
	if len(sheets) == 0 {
		return nil, errors.New("the spreadsheet has no sheet")
	}
	// As they are kept, not as they are shown: a day that was typed into a spreadsheet shows in
	// the form of its user's country.
	table, err := f.GetRows(sheets[0], excelize.Options{RawCellValue: true})
	if err != nil || len(table) == 0 {
		return table, err
	}
	props, err := f.GetWorkbookProps()
	if err != nil {
		return nil, err
	}
	for _, row := range table[1:] {
		for i := range min(len(row), len(table[0])) {
			if slices.Contains(days, columnName(table[0][i])) {
				row[i] = dayOf(row[i], props.Date1904 != nil && *props.Date1904)
			}
		}
	}
	return table, nil
}

// dayOf writes out a day that a spreadsheet keeps as a number; what is none stays as it is.
func dayOf(cell string, from1904 bool) string {
	serial, err := strconv.ParseFloat(cell, 64)
	if err != nil || !(serial >= 1 && serial < 2_958_466) { // the day after 9999-12-31
		return cell
	}
	t, err := excelize.ExcelDateToTime(math.Floor(serial), from1904)
	if err != nil {
		return cell
	}
	return t.Format(time.DateOnly)
}

func columnName(cell string) string { return strings.ToLower(strings.TrimSpace(cell)) }

func (f form) readHeader(cells []string) ([]string, error) {
	header := make([]string, len(cells))
	var errs []error
	for i, cell := range cells {
		name := columnName(cell)
		if _, known := f.columns[name]; !known {
			errs = append(errs, fmt.Errorf("column %d: there is no column %q", i+1, cell))
		}
		if slices.Contains(header[:i], name) {
			errs = append(errs, fmt.Errorf("column %d: %q stands twice", i+1, name))
		}
		header[i] = name
	}
	for _, name := range slices.Sorted(maps.Keys(f.columns)) {
		if f.columns[name] && !slices.Contains(header, name) {
			errs = append(errs, fmt.Errorf("the column %q is missing", name))
		}
	}
	return header, errors.Join(errs...)
}

func (f form) readRows(header []string, table [][]string) []Row {
	var rows []Row
	seen := make(map[string]int)
	for i, cells := range table {
		if blank(cells) {
			continue
		}
		row := f.readRow(header, cells)
		row.Number = i + 2
		if key, _ := row.Request[f.key].(string); key != "" {
			if first, twice := seen[key]; twice {
				row.add(f.key, fmt.Sprintf("%s stands in row %d already", f.twice, first))
			} else {
				seen[key] = row.Number
			}
		}
		rows = append(rows, row)
	}
	return rows
}

func blank(cells []string) bool {
	return !slices.ContainsFunc(cells, func(c string) bool { return strings.TrimSpace(c) != "" })
}

func (f form) readRow(header, cells []string) Row {
	row := Row{Request: make(map[string]any)}
	over := make(map[string]any)
	for i, cell := range cells {
		if i >= len(header) {
			row.add(fmt.Sprintf("column %d", i+1), "there is a value without a heading")
			break
		}
		name := header[i]
		value, rule := convert(name, cell)
		if rule != "" {
			row.add(name, rule)
			continue
		}
		if value == nil {
			continue
		}
		if field, ok := carried[name]; ok {
			over[field] = value
		} else {
			row.Request[name] = value
		}
	}
	for name, needed := range f.columns {
		if _, ok := row.Request[name]; needed && !ok && !row.has(name) {
			row.add(name, "is missing")
		}
	}
	if len(over) > 0 {
		if _, ok := over["reported_on"]; !ok && !row.has("reported_on") {
			row.add("reported_on", "is missing: a case under way names the day of report-in")
		}
		row.Request["carried"] = over
	}
	slices.SortFunc(row.Problems, func(a, b Problem) int { return strings.Compare(a.Column, b.Column) })
	return row
}

func (r *Row) add(column, rule string) { r.Problems = append(r.Problems, Problem{column, rule}) }

func (r *Row) has(column string) bool {
	return slices.ContainsFunc(r.Problems, func(p Problem) bool { return p.Column == column })
}

// convert gives the value of a cell in the type the column has; nil where it is empty.
func convert(column, cell string) (value any, rule string) {
	text := strings.Trim(cell, " \t\u3000\u00a0")
	if text == "" {
		return nil, ""
	}
	switch column {
	case "term_months", "credit_days", "tests_done", "contacts_done", "limit":
		n, err := strconv.Atoi(text)
		if err != nil {
			return nil, fmt.Sprintf("%q is not a whole number", text)
		}
		return n, ""
	case "maintenance_therapy", "employment_intent":
		switch strings.ToLower(text) {
		case "true", "是", "yes", "1":
			return true, ""
		case "false", "否", "no", "0":
			return false, ""
		}
		return nil, fmt.Sprintf("%q is neither true nor false", text)
	}
	if slices.Contains(days, column) {
		d, err := rehab.ParseDate(strings.ReplaceAll(text, "/", "-"))
		if err != nil {
			return nil, err.Error()
		}
		return d.String(), ""
	}
	if allowed := choices[column]; allowed != nil && !slices.Contains(allowed, text) {
		return nil, fmt.Sprintf("%q is not one of %s", text, strings.Join(allowed, ", "))
	}
	if strings.ContainsFunc(text, func(r rune) bool { return r < 0x20 || r == 0x7f }) {
		return nil, "holds a line break or another control character"
	}
	return text, ""
}
