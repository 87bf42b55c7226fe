package board

import "guitu/rehab"

// Identity is who the client is. It exists in Postgres alone, encrypted under the
// case's own key; no workflow, log, metric or list shows it unmasked.
type Identity struct {
	OrderNo          string `json:"order_no"`
	Name             string `json:"name"`
	Sex              string `json:"sex"`               // "male" or "female"
	IDKind           string `json:"id_kind,omitempty"` // of the document; empty is the resident card
	IDNumber         string `json:"id_number"`
	Phone            string `json:"phone,omitempty"`
	HouseholdStreet  string `json:"household_street,omitempty"` // place code
	HouseholdAddress string `json:"household_address,omitempty"`
	ResidenceStreet  string `json:"residence_street,omitempty"` // place code
	FamilyContact    string `json:"family_contact,omitempty"`
	FamilyPhone      string `json:"family_phone,omitempty"`

	OtherPhone       string `json:"other_phone,omitempty"`
	ResidenceAddress string `json:"residence_address,omitempty"` // 现住址, in words
	WorkUnit         string `json:"work_unit,omitempty"`         // 工作单位
	WorkAddress      string `json:"work_address,omitempty"`
}

// Place is a node of the organisation: city (11), district (110101), street (110101001).
type Place struct {
	Code   string `json:"code"`
	Parent string `json:"parent,omitempty"`
	Level  string `json:"level"` // "city", "district" or "street"
	Name   string `json:"name"`
}

// ClientFilter is within which cases a client is looked for: those of a place and below it
// or, with a worker, the worker's own and those of the street that nobody has.
type ClientFilter struct {
	Place  string
	Worker string
	FreeAt string // the street of the worker
	After  string // case id of the last one found
	Limit  int
}

// FoundClient is a client that was found, and by what.
type FoundClient struct {
	Case     rehab.Summary
	Identity Identity
	By       string
}
