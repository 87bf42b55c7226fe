// Package store keeps cases in PostgreSQL: the ledger of events, the read models that
// are written with it, and, encrypted, who the clients are and what people wrote.
package store

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"strings"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"guitu/rehab"
	"guitu/suite"
)

//go:embed migrations/*.sql
var migrations embed.FS

//go:embed places.csv
var placesCSV string // the streets of Beijing with the codes of the National Bureau of Statistics

// Store is the database. Its methods own their transactions. Errors a caller can act on
// are *rehab.Error; Unavailable when the database does not answer, or not in the caller's time.
type Store struct {
	pool   *pool
	keeper *pool // as whom keys are changed: the same, or a login of its own
	keys   *Keys
	seal   *sealer

	system atomic.Pointer[suite.Ring] // keys for what belongs to no case
}

// Options of a connection. MaxConns 0 is the pool's own choice. KeeperDSN is a login with the role
// guitu_keys; where there is none, what it is for is refused to a login without that role.
type Options struct {
	DSN       string
	KeeperDSN string
	MaxConns  int
	Keys      *Keys
	// Scoped is for who answers requests of people: rows of clients are there in the scope of a
	// request alone (board.WithScope), and the ledger is read and not written.
	Scoped bool
}

// Migrate brings the schema to this release under a lock, so that several processes may
// start at once, fills in the places and, in a database that was restored from a dump,
// begins an era. The connection needs the owner of the database.
func Migrate(ctx context.Context, dsn string) error {
	config, err := pgx.ParseConfig(dsn)
	if err != nil {
		return fmt.Errorf("read the database address: %w", err)
	}
	db := stdlib.OpenDB(*config)
	defer db.Close()
	locker, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return err
	}
	folder, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	provider, err := goose.NewProvider(goose.DialectPostgres, db, folder, goose.WithSessionLocker(locker))
	if err != nil {
		return fmt.Errorf("read the migrations: %w", err)
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("migrate the database: %w", unavailable(err))
	}
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return fmt.Errorf("connect to the database: %w", unavailable(err))
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	if _, err := conn.Exec(ctx, `SELECT grant_scoped()`); err != nil {
		return fmt.Errorf("give the login of the API its rights: %w", unavailable(err))
	}
	if err := beginEra(ctx, conn); err != nil {
		return err
	}
	return seedPlaces(ctx, conn)
}

// Open connects as the role of the application, which may add to the ledger but neither
// change nor delete what is in it; or, scoped, as the role of the API.
func Open(ctx context.Context, o Options) (*Store, error) {
	pool, err := connect(ctx, o.DSN, o.MaxConns, o.Scoped)
	if err != nil {
		return nil, err
	}
	s := &Store{pool: pool, keeper: pool, keys: o.Keys, seal: newSealer(o.Keys)}
	if o.KeeperDSN != "" {
		if s.keeper, err = connect(ctx, o.KeeperDSN, keeperConns, false); err != nil {
			pool.Close()
			return nil, fmt.Errorf("the login that changes keys: %w", err)
		}
	}
	if err := s.Ping(ctx); err != nil {
		s.Close()
		return nil, fmt.Errorf("connect to the database: %w", err)
	}
	if o.Keys == nil { // for what needs none
		return s, nil
	}
	if err := s.beginSuite(ctx); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

const keeperConns = 2

// connect makes a pool whose connections have the rights of the application or, scoped, of the API.
func connect(ctx context.Context, dsn string, conns int, scoped bool) (*pool, error) {
	config, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, fmt.Errorf("read the database address: %w", err)
	}
	if conns > 0 {
		config.MaxConns = int32(conns)
	}
	config.ConnConfig.RuntimeParams["timezone"] = "UTC"
	config.ConnConfig.ConnectTimeout = 5 * time.Second
	config.AfterConnect = func(ctx context.Context, c *pgx.Conn) error {
		_, err := c.Exec(ctx, asApplication(scoped))
		return err
	}
	connections, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	return &pool{connections, scoped}, nil
}

// Close waits for what is under way and closes the connections.
func (s *Store) Close() {
	if s.keeper != nil && s.keeper != s.pool {
		s.keeper.Close()
	}
	s.pool.Close()
}

// Ping reports whether the database answers and has been migrated.
func (s *Store) Ping(ctx context.Context) error {
	_, err := s.pool.Exec(ctx, "SELECT 1 FROM places LIMIT 1")
	return unavailable(err)
}

// denied reports whether the login of the database may not do it.
func denied(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && pg.Code == "42501"
}

// unavailable turns the errors of a database that is down, full or starting into
// Unavailable; whoever called may try again. All others pass unchanged.
func unavailable(err error) error {
	if err == nil {
		return nil
	}
	var pg *pgconn.PgError
	var network net.Error
	var connect *pgconn.ConnectError
	class := ""
	var known *rehab.Error
	if errors.As(err, &known) && known.Code == rehab.Unavailable {
		return err // it says what it is
	}
	if cutOff(err) {
		return fmt.Errorf("%w: %w", tooLong("the answer took too long"), err)
	}
	if errors.As(err, &pg) {
		class = pg.Code[:2]
	}
	switch {
	case class == "08" || class == "53" || class == "57", // connection, out of disk or memory, shutting down
		class == "58", // the system below: a disk that does not answer
		class == "40", // deadlock, serialization
		errors.As(err, &connect), pg == nil && errors.As(err, &network), errors.Is(err, context.DeadlineExceeded),
		pg == nil && strings.Contains(err.Error(), "conn closed"), pg == nil && strings.Contains(err.Error(), "unexpected EOF"):
		return fmt.Errorf("%w: %w", &rehab.Error{Code: rehab.Unavailable, Message: "the database does not answer"}, err)
	}
	return err
}
