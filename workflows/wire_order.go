package workflows

// messages are the names of updates and signals alike, every command and its aliases, in
// the order in which a case takes signals that wait. Histories hold that order: a name
// never moves and never leaves, and a new one comes at the end.
var messages = []string{
	"open-case", "report-in", "sign-agreement", "record-contact", "record-assessment", "record-test",
	"object-to-test", "record-laboratory-result", "resolve-test", "destroy-samples", "start-maintenance", "stop-maintenance",
	"confirm-miss", "dismiss-miss", "justify-miss", "acknowledge-escalation", "change-risk", "assign-worker",
	"record-leaving", "issue-measure", "waive-measure", "confirm-police-report", "send-police-report", "record-receipt",
	"record-help-offer", "record-circumstance", "move-station", "record-supervision", "confirm-lost-contact", "dismiss-lost-contact",
	"raise-crisis", "close-crisis", "suspend", "review-suspension", "resume", "confirm-term",
	"terminate", "report-leave", "decide-leave", "extend-leave", "return-from-leave", "request-transfer",
	"forward-file", "accept-transfer", "refuse-transfer", "return-transfer", "withdraw-transfer", "report-arrival",
	"give-help", "record-positive-event", "join-working-group", "leave-working-group", "waive-family-member", "make-plan",
	"add-goal", "move-goal", "meet-goal", "drop-goal", "change-stage", "review-plan",
	"change-work-intent", "refer", "record-referral-reply", "withdraw-referral", "record-placement", "follow-up-placement",
	"end-placement", "volunteer-opt-in", "decide-volunteer", "volunteer-opt-out", "submit-release-file", "release",
	"end-dynamic-control", "close-after-care", "place-hold", "review-hold", "lift-hold", "seal",
	"migrate-policy", "apply-calendar",
	VisitCompleted,
	"correct-record", "withdraw-record", "void-case", "confirm-amendment", "decline-amendment", "send-correction",
	"decide-refusal",
	"record-hand-over",
	"record-form",
}

// signals are the names of signals, in the order in which a case takes those that wait.
var signals = append([]string{RecheckName}, messages...)
