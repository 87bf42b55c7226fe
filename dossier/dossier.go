// Package dossier keeps who a client is through time: what was changed, by whom, when and
// why, what two people have to agree on, and what was true on a day. It also says by which
// terms a client is found. It is plain data about people: it is kept encrypted, and no part
// of it ever stands in the ledger, in Temporal or in a log.
package dossier

import (
	"time"

	"guitu/board"
	"guitu/rehab"
)

// Field is a part of who a client is, in the name that it has in JSON.
type Field string

// The fields that can be changed. The order number names the case, and the sex is in the
// ledger: neither is here.
const (
	Name             Field = "name"
	IDKind           Field = "id_kind"
	IDNumber         Field = "id_number"
	Phone            Field = "phone"
	OtherPhone       Field = "other_phone"
	FamilyContact    Field = "family_contact"
	FamilyPhone      Field = "family_phone"
	HouseholdStreet  Field = "household_street"  // 户籍地
	HouseholdAddress Field = "household_address" // 户籍地址
	ResidenceStreet  Field = "residence_street"  // 现住地
	ResidenceAddress Field = "residence_address" // 现住址
	WorkUnit         Field = "work_unit"         // 工作单位
	WorkAddress      Field = "work_address"
)

// Fields lists them, in the order in which people read them.
func Fields() []Field {
	return []Field{
		Name, IDKind, IDNumber, Phone, OtherPhone, FamilyContact, FamilyPhone, HouseholdStreet, HouseholdAddress, ResidenceStreet, ResidenceAddress, WorkUnit, WorkAddress,
	}
}

// ByTwo reports whether two people have to agree on a change of the field: it says who the
// person is (PIPL art.46 asks that a correction be verified).
func (f Field) ByTwo() bool { return f == Name || f == IDKind || f == IDNumber }

// in is where the field is kept.
func (f Field) in(id *board.Identity) *string {
	switch f {
	case Name:
		return &id.Name
	case IDKind:
		return &id.IDKind
	case IDNumber:
		return &id.IDNumber
	case Phone:
		return &id.Phone
	case OtherPhone:
		return &id.OtherPhone
	case FamilyContact:
		return &id.FamilyContact
	case FamilyPhone:
		return &id.FamilyPhone
	case HouseholdStreet:
		return &id.HouseholdStreet
	case HouseholdAddress:
		return &id.HouseholdAddress
	case ResidenceStreet:
		return &id.ResidenceStreet
	case ResidenceAddress:
		return &id.ResidenceAddress
	case WorkUnit:
		return &id.WorkUnit
	case WorkAddress:
		return &id.WorkAddress
	}
	return new(string)
}

// State of a change.
type State string

// The states of a change.
const (
	Waiting  State = "waiting" // for another person
	Acted    State = "acted"
	Declined State = "declined"
)

// Change is what somebody said is so. Values are the new values by their fields, empty for
// what is no more; Before are those that they took the place of when it acted.
type Change struct {
	N      int              `json:"n"`
	By     rehab.Actor      `json:"by"`
	At     time.Time        `json:"at"`
	Since  rehab.Date       `json:"since,omitzero"` // the day since which it is so; 0: what was kept was wrong
	Why    string           `json:"why"`
	Values map[Field]string `json:"values"`
	Before map[Field]string `json:"before,omitempty"`

	State      State       `json:"state"`
	Acted      int         `json:"acted,omitempty"` // 1 for the first change of the case that acted
	DecidedBy  rehab.Actor `json:"decided_by,omitzero"`
	DecidedAt  time.Time   `json:"decided_at,omitzero"` // also of a change that waited for nobody
	DecidedWhy string      `json:"decided_why,omitempty"`
}

// Fields that the change is about, in the order of Fields.
func (c *Change) Fields() (out []Field) {
	for _, f := range Fields() {
		if _, ok := c.Values[f]; ok {
			out = append(out, f)
		}
	}
	return out
}

// byTwo reports whether the change needs another person.
func (c *Change) byTwo() bool {
	for f := range c.Values {
		if f.ByTwo() {
			return true
		}
	}
	return false
}

// History is who the client of a case is now, and how it came to that. Changes are in the
// order in which they were told.
type History struct {
	Now     board.Identity
	Changes []*Change
}

// Row is a change that waits, in a list: it says which fields, and no value.
type Row struct {
	CaseID string
	Place  string
	Worker string
	N      int
	By     rehab.Actor
	At     time.Time
	Fields []Field
}
