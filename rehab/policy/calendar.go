package policy

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"guitu/rehab"
)

// parseCalendar reads one calendar and refuses what no notice can say, all faults together.
// A file that is the notice of its year, because the year has none yet or because the file
// replaces it, has to name all the days that the regulation sets: one that forgets some is
// half a notice, and its shifts may be missing as well.
func parseCalendar(raw []byte, known *rehab.Calendar) (rehab.YearDays, error) {
	var y rehab.YearDays
	dec := yaml.NewDecoder(bytes.NewReader(raw))
	dec.KnownFields(true)
	if err := dec.Decode(&y); err != nil {
		return y, err
	}
	if err := dec.Decode(new(rehab.YearDays)); !errors.Is(err, io.EOF) {
		return y, errors.New("one file holds the calendar of one year")
	}
	errs := []error{y.Check()}
	if notice := y.Replaces || !y.Adds && !known.Has(rehab.NewDate(y.Year, time.January, 1)); notice {
		errs = append(errs, complete(y))
	}
	return y, errors.Join(errs...)
}

func complete(y rehab.YearDays) error {
	forgotten := y.Forgotten()
	if len(forgotten) == 0 {
		return nil
	}
	var days []string
	for _, d := range forgotten {
		days = append(days, d.String())
	}
	return fmt.Errorf("off: the notice forgets %s, which the regulation sets (%s); a file that only adds days to them says adds: true",
		strings.Join(days, ", "), rehab.HolidayRule)
}
