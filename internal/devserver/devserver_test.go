package devserver

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"path"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
	"go.temporal.io/api/enums/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	sdklog "go.temporal.io/sdk/log"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"guitu/internal/pgtest"
)

func TestAWorkflowOutlivesTheServer(t *testing.T) {
	t.Parallel()
	phase := temporal.NewSearchAttributeKeyKeyword("CasePhase")
	options := newOptions(t)
	options.UIPort, options.TrimVisibility = FreePort, true
	options.SearchAttributes = map[string]enums.IndexedValueType{"CasePhase": enums.INDEXED_VALUE_TYPE_KEYWORD, "CaseDue": enums.INDEXED_VALUE_TYPE_DATETIME}

	first := startServer(t, options)
	require.Equal(t, http.StatusOK, get(t, "http://"+first.UIAddress()+"/"))
	require.Equal(t, http.StatusOK, get(t, "http://"+first.UIAddress()+"/api/v1/namespaces/default"))
	c, stopWorker := connect(t, first)
	run, err := c.ExecuteWorkflow(t.Context(), client.StartWorkflowOptions{
		ID: "case-1", TaskQueue: "test", TypedSearchAttributes: temporal.NewSearchAttributes(phase.ValueSet("open")),
	}, "wait")
	require.NoError(t, err)
	listed(t, c, "CasePhase = 'open' AND ExecutionStatus = 'Running'")
	indexes := visibilityIndexes(t, options)
	require.ElementsMatch(t, keptIndexes(), indexes)
	stopWorker()
	require.NoError(t, first.Stop(t.Context()))
	require.NoError(t, first.Stop(t.Context()), "stopping twice does nothing")
	require.NoError(t, first.Err())

	options.TrimVisibility, options.Retention = false, 100*time.Hour
	second := startServer(t, options)
	require.Greater(t, len(visibilityIndexes(t, options)), 60, "the indexes are back")
	c, stopWorker = connect(t, second)
	defer stopWorker()
	listed(t, c, "CasePhase = 'open'")
	require.NoError(t, c.SignalWorkflow(t.Context(), "case-1", run.GetRunID(), "go", "closed"))
	var answer string
	require.NoError(t, c.GetWorkflow(t.Context(), "case-1", run.GetRunID()).Get(t.Context(), &answer))
	require.Equal(t, "closed", answer)
	listed(t, c, "CasePhase = 'closed' AND ExecutionStatus = 'Completed'")
	described, err := c.WorkflowService().DescribeNamespace(t.Context(), &workflowservice.DescribeNamespaceRequest{Namespace: "default"})
	require.NoError(t, err)
	require.Equal(t, 100*time.Hour, described.GetConfig().GetWorkflowExecutionRetentionTtl().AsDuration())
}

func TestServersRunSideBySide(t *testing.T) {
	t.Parallel()
	one, other := newOptions(t), newOptions(t)
	one.Namespace = "one"
	s1, s2 := startServer(t, one), startServer(t, other)
	require.NotEqual(t, s1.FrontendAddress(), s2.FrontendAddress())
	require.Empty(t, s1.UIAddress())

	c, err := client.Dial(client.Options{HostPort: s2.FrontendAddress(), Logger: quiet()})
	require.NoError(t, err)
	defer c.Close()
	_, err = c.WorkflowService().DescribeNamespace(t.Context(), &workflowservice.DescribeNamespaceRequest{Namespace: "one"})
	require.ErrorContains(t, err, "not found")

	other.SearchAttributes = map[string]enums.IndexedValueType{"Code": enums.INDEXED_VALUE_TYPE_INT}
	require.NoError(t, s2.Stop(t.Context()))
	require.NoError(t, startServer(t, other).Stop(t.Context()))
	other.SearchAttributes["Code"] = enums.INDEXED_VALUE_TYPE_KEYWORD
	_, err = Start(t.Context(), other)
	require.ErrorContains(t, err, "Code exists as Int and cannot become Keyword: give the attribute a new name")
}

func TestABusyPortIsNamedWithItsFlag(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", address(0))
	require.NoError(t, err)
	defer taken.Close()
	port := taken.Addr().(*net.TCPAddr).Port

	_, err = choosePorts(Options{FrontendPort: port})
	require.ErrorContains(t, err, fmt.Sprintf("port %d on 127.0.0.1 is not free", port))
	require.ErrorContains(t, err, "--temporal-port")
	_, err = choosePorts(Options{UIPort: port})
	require.ErrorContains(t, err, "--ui-port")
}

func TestWrongOptionsSayWhatToDo(t *testing.T) {
	t.Parallel()
	_, err := Start(t.Context(), Options{Postgres: "host=127.0.0.1 password=secret"})
	require.ErrorContains(t, err, "must look like postgres://")
	require.NotContains(t, err.Error(), "secret")

	_, err = Start(t.Context(), Options{Retention: time.Minute})
	require.ErrorContains(t, err, "make it an hour or more")
}

