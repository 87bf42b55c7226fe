package config

import (
	"errors"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/viper"
)

// applyEnvironment takes GUITU_DATABASE_DSN for database.dsn, and for secrets also
// GUITU_SECRETS_MASTER_FILE, the path of a file that holds the value. An empty variable is
// as one that is not there.
func applyEnvironment(v *viper.Viper, environ []string) (renamed []string, err error) {
	known := make(map[string]string)
	for _, key := range v.AllKeys() {
		known[variable(key)] = key
	}
	for was, now := range renamedKeys {
		known[variable(was)] = now
	}
	var errs []error
	for name, value := range ours(environ) {
		if foreign(name, value) {
			continue
		}
		key, ok := known[name]
		if base, isFile := strings.CutSuffix(name, "_FILE"); !ok && isFile && known[base] != "" {
			raw, err := os.ReadFile(value)
			if err != nil {
				errs = append(errs, fmt.Errorf("%s: %w", name, err))
				continue
			}
			key, value, ok = known[base], strings.TrimSpace(string(raw)), true
		}
		if !ok {
			errs = append(errs, fmt.Errorf("%s: there is no such setting", name))
			continue
		}
		if is := variable(key); name != is && name != is+"_FILE" {
			if given(environ, is) {
				errs = append(errs, fmt.Errorf("%s is the old name of %s: give one of them", name, is))
				continue
			}
			renamed = append(renamed, name+" is now "+is)
		}
		v.Set(key, value)
	}
	return renamed, errors.Join(errs...)
}

// Ignored lists the variables under our prefix that are no settings and that Load passes
// over, sorted: those of a Kubernetes service of the name guitu-…, and those of the .env
// file that Compose reads.
func Ignored(environ []string) []string {
	var out []string
	for name, value := range ours(environ) {
		if foreign(name, value) {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

func given(environ []string, name string) bool {
	for is := range ours(environ) {
		if is == name {
			return true
		}
	}
	return false
}

// variable is the name of a key in the environment.
func variable(key string) string {
	return prefix + "_" + strings.ToUpper(strings.ReplaceAll(key, ".", "_"))
}

// ours yields the variables under our prefix that say something. GUITU_TEST_ and
// GUITU_CONFIG are for others to read.
func ours(environ []string) func(yield func(name, value string) bool) {
	return func(yield func(name, value string) bool) {
		for _, line := range environ {
			name, value, _ := strings.Cut(line, "=")
			if value == "" || !strings.HasPrefix(name, prefix+"_") || strings.HasPrefix(name, prefix+"_TEST_") || name == prefix+"_CONFIG" {
				continue
			}
			if !yield(name, value) {
				return
			}
		}
	}
}

var (
	// aService is what Kubernetes, and Docker's links before it, tell of a service.
	aService = regexp.MustCompile(`_SERVICE_HOST$|_SERVICE_PORT(_[A-Z0-9_]+)?$|_PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?$`)
	// aLink is the value of its variable …_PORT, which may have the name of a setting.
	aLink = regexp.MustCompile(`^(tcp|udp|sctp)://`)
	// ofCompose are in deploy/example.env, for docker-compose.yml alone.
	ofCompose = []string{prefix + "_TAG", prefix + "_PORT"}
)

// foreign reports whether the variable comes from a platform and not from who sets us up.
func foreign(name, value string) bool {
	return aService.MatchString(name) || strings.HasSuffix(name, "_PORT") && aLink.MatchString(value) || slices.Contains(ofCompose, name)
}
