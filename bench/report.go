package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"text/tabwriter"
	"time"
)

// figure is one line of the table: a value of each round.
type figure struct {
	Measurement string    `json:"measurement"`
	Name        string    `json:"name"`
	Unit        string    `json:"unit"`
	Median      float64   `json:"median"`
	Min         float64   `json:"min"`
	Max         float64   `json:"max"`
	Rounds      []float64 `json:"rounds"`
	Target      string    `json:"target,omitempty"`
	OK          *bool     `json:"ok,omitempty"`
}

// target is what the median is held against; the zero target is none.
type target struct {
	op    string // "", ">=" or "<="
	value float64
}

func atLeast(v float64) target { return target{">=", v} }
func atMost(v float64) target  { return target{"<=", v} }

// report collects figures.
type report struct {
	Began   time.Time `json:"began"`
	Took    string    `json:"took"`
	Go      string    `json:"go"`
	CPUs    int       `json:"cpus"`
	Short   bool      `json:"short"`
	Cases   int       `json:"cases"`
	Figures []figure  `json:"figures"`
	Notes   []string  `json:"notes"`
}

func (r *report) begin(o options) {
	r.Began, r.Go, r.CPUs, r.Short, r.Cases = time.Now(), runtime.Version(), runtime.NumCPU(), o.short, o.cases
}

// add takes a value of each round. Nothing is added where there was no round.
func (r *report) add(measurement, name, unit string, t target, rounds ...float64) {
	if len(rounds) == 0 {
		return
	}
	f := figure{Measurement: measurement, Name: name, Unit: unit, Rounds: rounds, Median: median(rounds), Min: slices.Min(rounds), Max: slices.Max(rounds)}
	if t.op != "" {
		f.Target = t.op + " " + short(t.value)
		ok := t.op == ">=" && f.Median >= t.value || t.op == "<=" && f.Median <= t.value
		f.OK = &ok
	}
	r.Figures = append(r.Figures, f)
}

// note is a line below the table.
func (r *report) note(format string, args ...any) {
	r.Notes = append(r.Notes, fmt.Sprintf(format, args...))
}

func (r *report) print(out io.Writer) {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprint(w, "\n\tfigure\tmedian\tmin..max\tunit\ttarget\t\n")
	slices.SortStableFunc(r.Figures, func(a, b figure) int { return int(a.Measurement[0]) - int(b.Measurement[0]) })
	last := ""
	for _, f := range r.Figures {
		letter, verdict := f.Measurement, ""
		if letter == last {
			letter = ""
		}
		last = f.Measurement
		if f.OK != nil {
			verdict = "MISS"
			if *f.OK {
				verdict = "ok"
			}
		}
		spread := ""
		if len(f.Rounds) > 1 {
			spread = short(f.Min) + ".." + short(f.Max)
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", letter, f.Name, short(f.Median), spread, f.Unit, f.Target, verdict)
	}
	_ = w.Flush() // a terminal that is gone leaves nobody to tell
	for _, n := range r.Notes {
		fmt.Fprintln(out, " ", n)
	}
	fmt.Fprintln(out)
}

func (r *report) save(file string) error {
	r.Took = time.Since(r.Began).Round(time.Second).String()
	raw, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	return os.WriteFile(file, append(raw, '\n'), 0o644)
}

// short writes a number with three digits that matter.
func short(v float64) string {
	switch {
	case v != v:
		return "–"
	case v >= 100 || v <= -100 || v == float64(int64(v)):
		return strconv.FormatFloat(v, 'f', 0, 64)
	case v >= 10:
		return strconv.FormatFloat(v, 'f', 1, 64)
	}
	return strconv.FormatFloat(v, 'f', 2, 64)
}

// median of the values; of an even number of them, the mean of the two in the middle.
func median(values []float64) float64 { return quantile(values, 0.5) }

// quantile of the values, in a straight line between two of them.
func quantile(values []float64, q float64) float64 {
	s := slices.Sorted(slices.Values(values))
	if len(s) == 0 {
		return 0
	}
	at := q * float64(len(s)-1)
	i := int(at)
	if i+1 == len(s) {
		return s[i]
	}
	return s[i] + (at-float64(i))*(s[i+1]-s[i])
}

// ratios of two variants, round by round.
func ratios(a, b []float64) []float64 {
	out := make([]float64, min(len(a), len(b)))
	for i := range out {
		out[i] = a[i] / b[i]
	}
	return out
}
