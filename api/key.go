package api

import (
	"guitu/once"
	"guitu/rehab"
)

// KeyInput is the id of a command, for every operation that acts once.
type KeyInput struct {
	IdempotencyKey string `header:"Idempotency-Key" maxLength:"128" pattern:"^[!-~]*$" patternDescription:"visible ASCII characters" doc:"Id of the command: it acts once, however often it is sent. Made by the server where it is missing."`
}

// key is the caller's, or a new one.
func (in KeyInput) key() (string, error) { return once.Key(in.IdempotencyKey) }

// id is the id of what the actor makes with the key.
func (in KeyInput) id(a rehab.Actor) (string, error) {
	key, err := in.key()
	return once.ID(a.ID, key), err
}
