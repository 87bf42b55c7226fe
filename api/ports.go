package api

import (
	"context"
	"io"
	"time"

	"guitu/attachments"
	"guitu/board"
	"guitu/casework"
	"guitu/dossier"
	"guitu/forms"
	"guitu/inbox"
	"guitu/office"
	"guitu/once"
	"guitu/rehab"
)

// Engine takes commands. Do answers once the command is in the ledger, or with a
// Pending receipt. Errors are *rehab.Error.
type Engine interface {
	Do(ctx context.Context, caseID string, cmd rehab.Command) (board.Receipt, error)
}

// Ledger reads the history of cases. A case that is not there is the zero case, or NotFound.
type Ledger interface {
	// TakenBack are the events of the case that hold no longer, by their sequences.
	TakenBack(ctx context.Context, caseID string) (map[int64]board.Struck, error)
	// Load folds the case as it is now.
	Load(ctx context.Context, caseID string) (*rehab.Case, error)
	// LoadUntil folds what was recorded before the instant.
	LoadUntil(ctx context.Context, caseID string, until time.Time) (*rehab.Case, error)
	// Timeline lists the events after the sequence, oldest first.
	Timeline(ctx context.Context, caseID string, after int64, limit int) ([]board.TimelineEntry, error)
	// CommandReceipt finds a command that acted on the case, with the digest it had.
	CommandReceipt(ctx context.Context, caseID, commandID string) (r board.Receipt, digest string, found bool, err error)
}

// Board reads the read models.
type Board interface {
	Cases(ctx context.Context, f board.CaseFilter) ([]rehab.Summary, error)
	Case(ctx context.Context, caseID string) (rehab.Summary, error)
	// DueByDay counts open duties by worker, day and kind, and misses, in the order of the workers.
	DueByDay(ctx context.Context, f board.CalendarFilter) ([]board.DueCount, error)
	// BoardRows are all cases of the filter, in the order of their ids; CountBoardRows says how many.
	BoardRows(ctx context.Context, f board.RowFilter) ([]board.Row, error)
	CountBoardRows(ctx context.Context, f board.RowFilter) (int, error)
	// CaseCounts counts the cases of a place as they stand now, without void and sealed ones.
	CaseCounts(ctx context.Context, place string) ([]board.CaseCount, error)
	// PolicyCounts counts them by the version of the policy that they are under.
	PolicyCounts(ctx context.Context, place string) ([]board.PolicyCount, error)
	// Notice is NotFound where there is none at the position, or it is of a void case.
	Notice(ctx context.Context, position int64) (board.NoticeRow, error)
	// Obligations and CaseEscalations are all that the case ever had.
	Obligations(ctx context.Context, caseID string) ([]board.ObligationRow, error)
	CaseEscalations(ctx context.Context, caseID string) ([]board.EscalationRow, error)
	// ObligationsOf are those of many cases, OpenEscalationsOf the open escalations, case by case.
	ObligationsOf(ctx context.Context, caseIDs []string) ([]board.ObligationRow, error)
	OpenEscalationsOf(ctx context.Context, caseIDs []string) ([]board.EscalationRow, error)
	// Escalations are the open ones, the longest told first.
	Escalations(ctx context.Context, f board.TaskFilter) ([]board.EscalationRow, error)
	// Notices and Changes follow the outbox and the ledger after the cursor. A row never
	// appears before one that was read.
	Notices(ctx context.Context, after board.Cursor, limit int) ([]board.NoticeRow, error)
	Changes(ctx context.Context, after board.Cursor, limit int) ([]board.Change, error)
	// Head is where what comes from now on begins, in both.
	Head(ctx context.Context) (board.Cursor, error)
	// CursorsOf are cursors that miss nothing after the positions.
	CursorsOf(ctx context.Context, change, notice int64) (changes, notices board.Cursor, err error)
	// Counts are numbers of cases by the name of what is counted.
	Counts(ctx context.Context) (map[string]int64, error)
	// Referrals lists in the order of case and id.
	Referrals(ctx context.Context, f board.ReferralFilter) ([]board.ReferralRow, error)
	// Transfers to and from a place, in order of their cases; Transfer is one of them, NotFound
	// where there is none.
	Transfers(ctx context.Context, f board.TransferFilter) ([]board.TransferRow, error)
	Transfer(ctx context.Context, caseID string, transfer int64) (board.TransferRow, error)
	// Coverage takes the gaps of a place and all below it at the cases' time now.
	Coverage(ctx context.Context, place string, now time.Time) (board.Coverage, error)
	// CoverageRuns are the figures of a place when they changed, before the instant, the latest first.
	CoverageRuns(ctx context.Context, place string, before time.Time, limit int) ([]board.CoverageRun, error)
	// CoverageAt is how the places one level below a place stood at an instant, a street itself.
	CoverageAt(ctx context.Context, place string, at time.Time) ([]board.CoverageRun, error)
}

