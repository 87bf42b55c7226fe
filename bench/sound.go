package main

import (
	"context"
	"fmt"
	"time"

	"guitu/internal/verify"
)

// verified measures (v): how long verification takes with many open cases, asking each, and
// then again while none has moved.
func (b *bench) verified(ctx context.Context) error {
	for from := 0; from < b.open; from += 5000 {
		ids := names(fmt.Sprintf("sound-%d", from), 0, min(5000, b.open-from))
		if err := b.opened(ctx, ids, carried(b.policy()), time.Now(), false); err != nil {
			return err
		}
		b.say("    %d open", from+len(ids))
	}
	b.settle(ctx)
	v := verify.Verifier{Ledger: b.service.Store, Engine: b.service.Cases, Memory: b.service.Store, Rules: b.service.Rules.Digest()}
	for _, round := range []struct {
		name string
		full bool
		goal target
	}{{"every case asked (--full)", true, target{}}, {"the first time", false, target{}}, {"again, unmoved", false, atMost(60)}} {
		v.Full = round.full
		began := time.Now()
		report, err := v.Run(ctx)
		if err != nil {
			return err
		}
		took := time.Since(began).Seconds()
		b.say("    %-26s %d cases, %d unmoved, %d findings, %.1f s", round.name, report.Cases, report.Unmoved, len(report.Findings), took)
		b.report.add("v", "verify, "+round.name, "s", round.goal, took)
		if round.name != "again, unmoved" {
			continue
		}
		b.report.note("(v) %d cases, %d of them unmoved at the last look, %d findings", report.Cases, report.Unmoved, len(report.Findings))
	}
	return nil
}
