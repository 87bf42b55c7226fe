package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"guitu/rehab"
)

// follow sets the cases' clock forward to each day or instant that comes as a line, so that a
// life of years can be walked through in minutes. It ends with the lines.
func (s *stack) follow(ctx context.Context, lines io.Reader, say func(format string, args ...any)) {
	in := bufio.NewScanner(lines)
	for in.Scan() && ctx.Err() == nil {
		line := strings.TrimSpace(in.Text())
		if line == "" {
			continue
		}
		if err := s.step(ctx, line); err != nil {
			say("the clock was not set: %s", err)
			continue
		}
		say("The clock says    %s", s.service.Now().In(rehab.Shanghai).Format("2006-01-02 15:04"))
	}
}

// step sets the clock and has every open case read it.
func (s *stack) step(ctx context.Context, to string) error {
	at, err := instantOf(to)
	if err != nil {
		return err
	}
	if err := s.clock.set(time.Now(), at); err != nil {
		return err
	}
	return s.nudge(ctx)
}

// instantOf reads an instant, or a day, which is its nine in the morning in Shanghai.
func instantOf(text string) (time.Time, error) {
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		return at, nil
	}
	day, err := rehab.ParseDate(text)
	if err != nil {
		return time.Time{}, fmt.Errorf("no day such as 2026-03-10, and no instant: %w", err)
	}
	return day.Start().Add(9 * time.Hour), nil
}