// InboxParts reads the parts of an inbox, each in the order of its key after f.After.
// What the actor put off is left out, as long as the snooze holds.
type InboxParts interface {
	// Now lists what waits, each thing once, the most urgent first.
	Now(ctx context.Context, f inbox.NowFilter) (inbox.NowList, error)
	// Due are open obligations with a last day up to f.DueBy; Overdue provisional misses.
	Due(ctx context.Context, f inbox.Filter) ([]inbox.Task, error)
	Overdue(ctx context.Context, f inbox.Filter) ([]inbox.Task, error)
	// ToSettle are misses, and open obligations of the kinds, that the role has to settle;
	// those of the kinds above are beyond a station head.
	ToSettle(ctx context.Context, f inbox.Filter, kinds, above []string) ([]inbox.Task, error)
	LeaveRequests(ctx context.Context, f inbox.Filter) ([]inbox.LeaveRequest, error)
	// Told are the escalations that wait for an answer of the role.
	Told(ctx context.Context, f inbox.Filter) ([]board.EscalationRow, error)
	NoticesTo(ctx context.Context, f inbox.Filter) ([]board.NoticeRow, error)
	Snoozed(ctx context.Context, f inbox.Filter) ([]inbox.Snoozed, error)
	// Snooze and Unsnooze act once for each command of the actor: Conflict when it has
	// acted. Unsnooze reports whether the thing was put off.
	Snooze(ctx context.Context, actor string, z inbox.Snooze, c inbox.SnoozeCommand) error
	Unsnooze(ctx context.Context, actor string, z inbox.Snooze, c inbox.SnoozeCommand) (bool, error)
	// SnoozeCommand finds a command of the actor that acted before.
	SnoozeCommand(ctx context.Context, actor, id string) (c inbox.SnoozeCommand, found bool, err error)
}

// Identities keeps who the clients are and the free texts, encrypted.
type Identities interface {
	// CaseIDFor is the case id of the order number, whether there is a case or not.
	CaseIDFor(orderNo string) string
	// SaveIdentity keeps the identity of a case to be. The same again changes nothing;
	// other content under the same order number is a Conflict.
	SaveIdentity(ctx context.Context, caseID string, id board.Identity) error
	Identity(ctx context.Context, caseID string) (board.Identity, error)
	Identities(ctx context.Context, caseIDs []string) (map[string]board.Identity, error)
	// CasesOfPerson lists the cases that were kept under the ID number.
	CasesOfPerson(ctx context.Context, idNumber string) ([]string, error)
	// DropIdentity removes the identity of a case that was never opened.
	DropIdentity(ctx context.Context, caseID string) error
	// SaveTexts keeps the texts that belong to a command. The first text of a field stays.
	SaveTexts(ctx context.Context, caseID, commandID string, texts map[string]string) error
	// DropTexts removes the texts of a command that is not in the ledger.
	DropTexts(ctx context.Context, caseID, commandID string) error
}

// Clients changes who the clients are, keeps how it came to that, and finds them.
type Clients interface {
	// ClientHistory is NotFound where the case has no identity.
	ClientHistory(ctx context.Context, caseID string) (dossier.History, error)
	// UpdateClient and DecideClient act once for each request: known reports that it acted
	// before. A sealed or void case refuses.
	UpdateClient(ctx context.Context, caseID string, r once.Request, u dossier.Update) (changes []*dossier.Change, known bool, err error)
	DecideClient(ctx context.Context, caseID string, r once.Request, d dossier.Decision) (change *dossier.Change, known bool, err error)
	// WaitingChanges lists those of a place and below it, or of a worker, after the case and number.
	WaitingChanges(ctx context.Context, place, worker, afterCase string, afterN, n int) ([]dossier.Row, error)
	// SearchClients finds clients within the scope of the filter, in the order of their cases.
	SearchClients(ctx context.Context, look dossier.Search, f board.ClientFilter) ([]board.FoundClient, error)
}

