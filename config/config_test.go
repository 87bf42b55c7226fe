package config_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/spf13/pflag"
	"github.com/stretchr/testify/require"

	"guitu/config"
)

func TestLaterSourcesWin(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "guitu.yaml")
	require.NoError(t, os.WriteFile(file, []byte("database:\n  dsn: from-file\n  max_conns: 3\napi:\n  command_timeout: 2s\n"), 0o600))
	flags := pflag.NewFlagSet("test", pflag.ContinueOnError)
	flags.String("database.dsn", "", "")
	require.NoError(t, flags.Parse([]string{"--database.dsn=from-flag"}))

	c, err := config.Load(file, []string{"GUITU_DATABASE_DSN=from-env", "GUITU_DATABASE_MAX_CONNS=5", "HOME=/root"}, flags)
	require.NoError(t, err)
	require.Equal(t, "from-flag", c.Database.DSN)
	require.Equal(t, 5, c.Database.MaxConns)
	require.Equal(t, 2*time.Second, c.API.CommandTimeout)
	require.Equal(t, "127.0.0.1:7233", c.Temporal.Address)
}

func TestAFileIsReadWhateverItsNameEndsInAndNamedWhereItCannotBe(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "settings")
	_, err := config.Load(file, nil, nil)
	require.ErrorContains(t, err, file+": no such file")
	require.NoError(t, os.WriteFile(file, []byte("# Settings\n\nfor: nobody: at all\n"), 0o600))
	_, err = config.Load(file, nil, nil)
	require.ErrorContains(t, err, file)
	require.NoError(t, os.WriteFile(file, []byte("log:\n  level: warn\n"), 0o600))
	c, err := config.Load(file, nil, nil)
	require.NoError(t, err)
	require.Equal(t, "warn", c.Log.Level)
}

func TestASecretCanComeFromAFile(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "key")
	require.NoError(t, os.WriteFile(file, []byte("s3cret\n"), 0o600))
	c, err := config.Load("", []string{"GUITU_SECRETS_MASTER_FILE=" + file}, nil)
	require.NoError(t, err)
	require.Equal(t, "s3cret", c.Secrets.Master)
}

func TestATypoIsAnErrorWhereverItStands(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "guitu.yaml")
	require.NoError(t, os.WriteFile(file, []byte("databse:\n  dsn: x\n"), 0o600))
	_, err := config.Load(file, nil, nil)
	require.ErrorContains(t, err, "databse")
	_, err = config.Load("", []string{"GUITU_DATABASE_DNS=x"}, nil)
	require.ErrorContains(t, err, "GUITU_DATABASE_DNS")
}

func TestWrongValuesAreNamedTogether(t *testing.T) {
	t.Parallel()
	_, err := config.Load("", []string{"GUITU_API_ADDRESS=nowhere", "GUITU_LOG_LEVEL=loud", "GUITU_API_COMMAND_TIMEOUT=9h"}, nil)
	require.ErrorContains(t, err, "api.address")
	require.ErrorContains(t, err, "log.level")
	require.ErrorContains(t, err, "api.command_timeout")
	_, err = config.Load("", []string{"GUITU_API_COMMAND_TIMEOUT=soon"}, nil)
	require.Error(t, err)
}

func TestWhatLeavesTheSystemIsCheckedAtStart(t *testing.T) {
	t.Parallel()
	c, err := config.Load("", []string{"GUITU_NOTIFY_HOSTS=hooks.example.cn,127.0.0.1:9000"}, nil)
	require.NoError(t, err)
	require.Equal(t, []string{"hooks.example.cn", "127.0.0.1:9000"}, c.Notify.Hosts)
	for setting, key := range map[string]string{
		"GUITU_NOTIFY_HOSTS=https://hooks.example.cn/x": "notify.hosts", "GUITU_NOTIFY_HOSTS=*.example.cn": "notify.hosts",
		"GUITU_NOTIFY_SMTP_TLS=maybe": "notify.smtp.tls", "GUITU_NOTIFY_SMTP_HOST=mail.example.cn": "notify.smtp.from", "GUITU_NOTIFY_TRIES=0": "notify",
	} {
		_, err := config.Load("", []string{setting}, nil)
		require.ErrorContains(t, err, key, setting)
	}
	_, err = config.Load("", []string{"GUITU_NOTIFY_SMTP_HOST=mail.example.cn", "GUITU_NOTIFY_SMTP_FROM=a@example.cn", "GUITU_NOTIFY_SMTP_USER=u", "GUITU_NOTIFY_SMTP_TLS=none"}, nil)
	require.ErrorContains(t, err, "open connection")
}

