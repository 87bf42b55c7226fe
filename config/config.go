// Package config reads the configuration: defaults, then a file, then the environment,
// then flags; the later wins. A key that nobody knows is an error, wherever it stands, save
// for variables that a platform sets by itself (see Ignored).
package config

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/spf13/pflag"
	"github.com/spf13/viper"
)

// Config is everything that can be set. The key of a field in a file is the path of its
// names ("database.dsn"), in the environment GUITU_DATABASE_DSN.
type Config struct {
	Database   Database   `mapstructure:"database"`
	Temporal   Temporal   `mapstructure:"temporal"`
	Secrets    Secrets    `mapstructure:"secrets"`
	Crypto     Crypto     `mapstructure:"crypto"`
	Retention  Retention  `mapstructure:"retention"`
	API        API        `mapstructure:"api"`
	Auth       Auth       `mapstructure:"auth"`
	Worker     Worker     `mapstructure:"worker"`
	Policy     Policy     `mapstructure:"policy"`
	Registry   Registry   `mapstructure:"registry"`
	Remote     Remote     `mapstructure:"remote"`
	Log        Log        `mapstructure:"log"`
	Evaluation Evaluation `mapstructure:"evaluation"`
	Notify     Notify     `mapstructure:"notify"`
	Documents  Documents  `mapstructure:"documents"`
	Forms      Forms      `mapstructure:"forms"`

	Attachments Attachments `mapstructure:"attachments"`

	renamed []string
}

// Database is the PostgreSQL of the ledger and the read models.
type Database struct {
	DSN       string `mapstructure:"dsn"`
	KeeperDSN string `mapstructure:"keeper_dsn"` // a login with the role guitu_keys; empty: that of dsn
	MaxConns  int    `mapstructure:"max_conns"`
}

// Temporal is the cluster that runs the workflows.
type Temporal struct {
	Address   string `mapstructure:"address"`
	Namespace string `mapstructure:"namespace"`
	UIOrigin  string `mapstructure:"ui_origin"` // of its web UI, which may have payloads decoded
	TLS       Mutual `mapstructure:"tls"`
}

// Mutual are the files by which two servers know each other: who signs for the other one, and
// one's own certificate with its key. Without any of them the connection is in clear.
type Mutual struct {
	CA   string `mapstructure:"ca"`
	Cert string `mapstructure:"cert"`
	Key  string `mapstructure:"key"`
	Name string `mapstructure:"name"` // of the other one, where its address is not what its certificate says
}

// Secrets are made once, by "guitu keys", and kept. Losing one loses what it encrypts.
type Secrets struct {
	Payload string `mapstructure:"payload"` // keyset that encrypts what Temporal keeps
	Master  string `mapstructure:"master"`  // key that wraps each case's own key; several while it is changed
	Index   string `mapstructure:"index"`   // key of the blind indexes over order and ID numbers
	// KMSToken goes to the key management service, where secrets.master is the address of one.
	KMSToken string `mapstructure:"kms_token"`
}

// Crypto is by what the installation encrypts: chosen at its first start, for good.
type Crypto struct {
	Suite string `mapstructure:"suite"` // aes, or sm, the national one
}

// Retention says how long what is sealed is kept.
type Retention struct {
	Years         int `mapstructure:"years"`           // from the seal until it may be destroyed
	KeyBackupDays int `mapstructure:"key_backup_days"` // how long backups of keys are kept
}

// API is the HTTP server.
type API struct {
	Address        string        `mapstructure:"address"`
	CommandTimeout time.Duration `mapstructure:"command_timeout"` // how long a command waits for its answer
	Language       string        `mapstructure:"language"`        // of the answers to who asks for none: zh-CN or en
	TLS            TLS           `mapstructure:"tls"`
	// Proxies are the addresses or networks of those whose X-Forwarded-For is believed.
	Proxies []string `mapstructure:"proxies"`
}

// TLS is by what the server speaks TLS: the files of a certificate and its key, or a
// certificate that it orders by itself; without either it speaks plain HTTP, for a proxy on
// the same machine.
type TLS struct {
	Cert string `mapstructure:"cert"`
	Key  string `mapstructure:"key"`
	ACME ACME   `mapstructure:"acme"`
}

// Plain reports whether the server speaks HTTP in clear.
func (t TLS) Plain() bool { return t.Cert == "" && len(t.ACME.Hosts) == 0 }

