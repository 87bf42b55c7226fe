package board

import (
	"encoding/json"
	"time"

	"guitu/rehab"
)

// SimulationState says how far a simulation is.
type SimulationState string

// The states of a simulation.
const (
	SimulationQueued  SimulationState = "queued"  // others are played before it
	SimulationRunning SimulationState = "running" // it is played
	SimulationDone    SimulationState = "done"    // its result is there
	SimulationStopped SimulationState = "stopped" // somebody stopped it, or its process ended
	SimulationFailed  SimulationState = "failed"  // it could not be played
)

// SimulationRow is a simulation as it is kept. Order and Result are what the API took and answers.
type SimulationRow struct {
	ID      string
	Place   string
	By      string // the account that ordered it
	Order   json.RawMessage
	Result  json.RawMessage // none before it is done, nor in lists
	Fault   *rehab.Error    // why it failed
	State   SimulationState
	Name    string
	Shared  bool // with those whose area the place lies in
	Done    int  // pieces that were played, of Total
	Total   int
	Ahead   int // simulations that are played before it
	Created time.Time
	Started time.Time
	Ended   time.Time
}

// SimulationFilter asks for the simulations that somebody may see: the own and the shared ones of
// a place and all below it, the latest first.
type SimulationFilter struct {
	Place string
	By    string
	Limit int
}
