package api

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"guitu/board"
	"guitu/casework"
	"guitu/input"
	"guitu/rehab"
)

// BoardRows are the cases of a board as columns: the n-th entry of each is of the n-th case. A
// column named like one of the lists of codes holds places in that list, from 0.
type BoardRows struct {
	Position string `json:"position" doc:"How far the ledger was read: the next since."`
	Whole    bool   `json:"whole" doc:"These are all cases in scope. Otherwise they are those that changed since, and take the place of what was known of them."`
	Total    int    `json:"total" doc:"How many cases are in scope. Who knows of more than that has cases that left the scope: ask for all again."`

	OpenPhases []rehab.Phase `json:"open_phases" nullable:"false" doc:"The phases of a measure that runs."`
	BoardCodes

	CaseID      []string `json:"case_id" nullable:"false"`
	Place       []int    `json:"place" nullable:"false"`
	Worker      []int    `json:"worker" nullable:"false"`
	Measure     []int    `json:"measure" nullable:"false"`
	Phase       []int    `json:"phase" nullable:"false"`
	Risk        []int    `json:"risk" nullable:"false"`
	Engagement  []int    `json:"engagement" nullable:"false"`
	NextKind    []int    `json:"next_kind" nullable:"false" doc:"What is due first."`
	TopRung     []int    `json:"top_rung" nullable:"false" doc:"The highest role told by an open escalation."`
	NextDue     []int    `json:"next_due" nullable:"false" doc:"Days since 1970-01-01; 0 where nothing is due."`
	ServedOn    []int    `json:"served_on" nullable:"false" doc:"Days since 1970-01-01."`
	TermEnd     []int    `json:"term_end" nullable:"false" doc:"Days since 1970-01-01; 0 where it is not known."`
	Overdue     []int    `json:"overdue" nullable:"false" doc:"Provisional misses."`
	Escalations []int    `json:"escalations" nullable:"false" doc:"Open escalations."`
	Crises      []int    `json:"crises" nullable:"false" doc:"Open crises."`
}

// BoardCodes are the lists that the columns point into. An empty code says that there is none.
type BoardCodes struct {
	Places      []string `json:"places" nullable:"false"`
	Workers     []string `json:"workers" nullable:"false"`
	Measures    []string `json:"measures" nullable:"false"`
	Phases      []string `json:"phases" nullable:"false"`
	Risks       []string `json:"risks" nullable:"false"`
	Engagements []string `json:"engagements" nullable:"false"`
	NextKinds   []string `json:"next_kinds" nullable:"false"`
	TopRungs    []string `json:"top_rungs" nullable:"false"`
}

func (s *server) boardRoutes() {
	operation(s, huma.Operation{
		OperationID: "list-board-rows", Method: http.MethodGet, Path: "/v1/board/rows", Tags: []string{"cases"}, Middlewares: huma.Middlewares{packed},
		Summary: "Read all cases in scope at once, as columns and without identities",
		Description: "For boards that filter and sort by themselves. Ask again with since when the stream of changes names a case: then the answer has what changed, or all where " +
			"too much did. Sealed and void cases are left out. Names come from list-identities, for the rows in sight.",
	}, s.boardRows)
	operation(s, huma.Operation{
		OperationID: "list-identities", Method: http.MethodPost, Path: "/v1/cases/identities", Tags: []string{"cases"},
		Summary:     "Say who the clients of a few cases are, masked as in lists",
		Description: "At most 60 cases, as many as a screen shows. What lies outside the scope, is sealed or void is left out. Each case that is shown is in the read log.",
	}, s.identities)
}

type boardRowsInput struct {
	Since string `query:"since" maxLength:"37" pattern:"^([0-9]{1,18}-[0-9]{1,18})?$" patternDescription:"the position of an answer before" doc:"Only what changed after this position."`
}

type boardRowsOutput struct{ Body BoardRows }

func (s *server) boardRows(ctx context.Context, a rehab.Actor, in *boardRowsInput) (*boardRowsOutput, error) {
	if err := casework.PermitReading(a); err != nil {
		return nil, err
	}
	scope, err := s.boardScope(ctx, a)
	if err != nil {
		return nil, err
	}
	out := BoardRows{OpenPhases: rehab.OpenPhases()}
	part := scope
	at, changed, whole, err := s.changedSince(ctx, in.Since)
	if err != nil {
		return nil, err
	}
	if !whole {
		part.Cases = changed
	}
	var rows []board.Row
	if whole || len(changed) > 0 {
		if rows, err = s.Board.BoardRows(ctx, part); err != nil {
			return nil, err
		}
	}
	out.Position, out.Whole, out.Total = fmt.Sprintf("%d-%d", at.Tx, at.Position), whole, len(rows)
	if !whole {
		if out.Total, err = s.Board.CountBoardRows(ctx, scope); err != nil {
			return nil, err
		}
	}
	out.fill(rows)
	return &boardRowsOutput{out}, nil
}

