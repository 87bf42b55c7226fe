package api

import (
	"context"
	"crypto/rand"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"guitu/account"
	"guitu/board"
	"guitu/casework"
	"guitu/rehab"
)

// Glasses keeps the looks of offices at identities past their rights (临时查看).
type Glasses interface {
	// BreakGlass keeps one and tells those who work with the client.
	BreakGlass(ctx context.Context, g account.Glass) error
	GlassOpen(ctx context.Context, actor, caseID string, now time.Time) (bool, error)
	Glasses(ctx context.Context, place, actor string, waiting bool, before time.Time, n int) ([]account.Glass, error)
	Glass(ctx context.Context, place, id string) (account.Glass, error)
	ReviewGlass(ctx context.Context, g account.Glass) error
}

// GlassRequest asks to see who the client of a case is.
type GlassRequest struct {
	CaseID string `json:"case_id" maxLength:"128"`
	Reason string `json:"reason" minLength:"4" maxLength:"200" doc:"What it is needed for. The auditor reads it."`
	Hours  int    `json:"hours,omitempty" minimum:"1" maximum:"3" default:"1"`
}

// GlassRow is one look at an identity.
type GlassRow struct {
	ID         string          `json:"id"`
	CaseID     string          `json:"case_id"`
	Actor      rehab.Actor     `json:"actor"`
	Reason     string          `json:"reason"`
	At         time.Time       `json:"at"`
	Until      time.Time       `json:"until"`
	ReviewDue  time.Time       `json:"review_due"`
	Overdue    bool            `json:"overdue" doc:"The review is."`
	ReviewedAt time.Time       `json:"reviewed_at,omitzero"`
	Reviewer   string          `json:"reviewer,omitempty"`
	Finding    account.Finding `json:"finding,omitempty" enum:"justified,questioned"`
	Note       string          `json:"note,omitempty"`
}

// GlassList is a page of looks, the latest first.
type GlassList struct {
	Looks []GlassRow `json:"looks" nullable:"false"`
	Next  time.Time  `json:"next,omitzero" doc:"The value of before for the next page."`
}

// GlassReview is what the auditor found.
type GlassReview struct {
	Finding account.Finding `json:"finding" enum:"justified,questioned"`
	Note    string          `json:"note,omitempty" maxLength:"500"`
}

func (s *server) glassRoutes() {
	tag := []string{"audit"}
	operation(s, huma.Operation{OperationID: "break-glass", Method: http.MethodPost, Path: "/v1/break-glass", Tags: tag, DefaultStatus: http.StatusCreated,
		Summary:     "See who the client of a case is, for at most 3 hours",
		Description: "For district and city offices, which see cases masked. The worker and the head of the station hear of it at once, and the auditor reviews it within a week.",
	}, s.breakGlass)
	operation(s, huma.Operation{OperationID: "list-break-glass", Method: http.MethodGet, Path: "/v1/break-glass", Tags: tag,
		Summary: "List looks at identities: for the auditor those of the area, for an office its own"}, s.listGlasses)
	operation(s, huma.Operation{OperationID: "review-break-glass", Method: http.MethodPost, Path: "/v1/break-glass/{id}/review", Tags: tag,
		Summary: "Review a look at an identity", Description: "For the auditor, within a week; after it the city hears that it is overdue."}, s.reviewGlass)
}

type glassInput struct{ Body GlassRequest }

type glassOutput struct{ Body GlassRow }

func (s *server) glassRow(g account.Glass) GlassRow {
	return GlassRow{
		ID: g.ID, CaseID: g.CaseID, Actor: g.Actor, Reason: g.Reason, At: g.At, Until: g.Until, ReviewDue: g.Due, Overdue: g.ReviewedAt.IsZero() && s.Now().After(g.Due),
		ReviewedAt: g.ReviewedAt, Reviewer: g.Reviewer, Finding: g.Finding, Note: g.Note,
	}
}

