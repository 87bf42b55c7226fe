package roster

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"io"
	"strings"
)

// mergedCells are the ranges of the sheet that are merged (A3:A5). The library would hold
// every cell of the sheet in memory to tell them; they stand in a short part behind the
// rows. A file that says them otherwise has none.
func mergedCells(z *zip.Reader, sheet string) []string {
	raw := partOf(z, sheetPath(z, sheet))
	at := bytes.Index(raw, []byte("mergeCells"))
	if at < 0 {
		return nil
	}
	start := bytes.LastIndexByte(raw[:at], '<')
	if start < 0 {
		return nil
	}
	d := xml.NewDecoder(bytes.NewReader(raw[start:]))
	var out []string
	for len(out) < mostMerged {
		token, err := d.RawToken()
		if err != nil {
			return out
		}
		switch t := token.(type) {
		case xml.StartElement:
			if t.Name.Local == "mergeCell" {
				out = append(out, attribute(t, "ref"))
			}
		case xml.EndElement:
			if t.Name.Local == "mergeCells" {
				return out
			}
		}
	}
	return out
}

// sheetPath is where the sheet of the name is kept in the file.
func sheetPath(z *zip.Reader, sheet string) string {
	id, path := "", ""
	each(partOf(z, "xl/workbook.xml"), "sheet", func(t xml.StartElement) {
		if attribute(t, "name") == sheet {
			id = attribute(t, "id")
		}
	})
	each(partOf(z, "xl/_rels/workbook.xml.rels"), "Relationship", func(t xml.StartElement) {
		if id != "" && attribute(t, "Id") == id {
			path = attribute(t, "Target")
		}
	})
	if absolute, ok := strings.CutPrefix(path, "/"); ok {
		return absolute
	}
	return "xl/" + path
}

func each(raw []byte, name string, f func(xml.StartElement)) {
	d := xml.NewDecoder(bytes.NewReader(raw))
	for {
		token, err := d.RawToken()
		if err != nil {
			return
		}
		if t, ok := token.(xml.StartElement); ok && t.Name.Local == name {
			f(t)
		}
	}
}

func attribute(t xml.StartElement, name string) string {
	for _, a := range t.Attr {
		if a.Name.Local == name && (name != "id" || a.Name.Space != "") {
			return a.Value
		}
	}
	return ""
}

// partOf is a part of the file, unless it is too large.
func partOf(z *zip.Reader, path string) []byte {
	for _, part := range z.File {
		if part.Name != path || part.UncompressedSize64 > maxMerged {
			continue
		}
		r, err := part.Open()
		if err != nil {
			return nil
		}
		defer r.Close()
		raw, err := io.ReadAll(io.LimitReader(r, maxMerged))
		if err != nil {
			return nil
		}
		return raw
	}
	return nil
}
