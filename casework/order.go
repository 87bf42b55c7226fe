package casework

import (
	"strings"
	"time"

	"guitu/board"
	"guitu/identity"
	"guitu/input"
	"guitu/rehab"
)

// Order is the body that opens a case: the order form in the names of the roster's
// columns, and what is known of a case already under way.
type Order struct {
	OrderNo         string              `json:"order_no" minLength:"1" maxLength:"64" doc:"Number of the order. It names the case: the same order opens one case. It is brought to one form: other brackets than 〔〕, blanks, invisible and full-width characters make no other number." example:"京公戒字〔2026〕200001号"`
	Measure         rehab.Measure       `json:"measure" doc:"Community drug treatment (社区戒毒) or community rehabilitation (社区康复)."`
	TermMonths      int                 `json:"term_months" doc:"36 for treatment, at most 36 for rehabilitation (DRR art.14, 37)."`
	DecidedOn       rehab.Date          `json:"decided_on"`
	ServedOn        rehab.Date          `json:"served_on" doc:"The day the order reached the client: the law's clock starts here."`
	ServiceMethod   rehab.ServiceMethod `json:"service_method" doc:"A public notice counts as service after 60 days (APR art.36)."`
	FamilyTold      rehab.Date          `json:"family_told_on,omitzero" doc:"The day on which the family had the order (DRR art.13)."`
	Name            string              `json:"name" minLength:"1" maxLength:"64"`
	Sex             string              `json:"sex" enum:"male,female,男,女"`
	IDKind          identity.Kind       `json:"id_kind,omitempty" enum:"resident_card,residence_permit,hk_macao_permit,taiwan_permit,foreign_resident,passport" doc:"Kind of document; resident_card (居民身份证) where it is missing."`
	IDNumber        string              `json:"id_number" minLength:"5" maxLength:"18" doc:"Number of the document: of a resident card 18 characters (GB 11643)."`
	Phone           string              `json:"phone,omitempty" maxLength:"20" pattern:"^([0-9]{5,20})?$" patternDescription:"5 to 20 digits"`
	HouseholdStreet string              `json:"household_street,omitempty" maxLength:"12" doc:"Code of the street of household registration."`
	HouseholdAddr   string              `json:"household_address,omitempty" maxLength:"200" doc:"Household registration in words (户籍地址): for those who are registered elsewhere and have no street here."`
	ResidenceStreet string              `json:"residence_street,omitempty" maxLength:"12" doc:"Code of the street of residence."`
	ExecutionStreet string              `json:"execution_street" minLength:"1" maxLength:"12" doc:"Code of the street that executes: one of the two (NCL art.33)."`
	Risk            rehab.Risk          `json:"risk"`
	Maintenance     bool                `json:"maintenance_therapy,omitempty"`
	WantsWork       bool                `json:"employment_intent,omitempty"`
	FamilyContact   string              `json:"family_contact,omitempty" maxLength:"64"`
	FamilyPhone     string              `json:"family_phone,omitempty" maxLength:"20" pattern:"^([0-9]{5,20})?$" patternDescription:"5 to 20 digits"`

	Worker     string           `json:"worker,omitempty" maxLength:"64" doc:"Id of the worker from the registry."`
	PrintedEnd rehab.Date       `json:"printed_end,omitzero" doc:"Last day of the term as printed on the order; it overrides ours."`
	CreditDays int              `json:"credit_days,omitempty" minimum:"0" maximum:"1098" doc:"Days served in isolation: credited to treatment alone (DRR art.31)."`
	Policy     *rehab.PolicyRef `json:"policy,omitempty" doc:"The policy the case runs under; the place's own by default."`
	Carried    *rehab.Carried   `json:"carried,omitempty" doc:"What was done before the case came into the system."`
}

// earliest is the day the Narcotics Control Law came into force.
var earliest = rehab.NewDate(2008, time.June, 1)