// boardScope are the cases that the actor's board shows: those of the lists.
func (s *server) boardScope(ctx context.Context, a rehab.Actor) (f board.RowFilter, err error) {
	if a.Role != rehab.WorkerRole {
		f.Place, err = casework.Narrow(a, "")
		return f, err
	}
	also, err := s.work.StandsInFor(ctx, a)
	return board.RowFilter{Workers: append([]string{a.ID}, also...), FreeAt: a.Place}, err
}

// maxChanges is how many changes are looked through: after more of them all is read again.
const maxChanges = 2000

// changedSince are the cases of the whole ledger that changed after the position, and where it
// ends. Whole says that all have to be read: the position is none, too old, or of another ledger.
func (s *server) changedSince(ctx context.Context, since string) (at board.Cursor, cases []string, whole bool, err error) {
	head, err := s.Board.Head(ctx) // before the rows are read: what comes meanwhile is told again
	if err != nil || since == "" {
		return head, nil, true, err
	}
	if at = parseHalf(since); at.Compare(head) > 0 {
		return head, nil, true, nil
	}
	cases = []string{}
	for n := 0; n < maxChanges; n += hubPage {
		list, err := s.Board.Changes(ctx, at, hubPage)
		if err != nil {
			return at, nil, false, err
		}
		for i := range list {
			at, cases = list[i].Cursor(), append(cases, list[i].CaseID)
		}
		if len(list) < hubPage {
			slices.Sort(cases)
			return at, slices.Compact(cases), false, nil
		}
	}
	return head, nil, true, nil
}

// codeList gives each code its place in a list, in the order in which they come.
type codeList struct {
	list []string
	at   map[string]int
}

func (l *codeList) of(code string) int {
	n, known := l.at[code]
	if !known {
		n = len(l.list)
		l.at[code], l.list = n, append(l.list, code)
	}
	return n
}

func (b *BoardRows) fill(rows []board.Row) {
	var lists [8]codeList
	for i := range lists {
		lists[i] = codeList{[]string{}, map[string]int{}}
	}
	columns := [...]*[]int{
		&b.Place, &b.Worker, &b.Measure, &b.Phase, &b.Risk, &b.Engagement, &b.NextKind, &b.TopRung, &b.NextDue, &b.ServedOn, &b.TermEnd, &b.Overdue, &b.Escalations, &b.Crises,
	}
	for _, column := range columns {
		*column = make([]int, len(rows))
	}
	b.CaseID = make([]string, len(rows))
	for i := range rows {
		r := &rows[i]
		b.CaseID[i] = r.CaseID
		for n, code := range [...]string{r.Place, r.Worker, string(r.Measure), string(r.Phase), string(r.Risk), string(r.Engagement), string(r.NextKind), string(r.TopRung)} {
			(*columns[n])[i] = lists[n].of(code)
		}
		for n, number := range [...]int{int(r.NextDue), int(r.ServedOn), int(r.TermEnd), r.Overdue, r.Escalations, r.Crises} {
			(*columns[len(lists)+n])[i] = number
		}
	}
	b.BoardCodes = BoardCodes{
		Places: lists[0].list, Workers: lists[1].list, Measures: lists[2].list, Phases: lists[3].list, Risks: lists[4].list, Engagements: lists[5].list, NextKinds: lists[6].list, TopRungs: lists[7].list,
	}
}

// maxNames is how many identities are given at once: the rows that a screen shows.
const maxNames = 60

// NamesAsked are the cases whose clients are to be named.
type NamesAsked struct {
	Cases []string `json:"cases" minItems:"1" maxItems:"60" nullable:"false" doc:"Case ids."`
}

// Named is the client of a case.
type Named struct {
	CaseID   string  `json:"case_id"`
	Identity *Client `json:"identity" doc:"Masked."`
}

// NameList are the clients of the cases that are in scope, in the order of the ids.
type NameList struct {
	Identities []Named `json:"identities" nullable:"false"`
}

type identitiesInput struct{ Body NamesAsked }

type identitiesOutput struct{ Body NameList }

func (o *identitiesOutput) listed() []string {
	out := make([]string, len(o.Body.Identities))
	for i, x := range o.Body.Identities {
		out[i] = x.CaseID
	}
	return out
}

// identities gives what the list of cases shows of them. A case that is not there and one of
// others are left out alike.
func (s *server) identities(ctx context.Context, a rehab.Actor, in *identitiesInput) (*identitiesOutput, error) {
	if err := casework.PermitReading(a); err != nil {
		return nil, err
	}
	for i, id := range in.Body.Cases {
		if !input.IsToken(id, 128) {
			return nil, rehab.InvalidField(fmt.Sprintf("cases[%d]", i), "is no id of a case")
		}
	}
	f, err := s.boardScope(ctx, a)
	if err != nil {
		return nil, err
	}
	f.Cases = in.Body.Cases[:min(len(in.Body.Cases), maxNames)]
	rows, err := s.Board.BoardRows(ctx, f)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(rows))
	for i := range rows {
		ids[i] = rows[i].CaseID
	}
	out := &identitiesOutput{NameList{Identities: []Named{}}}
	who, err := s.Identities.Identities(ctx, ids)
	for _, id := range ids {
		if x, ok := who[id]; ok {
			out.Body.Identities = append(out.Body.Identities, Named{id, mask(x)})
		}
	}
	return out, err
}
