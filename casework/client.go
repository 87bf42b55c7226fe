package casework

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"guitu/dossier"
	"guitu/identity"
	"guitu/input"
	"guitu/once"
	"guitu/rehab"
)

// ClientUpdate is what somebody says about a client. What is missing stays.
type ClientUpdate struct {
	Name             *string         `json:"name,omitempty" minLength:"1" maxLength:"64" doc:"Waits for another person."`
	Document         *ClientDocument `json:"document,omitempty" doc:"Waits for another person."`
	Phone            *string         `json:"phone,omitempty" maxLength:"40" doc:"Empty: there is none any more. Blanks, hyphens and +86 are taken out."`
	OtherPhone       *string         `json:"other_phone,omitempty" maxLength:"40" doc:"A second number."`
	FamilyContact    *string         `json:"family_contact,omitempty" maxLength:"64"`
	FamilyPhone      *string         `json:"family_phone,omitempty" maxLength:"40"`
	HouseholdStreet  *string         `json:"household_street,omitempty" maxLength:"12" doc:"Code of the street of household registration."`
	HouseholdAddress *string         `json:"household_address,omitempty" maxLength:"200" doc:"Household registration in words (户籍地址)."`
	ResidenceStreet  *string         `json:"residence_street,omitempty" maxLength:"12" doc:"Code of the street of residence."`
	ResidenceAddress *string         `json:"residence_address,omitempty" maxLength:"200" doc:"Where the client lives, in words (现住址)."`
	WorkUnit         *string         `json:"work_unit,omitempty" maxLength:"100" doc:"Where the client works (工作单位)."`
	WorkAddress      *string         `json:"work_address,omitempty" maxLength:"200"`
	Since            rehab.Date      `json:"since,omitzero" doc:"The day since which it is so: papers of days before keep what was true then. Without it what was kept was wrong, and the new takes its place for all its days."`
	Note             string          `json:"note" minLength:"1" maxLength:"2000" doc:"Why, and from whom it is known. Kept under the case's own key."`
}

// ClientDocument is a document that says who a person is.
type ClientDocument struct {
	Kind   identity.Kind `json:"kind,omitempty" enum:"resident_card,residence_permit,hk_macao_permit,taiwan_permit,foreign_resident,passport" doc:"resident_card (居民身份证) where it is missing."`
	Number string        `json:"number" minLength:"5" maxLength:"40"`
}

// readClient brings what is said to the form in which it is kept, or says what is wrong with it.
func (s *Service) readClient(ctx context.Context, in ClientUpdate, row rehab.Summary) (values map[dossier.Field]string, warnings []string, err error) {
	values = make(map[dossier.Field]string)
	var c input.Checklist
	for _, x := range []struct {
		field  dossier.Field
		value  *string
		limit  int
		needed bool
	}{
		{dossier.Name, in.Name, 64, true}, {dossier.FamilyContact, in.FamilyContact, 64, false}, {dossier.HouseholdAddress, in.HouseholdAddress, 200, false},
		{dossier.ResidenceAddress, in.ResidenceAddress, 200, false}, {dossier.WorkUnit, in.WorkUnit, 100, false}, {dossier.WorkAddress, in.WorkAddress, 200, false},
	} {
		if x.value != nil {
			values[x.field], _ = identity.Plain(*x.value)
			c.Text(string(x.field), values[x.field], x.limit, x.needed)
		}
	}
	for field, value := range map[dossier.Field]*string{dossier.Phone: in.Phone, dossier.OtherPhone: in.OtherPhone, dossier.FamilyPhone: in.FamilyPhone} {
		if value != nil {
			values[field] = phoneOf(&c, string(field), *value)
		}
	}
	if d := in.Document; d != nil {
		who, err := s.Identities.Identity(ctx, row.CaseID)
		if err != nil && rehab.CodeOf(err) != rehab.NotFound {
			return nil, nil, err
		}
		warnings = document(&c, values, *d, who.Sex)
	}
	today := rehab.DateOf(s.Now())
	c.Day("since", in.Since, rehab.NewDate(1900, time.January, 1), today)
	if len(values) == 0 && in.HouseholdStreet == nil && in.ResidenceStreet == nil {
		c.Add("body", "changes nothing")
	}
	for field, code := range map[dossier.Field]*string{dossier.HouseholdStreet: in.HouseholdStreet, dossier.ResidenceStreet: in.ResidenceStreet} {
		if code == nil {
			continue
		}
		values[field] = *code
		if *code == "" {
			continue
		}
		street, err := s.IsStreet(ctx, *code)
		if err != nil {
			return nil, nil, err
		}
		if !street {
			c.Add(string(field), "is not the code of a street or town")
		} else if *code != row.Place {
			warnings = append(warnings, string(field)+": is not the street that executes the measure: is it to be moved (DRR art.22)?")
		}
	}
	if len(c.Flaws) > 0 {
		return nil, nil, c.Flaws
	}
	return values, warnings, nil
}

