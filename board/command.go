package board

import (
	"time"

	"guitu/rehab"
)

// CommandStanding is where a command stands.
type CommandStanding string

// The states of a command.
const (
	CommandAccepted CommandStanding = "accepted" // left with the engine, which has not taken it yet
	CommandRecorded CommandStanding = "recorded" // in the ledger
	CommandRefused  CommandStanding = "refused"
	CommandKnown    CommandStanding = "known" // the record said so already
)

// CommandState is what became of a command of an actor.
type CommandState struct {
	CaseID  string
	Type    string
	State   CommandStanding
	Seq     int64
	Refusal *rehab.Error
	At      time.Time
}