func TestAMissingSettingSaysHowToGiveIt(t *testing.T) {
	t.Parallel()
	c, err := config.Load("", nil, nil)
	require.NoError(t, err)
	require.ErrorContains(t, c.Require("database.dsn"), "GUITU_DATABASE_DSN")
}

func TestTheRegistryIsStrictUnlessItIsToldNotToBe(t *testing.T) {
	t.Parallel()
	c, err := config.Load("", nil, nil)
	require.NoError(t, err)
	require.True(t, c.Registry.Strict)
	c, err = config.Load("", []string{"GUITU_REGISTRY_STRICT=false"}, nil)
	require.NoError(t, err)
	require.False(t, c.Registry.Strict)
}

func TestASettingIsStillReadByItsOldName(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "guitu.yaml")
	require.NoError(t, os.WriteFile(file, []byte("api:\n  patience: 2s\n  language: en\n"), 0o600))
	c, err := config.Load(file, nil, nil)
	require.NoError(t, err)
	require.Equal(t, 2*time.Second, c.API.CommandTimeout)
	require.Equal(t, "en", c.API.Language)
	require.Equal(t, []string{"api.patience is now api.command_timeout"}, c.Renamed())

	c, err = config.Load(file, []string{"GUITU_API_PATIENCE=3s"}, nil)
	require.NoError(t, err)
	require.Equal(t, 3*time.Second, c.API.CommandTimeout)
	require.Contains(t, c.Renamed(), "GUITU_API_PATIENCE is now GUITU_API_COMMAND_TIMEOUT")

	_, err = config.Load("", []string{"GUITU_API_PATIENCE=3s", "GUITU_API_COMMAND_TIMEOUT=4s"}, nil)
	require.ErrorContains(t, err, "GUITU_API_PATIENCE is the old name of GUITU_API_COMMAND_TIMEOUT")
	require.NoError(t, os.WriteFile(file, []byte("api:\n  patience: 2s\n  command_timeout: 3s\n"), 0o600))
	_, err = config.Load(file, nil, nil)
	require.ErrorContains(t, err, "api.patience is the old name of api.command_timeout")

	c, err = config.Load("", []string{"GUITU_API_COMMAND_TIMEOUT=4s"}, nil)
	require.NoError(t, err)
	require.Empty(t, c.Renamed())
}

func TestAnEmptyVariableIsAsOneThatIsNotThere(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "guitu.yaml")
	require.NoError(t, os.WriteFile(file, []byte("database:\n  max_conns: 3\n"), 0o600))
	c, err := config.Load(file, []string{"GUITU_API_COMMAND_TIMEOUT=", "GUITU_API_PATIENCE=", "GUITU_DATABASE_MAX_CONNS=", "GUITU_REGISTRY_STRICT=", "GUITU_SECRETS_MASTER_FILE=", "GUITU_DATABASE_DNS="}, nil)
	require.NoError(t, err)
	want := config.Default()
	want.Database.MaxConns = 3
	require.Equal(t, want, c)
}

func TestWhatAPlatformSetsUnderThePrefixStopsNothing(t *testing.T) {
	t.Parallel()
	platform := []string{
		"GUITU_API_PORT=tcp://10.96.0.7:8080", "GUITU_API_SERVICE_HOST=10.96.0.7", "GUITU_API_SERVICE_PORT=8080", "GUITU_API_SERVICE_PORT_HTTP=8080",
		"GUITU_API_PORT_8080_TCP=tcp://10.96.0.7:8080", "GUITU_API_PORT_8080_TCP_PROTO=tcp", "GUITU_API_PORT_8080_TCP_PORT=8080", "GUITU_API_PORT_8080_TCP_ADDR=10.96.0.7",
		"GUITU_PORT=8080", "GUITU_TAG=local", "GUITU_NOTIFY_SMTP_PORT=tcp://10.96.0.9:25",
	}
	c, err := config.Load("", append(platform, "GUITU_LOG_LEVEL=warn"), nil)
	require.NoError(t, err)
	require.Equal(t, "warn", c.Log.Level)
	require.Equal(t, 587, c.Notify.SMTP.Port, "of a service, and no setting")
	ignored := config.Ignored(append(platform, "GUITU_LOG_LEVEL=warn", "GUITU_CONFIG=x"))
	require.Len(t, ignored, len(platform))
	require.Equal(t, "GUITU_API_PORT", ignored[0])
	c, err = config.Load("", []string{"GUITU_NOTIFY_SMTP_PORT=25"}, nil)
	require.NoError(t, err)
	require.Equal(t, 25, c.Notify.SMTP.Port)
	for _, typo := range []string{"GUITU_API_PROT=tcp://x", "GUITU_API_PORT=8080", "GUITU_SERVICE=x"} {
		_, err := config.Load("", []string{typo}, nil)
		require.ErrorContains(t, err, "there is no such setting", typo)
	}
}
