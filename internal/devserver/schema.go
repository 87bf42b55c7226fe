package devserver

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"go.temporal.io/server/common/config"
	"go.temporal.io/server/common/log"
	"go.temporal.io/server/common/persistence/sql/sqlplugin/postgresql"
	v12 "go.temporal.io/server/schema/postgresql/v12"
	"go.temporal.io/server/tools/common/schema"
	"go.temporal.io/server/tools/sql"
)

const (
	// underway marks a database that is being made, done one that is complete.
	underway = "Guitu is making this database for Temporal"
	done     = "Temporal, made by Guitu"
)

// database is where the server keeps its state: two databases of one PostgreSQL.
type database struct {
	url  url.URL
	user *pgx.ConnConfig
	name string
}

func parseDatabase(address, name string) (database, error) {
	const wanted = "the connection URL for Temporal's databases must look like postgres://user:password@127.0.0.1:5432/postgres"
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return database{}, errors.New(wanted) // the cause would show the password
	}
	cfg, err := pgx.ParseConfig(address)
	if err != nil {
		return database{}, fmt.Errorf("%s: %w", wanted, err)
	}
	if u.Path == "" || u.Path == "/" {
		u.Path = "/postgres"
	}
	return database{url: *u, user: cfg, name: name}, nil
}

func (d database) visibilityName() string { return d.name + "_visibility" }

func (d database) config(name string, conns int) *config.SQL {
	return &config.SQL{
		PluginName: postgresql.PluginNamePGX, DatabaseName: name,
		ConnectAddr: net.JoinHostPort(d.user.Host, strconv.Itoa(int(d.user.Port))), ConnectProtocol: "tcp",
		User: d.user.User, Password: d.user.Password,
		MaxConns: conns, MaxIdleConns: conns, MaxConnLifetime: time.Hour,
	}
}

func (d database) connect(ctx context.Context, name string) (*pgx.Conn, error) {
	u := d.url
	if name != "" {
		u.Path = "/" + name
	}
	conn, err := pgx.Connect(ctx, u.String())
	if err != nil {
		return nil, fmt.Errorf("connect to PostgreSQL for Temporal: %w", err)
	}
	return conn, nil
}

// prepare makes both databases where they are missing and brings their schema to this
// server's version. Whoever else prepares the same ones meanwhile waits.
func (d database) prepare(ctx context.Context, logger log.Logger) error {
	admin, err := d.connect(ctx, "")
	if err != nil {
		return err
	}
	defer admin.Close(context.WithoutCancel(ctx)) //nolint:errcheck // only read and DDL, each statement reported
	if _, err := admin.Exec(ctx, "SELECT pg_advisory_lock(hashtext($1))", "guitu "+d.name); err != nil {
		return fmt.Errorf("lock Temporal's databases: %w", err)
	}
	for _, s := range []struct{ name, schema, version string }{
		{d.name, "postgresql/v12/temporal", v12.Version},
		{d.visibilityName(), "postgresql/v12/visibility", v12.VisibilityVersion},
	} {
		if err := d.prepareOne(ctx, admin, s.name, s.schema, s.version, logger); err != nil {
			return fmt.Errorf("set up the database %s: %w", s.name, err)
		}
	}
	return nil
}

func (d database) prepareOne(ctx context.Context, admin *pgx.Conn, name, schemaName, version string, logger log.Logger) error {
	have, err := d.schemaVersion(ctx, admin, name)
	if err != nil {
		return err
	}
	switch have {
	case version:
		return nil
	case "":
		return d.create(ctx, admin, name, schemaName, version, logger)
	}
	if name == d.visibilityName() {
		// An update may change an index that was trimmed away.
		if err := d.restoreVisibility(ctx); err != nil {
			return err
		}
	}
	return d.withTool(name, logger, func(tool *sql.Connection) error {
		return schema.NewUpdateSchemaTask(tool, &schema.UpdateConfig{SchemaName: schemaName}, logger).Run()
	})
}

// schemaVersion is "" when the database is not complete, or is not there.
func (d database) schemaVersion(ctx context.Context, admin *pgx.Conn, name string) (string, error) {
	var exists bool
	if err := admin.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", name).Scan(&exists); err != nil || !exists {
		return "", err
	}
	conn, err := d.connect(ctx, name)
	if err != nil {
		return "", err
	}
	defer conn.Close(context.WithoutCancel(ctx)) //nolint:errcheck // only read
	var tables int
	var versions bool
	err = conn.QueryRow(ctx, "SELECT count(*), bool_or(tablename = 'schema_version') IS TRUE FROM pg_tables WHERE schemaname = 'public'").Scan(&tables, &versions)
	if err != nil || tables == 0 {
		return "", err
	}
	var version string
	if versions {
		err = conn.QueryRow(ctx, "SELECT curr_version FROM schema_version WHERE version_partition = 0 AND db_name = $1", name).Scan(&version)
		if err == nil {
			return version, nil
		}
		if !errors.Is(err, pgx.ErrNoRows) {
			return "", err
		}
	}
	var note *string
	if err := admin.QueryRow(ctx, "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = $1", name).Scan(&note); err != nil {
		return "", err
	}
	if note == nil || *note != underway {
		return "", fmt.Errorf("the database %s holds tables that are not Temporal's, and Guitu keeps its hands off them: choose another name for Temporal's database", name)
	}
	return "", nil
}

// create begins with an empty database. The schema task writes the version last, so one
// that was killed in the middle has none, and never served: it is dropped.
func (d database) create(ctx context.Context, admin *pgx.Conn, name, schemaName, version string, logger log.Logger) error {
	quoted := pgx.Identifier{name}.Sanitize()
	for _, statement := range []string{
		"DROP DATABASE IF EXISTS " + quoted + " WITH (FORCE)",
		"CREATE DATABASE " + quoted,
		"COMMENT ON DATABASE " + quoted + " IS '" + underway + "'",
	} {
		if _, err := admin.Exec(ctx, statement); err != nil {
			return err
		}
	}
	err := d.withTool(name, logger, func(tool *sql.Connection) error {
		return schema.NewSetupSchemaTask(tool, &schema.SetupConfig{SchemaName: schemaName, InitialVersion: version}, logger).Run()
	})
	if err != nil {
		return err
	}
	_, err = admin.Exec(ctx, "COMMENT ON DATABASE "+quoted+" IS '"+done+"'")
	return err
}

func (d database) withTool(name string, logger log.Logger, do func(*sql.Connection) error) error {
	tool, err := sql.NewConnection(d.config(name, 1), logger)
	if err != nil {
		return err
	}
	defer tool.Close()
	return do(tool)
}
