package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// cpu is the processor time used so far by this process (API, worker, Temporal, the
// callers) and by PostgreSQL. Unlike throughput it hardly depends on the neighbours.
type cpu struct{ process, postgres time.Duration }

func (c cpu) minus(d cpu) cpu { return cpu{c.process - d.process, c.postgres - d.postgres} }

func (s *stack) cpu() cpu {
	var own syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &own) // cannot fail for oneself
	return cpu{time.Duration(own.Utime.Nano() + own.Stime.Nano()), s.postgresCPU()}
}

// postgresCPU sums over the server's processes; one that has ended is missing.
func (s *stack) postgresCPU() time.Duration {
	pids, err := filepath.Glob(filepath.Join(s.dir, "postgres", "*", "postmaster.pid"))
	if err != nil || len(pids) != 1 {
		return 0
	}
	raw, err := os.ReadFile(pids[0])
	if err != nil {
		return 0
	}
	postmaster, _, _ := strings.Cut(string(raw), "\n")
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return 0
	}
	var ticks int64
	for _, file := range stats {
		raw, err := os.ReadFile(file)
		if err != nil {
			continue
		}
		// pid (name) state ppid … utime and stime are the 12th and 13th after the name.
		_, after, _ := strings.Cut(string(raw), ") ")
		fields := strings.Fields(after)
		if len(fields) < 13 || fields[1] != postmaster {
			continue
		}
		for _, f := range fields[11:13] {
			n, _ := strconv.ParseInt(f, 10, 64) // the kernel writes numbers
			ticks += n
		}
	}
	const perSecond = 100 // USER_HZ
	return time.Duration(ticks) * time.Second / perSecond
}

// settle waits until what goes on in the background has come to rest.
func (s *stack) settle(ctx context.Context) {
	const stretch, longest = 500 * time.Millisecond, 30 * time.Second
	for began, quiet := time.Now(), 0; quiet < 2 && time.Since(began) < longest && ctx.Err() == nil; {
		before := s.cpu()
		time.Sleep(stretch)
		used := s.cpu().minus(before)
		if used.process+used.postgres < stretch/4 {
			quiet++
		} else {
			quiet = 0
		}
	}
}

// profiled calls do, under a CPU profile when one was asked for.
func (b *bench) profiled(what string, round int, do func()) {
	if b.profile == "" {
		do()
		return
	}
	file, err := os.Create(fmt.Sprintf("%s-%s-%d.pprof", b.profile, what, round+1))
	if err == nil {
		defer file.Close()
		err = pprof.StartCPUProfile(file)
	}
	if err != nil {
		b.say("no profile: %v", err)
		do()
		return
	}
	defer pprof.StopCPUProfile()
	do()
}

// heap is what lives after a collection, in bytes; resident is what the process holds.
func heap() float64 {
	runtime.GC()
	runtime.GC() // what finalizers let go
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc)
}

// stacks is what the goroutines hold beside the heap, in bytes.
func stacks() float64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.StackInuse)
}

// heapProfile writes what holds the heap, when that was asked for.
func (b *bench) heapProfile() {
	if b.heapFile == "" {
		return
	}
	file, err := os.Create(b.heapFile)
	if err == nil {
		err = errors.Join(pprof.WriteHeapProfile(file), file.Close())
	}
	if err != nil {
		b.say("no profile: %v", err)
	}
}

func resident() float64 {
	raw, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(raw))
	pages, _ := strconv.ParseFloat(fields[1], 64) // the kernel writes numbers
	return pages * float64(os.Getpagesize())
}
