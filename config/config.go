// Package config reads the configuration: defaults, then a file, then the environment,
// then flags; the later wins. A key that nobody knows is an error, wherever it stands, save
// for variables that a platform sets by itself (see Ignored).
package config

import (
	"errors"
	"fmt"
	"net"
	"net/mail"
	"net/netip"
	"net/url"
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
	DSN      string `mapstructure:"dsn"`
	MaxConns int    `mapstructure:"max_conns"`
}

// Temporal is the cluster that runs the workflows.
type Temporal struct {
	Address   string `mapstructure:"address"`
	Namespace string `mapstructure:"namespace"`
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

// TLS are the files of a certificate and its key; without them the server speaks plain HTTP,
// for a proxy on the same machine.
type TLS struct {
	Cert string `mapstructure:"cert"`
	Key  string `mapstructure:"key"`
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

// check refuses values that cannot be right, whoever needs them.
func (c Config) check() error {
	var errs []error
	bad := func(key, format string, args ...any) {
		errs = append(errs, fmt.Errorf("%s: %s", key, fmt.Sprintf(format, args...)))
	}
	for key, addr := range map[string]string{"api.address": c.API.Address, "temporal.address": c.Temporal.Address, "worker.metrics": c.Worker.Metrics} {
		if _, _, err := net.SplitHostPort(addr); err != nil && addr != "" {
			bad(key, "%q is not host:port", addr)
		}
	}
	if c.Database.MaxConns < 1 || c.Database.MaxConns > 1000 {
		bad("database.max_conns", "is between 1 and 1000")
	}
	if c.Crypto.Suite != "aes" && c.Crypto.Suite != "sm" {
		bad("crypto.suite", "%q is not one of aes, sm", c.Crypto.Suite)
	}
	if c.Retention.Years < 1 || c.Retention.KeyBackupDays < 1 {
		bad("retention", "years and key_backup_days are at least 1")
	}
	if c.API.Language != "zh-CN" && c.API.Language != "en" {
		bad("api.language", "is zh-CN or en")
	}
	if c.API.CommandTimeout < 100*time.Millisecond || c.API.CommandTimeout > time.Minute {
		bad("api.command_timeout", "is between 100ms and 1m")
	}
	if c.Evaluation.Age < 0 || c.Evaluation.Age > time.Hour {
		bad("evaluation.age", "is between 0 and 1h")
	}
	if c.Worker.CacheSize < 1 || c.Worker.Concurrency < 0 || c.Worker.HistoryLimit < 0 || c.Worker.HistoryLimit > 0 && c.Worker.HistoryLimit < 100 {
		bad("worker", "cache_size is at least 1, concurrency not negative, history_limit 0 or at least 100")
	}
	if c.Worker.CoverageEvery < time.Second {
		bad("worker.coverage_every", "is at least 1s")
	}
	if c.Attachments.MaxBytes < 1<<10 || c.Attachments.MaxBytes > 100<<20 {
		bad("attachments.max_bytes", "is between 1 KiB and 100 MiB")
	}
	c.Notify.check(bad)
	c.API.check(bad)
	c.Auth.check(bad)
	if u, err := url.Parse(c.Remote.Server); err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		bad("remote.server", "%q is not an http or https address", c.Remote.Server)
	}
	if !slices.Contains([]string{"debug", "info", "warn", "error"}, c.Log.Level) {
		bad("log.level", "%q is not one of debug, info, warn, error", c.Log.Level)
	}
	if c.Log.Format != "text" && c.Log.Format != "json" {
		bad("log.format", "%q is not one of text, json", c.Log.Format)
	}
	return errors.Join(errs...)
}

func (a API) check(bad func(key, format string, args ...any)) {
	if (a.TLS.Cert == "") != (a.TLS.Key == "") {
		bad("api.tls", "takes both cert and key, or neither")
	}
	for _, p := range a.Proxies {
		_, network := netip.ParsePrefix(p)
		if _, address := netip.ParseAddr(p); network != nil && address != nil {
			bad("api.proxies", "%q is neither an address nor a network", p)
		}
	}
}

func (a Auth) check(bad func(key, format string, args ...any)) {
	if a.Idle < time.Minute || a.Absolute < a.Idle || a.Absolute > 7*24*time.Hour {
		bad("auth", "idle is at least 1m, absolute at least idle and at most 168h")
	}
	for _, r := range a.SecondFactor {
		if !slices.Contains([]string{"worker", "station_head", "district", "city", "partner"}, r) {
			bad("auth.second_factor", "%q is not one of worker, station_head, district, city, partner", r)
		}
	}
	if u, err := url.Parse(a.Origin); a.Origin != "" && (err != nil || u.Scheme != "https" && u.Hostname() != "localhost" || u.Scheme+"://"+u.Host != a.Origin) {
		bad("auth.origin", "%q is not an origin like https://guitu.example.cn", a.Origin)
	}
	o := a.OIDC
	if o.Issuer == "" {
		return
	}
	if u, err := url.Parse(o.Issuer); err != nil || u.Scheme != "https" || u.Host == "" {
		bad("auth.oidc.issuer", "%q is not an https address", o.Issuer)
	}
	if o.ClientID == "" || o.ClientSecretFile == "" || o.Claim == "" || a.Origin == "" {
		bad("auth.oidc", "needs client_id, client_secret_file, claim, and auth.origin")
	}
}

func (n Notify) check(bad func(key, format string, args ...any)) {
	if n.Every < time.Second || n.Tries < 1 || n.GiveUp < time.Minute {
		bad("notify", "every is at least 1s, tries at least 1, give_up at least 1m")
	}
	for _, h := range n.Hosts {
		if u, err := url.Parse("https://" + h); err != nil || h == "" || u.Host != h || strings.Contains(h, "*") {
			bad("notify.hosts", "%q is not a host or host:port", h)
		}
	}
	if !slices.Contains([]string{"starttls", "tls", "none"}, n.SMTP.TLS) {
		bad("notify.smtp.tls", "%q is not one of starttls, tls, none", n.SMTP.TLS)
	}
	if n.SMTP.Host == "" {
		return
	}
	if a, err := mail.ParseAddress(n.SMTP.From); err != nil || a.Address != n.SMTP.From {
		bad("notify.smtp.from", "is not a plain mail address")
	}
	if n.SMTP.Port < 1 || n.SMTP.Port > 65535 {
		bad("notify.smtp.port", "is between 1 and 65535")
	}
	if n.SMTP.User != "" && n.SMTP.TLS == "none" {
		bad("notify.smtp.tls", "a password is not sent over an open connection")
	}
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
