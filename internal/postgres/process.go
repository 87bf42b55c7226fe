package postgres

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"time"
)

// immediatePatience is how long an immediate shutdown may take.
const immediatePatience = 10 * time.Second

// process is a child of this process that ends with it.
type process struct {
	cmd  *exec.Cmd
	done chan struct{}
	err  error // how it ended; set before done is closed

	logFile  string // where it writes, "" when the caller collects the output
	logStart int64
}

// startProcess starts the command; bind says what the system shall do to it when this
// process dies.
func startProcess(cmd *exec.Cmd, bind func(*syscall.SysProcAttr)) (*process, error) {
	bind(cmd.SysProcAttr)
	p := &process{cmd: cmd, done: make(chan struct{})}
	if log, ok := cmd.Stderr.(*os.File); ok {
		end, err := log.Seek(0, io.SeekEnd)
		if err != nil {
			return nil, fmt.Errorf("find the end of %s: %w", log.Name(), err)
		}
		p.logFile, p.logStart = log.Name(), end
	}
	started := make(chan error)
	go p.run(started)
	if err := <-started; err != nil {
		return nil, err
	}
	return p, nil
}

// run keeps its thread until the child has ended: Linux ties the child's life to the
// thread that made it, not to the process.
func (p *process) run(started chan<- error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	err := p.cmd.Start()
	started <- err
	if err != nil {
		return
	}
	p.err = p.cmd.Wait()
	close(p.done)
}

func (p *process) pid() int { return p.cmd.Process.Pid }

func (p *process) ended() bool {
	select {
	case <-p.done:
		return true
	default:
		return false
	}
}

// output is the end of what the process has written to its log file.
func (p *process) output() string {
	const limit = 64 << 10
	f, err := os.Open(p.logFile)
	if err != nil {
		return ""
	}
	defer f.Close()
	start := p.logStart
	if info, err := f.Stat(); err == nil {
		start = max(start, info.Size()-limit)
	}
	text, err := io.ReadAll(io.NewSectionReader(f, start, limit))
	if err != nil {
		return ""
	}
	return string(text)
}

// stop asks PostgreSQL for a fast shutdown, and for an immediate one when ctx ends.
func (p *process) stop(ctx context.Context) error {
	if err := p.cmd.Process.Signal(syscall.SIGINT); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("signal process %d: %w", p.pid(), err)
	}
	select {
	case <-p.done:
		return nil
	case <-ctx.Done():
	}
	if err := p.cmd.Process.Signal(syscall.SIGQUIT); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("signal process %d: %w", p.pid(), err)
	}
	select {
	case <-p.done:
		return fmt.Errorf("it took too long and was stopped at once; nothing committed is lost, but the next start has to recover: %w", ctx.Err())
	case <-time.After(immediatePatience):
		return fmt.Errorf("process %d does not stop: end it yourself with: kill -QUIT %[1]d: %w", p.pid(), ctx.Err())
	}
}

// kill ends the process and its children, and waits for it.
func (p *process) kill() {
	_ = syscall.Kill(-p.pid(), syscall.SIGKILL)
	<-p.done
}
