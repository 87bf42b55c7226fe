// Package deploy_test checks what nothing else would notice before a machine is set up:
// that docker-compose.yml, the files it refers to and the configuration fit together.
package deploy_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"guitu/config"
	"guitu/internal/testprogram"
)

// compose is the part of the Compose format that is used; anything else is an error.
type compose struct {
	Name     string             `yaml:"name"`
	Services map[string]service `yaml:"services"`
	Networks map[string]struct {
		Internal bool `yaml:"internal"`
	} `yaml:"networks"`
	Volumes map[string]struct{} `yaml:"volumes"`
	Secrets map[string]struct {
		File string `yaml:"file"`
	} `yaml:"secrets"`
	Extensions map[string]yaml.Node `yaml:",inline"`
}

type service struct {
	Image string `yaml:"image"`
	Build struct {
		Context string            `yaml:"context"`
		Args    map[string]string `yaml:"args"`
	} `yaml:"build"`
	Restart     string            `yaml:"restart"`
	Profiles    []string          `yaml:"profiles"`
	Entrypoint  []string          `yaml:"entrypoint"`
	Command     []string          `yaml:"command"`
	Environment map[string]string `yaml:"environment"`
	Secrets     []string          `yaml:"secrets"`
	Volumes     []string          `yaml:"volumes"`
	Networks    []string          `yaml:"networks"`
	Ports       []string          `yaml:"ports"`
	Healthcheck struct {
		Test        []string `yaml:"test"`
		Interval    string   `yaml:"interval"`
		Timeout     string   `yaml:"timeout"`
		StartPeriod string   `yaml:"start_period"`
		Retries     int      `yaml:"retries"`
		Disable     bool     `yaml:"disable"`
	} `yaml:"healthcheck"`
	DependsOn map[string]struct {
		Condition string `yaml:"condition"`
	} `yaml:"depends_on"`
	ReadOnly        bool     `yaml:"read_only"`
	CapDrop         []string `yaml:"cap_drop"`
	SecurityOpt     []string `yaml:"security_opt"`
	ShmSize         string   `yaml:"shm_size"`
	StopGracePeriod string   `yaml:"stop_grace_period"`
}

const root = ".."

// setup reads the compose file as Compose would with no .env beside it.
func setup(t *testing.T) compose {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(root, "docker-compose.yml"))
	require.NoError(t, err)
	dec := yaml.NewDecoder(strings.NewReader(interpolate(string(raw))))
	dec.KnownFields(true)
	var c compose
	require.NoError(t, dec.Decode(&c))
	for key := range c.Extensions {
		require.True(t, strings.HasPrefix(key, "x-"), "there is no top-level key %q", key)
	}
	require.NotEmpty(t, c.Services)
	return c
}

var variable = regexp.MustCompile(`\$\{([A-Z_]+):-([^}]*)\}`)

// interpolate puts in the default of every variable.
func interpolate(s string) string { return variable.ReplaceAllString(s, "$2") }

func TestEveryImageIsPinned(t *testing.T) {
	t.Parallel()
	for name, s := range setup(t).Services {
		_, tag, ok := strings.Cut(s.Image, ":")
		require.True(t, ok && tag != "" && tag != "latest", "%s: image %q has no tag of its own", name, s.Image)
		require.NotContains(t, s.Image, "auto-setup", "%s: the image is deprecated", name)
	}
	for _, from := range dockerfile(t, "FROM ") {
		require.NotContains(t, from, "latest")
		require.Contains(t, from, ":")
	}
}

func TestPortsAreBoundToLoopback(t *testing.T) {
	t.Parallel()
	c := setup(t)
	for name, s := range c.Services {
		for _, port := range s.Ports {
			require.Regexp(t, `^127\.0\.0\.1:\d+:\d+$`, port, name)
		}
		if len(s.Ports) > 0 {
			require.True(t, slices.ContainsFunc(s.Networks, func(n string) bool { return !c.Networks[n].Internal }),
				"%s: a port is not published from an internal network", name)
		}
	}
	require.Empty(t, c.Services["temporal"].Ports, "Temporal asks nobody for a password")
	require.Empty(t, c.Services["postgres"].Ports)
	require.Empty(t, c.Services["guitu-worker"].Ports, "two workers would clash")
}

