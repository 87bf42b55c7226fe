package e2e_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"guitu/internal/postgres"
)

// TestTheServicesOfComposeRunACase runs what docker-compose.yml runs, as processes with the
// environment that stands there: its scripts, the official Temporal server in a process of
// its own, migrate, the API, and workers that die.
func TestTheServicesOfComposeRunACase(t *testing.T) {
	t.Parallel()
	c := newComposed(t)
	c.script(t, "postgres", "deploy/postgres/databases.sh")
	c.script(t, "temporal-schema", "deploy/temporal/schema.sh")
	c.script(t, "temporal-schema", "deploy/temporal/schema.sh") // as at the second start
	server := c.run(t, "temporal", "temporal-server", "start")
	c.script(t, "temporal-namespace", "deploy/temporal/namespace.sh")
	c.script(t, "temporal-namespace", "deploy/temporal/namespace.sh")
	c.finish(t, "guitu-migrate")
	c.finish(t, "guitu-migrate")
	c.run(t, "guitu-api", "guitu", "api")
	worker := c.run(t, "guitu-worker", "guitu", "worker")
	w := c.world(t)
	c.healthy(t, "guitu-api", "guitu-worker")

	w.staff(t, 1)
	path := w.open(t, newOrder(1, today().AddDays(-3), "w-1"))
	w.do(t, "", path+"/report-in", "in", object{})
	w.do(t, "", path+"/sign-agreement", "sign", object{})
	visit := object{"channel": "home_visit", "outcome": "met"}
	seq := w.do(t, "", path+"/visit-completed", "visit-1", object{}).Seq

	worker.kill()
	left := w.post(t, "", path+"/record-contact", "visit-2", visit)
	require.Equal(t, http.StatusAccepted, left.status, "without a worker: %s", left)
	require.True(t, decode[receipt](t, left).Pending)
	require.Equal(t, seq, get[view](t, w, path).Summary.Seq)

	c.run(t, "guitu-worker", "guitu", "worker")
	await(t, time.Minute, "another worker to take what was left", func() bool { return get[view](t, w, path).Summary.Seq > seq })
	again := w.do(t, "", path+"/record-contact", "visit-2", visit)
	require.True(t, again.Duplicate)
	third := w.do(t, "", path+"/record-contact", "visit-3", visit)
	require.Equal(t, again.Seq+1, third.Seq)
	w.verify(t)
	c.cannotChangeTheLedger(t)

	server.kill()
	await(t, time.Minute, "the API to say that Temporal is gone", func() bool { return c.ready(t, "guitu-api") == http.StatusServiceUnavailable })
	c.run(t, "temporal", "temporal-server", "start")
	c.healthy(t, "guitu-api", "guitu-worker")
	require.Equal(t, third.Seq+1, w.do(t, "", path+"/record-contact", "visit-4", visit).Seq)
	w.verify(t)
}

// composed is docker-compose.yml on this machine: one PostgreSQL, and a process for each
// service that is run.
type composed struct {
	root, secrets string
	services      map[string]composeService
	postgres      *postgres.Server
	ports         map[string]int
	replace       *strings.Replacer
}

type composeService struct {
	Command     []string          `yaml:"command"`
	Environment map[string]string `yaml:"environment"`
}

