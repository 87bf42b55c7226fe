package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"
	"github.com/spf13/cobra"

	"guitu/api"
	"guitu/internal/wiring"
	"guitu/store"
)

// secrets are the keys that a process which touches cases cannot do without.
var secrets = []string{"database.dsn", "secrets.payload", "secrets.master", "secrets.index"}

func newAPI(p *program) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "api",
		Short: "Serve the HTTP API",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, log, err := p.configure(cmd, secrets...)
			if err != nil {
				return err
			}
			s, err := wiring.OpenFront(cmd.Context(), c, log)
			if err != nil {
				return err
			}
			defer s.Close()
			handler, err := s.API(cmd.Context(), version)
			if err != nil {
				return err
			}
			scheme := "http://"
			secure, err := s.Config.API.TLS.Server()
			if err != nil {
				return err
			}
			if secure != nil {
				scheme = "https://"
			}
			return serve(cmd.Context(), s.Config.API.Address, secure, handler, func(addr string) {
				s.Log.Info("the API serves", "address", scheme+addr, "docs", scheme+addr+"/docs")
			})
		},
	}
	cmd.Flags().String("api.address", "", "address to listen on, like 127.0.0.1:8080")
	return cmd
}

func newWorker(p *program) *cobra.Command {
	return &cobra.Command{
		Use:   "worker",
		Short: "Run the workflows; start as many as are needed",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := p.open(cmd)
			if err != nil {
				return err
			}
			defer s.Close()
			w := s.Worker(version)
			if err := w.Start(); err != nil {
				return fmt.Errorf("start the worker at %s: %w", s.Config.Temporal.Address, err)
			}
			defer w.Stop()
			if err := s.Cases.ScheduleCoverage(cmd.Context(), s.Config.Worker.CoverageEvery); err != nil {
				return err
			}
			if err := s.Cases.ScheduleNotify(cmd.Context(), s.Config.Notify.Every); err != nil {
				return err
			}
			s.Log.Info("the worker runs", "temporal", s.Config.Temporal.Address, "namespace", s.Config.Temporal.Namespace)
			if s.Config.Worker.Metrics == "" {
				<-cmd.Context().Done()
				return nil
			}
			return serve(cmd.Context(), s.Config.Worker.Metrics, nil, workerHealth(s), func(string) {})
		},
	}
}

// workerHealth answers for a worker: its metrics, and whether its parts answer.
func workerHealth(s *wiring.Service) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.Handler())
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		for part, err := range s.Check(r.Context()) {
			if err != nil {
				http.Error(w, part+" does not answer", http.StatusServiceUnavailable)
				return
			}
		}
		fmt.Fprintln(w, "ready")
	})
	return mux
}

func newMigrate(p *program) *cobra.Command {
	return &cobra.Command{
		Use:   "migrate",
		Short: "Bring the database to this release",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, log, err := p.configure(cmd, "database.dsn")
			if err != nil {
				return err
			}
			if err := store.Migrate(cmd.Context(), c.Database.DSN); err != nil {
				return err
			}
			log.Info("the database is up to date")
			return nil
		},
	}
}

// open connects everything a command needs.
func (p *program) open(cmd *cobra.Command) (*wiring.Service, error) {
	c, log, err := p.configure(cmd, secrets...)
	if err != nil {
		return nil, err
	}
	return wiring.Open(cmd.Context(), c, log, nil)
}

// serve listens until the context ends, then lets what is under way finish; in clear where
// secure is nil.
func serve(ctx context.Context, addr string, secure *tls.Config, handler http.Handler, ready func(addr string)) error {
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return fmt.Errorf("%w: is another program on %s? choose another address", err, addr)
	}
	server := api.NewServer(addr, handler)
	failed := make(chan error, 1)
	go func() {
		if secure == nil {
			failed <- server.Serve(listener)
			return
		}
		server.TLSConfig = secure
		failed <- server.ServeTLS(listener, "", "")
	}()
	ready(listener.Addr().String())
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), 15*time.Second)
	defer cancel()
	if err := server.Shutdown(stop); err != nil {
		return fmt.Errorf("stop the server: %w", err)
	}
	if err := <-failed; !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
