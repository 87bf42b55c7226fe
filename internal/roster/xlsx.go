package roster

import (
	"archive/zip"
	"bytes"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"
)

const (
	// maxUnpacked is how large the parts of a spreadsheet may be together, and maxStrings the
	// table of its texts, which is held in memory.
	maxUnpacked = 256 << 20
	maxStrings  = 32 << 20
	// mostRatio is how many times larger than packed a part may be that is not small: lists come
	// to 10 or 30.
	mostRatio = 200
	smallPart = 1 << 20
	// maxSpread is how many cells the rows of a sheet may span together, blank ones counted.
	maxSpread = 16 << 20
	// maxMerged is up to what size of a sheet merged cells are looked for, and mostMerged how many
	// of them count.
	maxMerged  = 64 << 20
	mostMerged = 2_000
)

// readXLSX reads every sheet that shows, row by row: the rows of a sheet that holds no list
// are not read to their end.
func (r *reader) readXLSX(raw []byte) ([]sheet, error) {
	z, err := r.checkZip(raw)
	if err != nil {
		return nil, err
	}
	f, err := excelize.OpenReader(bytes.NewReader(raw), excelize.Options{UnzipSizeLimit: maxUnpacked, UnzipXMLSizeLimit: 4 << 20})
	if err != nil {
		return nil, r.fail("file.sheet", err)
	}
	defer func() { _ = f.Close() }()
	props, err := f.GetWorkbookProps()
	if err != nil {
		return nil, r.fail("file.sheet", err)
	}
	r.from1904 = props.Date1904 != nil && *props.Date1904
	var out []sheet
	for _, name := range f.GetSheetList() {
		if shows, err := f.GetSheetVisible(name); err == nil && !shows && r.options.Sheet != name {
			r.unread = append(r.unread, name)
			continue
		}
		if r.options.Sheet != "" && r.options.Sheet != name {
			continue
		}
		s, err := r.readSheet(f, z, name)
		if err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	if len(out) == 0 && r.options.Sheet != "" {
		return nil, r.fail("file.nosheet", r.options.Sheet)
	}
	return out, nil
}

// checkZip refuses what would grow too large before anything of it is unpacked.
func (r *reader) checkZip(raw []byte) (*zip.Reader, error) {
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		return nil, r.fail("file.sheet", err)
	}
	var sum uint64
	for _, part := range z.File {
		if part.UncompressedSize64 > smallPart && part.UncompressedSize64/mostRatio > part.CompressedSize64 {
			return nil, r.fail("file.bomb")
		}
		if sum += part.UncompressedSize64; sum > maxUnpacked {
			return nil, r.fail("file.unpacked", maxUnpacked>>20)
		}
		if strings.HasSuffix(strings.ToLower(part.Name), "sharedstrings.xml") && part.UncompressedSize64 > maxStrings {
			return nil, r.fail("file.unpacked", maxStrings>>20)
		}
	}
	return z, nil
}

func (r *reader) readSheet(f *excelize.File, z *zip.Reader, name string) (sheet, error) {
	s := sheet{name: name, typed: true}
	rows, err := f.Rows(name)
	if err != nil {
		return s, r.fail("file.sheet", err)
	}
	defer func() { _ = rows.Close() }()
	spread := 0
	for row := 1; rows.Next(); row++ {
		// As they are kept, not as they are shown: a day that was typed into a spreadsheet shows in
		// the form of its user's country.
		cells, err := rows.Columns(excelize.Options{RawCellValue: true})
		if err != nil {
			return s, r.fail("file.sheet", err)
		}
		if spread += len(cells); spread > maxSpread {
			return s, r.fail("file.wide")
		}
		s.add(row, cells, r.surplus(cells))
		if len(s.lines) > maxRows+searched {
			return s, r.fail("file.rows", maxRows)
		}
		if len(s.lines) == searched && !r.form.hasHeader(s.lines) {
			return s, nil
		}
	}
	if rows.Error() != nil {
		return s, r.fail("file.sheet", rows.Error())
	}
	r.fillMerged(z, &s)
	return s, nil
}

// surplus is the first column beyond those that are read which holds something.
func (r *reader) surplus(cells []string) int {
	for i := maxColumns; i < len(cells); i++ {
		if cells[i] != "" {
			return i + 1
		}
	}
	return 0
}

// fillMerged gives every row of a merged cell its value. What is merged over columns alone
// is a title and stays.
func (r *reader) fillMerged(z *zip.Reader, s *sheet) {
	for _, ref := range mergedCells(z, s.name) {
		from, to, ok := strings.Cut(ref, ":")
		col, first, err := excelize.CellNameToCoordinates(from)
		if !ok || err != nil || col > maxColumns {
			continue
		}
		if _, last, err := excelize.CellNameToCoordinates(to); err == nil && last > first {
			s.fill(col-1, first, last)
		}
	}
}

// fill copies the value of the first row of a column into the others.
func (s *sheet) fill(col, first, last int) {
	value := ""
	for i := range s.lines {
		l := &s.lines[i]
		switch {
		case l.number == first && col < len(l.cells):
			value = l.cells[col]
		case l.number > first && l.number <= last && value != "":
			if missing := col + 1 - len(l.cells); missing > 0 {
				l.cells = append(slices.Clip(l.cells), make([]string, missing)...)
			}
			if l.cells[col] == "" {
				l.cells[col] = value
				l.filled = true
			}
		}
	}
}

// dayOf writes out a day that a spreadsheet keeps as a number, from 1950 on; what is none
// stays as it is.
func dayOf(cell string, from1904 bool) string {
	serial, err := strconv.ParseFloat(cell, 64)
	if err != nil || !(serial >= 16_000 && serial < 2_958_466) { // the day after 9999-12-31
		return cell
	}
	t, err := excelize.ExcelDateToTime(math.Floor(serial), from1904)
	if err != nil {
		return cell
	}
	return t.Format(time.DateOnly)
}