// newComposed reads the file with its defaults, makes the secrets and starts PostgreSQL.
func newComposed(t *testing.T) *composed {
	t.Helper()
	root, err := filepath.Abs(filepath.Join("..", ".."))
	require.NoError(t, err)
	c := &composed{root: root, secrets: filepath.Join(t.TempDir(), "secrets"), ports: freePorts(t, "api", "metrics", "FRONTEND_GRPC_PORT", "FRONTEND_HTTP_PORT",
		"FRONTEND_MEMBERSHIP_PORT", "MATCHING_GRPC_PORT", "MATCHING_MEMBERSHIP_PORT", "HISTORY_GRPC_PORT", "HISTORY_MEMBERSHIP_PORT",
		"WORKER_GRPC_PORT", "WORKER_MEMBERSHIP_PORT", "prometheus")}
	raw, err := os.ReadFile(filepath.Join(root, "docker-compose.yml"))
	require.NoError(t, err)
	var file struct{ Services map[string]composeService }
	require.NoError(t, yaml.Unmarshal(regexp.MustCompile(`\$\{[A-Z_]+:-([^}]*)\}`).ReplaceAll(raw, []byte("$1")), &file))
	c.services = file.Services

	c.postgres, err = postgres.Start(t.Context(), postgres.Options{DataDir: filepath.Join(dataDir(t), "postgres"), Fast: true})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, c.postgres.Stop(context.WithoutCancel(t.Context()))) })
	secrets := exec.CommandContext(t.Context(), filepath.Join(root, "deploy", "make-secrets"))
	secrets.Env = append(os.Environ(), "SECRETS_DIR="+c.secrets, "KEYS="+filepath.Join(bin, "guitu")+" keys")
	out, err := secrets.CombinedOutput()
	require.NoError(t, err, "%s", out)
	for _, name := range []string{"guitu_dsn", "guitu_api_dsn", "guitu_owner_dsn"} {
		dsn := strings.Replace(c.secret(t, name), "@postgres:5432/", fmt.Sprintf("@127.0.0.1:%d/", c.postgres.Port()), 1)
		require.NoError(t, os.WriteFile(filepath.Join(c.secrets, name), []byte(dsn), 0o600))
	}
	c.replace = strings.NewReplacer(
		"/run/secrets/", c.secrets+"/", "/etc/guitu/guitu.yaml", filepath.Join(root, "deploy", "guitu.yaml"), "/deploy/", filepath.Join(root, "deploy", "temporal")+"/",
		"temporal:7233", c.address("FRONTEND_GRPC_PORT"), "0.0.0.0:8080", c.address("api"), "0.0.0.0:9090", c.address("metrics"), "0.0.0.0:8000", c.address("prometheus"),
		"0.0.0.0", "127.0.0.1",
	)
	return c
}

func (c *composed) address(port string) string { return fmt.Sprintf("127.0.0.1:%d", c.ports[port]) }

func (c *composed) secret(t *testing.T, name string) string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(c.secrets, name))
	require.NoError(t, err)
	return string(raw)
}

// freePorts gives each name a port that nobody has, below 32768: Temporal keeps the ports of
// its members as 16-bit integers with a sign.
func freePorts(t *testing.T, names ...string) map[string]int {
	t.Helper()
	out := make(map[string]int)
	for tries := 0; len(out) < len(names); tries++ {
		require.Less(t, tries, 1000, "no port is free")
		port := 16_000 + rand.IntN(16_000)
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err != nil {
			continue
		}
		defer l.Close() // taken until all are found
		out[names[len(out)]] = port
	}
	return out
}

// environ is the service's environment, its containers' addresses and paths put in terms
// of this machine.
func (c *composed) environ(t *testing.T, service string) []string {
	t.Helper()
	s, ok := c.services[service]
	require.True(t, ok, service)
	env := map[string]string{
		"HOME": os.Getenv("HOME"), "PATH": bin + ":" + os.Getenv("PATH"), "GUITU_POLICY_DIR": filepath.Join(c.root, "deploy", "policies"), "GUITU_EVALUATION_DIR": filepath.Join(c.root, "deploy", "indicators"),
		// of the scripts
		"SECRETS_DIR": c.secrets, "SCHEMA_DIR": temporalSchema(t),
		"PGHOST": c.postgres.Host(), "PGPORT": strconv.Itoa(c.postgres.Port()), "PGPASSWORD": c.postgres.Password(),
	}
	for key, value := range s.Environment {
		switch value {
		case "postgres":
			value = c.postgres.Host()
		case "5432":
			value = strconv.Itoa(c.postgres.Port())
		}
		env[key] = c.replace.Replace(value)
	}
	if service == "temporal" {
		env["POSTGRES_PWD"] = c.secret(t, "temporal_password") // as its entrypoint does
		for name, port := range c.ports {
			env[name] = strconv.Itoa(port)
		}
	}
	var out []string
	for _, key := range slices.Sorted(maps.Keys(env)) {
		out = append(out, key+"="+env[key])
	}
	return out
}

// temporalSchema is where the official module has what the image has in /etc/temporal.
func temporalSchema(t *testing.T) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-m", "-f", "{{.Dir}}", "go.temporal.io/server").Output()
	require.NoError(t, err)
	return filepath.Join(strings.TrimSpace(string(out)), "schema")
}

