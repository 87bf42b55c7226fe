// Package workflows holds the durable shells around the pure core: the workflows, the
// names of their messages, and the client that starts and signals them.
package workflows

import (
	"go.temporal.io/sdk/temporal"

	"guitu/rehab"
)

// Names that running cases know. They never change.
const (
	TaskQueue = "guitu"
	CaseName  = "Case"
	// TransferName is the workflow that follows one transfer; its id is the TransferKey.
	TransferName = "Transfer"
	QueryState   = "state"
	QueryWhy     = "why"
	// QueryTransfer asks a transfer how far it has come.
	QueryTransfer = "transfer"
	// MovedName is the signal by which a case tells its transfer that it moved.
	MovedName = "moved"
	BulkName  = "Fleet"
	// CoverageName is the workflow of one round; its schedule has an id of its own.
	CoverageName     = "Coverage"
	coverageSchedule = "coverage"
	// NotifyName is the workflow of one round of deliveries; its schedule has an id of its own.
	NotifyName     = "Notify"
	notifySchedule = "notify"
	// VerifyName is the workflow of a verification that somebody asked for: there is one at a time.
	VerifyName     = "Verify"
	verifyWorkflow = "verify"
	// VisitCompleted is another name of the signal and update record-contact: its
	// channel is home_visit and its outcome met where they are left out.
	VisitCompleted = "visit-completed"
	// RecheckName is a signal that makes a case look at the clock.
	RecheckName = "nudge"
)

// The search attributes of a case, for operators who look into Temporal; screens read
// Postgres. None holds personal data.
var (
	PhaseKey      = temporal.NewSearchAttributeKeyKeyword("CasePhase")
	RiskKey       = temporal.NewSearchAttributeKeyKeyword("CaseRisk")
	PlaceKey      = temporal.NewSearchAttributeKeyKeyword("CasePlace")
	WorkerKey     = temporal.NewSearchAttributeKeyKeyword("CaseWorker")
	EscalationKey = temporal.NewSearchAttributeKeyKeyword("CaseEscalation") // the highest role told, or "none"
)

// SearchAttributes are the names of the keys, all of type Keyword.
func SearchAttributes() []string {
	return []string{PhaseKey.GetName(), RiskKey.GetName(), PlaceKey.GetName(), WorkerKey.GetName(), EscalationKey.GetName()}
}

// published is what the search attributes say. It changes with the phase, risk, place,
// worker and escalation of a case, never with a date.
type published struct {
	phase, risk, place, worker, escalation string
}

func publishedOf(s rehab.Summary) published {
	p := published{string(s.Phase), string(s.Risk), s.Place, s.Worker, string(s.TopRung)}
	if p.escalation == "" {
		p.escalation = "none"
	}
	if p.worker == "" {
		p.worker = "none"
	}
	return p
}

// updates are the attributes that differ from what was said before.
func (p published) updates(before published) []temporal.SearchAttributeUpdate {
	var out []temporal.SearchAttributeUpdate
	set := func(key temporal.SearchAttributeKeyKeyword, now, was string) {
		if now != was {
			out = append(out, key.ValueSet(now))
		}
	}
	set(PhaseKey, p.phase, before.phase)
	set(RiskKey, p.risk, before.risk)
	set(PlaceKey, p.place, before.place)
	set(WorkerKey, p.worker, before.worker)
	set(EscalationKey, p.escalation, before.escalation)
	return out
}

func publishedIn(attrs temporal.SearchAttributes) published {
	get := func(key temporal.SearchAttributeKeyKeyword) string {
		v, _ := attrs.GetKeyword(key)
		return v
	}
	return published{get(PhaseKey), get(RiskKey), get(PlaceKey), get(WorkerKey), get(EscalationKey)}
}
