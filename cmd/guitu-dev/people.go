package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"guitu/internal/roster"
	"guitu/rehab"
	"guitu/words"
)

// person is somebody with a token, to see the system as that role does.
type person struct {
	rehab.Actor
	token string
}

// withoutRoster is where people work where no roster says.
const withoutRoster = "110101001"

// peopleOf are the city office, which may do most, and a district office, a station head and
// a worker of the street of the first order in the roster. Their tokens are the same at every
// start of the data directory.
func peopleOf(file, secret string, lang words.Lang) ([]person, error) {
	street, err := firstStreet(file, lang)
	if err != nil {
		return nil, err
	}
	token := func(of string) string {
		sum := sha256.Sum256([]byte("token of the development server\x00" + secret + of))
		return "dev-" + hex.EncodeToString(sum[:12])
	}
	return []person{
		{rehab.Actor{ID: "dev", Role: rehab.CityOffice, Place: "11"}, token("")},
		{rehab.Actor{ID: "district-" + street[:6], Role: rehab.DistrictOffice, Place: street[:6]}, token("\x00district")},
		{rehab.Actor{ID: "head-" + street, Role: rehab.StationHead, Place: street}, token("\x00head\x00" + street)},
		{rehab.Actor{ID: workerOf(street), Role: rehab.WorkerRole, Place: street}, token("\x00worker\x00" + street)},
	}, nil
}

// firstStreet is that of the first order that was served, so that a demonstration has cases
// there from its first minutes.
func firstStreet(file string, lang words.Lang) (string, error) {
	f, err := os.Open(file)
	if errors.Is(err, fs.ErrNotExist) {
		return withoutRoster, nil
	}
	if err != nil {
		return "", fmt.Errorf("the roster of the workers: %w", err)
	}
	defer f.Close()
	list, err := roster.Read(filepath.Base(file), f, rosterOptions(lang))
	if err != nil {
		return "", err
	}
	first, served := withoutRoster, "9999"
	for _, row := range list.Rows {
		street, _ := row.Request["execution_street"].(string)
		if day, _ := row.Request["served_on"].(string); len(street) == 9 && day < served {
			first, served = street, day
		}
	}
	return first, nil
}