// phoneOf is the number alone; empty where there is none any more.
func phoneOf(c *input.Checklist, field, written string) string {
	if plain, _ := identity.Plain(written); plain == "" {
		return ""
	}
	number, _, note, ok := identity.Phone(written)
	if !ok || note == identity.PhoneRest {
		c.Add(field, "has 5 to 20 digits and nothing beside them")
	}
	return number
}

// document puts the kind and the number of a document among the values.
func document(c *input.Checklist, values map[dossier.Field]string, d ClientDocument, sex string) (warnings []string) {
	if d.Kind == identity.ResidentCard {
		d.Kind = ""
	}
	number := identity.Number(d.Number)
	if item := checkDocument(d.Kind, number, time.Time{}); item.Detail != "" {
		item.Field = "document." + map[string]string{"id_kind": "kind", "id_number": "number"}[item.Field]
		c.Flaws = append(c.Flaws, item)
		return nil
	}
	values[dossier.IDKind], values[dossier.IDNumber] = string(d.Kind), number
	if says := identity.Sex(d.Kind, number); says != "" && sex != "" && says != sex {
		warnings = append(warnings, "document: the 17th digit of the identity number says "+says)
	}
	return warnings
}

// ClientGiven is what became of a change of who a client is.
type ClientGiven struct {
	Key      string
	Case     rehab.Summary
	Changes  []*dossier.Change // what is new by it; empty where all was so already, or waits already
	Known    bool              // the request acted before
	Warnings []string
}

// UpdateClient changes who the client is, or with dry only says what it would be.
func (s *Service) UpdateClient(ctx context.Context, a rehab.Actor, id, key string, in ClientUpdate, dry bool) (*ClientGiven, error) {
	if err := permitClients(a); err != nil {
		return nil, err
	}
	row, err := s.CaseInScope(ctx, a, id)
	if err != nil {
		return nil, err
	}
	values, warnings, err := s.readClient(ctx, in, row)
	if err != nil {
		return nil, err
	}
	digest, err := s.Digest("update-client", id, a.ID, in, Facts{})
	if err != nil {
		return nil, err
	}
	u := dossier.Update{By: a, At: s.Now().UTC(), Since: in.Since, Why: in.Note, Values: values}
	return s.changeClient(ctx, row, key, digest, dry, u, warnings)
}

// UpdateClientOfOrder finds the case by the number of the order. An order that differs in what
// the engine knows of it is another order, or has to be put right by correct-record.
func (s *Service) UpdateClientOfOrder(ctx context.Context, a rehab.Actor, key string, o *Order, dry bool) (*ClientGiven, error) {
	if err := permitClients(a); err != nil {
		return nil, err
	}
	warnings := o.inOneForm()
	if flaws := o.Check(rehab.DateOf(s.Now())); len(flaws) > 0 {
		return nil, flaws
	}
	row, err := s.CaseInScope(ctx, a, s.Identities.CaseIDFor(o.OrderNo))
	if err != nil {
		return nil, err
	}
	if err := s.checkStreets(ctx, a, o); err != nil {
		return nil, err
	}
	c, err := s.Ledger.Load(ctx, row.CaseID)
	if err != nil {
		return nil, err
	}
	if c.Measure != o.Measure || c.TermMonths != o.TermMonths || c.DecidedOn != o.DecidedOn || c.ServedOn != o.ServedOn || c.Sex != "" && string(c.Sex) != sexOf(o.Sex) {
		return nil, errOrderNoInUse
	}
	who, err := s.Identities.Identity(ctx, row.CaseID)
	if err != nil {
		return nil, err
	}
	if who.Name != o.Name && who.IDNumber != o.IDNumber { // another person under a number that was mistyped
		return nil, errOrderNoInUse
	}
	digest, err := s.Digest("update-client-of-order", row.CaseID, a.ID, o, Facts{})
	if err != nil {
		return nil, err
	}
	u := dossier.Update{By: a, At: s.Now().UTC(), Why: "花名册更正", Values: o.said()}
	return s.changeClient(ctx, row, key, digest, dry, u, warnings)
}

