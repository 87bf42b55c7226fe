package main

import (
	"context"
	"encoding/csv"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// imports measures (i): rows a second of "guitu import", from the start of the command to
// the end of its report, by which every case is durable and its workflow runs. Against it,
// as many workflows a second as bare Temporal starts. All rounds together import as many
// rows as there are open cases in the other measurements.
func (b *bench) imports(ctx context.Context) error {
	guitu := filepath.Join(b.dir, "guitu")
	build := exec.CommandContext(ctx, "go", "build", "-o", guitu, "./cmd/guitu")
	build.Dir = ".." // the product is another module
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("build guitu: %w: %s", err, out)
	}
	n := max(b.open/b.rounds, 100)
	var rows, floor []float64
	for round := range b.rounds {
		for k := range 2 {
			b.settle(ctx)
			began := time.Now()
			var err error
			name, list := "guitu", &rows
			if (k+round)%2 == 1 {
				name, list = "floor", &floor
			}
			b.profiled("import-"+name, round, func() {
				if name == "floor" {
					err = b.startFloor(ctx, names("import-floor", round, n), starters, floorCase)
				} else {
					began, err = b.importRoster(ctx, guitu, round, n)
				}
			})
			if err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			took := time.Since(began)
			*list = append(*list, float64(n)/took.Seconds())
			b.say("    round %d  %-6s %d in %.1f s, %.0f/s", round+1, name, n, took.Seconds(), float64(n)/took.Seconds())
		}
	}
	b.report.add("i", "rows imported, guitu", "rows/s", target{}, rows...)
	b.report.add("i", "workflows started, bare Temporal", "workflows/s", target{}, floor...)
	b.report.add("i", "guitu : bare Temporal", "", atLeast(0.6), ratios(rows, floor)...)
	return nil
}

// importRoster runs the command on a new file, and answers with when it began.
func (b *bench) importRoster(ctx context.Context, guitu string, round, n int) (time.Time, error) {
	file := filepath.Join(b.dir, fmt.Sprintf("roster-%d.csv", round))
	if err := writeRoster(file, round, n); err != nil {
		return time.Time{}, err
	}
	cmd := exec.CommandContext(ctx, guitu, "import", file, "--refused", "-", "--lang", "en")
	cmd.Env = append(os.Environ(), "GUITU_REMOTE_SERVER="+b.base, "GUITU_REMOTE_TOKEN="+b.token)
	began := time.Now()
	out, err := cmd.CombinedOutput()
	if err == nil && !strings.Contains(string(out), fmt.Sprint(n)) {
		err = fmt.Errorf("it did not open all %d", n)
	}
	if err != nil {
		err = fmt.Errorf("%w: %s", err, out[:min(len(out), 2000)])
	}
	return began, err
}

// writeRoster makes a file of n orders that no other round has.
func writeRoster(name string, round, n int) error {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	w := csv.NewWriter(f)
	_ = w.Write(strings.Split("order_no,measure,term_months,decided_on,served_on,service_method,name,sex,id_number,phone,household_street,execution_street,risk,employment_intent", ","))
	served := time.Now().AddDate(0, 0, -3).Format(time.DateOnly)
	for i := range n {
		person := round*n + i
		_ = w.Write([]string{
			orderNo("导", person), "treatment", "36", served, served, "direct", "赵某某", sexOf(person), idNumber(person), "12000000000", "110101001", "110101001", "medium", "false",
		})
	}
	w.Flush()
	return w.Error()
}

// sexOf is what the 17th digit of the person's number says.
func sexOf(person int) string {
	if (idNumber(person)[16]-'0')%2 == 0 {
		return "female"
	}
	return "male"
}
