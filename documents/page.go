package documents

import (
	"html/template"
	"strings"

	"guitu/board"
	"guitu/office"
	"guitu/rehab"
)

// page is what the templates see: plain values, every one of them set or empty for every
// kind, so that a template can be tried before there is a paper.
type page struct {
	Kind      Kind
	ID        string
	Title     string
	Letter    bool // in the form of a letter
	Draft     bool // before the number: a mark, and guides for the pen
	Before    bool // before the act: lines to sign on, no day
	Reprint   bool // of what was signed
	Copy      bool // for the file: with the paper's mark
	Number    string
	Withdrawn rehab.Date
	Body      template.HTML
	CSS       template.CSS

	Office    Office
	Client    client
	Measure   string // 社区戒毒 or 社区康复
	Treatment bool
	Person    string // 社区戒毒人员 or 社区康复人员
	Case      *rehab.Case
	On        rehab.Date // of the act; none before it
	Worker    string     // name
	Words     []string   // written for this paper
	Addressee string
	Enclosed  []string

	Measures  measures
	Group     []member
	Facts     []Fact
	Evasions  int
	Leavings  int
	AwayDays  int
	Advised   advice
	Signature rehab.Signature
	Skip      string
	Skipped   []string
	Ground    string
	Basis     []rehab.Line
	Done      []string // what was done before a report

	Test      rehab.TestRecorded
	Staff     []string
	Leave     rehab.Leave
	Reason    string
	Decision  string
	Decider   string
	From, To  string
	Moved     string
	Late      bool
	Due       rehab.Date // the last day of what the paper is about
	Opens     rehab.Date
	Surprise  bool     // a test that is not on the schedule
	Tried     []string // how the client was looked for
	Stages    []stage
	Agency    string
	Need      string
	Served    cited // the letter that a receipt of service is of
	PausedOn  rehab.Date
	Days      int  // of a pause
	Kept      bool // the end of the term stays
	PrevEnd   rehab.Date
	Keep      rehab.Date
	Duplicate string
	Proposer  string
	Confirmer string
	Report    cited // that is corrected, or withdrawn
	Instead   string
	Contents  []Entry
}

// client is who a paper is about, with what was true on its day.
type client struct {
	Name, Sex, IDNumber, Phone, Household, Residence, OrderNo string
	Born                                                      rehab.Date
	Minor                                                     bool
}

// cited is another paper that this one speaks of.
type cited struct {
	Title, Number string
	On            rehab.Date
	Why           string
}

// advice is a letter of advice that was issued before, with the facts that lie after it.
type advice struct {
	On    rehab.Date
	After []Fact
}

// clientOf takes from the identity what papers show.
func clientOf(id board.Identity, place func(string) string, on rehab.Date) client {
	c := client{Name: id.Name, Sex: sexName(id.Sex), IDNumber: id.IDNumber, Phone: id.Phone, OrderNo: id.OrderNo}
	c.Household, c.Residence = id.HouseholdAddress, id.ResidenceAddress
	if id.HouseholdStreet != "" {
		c.Household = place(id.HouseholdStreet)
	}
	if c.Residence == "" && id.ResidenceStreet != "" {
		c.Residence = place(id.ResidenceStreet)
	}
	if n := id.IDNumber; len(n) == 18 {
		if born, err := rehab.ParseDate(n[6:10] + "-" + n[10:12] + "-" + n[12:14]); err == nil {
			c.Born, c.Minor = born, born.AddMonths(18*12) > on
		}
	}
	return c
}

// lines of a text that was written for a paper.
func lines(text string) (out []string) {
	for _, l := range strings.Split(text, "\n") {
		if l = strings.TrimSpace(l); l != "" {
			out = append(out, l)
		}
	}
	return out
}

// Fields that can be written for a paper.
const (
	FieldWords     = "words"     // free paragraphs
	FieldAddressee = "addressee" // whom it goes to, where the case does not say
	FieldEnclosed  = "enclosed"  // one enclosure a line
)

// written takes the words that were written for the paper.
func (p *page) written(words map[string]string) {
	p.Words, p.Addressee = lines(words[FieldWords]), strings.TrimSpace(words[FieldAddressee])
	if own := lines(words[FieldEnclosed]); len(own) > 0 {
		p.Enclosed = own
	}
}

// Input is what documents are filled from. History is the whole ledger of the case; Books are
// its papers that have a number, Draft what is being written for this one. Place gives a place
// its name, Name a person of the registry; one that it does not know is empty.
type Input struct {
	CaseID   string
	History  []board.TimelineEntry
	Identity board.Identity
	Books    []office.Paper
	Draft    map[string]string
	Place    func(code string) string
	Name     func(id string) string
	Policy   func(rehab.PolicyRef) *rehab.Policy
	Copy     bool // for the file
}

// samples are pages to try templates on: an empty one, and one with a row in every list.
func samples() []page {
	c := &rehab.Case{}
	full := page{
		Treatment: true, Before: true, Draft: true, Number: "1", Withdrawn: 1, Case: c, Words: []string{"1"}, Enclosed: []string{"1"}, Group: []member{{"1", ""}},
		Facts: []Fact{{On: 1, Group: Evasion}, {On: 1, Group: Leaving}}, Evasions: 1, Leavings: 1, AwayDays: 1, Advised: advice{1, []Fact{{On: 1}}},
		Signature: rehab.Signed, Skip: "1", Skipped: []string{"1"}, Basis: []rehab.Line{{ZH: "1", Citation: "DRR art.20"}}, Done: []string{"1"},
		Staff: []string{"1", "2"}, Contents: []Entry{{WithdrawnOn: 1}}, Client: client{Minor: true, Born: 1}, Instead: "1", Late: true, Copy: true, Letter: true,
		Measures: measures{"1", "1", "1", "1", true}, Test: rehab.TestRecorded{ObjectUntil: 1, SealedUntil: 1, LookbackFrom: 1},
		Due: 1, Opens: 1, Surprise: true, Tried: []string{"1"}, Stages: []stage{{"1", []goal{{"1", 1, true}}}}, Agency: "1", Need: "1", Served: cited{Title: "1", Number: "1"}, Days: 1, PausedOn: 1,
	}
	after := full
	after.Draft, after.Before, after.Treatment, after.Reprint, after.Signature, after.On = false, false, false, true, rehab.SignatureRefused, 1
	return []page{{Case: c}, full, after}
}
