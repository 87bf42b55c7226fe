package workflows

import (
	"context"
	"fmt"

	"go.temporal.io/api/enums/v1"
	"go.temporal.io/api/taskqueue/v1"
	"go.temporal.io/api/workflowservice/v1"

	"guitu/board"
	"guitu/rehab"
)

// QueueLags are what waits in the two queues of the engine, as Temporal counts it: roughly.
func (c *Client) QueueLags(ctx context.Context) ([]board.QueueLag, error) {
	var out []board.QueueLag
	for _, q := range []struct {
		name string
		kind enums.TaskQueueType
	}{{"workflow", enums.TASK_QUEUE_TYPE_WORKFLOW}, {"activity", enums.TASK_QUEUE_TYPE_ACTIVITY}} {
		d, err := c.Temporal.WorkflowService().DescribeTaskQueue(ctx, &workflowservice.DescribeTaskQueueRequest{
			Namespace: c.Namespace, TaskQueue: &taskqueue.TaskQueue{Name: TaskQueue, Kind: enums.TASK_QUEUE_KIND_NORMAL}, TaskQueueType: q.kind, ReportStats: true,
		})
		if err != nil {
			return nil, &rehab.Error{Code: rehab.Unavailable, Message: fmt.Sprintf("the engine did not say what waits: %v", err)}
		}
		out = append(out, board.QueueLag{
			Tasks: q.name, Waiting: d.GetStats().GetApproximateBacklogCount(), OldestSeconds: d.GetStats().GetApproximateBacklogAge().AsDuration().Seconds(), Pollers: len(d.GetPollers()),
		})
	}
	return out, nil
}