// inOneForm brings the order to the form in which it is kept and found again, and says
// where its number was written otherwise.
func (o *Order) inOneForm() (warnings []string) {
	number, changes := identity.OrderNumber(o.OrderNo)
	if len(changes) > 0 {
		warnings = append(warnings, "order_no: is kept as "+number)
	}
	o.OrderNo, o.IDNumber = number, strings.ToUpper(o.IDNumber)
	if o.IDKind == identity.ResidentCard { // one form: what is not said is the resident card
		o.IDKind = ""
	}
	if o.IDKind == "" && identity.LooksRounded(o.IDNumber) {
		warnings = append(warnings, "id_number: ends in 000: was it rounded by a spreadsheet? Compare it with the document")
	}
	if says := identity.Sex(o.IDKind, o.IDNumber); says != "" && says != sexOf(o.Sex) {
		warnings = append(warnings, "sex: the 17th digit of the identity number says "+says)
	}
	return warnings
}

// Check lists everything that is wrong with the order by itself, in the order of its
// fields; whether its places and its policy exist is the caller's to find out.
func (o *Order) Check(today rehab.Date) input.Flaws {
	var c input.Checklist
	c.Text("order_no", o.OrderNo, 64, true)
	c.Core(o.command("", rehab.PolicyRef{ID: "-", Version: "-"}))
	c.Day("decided_on", o.DecidedOn, earliest, today)
	c.Day("served_on", o.ServedOn, earliest, today)
	c.Day("family_told_on", o.FamilyTold, earliest, today)
	if o.PrintedEnd > rehab.LastPossibleEnd(today) {
		c.Cite("printed_end", "lies more than four years ahead, and no term is longer than 36 months", "DRR art.14, 37")
	}
	c.Text("name", o.Name, 64, true)
	if sexOf(o.Sex) == "" {
		c.Add("sex", "is one of male, female, 男, 女")
	}
	if item := o.checkDocument(); item.Detail != "" {
		c.Flaws = append(c.Flaws, item)
	}
	c.Phone("phone", o.Phone)
	if o.ExecutionStreet != o.HouseholdStreet && o.ExecutionStreet != o.ResidenceStreet {
		c.Cite("execution_street", "is neither the street of household registration nor the street of residence", "NCL art.33")
	}
	c.Text("household_address", o.HouseholdAddr, 200, false)
	c.Text("family_contact", o.FamilyContact, 64, false)
	c.Phone("family_phone", o.FamilyPhone)
	if o.Worker != "" && !input.IsWorker(o.Worker) {
		c.Add("worker", input.NotAWorker)
	}
	if o.Carried != nil {
		c.Day("carried.reported_on", o.Carried.ReportedOn, earliest, today)
		c.Day("carried.agreement_on", o.Carried.AgreementOn, earliest, today)
		c.Day("carried.changed_on", o.Carried.ChangedOn, earliest, today)
	}
	return c.Flaws
}

// Identity is the part of the order that says who the client is.
func (o *Order) Identity() board.Identity {
	return board.Identity{
		OrderNo: o.OrderNo, Name: o.Name, Sex: sexOf(o.Sex), IDKind: string(o.IDKind), IDNumber: o.IDNumber, Phone: o.Phone,
		HouseholdStreet: o.HouseholdStreet, HouseholdAddress: o.HouseholdAddr, ResidenceStreet: o.ResidenceStreet,
		FamilyContact: o.FamilyContact, FamilyPhone: o.FamilyPhone,
	}
}

// command is the part of the order the engine knows.
func (o *Order) command(place string, policy rehab.PolicyRef) rehab.OpenCase {
	if place == "" {
		place = "-"
	}
	return rehab.OpenCase{
		Measure: o.Measure, TermMonths: o.TermMonths, DecidedOn: o.DecidedOn, ServedOn: o.ServedOn, Method: o.ServiceMethod, FamilyTold: o.FamilyTold,
		PrintedEnd: o.PrintedEnd, CreditDays: o.CreditDays, Place: place, Worker: o.Worker, Risk: o.Risk,
		Maintenance: o.Maintenance, WantsWork: o.WantsWork, Sex: rehab.Sex(sexOf(o.Sex)), Policy: policy, Carried: o.Carried,
	}
}

func sexOf(s string) string {
	switch s {
	case "male", "男":
		return "male"
	case "female", "女":
		return "female"
	}
	return ""
}
