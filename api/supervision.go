package api

import (
	"context"

	"guitu/casework"
	"guitu/registers"
	"guitu/rehab"
)

type newSupervisionInput struct {
	KeyInput
	Body casework.NewSupervision
}

type planInput struct {
	ChangeInput
	Body registers.Plan
}

type holdInput struct {
	ChangeInput
	Body casework.Holding
}

type closeInput struct {
	ChangeInput
	Body struct {
		Outcome registers.Outcome `json:"outcome" enum:"plan_agreed,continued,handed_over,no_change"`
		Note    string            `json:"note,omitempty" maxLength:"2000" doc:"What was agreed; only with a case, under whose key it is kept."`
	}
}

type supervisionsInput struct {
	PageInput
	Status registers.Status `query:"status" enum:"requested,planned,held,closed,cancelled"`
	CaseID string           `query:"case_id" maxLength:"64" pattern:"^[A-Za-z0-9._:-]*$" patternDescription:"an id"`
}

func (in supervisionsInput) filter() (registers.Filter, error) {
	f, err := in.PageInput.filter()
	f.Status, f.CaseID = in.Status, in.CaseID
	return f, err
}

type supervisionOutput = recordOutput[registers.Supervision]

func (s *server) supervisionRoutes() {
	route := recordRoutes[registers.SupervisionKind]
	operation(s, create[registers.Supervision](s, "request-supervision", route.path, "Ask for supervision, of a stalled case for instance"), s.requestSupervision)
	reads[registers.Supervision, supervisionsInput](s)

	operation(s, change[registers.Supervision](s, route, "plan", "Say who will supervise, when and how; again to move it"), func(ctx context.Context, a rehab.Actor, in *planInput) (*supervisionOutput, error) {
		return changed[registers.Supervision](s.work.PlanSupervision(ctx, a, in.command(), in.Body))
	})
	operation(s, change[registers.Supervision](s, route, "hold", "Say that the supervision took place; a stalled case hears of it"), func(ctx context.Context, a rehab.Actor, in *holdInput) (*supervisionOutput, error) {
		return changed[registers.Supervision](s.work.HoldSupervision(ctx, a, in.command(), in.Body))
	})
	operation(s, change[registers.Supervision](s, route, "close", "Close the supervision with what came of it"), func(ctx context.Context, a rehab.Actor, in *closeInput) (*supervisionOutput, error) {
		return changed[registers.Supervision](s.work.CloseSupervision(ctx, a, in.command(), casework.Closing(in.Body)))
	})
	operation(s, change[registers.Supervision](s, route, "cancel", "Cancel a supervision that was not held, with the reason"), func(ctx context.Context, a rehab.Actor, in *reasonInput) (*supervisionOutput, error) {
		return changed[registers.Supervision](s.work.CancelSupervision(ctx, a, in.command(), in.Body.Reason))
	})
	corrections[registers.Supervision](s)
}

func (s *server) requestSupervision(ctx context.Context, a rehab.Actor, in *newSupervisionInput) (*supervisionOutput, error) {
	return created[registers.Supervision](s.work.RequestSupervision(ctx, a, in.IdempotencyKey, in.Body))
}
