package postgres

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

const (
	// launchTries bounds the hunt for a free port: another program may take one between
	// the look and the start.
	launchTries = 5
	// orphanPatience is how long the children of a killed postmaster may take to notice.
	orphanPatience = 15 * time.Second
	maxLogSize     = 8 << 20
)

// launch starts the server and waits until it answers.
func (s *Server) launch(ctx context.Context, o Options, p programs) error {
	began := time.Now()
	for try := 1; ; try++ {
		port, err := choosePort(o.Port)
		if err != nil {
			return err
		}
		s.port = port
		if s.process, err = s.spawn(o, p); err != nil {
			return err
		}
		err = s.awaitReady(ctx)
		if err == nil {
			return nil
		}
		if !s.process.ended() {
			stopCtx, cancel := context.WithTimeout(context.WithoutCancel(ctx), immediatePatience)
			defer cancel()
			return errors.Join(err, s.process.stop(stopCtx))
		}
		output := strings.ToLower(s.process.output())
		switch {
		case strings.Contains(output, "address already in use") && o.Port != 0:
			return portBusy(port, err)
		case strings.Contains(output, "address already in use") && try < launchTries:
		case strings.Contains(output, "pre-existing shared memory block") && time.Since(began) < orphanPatience:
			if err := pause(ctx, 200*time.Millisecond); err != nil {
				return err
			}
		default:
			return err
		}
	}
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return fmt.Errorf("wait for the remains of an earlier PostgreSQL: %w", ctx.Err())
	case <-time.After(d):
		return nil
	}
}

func choosePort(port int) (int, error) {
	l, err := net.Listen("tcp", fmt.Sprintf("%s:%d", host, port))
	if err != nil {
		return 0, portBusy(port, err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

func portBusy(port int, err error) error {
	return fmt.Errorf("port %d on %s is not free for PostgreSQL: stop the program that has it, or choose another (0 takes a free one): %w", port, host, err)
}

func (s *Server) spawn(o Options, p programs) (*process, error) {
	path := s.dir.logFile()
	if info, err := os.Stat(path); err == nil && info.Size() > maxLogSize {
		if err := os.Truncate(path, 0); err != nil {
			return nil, unusable(path, err)
		}
	}
	log, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return nil, unusable(path, err)
	}
	defer log.Close()
	if err := s.dir.give(path); err != nil {
		return nil, err
	}
	settings := defaults(s.port, o.Fast)
	maps.Copy(settings, o.Settings)
	args := []string{"-D", s.dir.cluster()}
	for _, name := range slices.Sorted(maps.Keys(settings)) {
		args = append(args, "-c", name+"="+settings[name])
	}
	cmd := s.dir.command(p.postgres, args...)
	cmd.Stdout, cmd.Stderr = log, log
	process, err := startProcess(cmd, stopWithParent)
	if err != nil {
		return nil, fmt.Errorf("run %s as user %s: %w", p.postgres, s.dir.owner.name, err)
	}
	return process, nil
}

// defaults keep the server on this machine alone and personal data out of its log:
// statements, values and details of errors are not written.
func defaults(port int, fast bool) map[string]string {
	settings := map[string]string{
		"listen_addresses": host, "port": fmt.Sprint(port), "unix_socket_directories": "",
		"max_connections": "200", "timezone": "UTC", "jit": "off",
		// Temporal's tables are queues: what is done with has to make room soon.
		"autovacuum_naptime": "5s", "autovacuum_vacuum_scale_factor": "0.05",
		"logging_collector": "off", "log_destination": "stderr", "log_timezone": "UTC", "lc_messages": "C",
		"log_error_verbosity": "terse", "log_min_error_statement": "panic", "log_checkpoints": "off",
	}
	if fast {
		maps.Copy(settings, map[string]string{"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_wal_size": "2GB"})
	}
	return settings
}

// awaitReady returns when the server answers a query. As long as the process lives and
// ctx lasts it waits: recovery after a crash may be long.
func (s *Server) awaitReady(ctx context.Context) error {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	patience := time.NewTicker(10 * time.Second)
	defer patience.Stop()
	for {
		select {
		case <-ctx.Done():
			return fmt.Errorf("wait for PostgreSQL in %s, whose log is %s: %w", s.dir.path, s.dir.logFile(), ctx.Err())
		case <-s.process.done:
			return fmt.Errorf("%w; its log is %s", diagnose("PostgreSQL did not start in %s", s.process.output(), s.dir), s.LogFile())
		case <-patience.C:
			s.log.InfoContext(ctx, "PostgreSQL is still starting, recovery may take a while", "dir", s.dir.path)
		case <-tick.C:
			if pm, err := s.dir.readPostmaster(); err == nil && pm.ready && pm.pid == s.process.pid() {
				return s.ping(ctx)
			}
		}
	}
}

func (s *Server) ping(ctx context.Context) error {
	conn, err := pgx.Connect(ctx, s.DSN("postgres"))
	if err != nil {
		return fmt.Errorf("log in to PostgreSQL in %s with the password kept there: %w", s.dir.path, err)
	}
	if err := conn.Close(ctx); err != nil {
		return fmt.Errorf("close the first connection to PostgreSQL: %w", err)
	}
	return nil
}
