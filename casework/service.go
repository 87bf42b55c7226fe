// Package casework has what people do with cases, by whichever door they come: open one, give
// it a command or see first what the command would change, file and read a form, write and number
// a paper, put right who the client is, plan what is done to many cases at once, keep the
// registers of supervision, training and publicity beside them. It holds whoever acts against the
// scope, and what they say against the organisation and the registry, which the core does not
// know. It knows of no transport.
package casework

import (
	"context"
	"log/slog"
	"time"

	"guitu/board"
	"guitu/documents"
	"guitu/dossier"
	"guitu/forms"
	"guitu/office"
	"guitu/once"
	"guitu/rehab"
)

// Engine takes commands. Do answers once the command is in the ledger, or with a
// Pending receipt. Errors are *rehab.Error.
type Engine interface {
	Do(ctx context.Context, caseID string, cmd rehab.Command) (board.Receipt, error)
}

// Ledger reads the history of cases.
type Ledger interface {
	Load(ctx context.Context, caseID string) (*rehab.Case, error)
	Timeline(ctx context.Context, caseID string, after int64, limit int) ([]board.TimelineEntry, error)
	CommandReceipt(ctx context.Context, caseID, commandID string) (r board.Receipt, digest string, found bool, err error)
}

// Past reads whole histories.
type Past interface {
	History(ctx context.Context, caseID string) (rehab.History, error)
}

// Board reads the read models.
type Board interface {
	Case(ctx context.Context, caseID string) (rehab.Summary, error)
	Obligations(ctx context.Context, caseID string) ([]board.ObligationRow, error)
	CaseEscalations(ctx context.Context, caseID string) ([]board.EscalationRow, error)
	Transfers(ctx context.Context, f board.TransferFilter) ([]board.TransferRow, error)
	Transfer(ctx context.Context, caseID string, transfer int64) (board.TransferRow, error)
}

// Identities keeps who the clients are and the free texts, encrypted.
type Identities interface {
	CaseIDFor(orderNo string) string
	SaveIdentity(ctx context.Context, caseID string, id board.Identity) error
	Identity(ctx context.Context, caseID string) (board.Identity, error)
	CasesOfPerson(ctx context.Context, idNumber string) ([]string, error)
	DropIdentity(ctx context.Context, caseID string) error
	SaveTexts(ctx context.Context, caseID, commandID string, texts map[string]string) error
	DropTexts(ctx context.Context, caseID, commandID string) error
}

// Clients changes who the clients are.
type Clients interface {
	ClientHistory(ctx context.Context, caseID string) (dossier.History, error)
	UpdateClient(ctx context.Context, caseID string, r once.Request, u dossier.Update) (changes []*dossier.Change, known bool, err error)
	DecideClient(ctx context.Context, caseID string, r once.Request, d dossier.Decision) (change *dossier.Change, known bool, err error)
}

// Places knows the organisation. Place is NotFound where there is none.
type Places interface {
	Place(ctx context.Context, code string, on rehab.Date) (office.Place, error)
}

// Registry knows the workers. Worker is NotFound where there is none.
type Registry interface {
	Worker(ctx context.Context, id string) (office.Worker, error)
	StandsInFor(ctx context.Context, worker string, on rehab.Date) ([]string, error)
}

// Loads counts who carries what.
type Loads interface {
	Loads(ctx context.Context, f office.LoadFilter) ([]office.Load, error)
}

// CommandStates keeps what became of commands that the ledger says nothing of.
type CommandStates interface {
	KeepCommandState(ctx context.Context, actor, key string, c board.CommandState) error
}

// Service is where the use cases run. All of it is needed but DigestKey and MayPick.
type Service struct {
	Engine        Engine
	Ledger        Ledger
	Past          Past
	Board         Board
	Identities    Identities
	Clients       Clients
	Places        Places
	Registry      Registry
	Loads         Loads
	Bulk          BulkStore
	BulkEngine    BulkEngine
	CommandStates CommandStates
	Forms         Forms
	Registers     Registers
	Books         Books
	Templates     *documents.Set // of papers
	Policies      rehab.Rules

	// Definitions are the forms of the program; released those of offices that were read.
	Definitions *forms.Set
	released    formCache

	// DefaultPolicy is the policy of a case opened at the place without naming one.
	DefaultPolicy func(place string) rehab.PolicyRef
	// StrictRegistry refuses to give a case to a worker whom the registry does not know.
	StrictRegistry bool
	// MayPick reports whether whoever opens a case may name the policy, beside the default one.
	// Authorities may name any; where nil, they alone.
	MayPick func(rehab.PolicyRef) bool
	// DigestKey keys the digests of commands, so that nobody can guess at what was sent
	// from a digest in the ledger. Without it a digest is a plain SHA-256.
	DigestKey []byte

	Now func() time.Time
	Log *slog.Logger
}
