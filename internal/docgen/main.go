// Command docgen writes the tables of docs/ that follow from the code: what stands between
// <!-- generated: NAME --> and <!-- end --> is replaced. Run it from the root of the
// repository: go run ./internal/docgen
package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
)

func main() {
	if err := run("docs"); err != nil {
		fmt.Fprintln(os.Stderr, "docgen:", err)
		os.Exit(1)
	}
}

// run brings the pages of the folder up to date.
func run(folder string) error {
	paths, err := filepath.Glob(filepath.Join(folder, "*.md"))
	if err != nil {
		return err
	}
	for _, path := range paths {
		was, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		page, err := fill(was)
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		if bytes.Equal(was, page) {
			continue
		}
		if err := os.WriteFile(path, page, 0o644); err != nil { //nolint:gosec // everybody reads it
			return err
		}
	}
	return nil
}

var generated = regexp.MustCompile(`(?s)<!-- generated: ([a-z]+) -->\n.*?<!-- end -->`)

// fill puts the tables of now into the page. A name that no table has is an error.
func fill(page []byte) ([]byte, error) {
	var unknown error
	out := generated.ReplaceAllFunc(page, func(region []byte) []byte {
		name := string(generated.FindSubmatch(region)[1])
		table, ok := tables[name]
		if !ok {
			unknown = fmt.Errorf("there is no table %q", name)
			return region
		}
		return fmt.Appendf(nil, "<!-- generated: %s -->\n%s<!-- end -->", name, table())
	})
	return out, unknown
}
