package devserver

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"go.temporal.io/api/namespace/v1"
	"go.temporal.io/api/operatorservice/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/server/common/dynamicconfig"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/types/known/durationpb"
)

// readyTimeout bounds the wait for a server that has started and should answer.
const readyTimeout = 60 * time.Second

// namespaceSetup brings one namespace into the wanted state.
type namespaceSetup struct {
	options  Options
	workflow workflowservice.WorkflowServiceClient
	operator operatorservice.OperatorServiceClient
}

// prepareNamespace registers the namespace and its search attributes, and waits until every
// service knows them.
func (s *Server) prepareNamespace(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, readyTimeout)
	defer cancel()
	conn, err := grpc.NewClient("passthrough:///"+s.FrontendAddress(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return fmt.Errorf("connect to the Temporal server: %w", err)
	}
	defer conn.Close() //nolint:errcheck // nothing is in flight
	n := namespaceSetup{s.options, workflowservice.NewWorkflowServiceClient(conn), operatorservice.NewOperatorServiceClient(conn)}

	registered, err := n.register(ctx)
	if err != nil {
		return fmt.Errorf("register the Temporal namespace %s: %w", s.options.Namespace, err)
	}
	added, err := n.addSearchAttributes(ctx)
	if err != nil {
		return fmt.Errorf("register the search attributes of the Temporal namespace %s: %w", s.options.Namespace, err)
	}
	if registered || added {
		if err := n.awaitVisible(ctx); err != nil {
			return fmt.Errorf("wait for the Temporal namespace %s: %w", s.options.Namespace, err)
		}
	}
	s.settings.OverrideSetting(dynamicconfig.NamespaceCacheRefreshInterval, idleInterval)
	return nil
}

// register tells whether the namespace is new. It registers before it looks: a look at a
// missing namespace is remembered for a second. The call also waits for the server.
func (n namespaceSetup) register(ctx context.Context) (bool, error) {
	retention := durationpb.New(n.options.Retention)
	_, err := retry(ctx, func(ctx context.Context) (*workflowservice.RegisterNamespaceResponse, error) {
		return n.workflow.RegisterNamespace(ctx, &workflowservice.RegisterNamespaceRequest{
			Namespace: n.options.Namespace, WorkflowExecutionRetentionPeriod: retention,
		})
	})
	var exists *serviceerror.NamespaceAlreadyExists
	if !errors.As(err, &exists) {
		return true, err
	}
	described, err := retry(ctx, n.describe)
	if err != nil || described.GetConfig().GetWorkflowExecutionRetentionTtl().AsDuration() == n.options.Retention {
		return false, err
	}
	_, err = retry(ctx, func(ctx context.Context) (*workflowservice.UpdateNamespaceResponse, error) {
		return n.workflow.UpdateNamespace(ctx, &workflowservice.UpdateNamespaceRequest{
			Namespace: n.options.Namespace, Config: &namespace.NamespaceConfig{WorkflowExecutionRetentionTtl: retention},
		})
	})
	return false, err
}

func (n namespaceSetup) describe(ctx context.Context) (*workflowservice.DescribeNamespaceResponse, error) {
	return n.workflow.DescribeNamespace(ctx, &workflowservice.DescribeNamespaceRequest{Namespace: n.options.Namespace})
}

// addSearchAttributes tells whether any is new.
func (n namespaceSetup) addSearchAttributes(ctx context.Context) (added bool, err error) {
	if len(n.options.SearchAttributes) == 0 {
		return false, nil
	}
	known, err := n.known(ctx)
	if err != nil || known == len(n.options.SearchAttributes) {
		return false, err
	}
	_, err = retry(ctx, func(ctx context.Context) (*operatorservice.AddSearchAttributesResponse, error) {
		return n.operator.AddSearchAttributes(ctx, &operatorservice.AddSearchAttributesRequest{
			Namespace: n.options.Namespace, SearchAttributes: n.options.SearchAttributes,
		})
	})
	return err == nil, err
}

// known counts the attributes that the namespace has already. An attribute of another
// type under the same name is an error: the column cannot be changed.
func (n namespaceSetup) known(ctx context.Context) (count int, err error) {
	described, err := retry(ctx, n.describe)
	if err != nil {
		return 0, err
	}
	for column, name := range described.GetConfig().GetCustomSearchAttributeAliases() {
		wanted, ok := n.options.SearchAttributes[name]
		if !ok {
			continue
		}
		if have := strings.TrimRight(column, "0123456789"); have != wanted.String() {
			return 0, fmt.Errorf("%s exists as %s and cannot become %s: give the attribute a new name", name, have, wanted)
		}
		count++
	}
	return count, nil
}

// awaitVisible asks the frontend with each attribute until it knows them, and then gives
// the other services, which look as often, the time for two looks.
func (n namespaceSetup) awaitVisible(ctx context.Context) error {
	query := "WorkflowId = 'none'"
	for name := range n.options.SearchAttributes {
		query += " AND " + name + " IS NULL"
	}
	_, err := retry(ctx, func(ctx context.Context) (*workflowservice.CountWorkflowExecutionsResponse, error) {
		return n.workflow.CountWorkflowExecutions(ctx, &workflowservice.CountWorkflowExecutionsRequest{Namespace: n.options.Namespace, Query: query})
	}, isUnknownAttribute)
	if err != nil {
		return err
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(2*startInterval + 50*time.Millisecond):
		return nil
	}
}

func isUnknownAttribute(err error) bool {
	var invalid *serviceerror.InvalidArgument
	return errors.As(err, &invalid)
}

// retry calls until the server answers: a service that is still starting says that it is
// unavailable, and a cache may not know a new namespace yet.
func retry[T any](ctx context.Context, call func(context.Context) (T, error), also ...func(error) bool) (T, error) {
	for {
		answer, err := call(ctx)
		if err == nil {
			return answer, nil
		}
		err = serviceerror.FromStatus(serviceerror.ToStatus(err))
		again := isTransient(err) || slices.ContainsFunc(also, func(f func(error) bool) bool { return f(err) })
		if !again {
			return answer, err
		}
		select {
		case <-ctx.Done():
			return answer, errors.Join(err, ctx.Err())
		case <-time.After(25 * time.Millisecond):
		}
	}
}

func isTransient(err error) bool {
	var unavailable *serviceerror.Unavailable
	var exhausted *serviceerror.ResourceExhausted
	var late *serviceerror.DeadlineExceeded
	var missing *serviceerror.NamespaceNotFound
	return errors.As(err, &unavailable) || errors.As(err, &exhausted) || errors.As(err, &late) || errors.As(err, &missing)
}