func TestDependenciesExistAndCanBeMet(t *testing.T) {
	t.Parallel()
	c := setup(t)
	for name, s := range c.Services {
		for on, d := range s.DependsOn {
			target, ok := c.Services[on]
			require.True(t, ok, "%s depends on %s, which is not there", name, on)
			switch d.Condition {
			case "service_healthy":
				require.NotEmpty(t, target.Healthcheck.Test, "%s waits for the health of %s, which has no check", name, on)
			case "service_completed_successfully":
				require.True(t, strings.HasPrefix(target.Restart, "on-failure"), "%s waits for the end of %s, which is always started again", name, on)
			default:
				t.Errorf("%s: the condition %q of %s is not used here", name, d.Condition, on)
			}
			shared := func(n string) bool { return slices.Contains(target.Networks, n) }
			require.True(t, slices.ContainsFunc(s.Networks, shared), "%s and %s share no network", name, on)
		}
		require.NotEmpty(t, s.Networks, name)
		for _, n := range s.Networks {
			require.Contains(t, c.Networks, n, name)
		}
	}
}

func TestEveryFileThatIsReferredToExists(t *testing.T) {
	t.Parallel()
	c := setup(t)
	for name, s := range c.Services {
		for _, v := range s.Volumes {
			source, rest, ok := strings.Cut(v, ":")
			require.True(t, ok, "%s: the volume %q is anonymous", name, v)
			if !strings.HasPrefix(source, "./") {
				require.Contains(t, c.Volumes, source, name)
				continue
			}
			_, err := os.Stat(filepath.Join(root, source))
			require.NoError(t, err, name)
			require.True(t, strings.HasSuffix(rest, ":ro"), "%s: %s is mounted for writing", name, source)
		}
		for _, secret := range s.Secrets {
			require.Contains(t, c.Secrets, secret, name)
		}
	}
}

func TestTheConfigurationTakesEveryVariable(t *testing.T) {
	t.Parallel()
	c := setup(t)
	found := 0
	for name, s := range c.Services {
		var environ []string
		for key, value := range s.Environment {
			if !strings.HasPrefix(key, "GUITU_") {
				continue
			}
			found++
			if secret, ok := strings.CutPrefix(value, "/run/secrets/"); ok {
				require.True(t, strings.HasSuffix(key, "_FILE"), "%s: %s names a file", name, key)
				require.Contains(t, s.Secrets, secret, name)
				value = filepath.Join(t.TempDir(), secret)
				require.NoError(t, os.WriteFile(value, []byte("secret\n"), 0o600))
			}
			environ = append(environ, key+"="+value)
		}
		if environ == nil {
			continue
		}
		require.Equal(t, "/etc/guitu/guitu.yaml", s.Environment["GUITU_CONFIG"], name)
		got, err := config.Load("guitu.yaml", environ, nil)
		require.NoError(t, err, name)
		if name == "guitu-migrate" || name == "guitu-backup" {
			require.NoError(t, got.Require("database.dsn"))
			continue
		}
		require.NoError(t, got.Require("database.dsn", "secrets.payload", "secrets.master", "secrets.index"), name)
		require.NotContains(t, s.Secrets, "guitu_owner_dsn", "%s could change the ledger", name)
	}
	require.NotZero(t, found)
}

func TestTheExampleEnvironmentNamesEveryVariable(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile(filepath.Join(root, "docker-compose.yml"))
	require.NoError(t, err)
	used := make(map[string]string)
	for _, m := range variable.FindAllStringSubmatch(string(raw), -1) {
		if was, twice := used[m[1]]; twice {
			require.Equal(t, was, m[2], "%s has two defaults", m[1])
		}
		used[m[1]] = m[2]
	}
	require.NotContains(t, variable.ReplaceAllString(strings.ReplaceAll(string(raw), "$$", ""), ""), "${", "a variable has no default")
	example, err := os.ReadFile("example.env")
	require.NoError(t, err)
	given := make(map[string]string)
	for line := range strings.Lines(string(example)) {
		if key, value, ok := strings.Cut(strings.TrimSpace(line), "="); ok && !strings.HasPrefix(key, "#") {
			given[key] = value
		}
	}
	require.Equal(t, used, given)
}

func TestTheProductRunsWithoutRights(t *testing.T) {
	t.Parallel()
	c := setup(t)
	for _, name := range []string{"guitu-migrate", "guitu-backup", "guitu-api", "guitu-worker"} {
		s := c.Services[name]
		require.True(t, s.ReadOnly, name)
		require.Equal(t, []string{"ALL"}, s.CapDrop, name)
		require.Equal(t, []string{"no-new-privileges:true"}, s.SecurityOpt, name)
	}
	user := dockerfile(t, "USER ")
	require.Len(t, user, 1)
	require.NotContains(t, []string{"root", "0", "0:0"}, user[0])
	require.NotEmpty(t, dockerfile(t, "HEALTHCHECK "))
}

