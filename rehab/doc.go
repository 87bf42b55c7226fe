// Package rehab is the law as code: community drug treatment (社区戒毒) and community
// rehabilitation (社区康复). A Case is plain data folded from events; Decide answers a
// command with events or a refusal, Advance with what time brings, Wake with when it next
// has something to say, Explain with why the case is as it is. No clock, no I/O, standard
// library alone, so that the same code runs the live case, the plan of an order, the
// simulation, the state as of a past day, the rebuild of read models and the verifier.
package rehab
