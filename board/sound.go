package board

import (
	"bytes"
	"time"
)

// Sound is a case as it was when it was found right.
type Sound struct {
	CaseID   string
	Seq      int64     // the head of the ledger
	Hash     []byte    // and its hash
	Versions string    // of the rows of ledger and read models
	Rules    string    // the release, with its policies and calendars
	Run      string    // of the workflow; empty where the case is closed
	At       time.Time // when it was looked at
}

// Standing is a case as its rows are now. Live says that a workflow belongs to it, Wake when
// it wakes next. A case that is Watched has a transfer under way, with a workflow of its own.
type Standing struct {
	Sound
	Place   string // empty where the row of the case is gone
	Live    bool
	Watched bool
	Wake    time.Time
	Last    *Sound // when it was last found right; nil where it was not
}

// Moved reports whether anything is another than when the case was last found right: its
// ledger, its rows, the rules or the run of its workflow.
func (s Standing) Moved() bool {
	l := s.Last
	return l == nil || l.Seq != s.Seq || !bytes.Equal(l.Hash, s.Hash) || l.Versions != s.Versions || l.Rules != s.Rules || l.Run != s.Run
}
