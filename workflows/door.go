package workflows

import (
	"encoding/json"

	commonpb "go.temporal.io/api/common/v1"
	"go.temporal.io/sdk/converter"

	"guitu/rehab"
)

// The door of a case: what asks something of it, and who may. It stands before updates and
// signals alike. What is lived again, when the record is put right or rebuilt, is not asked
// a second time. Nor is what replays: a decision takes its outcome from the history, one
// record each, so that the door may change between releases.

var (
	errUnsealed = &rehab.Error{Code: rehab.Forbidden, Message: "it was not sealed with the key of this system"}
	errUnread   = &rehab.Error{Code: rehab.Invalid, Field: "command", Message: "this carries no command"}
	errThen     = &rehab.Error{Code: rehab.Refused, Message: "an earlier release refused the command"}
)

// permit refuses a command that its actor may not give.
func permit(a rehab.Actor, body rehab.CommandBody) *rehab.Error {
	if body == nil {
		return errUnread
	}
	if err := checkIDs(a, body); err != nil {
		return err
	}
	if a == rehab.System { // what the engine does by itself, such as to end the silence after a transfer
		return nil
	}
	return rehab.Permit(a, body)
}

// checkIDs refuses names and ID numbers in the place of ids, which stay in the ledger.
func checkIDs(a rehab.Actor, body rehab.CommandBody) *rehab.Error {
	if err := rehab.CheckActorID(rehab.ActorField, a.ID); err != nil {
		return err
	}
	worker := ""
	switch b := body.(type) {
	case rehab.OpenCase:
		worker = b.Worker
	case rehab.AssignWorker:
		worker = b.Worker
	}
	if worker == "" {
		return nil
	}
	return rehab.CheckActorID("worker", worker)
}

// readUpdate reads the command that an update carries.
func readUpdate(raw converter.RawValue) (rehab.Command, error) {
	if !sealed(raw.Payload()) {
		return rehab.Command{}, errUnsealed
	}
	var cmd rehab.Command
	if err := json.Unmarshal(raw.Payload().GetData(), &cmd); err != nil {
		return rehab.Command{}, asInvalid(err)
	}
	if err := cmd.Check(); err != nil {
		return rehab.Command{}, err
	}
	return cmd, nil
}

// readSignal reads the command a signal carries. The signal's name is the type where the
// body leaves it out.
func readSignal(name string, p *commonpb.Payload) (rehab.Command, error) {
	if !sealed(p) {
		return rehab.Command{}, errUnsealed
	}
	var envelope map[string]json.RawMessage
	if err := json.Unmarshal(p.GetData(), &envelope); err != nil {
		return rehab.Command{}, rehab.InvalidField("signal", "%s does not carry a command", name)
	}
	if _, given := envelope["type"]; !given || name == VisitCompleted {
		typ := name
		if name == VisitCompleted {
			typ = rehab.RecordContact{}.CommandType()
			envelope["body"] = visitBody(envelope["body"])
		}
		envelope["type"], _ = json.Marshal(typ)
	}
	whole, err := json.Marshal(envelope)
	if err != nil {
		return rehab.Command{}, err
	}
	var cmd rehab.Command
	if err := json.Unmarshal(whole, &cmd); err != nil {
		return rehab.Command{}, asInvalid(err)
	}
	if err := cmd.Check(); err != nil {
		return rehab.Command{}, err
	}
	// What names a person by more than an id is not repeated in the record of its refusal.
	if err := checkIDs(cmd.Actor, cmd.Body); err != nil {
		return rehab.Command{}, err
	}
	return cmd, nil
}

// visitBody fills in what a completed visit leaves out.
func visitBody(body json.RawMessage) json.RawMessage {
	v := rehab.RecordContact{Channel: rehab.HomeVisit, Outcome: rehab.Met}
	if len(body) > 0 && json.Unmarshal(body, &v) != nil {
		return body
	}
	out, err := json.Marshal(v)
	if err != nil {
		return body
	}
	return out
}

// asInvalid is the *rehab.Error in the chain, or one that says that this is no command.
func asInvalid(err error) *rehab.Error {
	if e := asError(err); e.Code != rehab.Internal {
		return e
	}
	return errUnread
}

// CheckCommand refuses what the door of every case refuses.
func CheckCommand(cmd rehab.Command) error {
	if err := cmd.Check(); err != nil {
		return err
	}
	if err := permit(cmd.Actor, cmd.Body); err != nil {
		return err
	}
	return nil
}
