package documents

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io/fs"

	"guitu/board"
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

// Input is what documents are filled from. History is the whole ledger of the case: what
// was recorded up to the document's event is what it says, and what came later is whether
// it was withdrawn. Place gives a place its name.
type Input struct {
	CaseID   string
	History  []board.TimelineEntry
	Identity board.Identity
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
	all := make([]rehab.Event, len(in.History))
	for i := range all {
		all[i] = in.History[i].Event
	}
	last := in.History[seq-1]
	entry, ok := entryOf(in.CaseID, last.Event)
	p := page{Input: in}
	switch kind {
	case CaseFile:
		entry, ok = newEntry(in.CaseID, last.Event, CaseFile, rehab.DateOf(last.RecordedAt), false), true
		p.Contents = contents(in.CaseID, all[:seq])
		p.fold(all[:seq])
	case Withdrawal:
		if entry, ok = listed(in.CaseID, all, seq, kind); ok {
			last = in.History[entry.WithdrawnBy-1]
			p.fold(all[:entry.WithdrawnBy])
		}
	default:
		if x, found := listed(in.CaseID, all, seq, kind); found {
			entry.WithdrawnOn, entry.WithdrawnBy = x.WithdrawnOn, x.WithdrawnBy
		}
		p.live(all, seq)
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

// listed is the entry of the paper in the list of the whole history.
func listed(caseID string, history []rehab.Event, seq int64, kind Kind) (Entry, bool) {
	for _, x := range List(caseID, history) {
		if x.Seq == seq && x.Kind == kind {
			return x, true
		}
	}
	return Entry{}, false
}

// fold is the case at the end of the events.
func (p *page) fold(events []rehab.Event) {
	p.Case, p.until = &rehab.Case{ID: p.CaseID}, len(events)
	for _, e := range events {
		p.Before = p.Case.Clone()
		p.Case.Apply(e)
	}
}

// live is the case as it stood when the thing happened: where a revision told of it, in
// the life that the revision brought.
func (p *page) live(all []rehab.Event, seq int64) {
	d, revision := revisionOf(p.History[:seq], seq)
	if revision == 0 {
		p.fold(all[:seq])
		return
	}
	id := seq
	for _, s := range d.As {
		if s.At == seq {
			id = s.For
		}
	}
	life := rehab.Life(all[:min(d.Last, int64(len(all)))])
	for i, e := range life {
		if e.Seq == id {
			life = life[:i+1]
			break
		}
	}
	p.fold(life)
	p.until = int(seq)
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
	Report    board.TimelineEntry // to the police, that is corrected
	Paper     Entry               // that is withdrawn
	Instead   int64               // number of the paper that takes its place
	Why       string
	until     int // how many events of the history were there
}

// fill takes out of the event what its document needs.
func (p *page) fill(entry Entry, e board.TimelineEntry) {
	p.Entry, p.Event, p.Data, p.Note = entry, e.Event, e.Data, e.Texts["note"]
	switch d := e.Data.(type) {
	case rehab.LifeRevised:
		p.withdrawing(d)
	case rehab.CorrectionSent:
		p.correcting(d.Report, d.Ground)
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
		asked := p.standing(d.Leave)
		p.Reason = asked.Texts["note"]
		for _, l := range p.Before.Leaves {
			if l.ID == d.Leave {
				p.Leave = l
			}
		}
	case rehab.ObligationOpened:
		if d.Obligation.ID.Kind == rehab.CorrectionDuty {
			p.correcting(d.Obligation.Test, d.Obligation.Ground)
		}
		p.Ground = d.Obligation.Ground
		p.Basis = p.Case.ReportLines(p.Ground, rehab.DateOf(e.RecordedAt))
	case rehab.PoliceReportSent:
		p.Ground = d.Ground
		p.Basis = p.Case.ReportLines(p.Ground, d.On)
	}
}

// correcting looks up the report to the police whose ground fell.
func (p *page) correcting(report int64, g rehab.Ground) {
	p.Ground, p.Report = g, p.History[report-1]
	p.Why = reason(p.History, takenBy(p.History[:p.until], report))
}

// withdrawing looks up the paper that is withdrawn, and what takes its place.
func (p *page) withdrawing(d rehab.LifeRevised) {
	p.Paper, _ = entryOf(p.CaseID, p.History[p.Seq-1].Event)
	p.Why = reason(p.History, p.WithdrawnBy)
	for _, x := range d.Taken {
		if x.Seq == p.Seq && x.Instead > 0 {
			if e, ok := entryOf(p.CaseID, p.History[x.Instead-1].Event); ok && !e.Draft {
				p.Instead = x.Instead
			}
		}
	}
}

// moving names the two stations of a change of place. One outside the system stands in
// the words of who asked for the change.
func (p *page) moving(transfer int64, from, to string) {
	asked := p.standing(transfer)
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

// Proposer is who first said that the case was opened by mistake.
func (p page) Proposer() string {
	if d, ok := p.Data.(rehab.CaseVoided); ok {
		return p.standing(d.Amendment).Actor.ID
	}
	return ""
}

// Station is the name of the street that executes, as of the document.
func (p page) Station() string { return p.Place(p.Case.Place) }

// Heading is the title with the name of the measure where it belongs to it.
func (p page) Heading() string {
	return p.headingOf(p.Kind)
}

func (p page) headingOf(k Kind) string {
	switch k {
	case Agreement, SuspensionNotice, Termination, ReleaseNotice, OrderNotice, ReleaseFile:
		return measureName(p.Case.Measure) + titles[k]
	}
	return titles[k]
}

// Withdrawn is the title of the paper that a notice takes back.
func (p page) Withdrawn() string { return p.headingOf(p.Of) }
