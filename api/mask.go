package api

import (
	"strings"
	"unicode/utf8"

	"guitu/board"
	"guitu/dossier"
	"guitu/rehab"
)

// Client is who the client of a case is, masked or in full.
type Client struct {
	OrderNo          string `json:"order_no,omitempty"`
	Name             string `json:"name"`
	Sex              string `json:"sex" enum:"male,female"`
	IDKind           string `json:"id_kind,omitempty"`
	IDNumber         string `json:"id_number"`
	Phone            string `json:"phone,omitempty"`
	HouseholdStreet  string `json:"household_street,omitempty"`
	HouseholdAddress string `json:"household_address,omitempty"`
	ResidenceStreet  string `json:"residence_street,omitempty"`
	FamilyContact    string `json:"family_contact,omitempty"`
	FamilyPhone      string `json:"family_phone,omitempty"`

	OtherPhone       string `json:"other_phone,omitempty"`
	ResidenceAddress string `json:"residence_address,omitempty"`
	WorkUnit         string `json:"work_unit,omitempty"`
	WorkAddress      string `json:"work_address,omitempty"`
}

func inFull(id board.Identity) *Client { c := Client(id); return &c }

// mask leaves enough to tell two clients of a street apart and too little to know who
// they are: the first character of a name, the ends of an ID number and of a phone.
// The order number is left out.
func mask(id board.Identity) *Client {
	return &Client{
		Name: maskName(id.Name), Sex: id.Sex, IDKind: id.IDKind, IDNumber: maskDigits(id.IDNumber), Phone: maskDigits(id.Phone),
		FamilyContact: maskName(id.FamilyContact), FamilyPhone: maskDigits(id.FamilyPhone),
		OtherPhone: maskDigits(id.OtherPhone),
	}
}

// maskName keeps the first character. The number of the others is hidden too.
func maskName(s string) string {
	if s == "" {
		return ""
	}
	_, n := utf8.DecodeRuneInString(s)
	return s[:n] + "**"
}

// maskDigits shows the first three characters and the last two.
func maskDigits(s string) string {
	const head, tail = 3, 2
	if len(s) <= head+tail+3 {
		return strings.Repeat("*", len(s))
	}
	return s[:head] + strings.Repeat("*", len(s)-head-tail) + s[len(s)-tail:]
}

// maskValue hides the value of a changed field as mask does; what mask leaves out is only
// told to have a value.
func maskValue(f dossier.Field, value string) string {
	switch f {
	case dossier.Name, dossier.FamilyContact:
		return maskName(value)
	case dossier.IDNumber, dossier.Phone, dossier.OtherPhone, dossier.FamilyPhone:
		return maskDigits(value)
	case dossier.IDKind:
		return value
	}
	if value == "" {
		return ""
	}
	return "**"
}

// textsFor hides free texts from whoever only keeps the system running.
func textsFor(a rehab.Actor, texts map[string]string) map[string]string {
	if a.Role == rehab.Admin {
		return nil
	}
	return texts
}
