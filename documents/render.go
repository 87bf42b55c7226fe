package documents

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io/fs"

	"guitu/rehab"
)

//go:embed templates
var embedded embed.FS

// version of the templates. A version that was in use never changes: a new text is a new
// folder, in use from its day on.
type version struct {
	name string
	from rehab.Date
	tree *template.Template
	css  template.CSS
}

// versions, the oldest first. Nothing changes this table.
var versions = []version{load("v1", 0)}

func load(name string, from rehab.Date) version {
	folder, err := fs.Sub(embedded, "templates/"+name)
	if err != nil {
		panic(err) // the folder is in the program
	}
	css, err := fs.ReadFile(folder, "paper.css")
	if err != nil {
		panic(err)
	}
	tree := template.Must(template.New(name).Funcs(words).ParseFS(folder, "*.html"))
	return version{name, from, tree, template.CSS(css)} //nolint:gosec // our own file
}

// versionAt is the version in use on the day.
func versionAt(day rehab.Date) version {
	v := versions[0]
	for _, x := range versions {
		if x.from <= day {
			v = x
		}
	}
	return v
}

// Input is what documents are filled from. History is the whole ledger of the case; only
// what was recorded up to the document's event is looked at. Place gives a place its name.
type Input struct {
	CaseID   string
	History  []rehab.TimelineEntry
	Identity rehab.Identity
	Place    func(code string) string
}

// Paper is a document ready to print. Policy is the Content-Security-Policy it is served
// under: it loads nothing, and runs nothing.
type Paper struct {
	Entry
	HTML   []byte
	Policy string
}

// Render fills the document of the kind that the event of the sequence produced. The
// error is NotFound where that event produced no such document.
func Render(in Input, seq int64, kind Kind) (Paper, error) {
	missing := &rehab.Error{Code: rehab.NotFound, Message: "the case has no such document"}
	if seq < 1 || seq > int64(len(in.History)) {
		return Paper{}, missing
	}
	p := page{Input: in, Case: &rehab.Case{ID: in.CaseID}}
	events := make([]rehab.Event, seq)
	for i := range events {
		events[i] = in.History[i].Event
		p.Before = p.Case.Clone()
		p.Case.Apply(events[i])
	}
	last := in.History[seq-1]
	entry, ok := entryOf(in.CaseID, last.Event)
	if kind == CaseFile {
		entry, ok = newEntry(in.CaseID, last.Event, CaseFile, rehab.DateOf(last.RecordedAt), false), true
		p.Contents = contents(in.CaseID, events)
	}
	if !ok || entry.Kind != kind {
		return Paper{}, missing
	}
	p.fill(entry, last)
	v := versionAt(rehab.DateOf(last.RecordedAt))
	p.CSS = v.css
	var b bytes.Buffer
	if err := v.tree.ExecuteTemplate(&b, "paper", p); err != nil {
		return Paper{}, fmt.Errorf("fill the document %s: %w", entry.ID, err)
	}
	sum := sha256.Sum256([]byte(v.css))
	policy := "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
	return Paper{entry, b.Bytes(), policy}, nil
}

// contents are the documents of the file that are no drafts.
func contents(caseID string, events []rehab.Event) []Entry {
	var out []Entry
	for _, x := range List(caseID, events) {
		if !x.Draft && x.Kind != CaseFile {
			out = append(out, x)
		}
	}
	return out
}

// page is what the templates see. Case is the case with the event folded, Before the
// case just before it.
type page struct {
	Input
	Entry
	Case     *rehab.Case
	Before   *rehab.Case
	Event    rehab.Event
	Data     rehab.EventData
	Note     string // the words that came with the command
	Contents []Entry
	CSS      template.CSS

	Ground    rehab.Ground
	Basis     []rehab.Line // what the report means for the measure
	Leave     rehab.Leave  // of a leave form
	Reason    string       // the client gave for it
	Decision  string       // on it; empty: none yet
	Moved     rehab.TransferReason
	From, To  string // the stations of a change of place
	Signature rehab.Signature
}

// fill takes out of the event what its document needs.
func (p *page) fill(entry Entry, e rehab.TimelineEntry) {
	p.Entry, p.Event, p.Data, p.Note = entry, e.Event, e.Data, e.Texts["note"]
	switch d := e.Data.(type) {
	case rehab.FileForwarded:
		p.moving(d.Transfer, p.Case.Place, p.Case.Transfer.To)
	case rehab.TransferArrived:
		p.moving(d.Transfer, d.From, p.Case.Place)
	case rehab.MeasureIssued:
		p.Signature = d.Signature
	case rehab.LeaveReported:
		p.Leave, p.Reason = rehab.Leave{ID: e.Seq, From: d.From, To: d.To}, p.Note
	case rehab.LeaveDecided:
		p.Decision = "不同意"
		if d.Approved {
			p.Decision = "同意"
		}
		p.Reason = p.History[d.Leave-1].Texts["note"]
		for _, l := range p.Before.Leaves {
			if l.ID == d.Leave {
				p.Leave = l
			}
		}
	case rehab.ObligationOpened:
		p.Ground = d.Obligation.Ground
		p.Basis = p.Case.ReportLines(p.Ground, rehab.DateOf(e.RecordedAt))
	case rehab.PoliceReportSent:
		p.Ground = d.Ground
		p.Basis = p.Case.ReportLines(p.Ground, d.On)
	}
}

// moving names the two stations of a change of place. One outside the system stands in
// the words of who asked for the change.
func (p *page) moving(transfer int64, from, to string) {
	asked := p.History[transfer-1]
	if r, ok := asked.Data.(rehab.TransferRequested); ok {
		p.Moved = r.Reason
	}
	p.From, p.To = p.stationOf(from, asked.Texts["note"]), p.stationOf(to, asked.Texts["note"])
}

func (p *page) stationOf(street, words string) string {
	if street == "" {
		return words
	}
	return p.Place(street) + "社区戒毒（康复）工作站"
}

// Station is the name of the street that executes, as of the document.
func (p page) Station() string { return p.Place(p.Case.Place) }

// Heading is the title with the name of the measure where it belongs to it.
func (p page) Heading() string {
	switch p.Kind {
	case Agreement, SuspensionNotice, Termination, ReleaseNotice, OrderNotice, ReleaseFile:
		return measureName(p.Case.Measure) + titles[p.Kind]
	}
	return titles[p.Kind]
}