// changeClient has the change kept, or only says what it would be.
func (s *Service) changeClient(ctx context.Context, row rehab.Summary, key, digest string, dry bool, u dossier.Update, warnings []string) (*ClientGiven, error) {
	key, err := once.Key(key)
	if err != nil {
		return nil, err
	}
	out := &ClientGiven{Key: key, Case: row, Warnings: warnings}
	if dry {
		if row.Phase == rehab.Sealed || row.Phase == rehab.Void {
			return nil, &rehab.Error{Code: rehab.Refused, Message: "the case is " + string(row.Phase) + ": nothing of it changes"}
		}
		h, err := s.Clients.ClientHistory(ctx, row.CaseID)
		if err == nil {
			out.Changes, err = h.Update(u)
		}
		if err != nil {
			return nil, err
		}
	} else if out.Changes, out.Known, err = s.Clients.UpdateClient(ctx, row.CaseID, once.Request{Key: key, Digest: digest}, u); err != nil {
		return nil, err
	}
	if slices.ContainsFunc(out.Changes, func(c *dossier.Change) bool { return c.State == dossier.Waiting }) {
		out.Warnings = append(out.Warnings, "name, document: wait to be confirmed by another person, of station head's rank or above")
	}
	return out, nil
}

// ClientDecision answers a change that waits.
type ClientDecision struct {
	Change int    `json:"change"`
	Note   string `json:"note,omitempty"`
}

// DecideClient confirms or declines a change of name or document that another person proposed.
func (s *Service) DecideClient(ctx context.Context, a rehab.Actor, id, key string, in ClientDecision, confirm bool) (*ClientGiven, error) {
	if !confirm && strings.TrimSpace(in.Note) == "" {
		return nil, rehab.InvalidField("note", "is missing")
	}
	if err := permitClients(a); err != nil {
		return nil, err
	}
	if confirm && !slices.Contains(dossier.Deciders(), a.Role) {
		return nil, &rehab.Error{Code: rehab.Forbidden, Message: "a change of name or document is confirmed by a station head or an office above"}
	}
	row, err := s.CaseInScope(ctx, a, id)
	if err != nil {
		return nil, err
	}
	if key, err = once.Key(key); err != nil {
		return nil, err
	}
	digest, err := s.Digest(fmt.Sprintf("decide-client-change %t", confirm), id, a.ID, in, Facts{})
	if err != nil {
		return nil, err
	}
	d := dossier.Decision{N: in.Change, Confirm: confirm, By: a, At: s.Now().UTC(), Why: in.Note}
	c, known, err := s.Clients.DecideClient(ctx, id, once.Request{Key: key, Digest: digest}, d)
	if err != nil {
		return nil, err
	}
	return &ClientGiven{Key: key, Case: row, Changes: []*dossier.Change{c}, Known: known}, nil
}

// permitClients lets those change who a client is who have cases or bring orders.
func permitClients(a rehab.Actor) error {
	switch a.Role {
	case rehab.WorkerRole, rehab.StationHead, rehab.DistrictOffice, rehab.CityOffice, rehab.IntegrationRole:
		return nil
	}
	return &rehab.Error{Code: rehab.Forbidden, Message: "the role " + string(a.Role) + " changes nothing of who a client is"}
}

// said are the fields of the client that the order form fills in.
func (o *Order) said() map[dossier.Field]string {
	values := map[dossier.Field]string{dossier.Name: o.Name, dossier.IDKind: string(o.IDKind), dossier.IDNumber: o.IDNumber}
	for f, v := range map[dossier.Field]string{
		dossier.Phone: o.Phone, dossier.HouseholdStreet: o.HouseholdStreet, dossier.HouseholdAddress: o.HouseholdAddr, dossier.ResidenceStreet: o.ResidenceStreet,
		dossier.FamilyContact: o.FamilyContact, dossier.FamilyPhone: o.FamilyPhone,
	} {
		if v != "" {
			values[f] = v
		}
	}
	return values
}