func TestAHalfMadeDatabaseIsMadeAgainAndAForeignOneLeftAlone(t *testing.T) {
	t.Parallel()
	options := newOptions(t)
	d, err := parseDatabase(options.Postgres, options.Database)
	require.NoError(t, err)
	execute(t, d, "", "CREATE DATABASE "+d.name)
	execute(t, d, d.name, "CREATE TABLE namespaces (half text)")
	log := newLogger(slog.New(slog.DiscardHandler), false)

	require.ErrorContains(t, d.prepare(t.Context(), log), "holds tables that are not Temporal's")

	execute(t, d, "", "COMMENT ON DATABASE "+d.name+" IS '"+underway+"'")
	require.NoError(t, d.prepare(t.Context(), log))
	execute(t, d, d.name, "CREATE TABLE mark ()")
	require.NoError(t, d.prepare(t.Context(), log))
	execute(t, d, d.name, "DROP TABLE mark") // a complete one was kept
}

func TestTrimmedIndexesComeBack(t *testing.T) {
	t.Parallel()
	options := newOptions(t)
	d, err := parseDatabase(options.Postgres, options.Database)
	require.NoError(t, err)
	require.NoError(t, d.prepare(t.Context(), newLogger(slog.New(slog.DiscardHandler), false)))
	all := visibilityIndexes(t, options)

	for range 2 {
		require.NoError(t, d.trimVisibility(t.Context()))
		require.ElementsMatch(t, keptIndexes(), visibilityIndexes(t, options))
	}
	require.NoError(t, d.restoreVisibility(t.Context()))
	require.ElementsMatch(t, all, visibilityIndexes(t, options))
}

func TestGivingUpEndsTheGoroutineAndIsReported(t *testing.T) {
	t.Parallel()
	log := newLogger(slog.New(slog.DiscardHandler), false)
	require.NoError(t, log.reason())
	went := make(chan bool, 1)
	go func() {
		defer close(went)
		log.With().Fatal("no way on")
		went <- true
	}()
	require.False(t, <-went, "Fatal returned")
	<-log.gaveUp
	require.ErrorContains(t, log.reason(), "the Temporal server gave up: no way on")
}

// newOptions is a server on the test PostgreSQL, with databases of its own.
func newOptions(t *testing.T) Options {
	t.Helper()
	dsn := pgtest.New(t, "empty", nil)
	name, _, _ := strings.Cut(path.Base(dsn), "?")
	o := Options{Postgres: dsn, Database: "temporal" + name[strings.LastIndex(name, "_"):]}
	t.Cleanup(func() {
		d, err := parseDatabase(o.Postgres, o.Database)
		require.NoError(t, err)
		execute(t, d, "", "DROP DATABASE IF EXISTS "+d.name+" WITH (FORCE)")
		execute(t, d, "", "DROP DATABASE IF EXISTS "+d.visibilityName()+" WITH (FORCE)")
	})
	return o
}

func startServer(t *testing.T, o Options) *Server {
	t.Helper()
	s, err := Start(t.Context(), o)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Stop(context.WithoutCancel(t.Context()))) })
	return s
}

// connect returns a client, and a function that ends it and its worker.
func connect(t *testing.T, s *Server) (client.Client, func()) {
	t.Helper()
	c, err := client.Dial(client.Options{HostPort: s.FrontendAddress(), Namespace: s.Namespace(), Logger: quiet()})
	require.NoError(t, err)
	w := worker.New(c, "test", worker.Options{})
	w.RegisterWorkflowWithOptions(wait, workflow.RegisterOptions{Name: "wait"})
	require.NoError(t, w.Start())
	return c, func() { w.Stop(); c.Close() }
}

func wait(ctx workflow.Context) (string, error) {
	var phase string
	workflow.GetSignalChannel(ctx, "go").Receive(ctx, &phase)
	return phase, workflow.UpsertTypedSearchAttributes(ctx, temporal.NewSearchAttributeKeyKeyword("CasePhase").ValueSet(phase))
}

func quiet() sdklog.Logger { return sdklog.NewStructuredLogger(slog.New(slog.DiscardHandler)) }

func listed(t *testing.T, c client.Client, query string) {
	t.Helper()
	require.Eventually(t, func() bool {
		found, err := c.ListWorkflow(t.Context(), &workflowservice.ListWorkflowExecutionsRequest{Query: query})
		return err == nil && len(found.GetExecutions()) == 1
	}, 20*time.Second, 50*time.Millisecond, query)
}

func get(t *testing.T, url string) int {
	t.Helper()
	response, err := http.Get(url)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	return response.StatusCode
}

func execute(t *testing.T, d database, name, sql string) {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	conn, err := d.connect(ctx, name)
	require.NoError(t, err)
	_, err = conn.Exec(ctx, sql)
	require.NoError(t, errors.Join(err, conn.Close(ctx)))
}

func visibilityIndexes(t *testing.T, o Options) []string {
	t.Helper()
	d, err := parseDatabase(o.Postgres, o.Database)
	require.NoError(t, err)
	conn, err := d.connect(t.Context(), d.visibilityName())
	require.NoError(t, err)
	rows, err := conn.Query(t.Context(), "SELECT indexname FROM pg_indexes WHERE tablename = 'executions_visibility'")
	require.NoError(t, err)
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, errors.Join(err, conn.Close(t.Context())))
	return names
}
