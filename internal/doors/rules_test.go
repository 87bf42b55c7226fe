package doors_test

import (
	"strings"

	"guitu/internal/doors"
	"guitu/rehab"
)

// letter is how the tables write a role.
func letter(r rehab.Role) rune {
	return map[rehab.Role]rune{
		rehab.WorkerRole: 'w', rehab.StationHead: 'h', rehab.DistrictOffice: 'd', rehab.CityOffice: 'c', rehab.Admin: 'a', rehab.IntegrationRole: 'i',
		rehab.PartnerRole: 'p', rehab.PoliceRole: 'P', rehab.SystemAdmin: 'S', rehab.SecurityAdmin: 'Q', rehab.Auditor: 'L',
	}[r]
}

// passedOver are tried elsewhere: the stream, which has no end, and the calculations of minutes.
var passedOver = []string{"stream-events", "simulate"}

// mayAsk says for each operation to which roles it is open at all. It is written by hand from
// docs/security.md and the pages it names, and not made of what the API answers.
var mayAsk = open([]group{
	{"everybody, about oneself", "whdcaipPSQL", "get-me get-codes get-session end-session list-sessions end-other-session change-password begin-totp confirm-totp begin-passkey register-passkey " +
		"list-passkeys remove-passkey"},
	{"open to nobody in particular", "whdcaipPSQL", "healthz readyz begin-passkey-sign-in sign-in-by-passkey sign-in list-ways open-document list-webhook-events"},
	{"a notice by its number", "whdcaL", "get-notice"},
	{"the file of a case", "whdca", "get-case explain-case list-windows get-timeline get-help list-documents get-document link-document number-document spoil-document write-document get-client-history " +
		"list-attachments get-attachment get-attachment-thumbnail withdraw-attachment list-case-forms get-case-form open-form print-case-form"},
	{"what is written by who works with the client", "wh", "add-attachment file-form"},
	{"lists", "whdca", "list-cases get-caseload get-inbox list-now list-escalations list-referrals list-transfers get-transfer list-client-changes get-calendar list-workers " +
		"get-worker list-absences list-publicity list-supervision list-board-rows list-identities list-views save-view remove-view"},
	{"figures", "hdca", "get-board get-coverage list-coverage-runs list-coverage-on evaluate get-evaluation-trend get-escalation-funnel export-evaluation list-evaluation-cases list-exports list-fleets suggest-workers"},
	{"the day of a worker", "w", "get-day"},
	{"clients by name or number", "whdc", "find-clients search-clients"},
	{"orders", "hdcai", "open-case"},
	{"an order that is known", "whdci", "find-case update-client update-client-of-order decline-client-change"},
	{"who confirms a change of a client", "hdc", "confirm-client-change"},
	{"a look at an identity", "dc", "break-glass"},
	{"the auditor", "aL", "list-audit"},
	{"looks at identities, one's own or all", "dcL", "list-break-glass"},
	{"the auditor alone", "L", "review-break-glass"},
	{"accounts and tokens", "aQ", "list-accounts get-account create-account grant-account disable-account enable-account reset-account end-account-sessions list-tokens create-token " +
		"revoke-token"},
	{"the organisation", "dca", "register-worker move-worker change-worker leave-worker close-place merge-place rename-place reopen-place set-station-place set-leading-group-place"},
	{"absences, also of the own station", "whdca", "enter-absence"},
	{"rules and codes", "whdcaiS", "get-policy list-policies list-calendars list-indicators"},
	{"places", "whdcaSQ", "get-place"},
	{"places, all of them", "whdcaiSQ", "list-places"},
	{"operations on many cases, trials of a policy", "dca", "start-fleet preview-policy release-form"},
	{"what if", "dca", "list-simulations get-simulation keep-simulation stop-simulation"},
	{"subscriptions, of auditors to what they hear of alone", "dcaL", "create-subscription list-subscriptions end-subscription list-deliveries"},
	{"whether the engine keeps up", "hdcaS", "get-engine start-verification"},
	{"reports to the police, by whom they were addressed to", "P", "list-police-reports get-police-report receive-police-report"},
	{"inquiries into sealed cases", "dc", "ask-inquiry list-inquiries open-inquiry show-inquiry end-inquiry"},
	{"destruction, and what the engine keeps", "c", "propose-destruction list-destructions get-destruction confirm-destruction drop-destruction decode-payloads"},
	{"operations on many cases, by their ids", "hdca", "get-fleet list-fleet-items pause-fleet continue-fleet cancel-fleet undo-fleet"},
	{"forms", "whdcai", "list-forms get-form get-form-figures"},
	{"forms as they would look", "whdca", "preview-form"},
	{"put off", "whdca", "snooze unsnooze"},
	{"many commands at once, each with its own right, and what became of one", "whdcai", "give-commands get-command"},
	{"supervision", "whdca", "request-supervision get-supervision get-supervision-history plan-supervision hold-supervision close-supervision cancel-supervision " +
		"withdraw-supervision correct-supervision"},
	{"publicity", "whdca", "add-publicity get-publicity get-publicity-history correct-publicity withdraw-publicity"},
	{"training, of the offices and of partners", "whdcap", "list-training get-training get-training-history correct-training add-training-session list-training-session get-training-session " +
		"get-training-session-history attendance-training-session correct-training-session withdraw-training-session"},
	{"programmes", "whdca", "add-training withdraw-training"},
	{"commands that a worker gives", "whdcai", "report-in sign-agreement record-contact visit-completed record-test record-assessment record-leaving record-hand-over object-to-test start-maintenance " +
		"stop-maintenance issue-measure record-receipt record-help-offer record-circumstance acknowledge-escalation send-police-report submit-release-file " +
		"report-leave return-from-leave review-suspension join-working-group leave-working-group make-plan add-goal move-goal meet-goal drop-goal " +
		"change-stage review-plan give-help record-positive-event raise-crisis close-crisis change-work-intent refer record-referral-reply withdraw-referral " +
		"record-placement follow-up-placement end-placement volunteer-opt-in volunteer-opt-out request-transfer forward-file report-arrival correct-record " +
		"withdraw-record void-case decline-amendment send-correction"},
	{"commands from the station head upwards", "hdcai", "accept-transfer refuse-transfer return-transfer withdraw-transfer assign-worker change-risk close-after-care confirm-amendment confirm-lost-contact " +
		"confirm-miss confirm-police-report confirm-term decide-leave extend-leave decide-refusal decide-volunteer destroy-samples dismiss-lost-contact dismiss-miss " +
		"end-dynamic-control justify-miss place-hold record-laboratory-result record-supervision release resolve-test resume review-hold suspend terminate " +
		"waive-family-member waive-measure"},
	{"commands of the offices above", "dca", "apply-calendar lift-hold migrate-policy move-station seal"},
})