// Printer makes a PDF of a page.
type Printer interface {
	PDF(ctx context.Context, html []byte) ([]byte, error)
}

// Places knows the organisation with its history. Place is NotFound where there is none.
type Places interface {
	Place(ctx context.Context, code string, on rehab.Date) (office.Place, error)
	Places(ctx context.Context, on rehab.Date) ([]office.Place, error)
	PlaceHistory(ctx context.Context, code string) ([]office.PlaceFact, error)
	// ChangePlace adds to the history, once for a command id, where the rules allow it.
	ChangePlace(ctx context.Context, cmd office.Command, code string, f office.PlaceFact) (office.Changed, error)
}

// Registry knows the workers with their history. Worker is NotFound where there is none.
type Registry interface {
	Worker(ctx context.Context, id string) (office.Worker, error)
	// Workers lists who is active on a day, each with the period of that day alone.
	Workers(ctx context.Context, f office.WorkerFilter) ([]office.Worker, error)
	// ChangeWorker adds to the history, once for a command id, where the rules allow it.
	// A name that is given is kept.
	ChangeWorker(ctx context.Context, cmd office.Command, id string, f office.WorkerFact, name string) (office.Changed, error)
	// AbsenceHistory lists every change of the absences of a worker, as recorded.
	AbsenceHistory(ctx context.Context, worker string) ([]office.AbsenceFact, error)
	// ChangeAbsence adds to them, once for a command id, where the rules allow it. Elsewhere
	// says that the stand-in may be of another station.
	ChangeAbsence(ctx context.Context, cmd office.Command, worker string, f office.AbsenceFact, elsewhere bool) (office.Changed, error)
	// StandsInFor lists the workers whom this one stands in for on the day.
	StandsInFor(ctx context.Context, worker string, on rehab.Date) ([]string, error)
}

// Loads counts who carries what. The policy's limit and weights are left to Load.Weigh.
type Loads interface {
	Loads(ctx context.Context, f office.LoadFilter) ([]office.Load, error)
	// CasesToAssign lists the open cases of the ids, or all of a worker, at the place or below it.
	CasesToAssign(ctx context.Context, place string, ids []string, worker string) ([]office.UnassignedCase, error)
	// Unassigned lists the open cases that nobody has, at the place or below it.
	Unassigned(ctx context.Context, place string) ([]office.UnassignedCase, error)
}

// Policies knows the policies that are loaded, Policy is nil where there is none, and the calendar.
type Policies interface {
	rehab.Rules
	// Refs are those of all of them.
	Refs() []rehab.PolicyRef
}

// Past reads whole histories, to see cases as they were.
type Past interface {
	// History of a case; without events where there is no such case.
	History(ctx context.Context, caseID string) (rehab.History, error)
	// PlaceHistories are those of the cases in the place now, in the order of their ids. With
	// recordedBefore they hold the events recorded before it, and no commands.
	PlaceHistories(ctx context.Context, place, after string, n int, recordedBefore time.Time) ([]rehab.History, error)
}

// Tokens resolves bearer tokens. An unknown, revoked or expired token is NotFound or Forbidden.
type Tokens interface {
	Actor(ctx context.Context, token string) (rehab.Actor, error)
}

// Health looks at the parts the service cannot do without. The map has one entry per
// part; nil means that it answers.
type Health interface {
	Check(ctx context.Context) map[string]error
}

// Forms keeps what was answered in forms, and counts it.
type Forms interface {
	casework.Forms
	FormFigures(ctx context.Context, f forms.FigureFilter) ([]forms.Cell, error)
}

// Attachments keeps the scans and photos of cases.
type Attachments interface {
	// SaveAttachment acts once for each id: known reports that it is there already; another
	// content under the id is a Conflict.
	SaveAttachment(ctx context.Context, a attachments.Attachment, f *attachments.File) (kept attachments.Attachment, known bool, err error)
	// Attachment is NotFound where the case has none of the id.
	Attachment(ctx context.Context, caseID, id string) (attachments.Attachment, error)
	Attachments(ctx context.Context, caseID string) ([]attachments.Attachment, error)
	WriteAttachment(ctx context.Context, caseID, id string, w io.Writer) error
	// Thumbnail is a JPEG; NotFound where the attachment has none.
	Thumbnail(ctx context.Context, caseID, id string) ([]byte, error)
	WithdrawAttachment(ctx context.Context, caseID, id, by, why string, at time.Time) error
}