// script runs one of the scripts of deploy/ to its end.
func (c *composed) script(t *testing.T, service, file string) {
	t.Helper()
	cli := filepath.Join(bin, "temporal")
	if self, err := os.Executable(); err == nil {
		_ = os.Symlink(self, cli) // it may be there
	}
	cmd := exec.CommandContext(t.Context(), "/bin/sh", filepath.Join(c.root, file))
	cmd.Env = c.environ(t, service)
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s: %s", file, out)
}

// finish runs a service of guitu that ends by itself.
func (c *composed) finish(t *testing.T, service string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), filepath.Join(bin, "guitu"), c.services[service].Command...)
	cmd.Env = c.environ(t, service)
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s: %s", service, out)
}

// part is a running service.
type part struct{ *process }

// run starts a service; it is killed when the test ends.
func (c *composed) run(t *testing.T, service, program string, args ...string) part {
	t.Helper()
	log, err := os.CreateTemp(t.TempDir(), service)
	require.NoError(t, err)
	cmd := exec.Command(filepath.Join(bin, program), args...)
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr, cmd.SysProcAttr = t.TempDir(), c.environ(t, service), log, log, dieWithTest()
	p := part{&process{cmd: cmd, ended: make(chan struct{})}}
	started := make(chan error)
	go p.run(started)
	require.NoError(t, <-started)
	require.NoError(t, log.Close())
	t.Cleanup(func() {
		p.kill()
		if raw, err := os.ReadFile(log.Name()); err == nil && t.Failed() {
			t.Logf("the end of the log of %s:\n%s", service, raw[max(0, len(raw)-4<<10):])
		}
	})
	return p
}

func (p part) kill() {
	_ = p.cmd.Process.Signal(syscall.SIGKILL) // it may have ended
	<-p.ended
}

// world speaks to the API, and has a token of the city office.
func (c *composed) world(t *testing.T) *world {
	t.Helper()
	w := &world{
		http: &http.Client{Timeout: 30 * time.Second}, moved: make(chan struct{}), server: "http://" + c.address("api"), environ: c.environ(t, "guitu-migrate"),
	}
	w.token = w.tokenFor(t, "city-1", "city", "11") // which the login of the API may not make
	w.environ = c.environ(t, "guitu-worker")
	return w
}

// healthy waits until the health checks of the services pass.
func (c *composed) healthy(t *testing.T, services ...string) {
	t.Helper()
	for _, service := range services {
		await(t, 2*time.Minute, service+" to be healthy", func() bool { return c.ready(t, service) == http.StatusOK })
	}
}

// cannotChangeTheLedger tries it with the logins of the API and the workers. That of the API adds
// nothing to it either, is no worker, and sees no client without a scope.
func (c *composed) cannotChangeTheLedger(t *testing.T) {
	t.Helper()
	change := []string{"UPDATE case_events SET actor = ''", "DELETE FROM case_events", "TRUNCATE case_events"}
	for login, refused := range map[string][]string{
		"guitu_dsn":     change,
		"guitu_api_dsn": append(change, "INSERT INTO commands (case_id, command_id, digest, last_seq) VALUES ('c-1', 'k', '', 1)", "UPDATE cases SET place = ''", "SET ROLE guitu_app"),
	} {
		conn, err := pgx.Connect(t.Context(), c.secret(t, login))
		require.NoError(t, err)
		defer func() { _ = conn.Close(t.Context()) }()
		for _, sql := range refused {
			_, err := conn.Exec(t.Context(), sql)
			require.ErrorContains(t, err, "permission denied", "%s: %s", login, sql)
		}
		var seen int
		require.NoError(t, conn.QueryRow(t.Context(), "SELECT count(*) FROM clients").Scan(&seen))
		require.Equal(t, login == "guitu_dsn", seen > 0, login)
	}
}

// ready is what the health check of a service gets; 0 when nobody answers.
func (c *composed) ready(t *testing.T, service string) int {
	t.Helper()
	address := map[string]string{"guitu-api": c.address("api"), "guitu-worker": c.address("metrics")}[service]
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+address+"/readyz", nil)
	require.NoError(t, err)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0
	}
	defer res.Body.Close()
	return res.StatusCode
}
