package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"filippo.io/age"
	"github.com/spf13/cobra"

	"guitu/backup"
	"guitu/store"
)

// backupFlags are where the archives of a backup are, and for whom or with what they open.
type backupFlags struct {
	dataDir, keysDir   string
	dataFor, keysFor   []string
	dataFile, keysFile string
	passphrase         string
}

func newBackup(p *program) *cobra.Command {
	var f backupFlags
	var every time.Duration
	keep := 0
	cmd := &cobra.Command{
		Use:   "backup",
		Short: "Write the database into two encrypted archives, data and keys apart, while the system runs",
		Long: "backup writes what the database holds as of one moment, and goes on where a run before was\n" +
			"stopped. The archive of data opens with one\n" +
			"private key and that of keys with another, which two people keep; make them with \"guitu keys\n" +
			"holder pair\". The secrets of the installation are in neither: keep them elsewhere.",
		Example: "  guitu backup --to /backup/data --keys-to /backup/keys --data-for age1... --keys-for age1... --keep 30",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, log, err := p.configure(cmd, "database.dsn")
			if err != nil {
				return err
			}
			data, keys, err := f.targets()
			if err != nil {
				return err
			}
			for {
				made, err := backup.Write(cmd.Context(), c.Database.DSN, data, keys, time.Now(), keep)
				switch {
				case err == nil:
					fmt.Fprintln(p.stdout, made.Name)
					if made.Kept > 0 {
						p.say("went on with a run that was stopped: %d pieces were there, %d were written", made.Kept, made.Written)
					}
				case every == 0:
					return err
				default:
					log.Error("a backup was not made", "error", err)
				}
				if every == 0 || !wait(cmd.Context(), every) {
					return nil
				}
			}
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&f.dataDir, "to", "", "folder for the archives of data")
	flags.StringVar(&f.keysDir, "keys-to", "", "folder for the archives of keys: another one, on another machine at best")
	flags.StringSliceVar(&f.dataFor, "data-for", nil, "public keys (age1...) of who may open the data")
	flags.StringSliceVar(&f.keysFor, "keys-for", nil, "public keys (age1...) of who may open the keys")
	flags.StringVar(&f.passphrase, "passphrase-file", "", "file with a passphrase for both, in the place of public keys")
	flags.DurationVar(&every, "every", 0, "make one again and again, with this time between two; 0: one")
	flags.IntVar(&keep, "keep", 0, "how many are kept in each folder; 0: all")
	_ = cmd.MarkFlagRequired("to")
	_ = cmd.MarkFlagRequired("keys-to")
	return cmd
}

// wait reports whether the time passed before the program was told to end.
func wait(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}

func (f backupFlags) targets() (data, keys backup.Target, err error) {
	data, keys = backup.Target{Dir: f.dataDir}, backup.Target{Dir: f.keysDir}
	if f.passphrase != "" {
		words, err := secretOf(f.passphrase)
		if err != nil {
			return data, keys, err
		}
		r, err := age.NewScryptRecipient(words)
		if err != nil {
			return data, keys, fmt.Errorf("--passphrase-file: %w", err)
		}
		id, err := age.NewScryptIdentity(words)
		if err != nil {
			return data, keys, fmt.Errorf("--passphrase-file: %w", err)
		}
		data.Recipients, keys.Recipients = []age.Recipient{r}, []age.Recipient{r}
		data.Identities, keys.Identities = []age.Identity{id}, []age.Identity{id}
		return data, keys, nil
	}
	if data.Recipients, err = recipients("data-for", f.dataFor); err != nil {
		return data, keys, err
	}
	keys.Recipients, err = recipients("keys-for", f.keysFor)
	return data, keys, err
}

func recipients(flag string, list []string) ([]age.Recipient, error) {
	if len(list) == 0 {
		return nil, fmt.Errorf("--%s: name at least one public key, or give --passphrase-file", flag)
	}
	var out []age.Recipient
	for _, text := range list {
		r, err := age.ParseX25519Recipient(text)
		if err != nil {
			return nil, fmt.Errorf("--%s: %w", flag, err)
		}
		out = append(out, r)
	}
	return out, nil
}

func secretOf(file string) (string, error) {
	raw, err := os.ReadFile(file)
	return strings.TrimSpace(string(raw)), err
}

func newRestoreBackup(p *program) *cobra.Command {
	var f backupFlags
	name, withoutKeys := "", false
	cmd := &cobra.Command{
		Use:   "restore-backup",
		Short: "Read a backup into an empty database, and bring it to this release",
		Long: "restore-backup migrates the empty database, reads both archives, and leaves nothing where it\n" +
			"fails. Set up empty Temporal databases too, then run \"guitu restore\" and \"guitu verify\".",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, _, err := p.configure(cmd, "database.dsn")
			if err != nil {
				return err
			}
			data, keys, err := f.sources()
			if err != nil {
				return err
			}
			if name == "" {
				if name, err = backup.Latest(f.dataDir); err != nil {
					return err
				}
			}
			opened := &keys
			if withoutKeys {
				opened = nil
			}
			if err := store.Migrate(cmd.Context(), c.Database.DSN); err != nil {
				return err
			}
			if err := backup.Restore(cmd.Context(), c.Database.DSN, name, data, opened); err != nil {
				return err
			}
			if err := store.Migrate(cmd.Context(), c.Database.DSN); err != nil { // a database from another server
				return err
			}
			fmt.Fprintf(p.stdout, "%s is restored\n", name)
			return nil
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&f.dataDir, "from", "", "folder with the archives of data")
	flags.StringVar(&f.keysDir, "keys-from", "", "folder with the archives of keys")
	flags.StringVar(&f.dataFile, "data-key", "", "file with the private key that opens the data")
	flags.StringVar(&f.keysFile, "keys-key", "", "file with the private key that opens the keys")
	flags.StringVar(&f.passphrase, "passphrase-file", "", "file with the passphrase, where there was one")
	flags.StringVar(&name, "name", "", "which backup; empty: the newest")
	flags.BoolVar(&withoutKeys, "without-keys", false, "events and figures alone: nobody's name can be read")
	_ = cmd.MarkFlagRequired("from")
	return cmd
}

func (f backupFlags) sources() (data, keys backup.Source, err error) {
	data, keys = backup.Source{Dir: f.dataDir}, backup.Source{Dir: f.keysDir}
	if f.passphrase != "" {
		words, err := secretOf(f.passphrase)
		if err != nil {
			return data, keys, err
		}
		id, err := age.NewScryptIdentity(words)
		if err != nil {
			return data, keys, fmt.Errorf("--passphrase-file: %w", err)
		}
		data.Identities, keys.Identities = []age.Identity{id}, []age.Identity{id}
		return data, keys, nil
	}
	data.Identities, err = identities(f.dataFile)
	if err == nil && f.keysFile != "" {
		keys.Identities, err = identities(f.keysFile)
	}
	return data, keys, err
}

func identities(file string) ([]age.Identity, error) {
	if file == "" {
		return nil, errors.New("--data-key: name the file with the private key, or give --passphrase-file")
	}
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return age.ParseIdentities(f)
}
