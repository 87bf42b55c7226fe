package casework

import (
	"context"
	"encoding/hex"
	"slices"
	"strings"

	"guitu/once"
	"guitu/registers"
	"guitu/rehab"
)

// Registers keeps the records of the work that belongs to no case. The same command again on a
// record answers with what it kept, another request under its id is a Conflict.
type Registers interface {
	AddRecord(ctx context.Context, r registers.Record) (kept registers.Record, duplicate bool, err error)
	// ChangeRecord keeps the version that change makes of the last one.
	ChangeRecord(ctx context.Context, id, command, digest string, change func(registers.Record) (registers.Record, error)) (kept registers.Record, duplicate bool, err error)
	RegisterRecord(ctx context.Context, id string) (registers.Record, error)
	RecordHistory(ctx context.Context, id string) ([]registers.Record, error)
	// Records lists the last versions in order of their ids.
	Records(ctx context.Context, f registers.Filter) ([]registers.Record, error)
}

// recordNames are what records of a kind are called, and how their ids begin.
var recordNames = map[registers.Kind]struct{ noun, prefix string }{
	registers.SupervisionKind: {"supervision", "sv-"},
	registers.ProgrammeKind:   {"training", "tp-"},
	registers.SessionKind:     {"training-session", "ts-"},
	registers.PublicityKind:   {"publicity", "pa-"},
}

// RecordNoun is what a record of the kind is called.
func RecordNoun(k registers.Kind) string { return recordNames[k].noun }

// KeptRecord is the version of a record that a command brought, as the actor may read it.
type KeptRecord struct {
	Key       string // of the command: the caller's own, or one that was made here
	Record    registers.Record
	Duplicate bool // the command acted before
}

// RecordCommand names the record that a command changes, and the command's key.
type RecordCommand struct{ ID, Key string }

// addRecord keeps a new record. The id follows from who asks and the command's id, so that the
// same command finds what it made. sent is the request as it was decoded.
func (s *Service) addRecord(ctx context.Context, a rehab.Actor, key string, r registers.Record, sent any) (*KeptRecord, error) {
	if err := r.Data.Check(rehab.DateOf(s.Now())); err != nil {
		err.Field = "data." + err.Field
		return nil, err
	}
	if r.CaseID == "" && r.Note != "" {
		return nil, rehab.InvalidField("note", "speaks of a client: it needs the case that it is kept with")
	}
	if err := s.checkPlace(ctx, r.Place); err != nil {
		return nil, err
	}
	key, err := once.Key(key)
	if err != nil {
		return nil, err
	}
	is := recordNames[r.Data.Kind()]
	h := s.Hash()
	h.Write([]byte(is.noun + "\x00" + a.ID + "\x00" + key))
	r.ID = is.prefix + hex.EncodeToString(h.Sum(nil)[:12])
	if r.Digest, err = s.Digest("add-"+is.noun, r.ID, a.ID, sent, Facts{}); err != nil {
		return nil, err
	}
	r.Version, r.Actor, r.RecordedAt, r.Command = 1, a, s.Now(), key
	kept, duplicate, err := s.Registers.AddRecord(ctx, r)
	if err != nil {
		return nil, err
	}
	return &KeptRecord{key, shownRecord(a, kept), duplicate}, nil
}

func (s *Service) checkPlace(ctx context.Context, code string) error {
	_, err := s.Places.Place(ctx, code, rehab.DateOf(s.Now()))
	if err != nil && rehab.CodeOf(err) == rehab.NotFound {
		return rehab.InvalidField("place", "there is no such place")
	}
	return err
}

// changeRecord keeps the next version of a record, which change makes of the last one.
func (s *Service) changeRecord(ctx context.Context, a rehab.Actor, k registers.Kind, c RecordCommand, step string, sent any, change func(registers.Record) (registers.Record, error)) (*KeptRecord, error) {
	if _, err := s.recordToKeep(ctx, a, k, c.ID); err != nil {
		return nil, err
	}
	key, err := once.Key(c.Key)
	if err != nil {
		return nil, err
	}
	digest, err := s.Digest(step, c.ID, a.ID, sent, Facts{})
	if err != nil {
		return nil, err
	}
	kept, duplicate, err := s.Registers.ChangeRecord(ctx, c.ID, key, digest, func(now registers.Record) (registers.Record, error) {
		if now.Withdrawn {
			return now, &rehab.Error{Code: rehab.Refused, Message: "the record was withdrawn"}
		}
		now.Reason, now.Note, now.Actor, now.RecordedAt = "", "", a, s.Now()
		return change(now)
	})
	if err != nil {
		return nil, err
	}
	return &KeptRecord{key, shownRecord(a, kept), duplicate}, nil
}

// CorrectRecord replaces what a record says, for a reason, where it fits what other records say.
func (s *Service) CorrectRecord(ctx context.Context, a rehab.Actor, c RecordCommand, d registers.Data, reason string) (*KeptRecord, error) {
	if err := checkReason(reason); err != nil {
		return nil, err
	}
	if err := s.fitsOthers(ctx, a, c.ID, d); err != nil {
		return nil, err
	}
	sent := struct {
		Data   registers.Data `json:"data"`
		Reason string         `json:"reason"`
	}{d, reason}
	return s.changeRecord(ctx, a, d.Kind(), c, "correct-"+RecordNoun(d.Kind()), sent, func(now registers.Record) (registers.Record, error) {
		r, err := now.Correct(d, rehab.DateOf(s.Now()))
		r.Reason = reason
		return r, err
	})
}

// WithdrawRecord says that a record was a mistake: it counts nowhere.
func (s *Service) WithdrawRecord(ctx context.Context, a rehab.Actor, k registers.Kind, c RecordCommand, reason string) (*KeptRecord, error) {
	if err := checkReason(reason); err != nil {
		return nil, err
	}
	return s.changeRecord(ctx, a, k, c, "withdraw-"+RecordNoun(k), reasoned{reason}, func(now registers.Record) (registers.Record, error) {
		now.Withdrawn, now.Reason = true, reason
		return now, nil
	})
}

// reasoned is a request that says nothing but why.
type reasoned struct {
	Reason string `json:"reason"`
}

func checkReason(reason string) error {
	if strings.TrimSpace(reason) == "" {
		return rehab.InvalidField("reason", "is empty")
	}
	return nil
}

// NewPublicity is an activity to record.
type NewPublicity struct {
	Place string              `json:"place" minLength:"2" maxLength:"12" doc:"Street, district or city whose activity it was."`
	Data  registers.Publicity `json:"data"`
}

// AddPublicity records an activity: a worker the own ones at the own street.
func (s *Service) AddPublicity(ctx context.Context, a rehab.Actor, key string, in NewPublicity) (*KeptRecord, error) {
	r := registers.Record{Place: in.Place, Data: in.Data}
	own := a.Role == rehab.WorkerRole && a.Place == r.Place && slices.Contains(in.Data.By, a.ID)
	if err := mayKeep(a, r); err != nil && !own {
		return nil, err
	}
	return s.addRecord(ctx, a, key, r, in)
}
