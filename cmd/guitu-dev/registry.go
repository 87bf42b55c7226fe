package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"guitu/internal/roster"
	"guitu/office"
	"guitu/rehab"
	"guitu/store"
	"guitu/words"
)

// registerRoster puts the workers of a roster into the registry, and one for each of its
// streets, so that cases can be given to somebody from the first minute. A roster that is
// not there registers nobody: the demonstration is what needs it.
func registerRoster(ctx context.Context, s *store.Store, file string, lang words.Lang, by rehab.Actor, now func() rehab.Date) error {
	f, err := os.Open(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("the roster of the workers: %w", err)
	}
	defer f.Close()
	list, err := roster.Read(filepath.Base(file), f, rosterOptions(lang))
	if err != nil {
		return err
	}
	place := make(map[string]string) // by worker
	var ids []string
	add := func(id, street string) {
		was, known := place[id]
		switch {
		case id == "" || street == "" || was == street:
			return
		case !known:
			ids = append(ids, id)
			place[id] = street
		default:
			place[id] = "11" // of more than one street
		}
	}
	for _, row := range list.Rows {
		street, _ := row.Request["execution_street"].(string)
		id, _ := row.Request["worker"].(string)
		add(id, street)
		add(workerOf(street), street)
	}
	for _, id := range ids {
		if err := registerWorker(ctx, s, id, "社工"+id, place[id], by, now()); err != nil {
			return err
		}
	}
	return nil
}

// rosterOptions read a roster in the language of who looks on.
func rosterOptions(lang words.Lang) roster.Options {
	if lang == words.ZH {
		return roster.Options{Lang: roster.Chinese}
	}
	return roster.Options{Lang: roster.English}
}

// workerOf is the worker whom the demonstration gives the cases of a street.
func workerOf(street string) string { return "w-" + street + "-1" }

// registerWorker registers a worker whom the registry does not know.
func registerWorker(ctx context.Context, s *store.Store, id, name, place string, by rehab.Actor, today rehab.Date) error {
	if _, err := s.Worker(ctx, id); err == nil || rehab.CodeOf(err) != rehab.NotFound {
		return err
	}
	cmd := office.Command{ID: office.RegisterCommand, Digest: "development", Actor: by, At: today.Start()}
	_, err := s.ChangeWorker(ctx, cmd, id, office.WorkerFact{
		Record: office.Record{From: today}, Change: office.Registered, Duty: office.Duty{Place: place, Post: office.FullTime, Qualification: office.Certified},
	}, name)
	if err != nil {
		return fmt.Errorf("register the worker %s of the roster: %w", id, err)
	}
	return nil
}
