package devserver

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"

	"go.temporal.io/server/common/log"
	"go.temporal.io/server/common/log/tag"
)

// logger passes the server's log on to slog.
type logger struct {
	slog  *slog.Logger
	level slog.Level
	*verdict
}

// verdict is shared by a logger and all that are derived from it.
type verdict struct {
	quiet  atomic.Bool   // the server is stopping: its complaints about that are expected
	gaveUp chan struct{} // closed by the first Fatal
	once   sync.Once
	err    error // set before gaveUp is closed
}

var (
	_ log.Logger      = (*logger)(nil)
	_ log.WithLogger  = (*logger)(nil)
	_ log.SLogWrapper = (*logger)(nil)
)

func newLogger(to *slog.Logger, verbose bool) *logger {
	l := &logger{slog: to.With("component", "temporal"), level: slog.LevelWarn, verdict: &verdict{gaveUp: make(chan struct{})}}
	if verbose {
		l.level = slog.LevelDebug
	}
	return l
}

func (l *logger) Debug(msg string, tags ...tag.Tag)  { l.write(slog.LevelDebug, msg, tags) }
func (l *logger) Info(msg string, tags ...tag.Tag)   { l.write(slog.LevelInfo, msg, tags) }
func (l *logger) Warn(msg string, tags ...tag.Tag)   { l.write(slog.LevelWarn, msg, tags) }
func (l *logger) Error(msg string, tags ...tag.Tag)  { l.write(slog.LevelError, msg, tags) }
func (l *logger) DPanic(msg string, tags ...tag.Tag) { l.write(slog.LevelError, msg, tags) }

// Panic logs and panics: callers rely on not going on.
func (l *logger) Panic(msg string, tags ...tag.Tag) {
	l.write(slog.LevelError, msg, tags)
	panic(msg)
}

// Fatal must not return. Ending the process is for its main function to decide, so this
// ends the goroutine and tells whoever watches Done.
func (l *logger) Fatal(msg string, tags ...tag.Tag) {
	l.write(slog.LevelError, msg, tags)
	l.once.Do(func() {
		var details strings.Builder
		for _, t := range tags {
			fmt.Fprintf(&details, ", %s: %v", t.Key(), t.Value())
		}
		l.err = errors.New("the Temporal server gave up: " + msg + details.String())
		close(l.gaveUp)
	})
	runtime.Goexit()
}

func (v *verdict) reason() error {
	select {
	case <-v.gaveUp:
		return v.err
	default:
		return nil
	}
}

// With derives a logger that adds the tags to each line.
func (l *logger) With(tags ...tag.Tag) log.Logger {
	attrs := make([]any, len(tags))
	for i, t := range tags {
		attrs[i] = slog.Any(t.Key(), t.Value())
	}
	return &logger{slog: l.slog.With(attrs...), level: l.level, verdict: l.verdict}
}

// SLog is for parts of the server that log through slog.
func (l *logger) SLog() *slog.Logger { return l.slog }

func (l *logger) write(level slog.Level, msg string, tags []tag.Tag) {
	ctx := context.Background()
	if level < l.level || l.quiet.Load() || !l.slog.Enabled(ctx, level) {
		return
	}
	attrs := make([]slog.Attr, len(tags))
	for i, t := range tags {
		attrs[i] = slog.Any(t.Key(), t.Value())
	}
	l.slog.LogAttrs(ctx, level, msg, attrs...)
}
