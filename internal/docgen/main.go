// Command docgen writes the tables of docs/ that follow from the code: what stands between
// <!-- generated: NAME --> and <!-- end --> is replaced. Run it from the root of the
// repository: go run ./internal/docgen. With --openapi FILE it writes the contract of the API
// there instead, from which the client of the pages is generated.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"

	"guitu/api"
)

func main() {
	contract := flag.String("openapi", "", "write the contract of the API into this file, and nothing else")
	flag.Parse()
	work := func() error { return run("docs") }
	if *contract != "" {
		work = func() error { return writeContract(*contract) }
	}
	if err := work(); err != nil {
		fmt.Fprintln(os.Stderr, "docgen:", err)
		os.Exit(1)
	}
}

// writeContract leaves a file alone that says the same already, so that nothing is built anew.
func writeContract(path string) error {
	document, err := api.Document("")
	if err != nil {
		return err
	}
	if was, err := os.ReadFile(path); err == nil && bytes.Equal(was, document) {
		return nil
	}
	return os.WriteFile(path, document, 0o644) //nolint:gosec // everybody reads it
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
