package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/config"
)

func started(port string) config.Config {
	c := config.Default()
	c.Database.DSN, c.API.Address = "postgres://guitu@127.0.0.1:"+port+"/guitu", "127.0.0.1:"+port
	c.Temporal = config.Temporal{Address: "127.0.0.1:1" + port, Namespace: "guitu"}
	c.Secrets = config.Secrets{Payload: "p", Master: "m", Index: "i"}
	return c
}

func TestWhatAPersonWroteIntoTheSettingsStays(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "guitu.yaml")
	require.NoError(t, writeSettings(file, own(started("8080"), "dev-1")))
	first, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Contains(t, string(first), "# Settings of this data directory")
	written := strings.Replace(string(first), "token: dev-1", "token: gt_mine # of w-001", 1) +
		"# the rules of our office\npolicy:\n  dir: /etc/guitu/policies\nregistry:\n  strict: false\n"
	require.NoError(t, os.WriteFile(file, []byte(written), 0o600))

	require.NoError(t, writeSettings(file, own(started("9090"), "dev-2")))
	again, err := os.ReadFile(file)
	require.NoError(t, err)
	for _, kept := range []string{"token: gt_mine # of w-001", "# the rules of our office", "dir: /etc/guitu/policies", "strict: false"} {
		require.Contains(t, string(again), kept)
	}
	c, others, err := load(file, nil, started("9090"))
	require.NoError(t, err)
	require.Empty(t, others)
	require.Equal(t, "http://127.0.0.1:9090", c.Remote.Server, "follows from this start")
	require.Equal(t, started("9090").Database, c.Database)
	require.Equal(t, "/etc/guitu/policies", c.Policy.Dir)
	require.False(t, c.Registry.Strict)
}

func TestTheEnvironmentWinsOverTheSettingsSaveForWhatGuituDevHasOfItsOwn(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "guitu.yaml")
	require.NoError(t, writeSettings(file, own(started("8080"), "dev-1")))
	c, others, err := load(file, []string{"GUITU_API_LANGUAGE=en", "GUITU_NOTIFY_HOSTS=127.0.0.1:9000", "GUITU_DATABASE_DSN=postgres://elsewhere", "GUITU_SECRETS_MASTER_FILE=/nowhere", "GUITU_TAG=x"}, started("8080"))
	require.NoError(t, err)
	require.Equal(t, "en", c.API.Language)
	require.Equal(t, []string{"127.0.0.1:9000"}, c.Notify.Hosts)
	require.Equal(t, started("8080").Database.DSN, c.Database.DSN)
	require.ElementsMatch(t, []string{"GUITU_DATABASE_DSN", "GUITU_SECRETS_MASTER_FILE", "GUITU_TAG"}, others)
	_, _, err = load(file, []string{"GUITU_API_LANGUAJE=en"}, started("8080"))
	require.ErrorContains(t, err, "GUITU_API_LANGUAJE")
}

func TestSettingsThatCannotBeReadAreLeftAlone(t *testing.T) {
	t.Parallel()
	for text, says := range map[string]string{"a: b: c\n": "cannot be read: put it right", "- a\n": "holds no settings", "remote: x\n": "remote is a section", "remote:\n  token: [a]\n": "is one value"} {
		file := filepath.Join(t.TempDir(), "guitu.yaml")
		require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
		require.ErrorContains(t, writeSettings(file, own(started("8080"), "dev-1")), says)
		raw, err := os.ReadFile(file)
		require.NoError(t, err)
		require.Equal(t, text, string(raw))
	}
}
