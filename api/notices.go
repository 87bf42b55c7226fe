package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"guitu/board"
	"guitu/casework"
	"guitu/rehab"
)

// NoticeView is what a notice was about, and how that stands now.
type NoticeView struct {
	board.NoticeRow
	Due     rehab.Date   `json:"due,omitzero" doc:"The last day of the duty that it is about."`
	Status  rehab.Status `json:"status,omitempty" doc:"Of the duty, as it stands now."`
	Settled bool         `json:"settled" doc:"Nothing of it waits any more: the duty and the escalation have ended."`
	Opens   bool         `json:"opens" doc:"Whether the case opens to whoever asks."`
}

func (s *server) noticeRoutes() {
	operation(s, huma.Operation{
		OperationID: "get-notice", Method: http.MethodGet, Path: "/v1/notices/{position}", Tags: []string{"inbox"},
		Summary:     "Show what a notice was about, by the number that a mail or a message names",
		Description: "For whom it was to, and for who sees the case. It names no client.",
	}, s.notice)
}

type noticeInput struct {
	Position int64 `path:"position" minimum:"1" doc:"The number in the mail."`
}

type noticeOutput struct{ Body NoticeView }

func (s *server) notice(ctx context.Context, a rehab.Actor, in *noticeInput) (*noticeOutput, error) {
	if err := casework.PermitReading(a); err != nil && a.Role != rehab.Auditor {
		return nil, err
	}
	n, err := s.Board.Notice(ctx, in.Position)
	if err != nil {
		return nil, err
	}
	out := NoticeView{NoticeRow: n}
	if out.Opens, err = s.mayRead(ctx, a, n); err != nil {
		return nil, err
	}
	if out.Opens {
		err = s.noticeStands(ctx, &out)
	}
	return &noticeOutput{out}, err
}

// mayRead reports whether the case of the notice opens to the actor. Who neither sees the case nor
// was told is answered as if there were no such notice.
func (s *server) mayRead(ctx context.Context, a rehab.Actor, n board.NoticeRow) (bool, error) {
	if a.Role != rehab.Auditor {
		_, err := s.work.CaseInScope(ctx, a, n.CaseID)
		if err == nil || rehab.CodeOf(err) != rehab.NotFound {
			return err == nil, err
		}
	}
	told := n.Role == a.Role && n.Place == a.Place // a transfer tells the station that is asked to take the case
	if n.Role == rehab.WorkerRole {
		told = n.Role == a.Role && n.Worker == a.ID
	}
	if told {
		return false, nil
	}
	return false, &rehab.Error{Code: rehab.NotFound, Message: "there is no such notice"}
}

// noticeStands adds how the duty and the escalation stand that the notice is about.
func (s *server) noticeStands(ctx context.Context, v *NoticeView) error {
	duties, err := s.Board.Obligations(ctx, v.CaseID)
	if err != nil {
		return err
	}
	climbs, err := s.Board.CaseEscalations(ctx, v.CaseID)
	if err != nil {
		return err
	}
	v.Settled = true
	for _, o := range duties {
		if o.ID == v.Obligation {
			v.Due, v.Status = o.Due, o.Status
			v.Settled = o.Status != rehab.Open && o.Status != rehab.Missed
		}
	}
	for _, e := range climbs {
		if e.ID == v.Escalation && e.ClosedAt.IsZero() {
			v.Settled = false
		}
	}
	return nil
}
