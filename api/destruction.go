package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"guitu/archive"
	"guitu/rehab"
)

// DestructionProposal begins a destruction.
type DestructionProposal struct {
	Appraisal string `json:"appraisal" minLength:"1" maxLength:"200" doc:"What the appraisal says (鉴定意见)."`
}

// DestructionApproval is the word of the second person.
type DestructionApproval struct {
	Approval string `json:"approval" minLength:"1" maxLength:"200" doc:"The number of the approval."`
}

// DestructionView is a list of destruction (销毁清册), and once it is confirmed its certificate.
type DestructionView struct {
	archive.Destruction
	KeyBackupsUntil time.Time `json:"key_backups_until,omitzero" doc:"The day by which older backups of keys are deleted."`
}

// DestructionList is a list of lists, without their cases, the latest first.
type DestructionList struct {
	Destructions []DestructionView `json:"destructions" nullable:"false"`
}

func (s *server) destructionRoutes(op func(id, method, path, summary, description string) huma.Operation) {
	path := "/v1/destructions/{id}"
	propose := op("propose-destruction", http.MethodPost, "/v1/destructions", "List the sealed cases whose retention is over, with the appraisal",
		"For the city office. Nothing is destroyed before another person confirms it.")
	propose.DefaultStatus = http.StatusCreated
	operation(s, propose, s.proposeDestruction)
	operation(s, op("list-destructions", http.MethodGet, "/v1/destructions", "List the lists of destruction", ""), s.listDestructions)
	operation(s, op("get-destruction", http.MethodGet, path, "Show a list of destruction, and its certificate once it is confirmed", ""), s.getDestruction)
	operation(s, op("confirm-destruction", http.MethodPost, path+"/confirm", "Destroy what is on the list, as another person, with the approval",
		"There is no way back: keys, identities and texts go, events and figures stay."), s.confirmDestruction)
	operation(s, op("drop-destruction", http.MethodPost, path+"/drop", "Take back a list that nobody has confirmed", ""), s.dropDestruction)
}

type proposalInput struct{ Body DestructionProposal }

type destructionOutput struct{ Body DestructionView }

func (s *server) viewDestruction(d archive.Destruction) DestructionView {
	v := DestructionView{Destruction: d}
	if v.Cases == nil {
		v.Cases = []archive.DestroyedCase{}
	}
	if !d.ConfirmedAt.IsZero() {
		v.KeyBackupsUntil = d.ConfirmedAt.AddDate(0, 0, s.Retention.KeyBackupDays)
	}
	return v
}

// Retention is how long sealed cases are kept, and backups of keys.
type Retention struct{ Years, KeyBackupDays int }

func (s *server) proposeDestruction(ctx context.Context, a rehab.Actor, in *proposalInput) (*destructionOutput, error) {
	if err := ofArchive(a, destroyers); err != nil {
		return nil, err
	}
	if err := s.noteAct(ctx, a, "destruction-proposed", "", cut(in.Body.Appraisal, maxReason)); err != nil {
		return nil, err
	}
	d, err := s.Archive.ProposeDestruction(ctx, s.Now().AddDate(-s.Retention.Years, 0, 0), in.Body.Appraisal, a.ID)
	return &destructionOutput{s.viewDestruction(d)}, err
}

type destructionsOutput struct{ Body DestructionList }

func (s *server) listDestructions(ctx context.Context, a rehab.Actor, _ *struct{}) (*destructionsOutput, error) {
	if err := ofArchive(a, destroyers); err != nil {
		return nil, err
	}
	list, err := s.Archive.Destructions(ctx)
	out := &destructionsOutput{DestructionList{[]DestructionView{}}}
	for _, d := range list {
		out.Body.Destructions = append(out.Body.Destructions, s.viewDestruction(d))
	}
	return out, err
}

// DestructionPath names a list of destruction.
type DestructionPath struct {
	ID string `path:"id" maxLength:"64" pattern:"^d-[a-z0-9]+$" patternDescription:"the id of a list of destruction"`
}

func (s *server) getDestruction(ctx context.Context, a rehab.Actor, in *DestructionPath) (*destructionOutput, error) {
	if err := ofArchive(a, destroyers); err != nil {
		return nil, err
	}
	d, err := s.Archive.Destruction(ctx, in.ID)
	return &destructionOutput{s.viewDestruction(d)}, err
}

type approvalInput struct {
	DestructionPath
	Body DestructionApproval
}

func (s *server) confirmDestruction(ctx context.Context, a rehab.Actor, in *approvalInput) (*destructionOutput, error) {
	if err := ofArchive(a, destroyers); err != nil {
		return nil, err
	}
	if err := s.noteAct(ctx, a, "destruction-confirmed", in.ID, cut(in.Body.Approval, maxReason)); err != nil {
		return nil, err
	}
	d, err := s.Archive.ConfirmDestruction(ctx, in.ID, in.Body.Approval, a.ID)
	return &destructionOutput{s.viewDestruction(d)}, err
}

func (s *server) dropDestruction(ctx context.Context, a rehab.Actor, in *DestructionPath) (*destructionOutput, error) {
	if err := ofArchive(a, destroyers); err != nil {
		return nil, err
	}
	if err := s.noteAct(ctx, a, "destruction-dropped", in.ID, ""); err != nil {
		return nil, err
	}
	if err := s.Archive.DropDestruction(ctx, in.ID); err != nil {
		return nil, err
	}
	d, err := s.Archive.Destruction(ctx, in.ID)
	return &destructionOutput{s.viewDestruction(d)}, err
}
