package e2e_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"time"

	"go.temporal.io/api/enums/v1"
	"go.temporal.io/api/operatorservice/v1"
	"go.temporal.io/api/workflowservice/v1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/types/known/durationpb"
)

// temporalCLI stands in for the program "temporal" of the image admin-tools, whose module
// cannot be built from a module proxy. It knows the commands that deploy/temporal calls.
func temporalCLI(args []string) (code int) {
	if err := operate(context.Background(), args); err != nil {
		fmt.Fprintln(os.Stderr, "temporal:", err)
		return 1
	}
	return 0
}

func operate(ctx context.Context, args []string) error {
	verbs := 3
	if len(args) > 0 && args[0] == "workflow" {
		verbs = 2
	}
	if len(args) < verbs {
		return fmt.Errorf("%v is not known here", args)
	}
	f := flag.NewFlagSet("temporal", flag.ContinueOnError)
	namespace := f.String("namespace", "", "")
	retention := f.Duration("retention", 0, "")
	name := f.String("name", "", "")
	kind := f.String("type", "", "")
	query := f.String("query", "", "")
	if err := f.Parse(args[verbs:]); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	conn, err := grpc.NewClient(os.Getenv("TEMPORAL_ADDRESS"), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	server, operator := workflowservice.NewWorkflowServiceClient(conn), operatorservice.NewOperatorServiceClient(conn)
	switch strings.Join(args[:verbs], " ") {
	case "operator cluster health":
		_, err = server.GetSystemInfo(ctx, &workflowservice.GetSystemInfoRequest{})
	case "operator namespace describe":
		_, err = server.DescribeNamespace(ctx, &workflowservice.DescribeNamespaceRequest{Namespace: *namespace})
	case "operator namespace create":
		_, err = server.RegisterNamespace(ctx, &workflowservice.RegisterNamespaceRequest{Namespace: *namespace, WorkflowExecutionRetentionPeriod: durationpb.New(*retention)})
	case "operator search-attribute list":
		var list *operatorservice.ListSearchAttributesResponse
		if list, err = operator.ListSearchAttributes(ctx, &operatorservice.ListSearchAttributesRequest{Namespace: *namespace}); err == nil {
			for name, kind := range list.GetCustomAttributes() {
				fmt.Println(name, kind)
			}
		}
	case "operator search-attribute create":
		if *kind != "Keyword" {
			return errors.New("a case has attributes of the type Keyword alone")
		}
		_, err = operator.AddSearchAttributes(ctx, &operatorservice.AddSearchAttributesRequest{
			Namespace: *namespace, SearchAttributes: map[string]enums.IndexedValueType{*name: enums.INDEXED_VALUE_TYPE_KEYWORD},
		})
	case "workflow count":
		_, err = server.CountWorkflowExecutions(ctx, &workflowservice.CountWorkflowExecutionsRequest{Namespace: *namespace, Query: *query})
	default:
		return fmt.Errorf("%v is not known here", args)
	}
	return err
}