// group are operations that are open to the same roles.
type group struct{ what, roles, operations string }

func open(groups []group) map[string]string {
	out := make(map[string]string)
	for _, g := range groups {
		for _, op := range strings.Fields(g.operations) {
			out[op] = g.roles
		}
	}
	return out
}

// hides: the operation looks for the thing first, and says of what is not the actor's that there is none.
func hides(op doors.Operation) bool {
	for _, under := range []string{"/v1/training", "/v1/publicity/", "/v1/supervisions/", "/v1/fleets/", "/v1/views/", "/v1/forms", "/v1/simulations/", "/v1/cases/{id}/attachments/"} {
		if strings.HasPrefix(op.Path, under) {
			return true
		}
	}
	return false
}

// narrower: of those who see a case the operation is for fewer. Papers, forms and attachments are for
// the worker and the station head, the offices above give a reason; a worker of the street opens no file of a
// case that nobody has.
func narrower(op doors.Operation, a rehab.Actor) bool {
	if op.ID == "confirm-client-change" { // never by who proposed it
		return true
	}
	for _, part := range []string{"/documents", "/attachments", "/forms", "/blank-forms"} {
		if strings.Contains(op.Path, part) {
			return a.Role != rehab.StationHead
		}
	}
	return false
}

// reached reports whether the operation finds the case for the actor: by place and assignment.
func reached(op doors.Operation, a rehab.Actor, row rehab.Summary) bool {
	switch a.Role {
	case rehab.WorkerRole:
		return row.Worker == a.ID || row.Worker == "" && row.Place == a.Place
	case rehab.StationHead, rehab.DistrictOffice, rehab.CityOffice:
		return a.Place != "" && strings.HasPrefix(row.Place, a.Place)
	case rehab.Admin:
		return true
	case rehab.IntegrationRole:
		return op.Method != "GET"
	}
	return false
}

// above are the roles whose area is a place and all below it.
func above(a rehab.Actor) bool {
	return a.Place != "" && (a.Role == rehab.StationHead || a.Role == rehab.DistrictOffice || a.Role == rehab.CityOffice)
}

// apart reports whether the place is none of the actor's area, and none that the area is a part of.
func apart(a rehab.Actor, place string) bool {
	return above(a) && place != "" && !strings.HasPrefix(place, a.Place) && !strings.HasPrefix(a.Place, place)
}

// everywhere are the reads about places of others that show the organisation, and nothing of a client.
var everywhere = []string{"list-forms", "get-form", "list-workers"}
