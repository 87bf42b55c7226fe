package roster

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

// readCSV reads text that is kept as UTF-8, UTF-16 or GB18030, with commas, semicolons or
// tabs between the cells.
func (r *reader) readCSV(raw []byte) ([]sheet, error) {
	plain, err := r.decode(raw)
	if err != nil {
		return nil, err
	}
	if !bytes.Contains(plain, []byte("\n")) {
		plain = bytes.ReplaceAll(plain, []byte("\r"), []byte("\n"))
	}
	c := csv.NewReader(bytes.NewReader(plain))
	c.FieldsPerRecord, c.LazyQuotes, c.ReuseRecord = -1, false, true
	c.Comma = separator(plain)
	var out sheet
	row, next, at := 0, 1, int64(0) // of the record: its row; the line on which the one after it may begin; where it ends
	for {
		cells, err := c.Read()
		if errors.Is(err, io.EOF) {
			return []sheet{out}, nil
		}
		var parse *csv.ParseError
		if errors.As(err, &parse) {
			return nil, r.fail("file.csv", parse.Line, parse.Err)
		}
		if err != nil {
			return nil, err
		}
		line, _ := c.FieldPos(0)
		row += 1 + line - next // a cell with line breaks is one row; the reader passes over blank lines
		next += bytes.Count(plain[at:c.InputOffset()], []byte("\n"))
		at = c.InputOffset()
		if out.add(row, cells, 0); len(out.lines) > maxRows+searched {
			return nil, r.fail("file.rows", maxRows)
		}
	}
}

func (r *reader) decode(raw []byte) ([]byte, error) {
	var from encoding.Encoding
	switch {
	case bytes.HasPrefix(raw, []byte("\xff\xfe")), bytes.HasPrefix(raw, []byte("\xfe\xff")):
		from = unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM)
	case utf8.Valid(raw):
		return bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf")), nil
	default:
		from = simplifiedchinese.GB18030
		r.notes = append(r.notes, say("note.gb18030"))
	}
	plain, err := from.NewDecoder().Bytes(raw)
	if err != nil || bytes.ContainsRune(plain, utf8.RuneError) {
		return nil, r.fail("file.encoding")
	}
	return plain, nil
}

// separator is what stands most often in the first lines.
func separator(plain []byte) rune {
	head := plain[:min(len(plain), 4096)]
	best, most := ',', bytes.Count(head, []byte(","))
	for _, s := range "\t;" {
		if n := bytes.Count(head, []byte(string(s))); n > most {
			best, most = s, n
		}
	}
	return best
}