// ACME orders certificates for the hosts and renews them (RFC 8555, by a TLS-ALPN-01 challenge
// on the server's own address, which is reached as port 443).
type ACME struct {
	Hosts     []string `mapstructure:"hosts"`
	Dir       string   `mapstructure:"dir"` // keeps account and certificates
	Email     string   `mapstructure:"email"`
	Directory string   `mapstructure:"directory"` // address of the authority; empty: Let's Encrypt
	CA        string   `mapstructure:"ca"`        // file of who signs for the authority's own address, where that is no public one
}

// Auth says how people sign in.
type Auth struct {
	Idle     time.Duration `mapstructure:"idle"`     // after which a session ends by itself
	Absolute time.Duration `mapstructure:"absolute"` // after which it ends whatever happens
	// SecondFactor are the roles, beside the administrators, that must have a second factor.
	SecondFactor []string `mapstructure:"second_factor"`
	// Origin of the web pages as browsers see it, like https://guitu.example.cn; without it
	// there are no passkeys.
	Origin string `mapstructure:"origin"`
	// AdminTokens lets tokens of the role admin in, which does everything at once.
	AdminTokens bool `mapstructure:"admin_tokens"`
	OIDC        OIDC `mapstructure:"oidc"`
}

// OIDC is the single sign-on of the government or of WeCom; without an issuer there is none.
type OIDC struct {
	Issuer           string `mapstructure:"issuer"`
	ClientID         string `mapstructure:"client_id"`
	ClientSecretFile string `mapstructure:"client_secret_file"`
	Claim            string `mapstructure:"claim"` // that holds the id of the account
}

// Worker is the process that runs the workflows.
type Worker struct {
	Metrics      string `mapstructure:"metrics"`       // address of its metrics and health; empty: none
	Concurrency  int    `mapstructure:"concurrency"`   // workflow tasks at the same time; 0: the SDK's choice
	CacheSize    int    `mapstructure:"cache_size"`    // cases kept in memory
	HistoryLimit int    `mapstructure:"history_limit"` // events after which a case continues as new
	// CoverageEvery is how often coverage is checked.
	CoverageEvery time.Duration `mapstructure:"coverage_every"`
}

// Policy says which rules new cases are signed under.
type Policy struct {
	Default string `mapstructure:"default"` // id of the policy
	Dir     string `mapstructure:"dir"`     // folder with policies and calendars of the office
	// Allowed are the versions (id@version), beside the newest of Default, under which whoever
	// opens a case may open it; district and city offices may name any.
	Allowed []string `mapstructure:"allowed"`
}

// Registry is the registry of workers.
type Registry struct {
	Strict bool `mapstructure:"strict"` // give no case to a worker whom it does not know
}

// Evaluation says by what work is measured.
type Evaluation struct {
	Dir string        `mapstructure:"dir"` // folder with indicators of the office
	Age time.Duration `mapstructure:"age"` // how old figures may be that are given again
}

// Forms says what is asked beside the forms of the program.
type Forms struct {
	Dir string `mapstructure:"dir"` // folder with forms of the office
}

// Attachments says what scans and photos are taken.
type Attachments struct {
	MaxBytes int64 `mapstructure:"max_bytes"` // of one file
}

// Documents says how papers are drawn and printed.
type Documents struct {
	Dir     string `mapstructure:"dir"`     // folder with the templates and rules of the office
	Browser string `mapstructure:"browser"` // that makes PDF; empty: the first that is found; none: no PDF
}

// Notify says how notices leave the system. As it stands by default none does.
type Notify struct {
	Every  time.Duration `mapstructure:"every"`   // between two rounds
	Tries  int           `mapstructure:"tries"`   // after which a delivery is given up
	GiveUp time.Duration `mapstructure:"give_up"` // after which it is given up, too
	Hosts  []string      `mapstructure:"hosts"`   // that may be called; none: no webhooks and no robots
	SMTP   SMTP          `mapstructure:"smtp"`
}

// SMTP is the mail server; without a host no mail is sent.
type SMTP struct {
	Host     string `mapstructure:"host"`
	Port     int    `mapstructure:"port"`
	User     string `mapstructure:"user"`
	Password string `mapstructure:"password"`
	From     string `mapstructure:"from"`
	TLS      string `mapstructure:"tls"` // starttls, tls or none
}

// Remote is the API that the command line talks to.
type Remote struct {
	Server string `mapstructure:"server"`
	Token  string `mapstructure:"token"`
}

// Log is the form of the log on standard error.
type Log struct {
	Level  string `mapstructure:"level"`  // debug, info, warn or error
	Format string `mapstructure:"format"` // text or json
}