func (s *server) breakGlass(ctx context.Context, a rehab.Actor, in *glassInput) (*glassOutput, error) {
	if !account.MayBreak(a.Role) {
		return nil, &rehab.Error{Code: rehab.Forbidden, Message: "to look at an identity is for district and city offices, which see it masked"}
	}
	if _, err := s.work.CaseInScope(ctx, a, in.Body.CaseID); err != nil {
		return nil, err
	}
	reason := strings.TrimSpace(in.Body.Reason)
	if len([]rune(reason)) < 4 {
		return nil, rehab.InvalidField("reason", "says what it is needed for")
	}
	now := s.Now().UTC()
	g := account.Glass{
		ID: strings.ToLower(rand.Text()[:16]), CaseID: in.Body.CaseID, Actor: a, Reason: reason, At: now,
		Until: now.Add(min(account.MaxGlass, time.Duration(in.Body.Hours)*time.Hour)), Due: now.Add(account.ReviewedIn),
	}
	if err := s.noteAct(ctx, a, "break-glass", g.CaseID, reason); err != nil {
		return nil, err
	}
	return &glassOutput{s.glassRow(g)}, s.Glasses.BreakGlass(ctx, g)
}

// noteAct writes an act into the read log.
func (s *server) noteAct(ctx context.Context, a rehab.Actor, operation, subject, reason string) error {
	return s.Audit.Note(board.Read{At: s.Wall(), Actor: a, Operation: operation, Subject: subject, Reason: reason, Address: askedFrom(ctx), RequestID: requestID(ctx)})
}

// seesInFull reports whether the actor reads the identity: by working with the client, or by
// a look that it asked for.
func (s *server) seesInFull(ctx context.Context, a rehab.Actor, c rehab.Summary) (bool, error) {
	if casework.Unmasked(a, c) {
		return true, nil
	}
	if !account.MayBreak(a.Role) {
		return false, nil
	}
	return s.Glasses.GlassOpen(ctx, a.ID, c.CaseID, s.Now())
}

type glassesInput struct {
	Waiting bool      `query:"waiting" doc:"Those without a review alone."`
	Before  time.Time `query:"before"`
	Limit   int       `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

type glassesOutput struct{ Body GlassList }

func (s *server) listGlasses(ctx context.Context, a rehab.Actor, in *glassesInput) (*glassesOutput, error) {
	own := a.ID
	switch {
	case a.Role == rehab.Auditor:
		own = ""
	case !account.MayBreak(a.Role):
		return nil, &rehab.Error{Code: rehab.Forbidden, Message: "looks at identities are for the auditor, and for who asked for them"}
	}
	before := in.Before
	if before.IsZero() {
		before = s.Now().Add(time.Second)
	}
	list, err := s.Glasses.Glasses(ctx, a.Place, own, in.Waiting, before, in.Limit+1)
	if err != nil {
		return nil, err
	}
	out := &glassesOutput{GlassList{Looks: []GlassRow{}}}
	list, out.Body.Next = upTo(list, in.Limit, func(g account.Glass) time.Time { return g.At })
	for _, g := range list {
		out.Body.Looks = append(out.Body.Looks, s.glassRow(g))
	}
	return out, nil
}

type glassReviewInput struct {
	ID   string `path:"id" maxLength:"64" pattern:"^[a-z0-9]+$" patternDescription:"the id of a look"`
	Body GlassReview
}

func (s *server) reviewGlass(ctx context.Context, a rehab.Actor, in *glassReviewInput) (*glassOutput, error) {
	if a.Role != rehab.Auditor {
		return nil, &rehab.Error{Code: rehab.Forbidden, Message: "looks at identities are reviewed by the auditor"}
	}
	g, err := s.Glasses.Glass(ctx, a.Place, in.ID)
	if err != nil {
		return nil, err
	}
	g.ReviewedAt, g.Reviewer, g.Finding, g.Note = s.Now().UTC(), a.ID, in.Body.Finding, in.Body.Note
	if err := s.noteAct(ctx, a, "break-glass-reviewed", g.CaseID, string(g.Finding)); err != nil {
		return nil, err
	}
	return &glassOutput{s.glassRow(g)}, s.Glasses.ReviewGlass(ctx, g)
}