func TestNoSecretCanReachTheImage(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile(filepath.Join(root, ".dockerignore"))
	require.NoError(t, err)
	lines := strings.Split(string(raw), "\n")
	require.Contains(t, lines, "*", "the list names what goes in, not what stays out")
	for _, line := range lines {
		require.False(t, strings.HasPrefix(line, "!deploy") || strings.HasPrefix(line, "!."), line)
	}
}

// A folder of the program that the list leaves out is missed by nobody until the image is built.
func TestEveryPackageOfTheProgramReachesTheImage(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile(filepath.Join(root, ".dockerignore"))
	require.NoError(t, err)
	lines := strings.Split(string(raw), "\n")
	list := exec.CommandContext(t.Context(), "go", "list", "-deps", "guitu/cmd/guitu")
	list.Dir = root
	out, err := list.Output()
	require.NoError(t, err)
	found := 0
	for path := range strings.FieldsSeq(string(out)) {
		if own, ok := strings.CutPrefix(path, "guitu/"); ok {
			found++
			folder, _, _ := strings.Cut(own, "/")
			require.Contains(t, lines, "!"+folder, path)
		}
	}
	require.Greater(t, found, 15)
}

// dockerfile lists the arguments of an instruction, with the defaults of ARG put in.
func dockerfile(t *testing.T, instruction string) []string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(root, "Dockerfile"))
	require.NoError(t, err)
	text := string(raw)
	for _, m := range regexp.MustCompile(`(?m)^ARG ([A-Z_]+)=(.*)$`).FindAllStringSubmatch(text, -1) {
		text = strings.ReplaceAll(text, "${"+m[1]+"}", m[2])
	}
	var out []string
	for line := range strings.Lines(text) {
		if rest, ok := strings.CutPrefix(line, instruction); ok {
			out = append(out, strings.TrimSpace(rest))
		}
	}
	return out
}

func TestTheScriptsAreShell(t *testing.T) {
	t.Parallel()
	scripts, err := filepath.Glob("*/*.sh")
	require.NoError(t, err)
	for _, script := range append(scripts, "make-secrets") {
		out, err := exec.CommandContext(t.Context(), "sh", "-n", script).CombinedOutput()
		require.NoError(t, err, "%s: %s", script, out)
	}
}

func TestMakeSecretsMakesEverySecretOnce(t *testing.T) {
	t.Parallel()
	c, dir := setup(t), filepath.Join(t.TempDir(), "secrets")
	stub := filepath.Join(t.TempDir(), "keys")
	testprogram.Write(t, stub, "#!/bin/sh\necho GUITU_SECRETS_PAYLOAD=p==\necho GUITU_SECRETS_MASTER=m\necho GUITU_SECRETS_INDEX=i\n")
	read := func() map[string]string {
		cmd := exec.CommandContext(t.Context(), "./make-secrets")
		cmd.Env = append(os.Environ(), "SECRETS_DIR="+dir, "KEYS="+stub)
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, "%s", out)
		got := make(map[string]string)
		entries, err := os.ReadDir(dir)
		require.NoError(t, err)
		for _, e := range entries {
			raw, err := os.ReadFile(filepath.Join(dir, e.Name()))
			require.NoError(t, err)
			got[e.Name()] = string(raw)
		}
		return got
	}
	first := read()
	require.Len(t, first, len(c.Secrets))
	for name, s := range c.Secrets {
		require.Equal(t, "./deploy/secrets/"+name, s.File)
		require.NotEmpty(t, first[name], name)
	}
	require.Equal(t, "p==", first["guitu_payload"])
	require.Contains(t, first["guitu_dsn"], first["guitu_password"])
	require.Contains(t, first["guitu_owner_dsn"], first["guitu_owner_password"])
	require.Equal(t, first, read())
}

func TestDockerComposeAcceptsTheFile(t *testing.T) {
	t.Parallel()
	if err := exec.CommandContext(t.Context(), "docker", "compose", "version").Run(); err != nil {
		t.Skip("the compose plugin is not installed")
	}
	cmd := exec.CommandContext(t.Context(), "docker", "compose", "--env-file", filepath.Join("deploy", "example.env"), "config", "--quiet")
	cmd.Dir = root
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
}
