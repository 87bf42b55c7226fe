package postgres

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// clusterMajor is the PostgreSQL version that made the cluster here, 0 when there is none.
func (d directory) clusterMajor() (int, error) {
	if _, err := os.Stat(d.cluster()); errors.Is(err, os.ErrNotExist) {
		return 0, nil
	}
	text, err := os.ReadFile(filepath.Join(d.cluster(), "PG_VERSION"))
	if err != nil {
		return 0, broken(d.cluster(), err)
	}
	major, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		return 0, broken(d.cluster(), err)
	}
	if _, err := os.Stat(filepath.Join(d.cluster(), "global", "pg_control")); err != nil {
		return 0, broken(d.cluster(), err)
	}
	return major, nil
}

func broken(cluster string, err error) error {
	return fmt.Errorf("%s is damaged, files of PostgreSQL are missing or unreadable: put back a backup, or move the directory away to start empty: %w", cluster, err)
}

// password reads the superuser's password, or makes one for a new cluster.
func (d directory) password(clusterExists bool) (string, error) {
	path := filepath.Join(d.path, passwordName)
	text, err := os.ReadFile(path)
	if err == nil && len(text) > 0 {
		return strings.TrimSpace(string(text)), nil
	}
	if clusterExists {
		return "", fmt.Errorf("the password of the database in %[1]s is missing: put back the file %[2]s, or move %[1]s away to start empty", d.path, path)
	}
	secret := make([]byte, 24)
	if _, err := rand.Read(secret); err != nil {
		return "", fmt.Errorf("make a password: %w", err)
	}
	word := hex.EncodeToString(secret)
	if err := os.WriteFile(path, []byte(word+"\n"), 0o600); err != nil {
		return "", unusable(path, err)
	}
	return word, d.give(path)
}

// makeCluster builds beside the final place and renames at the end, so that an initdb
// that was killed leaves nothing that looks like a cluster.
func (d directory) makeCluster(ctx context.Context, p programs, fast bool) error {
	const unfinished = "unfinished-"
	old, err := filepath.Glob(filepath.Join(d.path, unfinished+"*"))
	if err != nil {
		return fmt.Errorf("look for an unfinished cluster: %w", err)
	}
	for _, path := range old {
		if err := os.RemoveAll(path); err != nil {
			return unusable(path, err)
		}
	}
	fresh, err := os.MkdirTemp(d.path, unfinished)
	if err != nil {
		return unusable(d.path, err)
	}
	if err := d.give(fresh); err != nil {
		return err
	}
	args := []string{
		"--pgdata=" + fresh, "--username=" + superuser, "--pwfile=" + filepath.Join(d.path, passwordName),
		"--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--data-checksums",
	}
	if fast {
		args = append(args, "--no-sync")
	}
	if err := d.initdb(ctx, p, args); err != nil {
		return errors.Join(err, os.RemoveAll(fresh))
	}
	if err := os.Rename(fresh, d.cluster()); err != nil {
		return unusable(d.path, err)
	}
	return syncDirectory(d.path)
}

func (d directory) initdb(ctx context.Context, p programs, args []string) error {
	var out bytes.Buffer
	cmd := d.command(p.initdb, args...)
	cmd.Stdout, cmd.Stderr = &out, &out
	process, err := startProcess(cmd, killWithParent)
	if err != nil {
		return fmt.Errorf("run %s as user %s: %w", p.initdb, d.owner.name, err)
	}
	select {
	case <-process.done:
	case <-ctx.Done():
		process.kill()
		return fmt.Errorf("making the PostgreSQL cluster in %s was interrupted, the next start begins again: %w", d.path, ctx.Err())
	}
	if process.err != nil {
		return diagnose("initdb could not make a PostgreSQL cluster in %s", out.String(), d)
	}
	return nil
}

func syncDirectory(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return unusable(path, err)
	}
	defer f.Close()
	if err := f.Sync(); err != nil {
		return unusable(path, err)
	}
	return nil
}

// diagnose turns what a PostgreSQL program printed into one sentence: the last grave
// line, or the first one that a person can do something about, and what that is. The format
// what takes the directory.
func diagnose(what, output string, d directory) error {
	reason, do := "it gave no reason", ""
	for line := range strings.Lines(output) {
		for _, mark := range []string{"PANIC:", "FATAL:", "error:"} {
			_, after, grave := strings.Cut(line, mark)
			if grave && do == "" {
				reason, do = strings.TrimSpace(after), advice(after)
			}
		}
	}
	if do == "" {
		do = advice(output)
	}
	return fmt.Errorf("%s: %s%s", fmt.Sprintf(what, d.path), reason, do)
}

// advice says what to do about the troubles that a person can remove.
func advice(output string) string {
	const restore = ": put back a backup, or move the directory away to start empty"
	for _, known := range []struct{ sign, do string }{
		{"no space left", ": free some disk space there, or choose a data directory on another disk"},
		{"read-only file system", ": choose a data directory on a disk that can be written"},
		{"permission denied", ": choose a data directory that you may write, or change its owner"},
		{"not a directory", ": choose another data directory"},
		{"could not locate a valid checkpoint", restore},
		{"could not open file", restore},
		{"invalid data in file", restore},
		{"incorrect checksum in control file", restore},
		{"unrecognized configuration parameter", ": correct the setting"},
		{"could not create shared memory", ": lower the setting shared_buffers, or stop other databases"},
	} {
		if strings.Contains(strings.ToLower(output), known.sign) {
			return known.do
		}
	}
	return ""
}
