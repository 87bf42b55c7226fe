package rehab_test

import (
	"flag"
	"os"
	"testing"
)

// TestMain draws the same lives each time, so that a run that fails can be run again; with
// GUITU_LIVES the properties look at new ones.
func TestMain(m *testing.M) {
	flag.Parse()
	if os.Getenv("GUITU_LIVES") == "" && flag.Lookup("rapid.seed").Value.String() == "0" {
		if err := flag.Set("rapid.seed", "20261130"); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}
