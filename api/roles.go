package api

import (
	"net/http"
	"slices"

	"guitu/account"
	"guitu/rehab"
)

// own is what every account may do about itself.
var own = []string{
	"get-me", "get-codes", "get-session", "end-session", "list-sessions", "end-other-session", "change-password", "begin-totp", "confirm-totp",
	"begin-passkey", "register-passkey", "list-passkeys", "remove-passkey",
}

// beforeOpen is what a session may do that has to get a password of one's own, or a second factor.
var beforeOpen = []string{
	"get-me", "get-codes", "get-session", "end-session", "change-password", "begin-totp", "confirm-totp", "begin-passkey", "register-passkey",
}

// confinedTo are all the operations that the token or session of a role opens, beside own: what
// is added later stays shut. Roles that are not here are held to their scope instead. The three
// administrators (三员分立) see no file: settings, accounts and rights, logs.
var confinedTo = map[rehab.Role][]string{
	rehab.PartnerRole: {
		"list-training", "get-training", "get-training-history", "correct-training", "add-training-session",
		"list-training-session", "get-training-session", "get-training-session-history", "attendance-training-session", "correct-training-session",
		"withdraw-training-session",
	},
	rehab.PoliceRole: {"list-police-reports", "get-police-report", "receive-police-report"},
	rehab.SystemAdmin: {
		"list-places", "get-place", "get-policy", "list-policies", "list-calendars", "list-indicators", "get-engine", "start-verification",
	},
	rehab.SecurityAdmin: {
		"list-accounts", "get-account", "create-account", "grant-account", "disable-account", "enable-account", "reset-account", "end-account-sessions",
		"list-tokens", "create-token", "revoke-token", "list-places", "get-place",
	},
	rehab.Auditor: {
		"list-audit", "list-break-glass", "review-break-glass", "get-notice",
		"create-subscription", "list-subscriptions", "end-subscription", "list-deliveries", "list-webhook-events", // of notices to auditors alone
	},
}

// Whose matter sealed cases are (封存、销毁): the areas of the offices, where they hold a part of the
// keys; what is destroyed lies in the whole city.
var (
	inquirers  = []rehab.Role{rehab.DistrictOffice, rehab.CityOffice}
	destroyers = []rehab.Role{rehab.CityOffice}
)

// confined refuses a role what is not in its list.
func confined(role rehab.Role, operation string) *Problem {
	allowed, ok := confinedTo[role]
	switch {
	case !ok || slices.Contains(own, operation) || slices.Contains(allowed, operation):
		return nil
	case role == rehab.PartnerRole:
		return problem(http.StatusForbidden, "a partner sees its own training programmes alone")
	case role == rehab.PoliceRole:
		return problem(http.StatusForbidden, "the police see the reports that are addressed to them alone")
	}
	return problemOf(&rehab.Error{Code: rehab.Forbidden, Message: "the role " + string(role) + " has no part in this: administrators see no file, and nothing of each other's"})
}

// unopened says what a session lacks.
func unopened(s account.Session) *Problem {
	if s.Account.MustChange {
		return problem(http.StatusForbidden, "the password has to be changed before the account opens anything")
	}
	return problem(http.StatusForbidden, "the account needs a second factor before it opens anything")
}