// Default is the configuration before anything is set.
func Default() Config {
	return Config{
		Database: Database{MaxConns: 16},
		Temporal: Temporal{Address: "127.0.0.1:7233", Namespace: "guitu"},
		Crypto:   Crypto{Suite: "aes"},

		Retention:  Retention{Years: 30, KeyBackupDays: 90},
		Evaluation: Evaluation{Age: 30 * time.Second},
		API:        API{Address: "127.0.0.1:8080", CommandTimeout: 5 * time.Second, Language: "zh-CN"},
		Auth:       Auth{Idle: 30 * time.Minute, Absolute: 12 * time.Hour, OIDC: OIDC{Claim: "preferred_username"}},
		Worker:     Worker{CacheSize: 5000, HistoryLimit: 200, CoverageEvery: 10 * time.Minute},
		Policy:     Policy{Default: "beijing"},
		Registry:   Registry{Strict: true},

		Attachments: Attachments{MaxBytes: 10 << 20},

		Notify: Notify{Every: 15 * time.Second, Tries: 30, GiveUp: 24 * time.Hour, SMTP: SMTP{Port: 587, TLS: "starttls"}},
		Remote: Remote{Server: "http://127.0.0.1:8080"},
		Log:    Log{Level: "info", Format: "text"},
	}
}

const prefix = "GUITU"

// Load reads file (none where it is empty), the environment as "KEY=value" lines, and
// the flags that were set; a flag's name is its key. The error names every key that is
// unknown or wrong.
func Load(file string, environ []string, flags *pflag.FlagSet) (Config, error) {
	var c Config
	var err error
	v := viper.NewWithOptions(viper.ExperimentalBindStruct())
	setDefaults(v, Default())
	if file != "" {
		if c.renamed, err = readFile(v, file); err != nil {
			return Config{}, fmt.Errorf("read configuration %s: %w", file, err)
		}
	}
	old, err := applyEnvironment(v, environ)
	if err != nil {
		return Config{}, err
	}
	c.renamed = append(c.renamed, old...)
	if flags != nil {
		flags.Visit(func(f *pflag.Flag) {
			if slices.Contains(v.AllKeys(), f.Name) {
				v.Set(f.Name, f.Value.String())
			}
		})
	}
	if err := v.UnmarshalExact(&c); err != nil {
		return Config{}, fmt.Errorf("configuration: %w", err)
	}
	return c, c.check()
}

// renamedKeys are the keys of earlier releases, which are still read, and what they are now.
var renamedKeys = map[string]string{"api.patience": "api.command_timeout"}

// Renamed says which settings were given by the names of earlier releases, and how they are
// called now.
func (c Config) Renamed() []string { return c.renamed }

// readFile reads the configuration file, and keys of earlier releases as what they are now.
func readFile(v *viper.Viper, name string) (renamed []string, err error) {
	raw := viper.New()
	raw.SetConfigFile(name)
	raw.SetConfigType("yaml") // whatever its name ends in
	if err := raw.ReadInConfig(); err != nil {
		return nil, err
	}
	settings := raw.AllSettings()
	for was, now := range renamedKeys {
		section, oldKey, _ := strings.Cut(was, ".")
		_, newKey, _ := strings.Cut(now, ".")
		given, _ := settings[section].(map[string]any)
		value, ok := given[oldKey]
		if !ok {
			continue
		}
		if _, both := given[newKey]; both {
			return nil, fmt.Errorf("%s is the old name of %s: give one of them", was, now)
		}
		delete(given, oldKey)
		given[newKey] = value
		renamed = append(renamed, was+" is now "+now)
	}
	return renamed, v.MergeConfigMap(settings)
}

func setDefaults(v *viper.Viper, c Config) {
	var walk func(path string, value reflect.Value)
	walk = func(path string, value reflect.Value) {
		for i := range value.NumField() {
			if !value.Type().Field(i).IsExported() {
				continue
			}
			key := strings.TrimPrefix(path+"."+value.Type().Field(i).Tag.Get("mapstructure"), ".")
			if f := value.Field(i); f.Kind() == reflect.Struct {
				walk(key, f)
			} else {
				v.SetDefault(key, f.Interface())
			}
		}
	}
	walk("", reflect.ValueOf(c))
}

// Require names the keys that a command cannot do without and that are not set.
func (c Config) Require(keys ...string) error {
	values := map[string]string{
		"database.dsn": c.Database.DSN, "secrets.payload": c.Secrets.Payload, "secrets.master": c.Secrets.Master,
		"secrets.index": c.Secrets.Index, "remote.token": c.Remote.Token,
	}
	var errs []error
	for _, key := range keys {
		if values[key] == "" {
			errs = append(errs, fmt.Errorf("%s is not set: give it in the configuration file or as %s", key, variable(key)))
		}
	}
	return errors.Join(errs...)
}
