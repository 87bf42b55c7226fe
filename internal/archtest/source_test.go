package archtest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// source is one package as it is written.
type source struct {
	folder  string // below the module's root, with slashes
	name    string
	imports []string // of the package without its tests
	files   []file
}

// file is one parsed file.
type file struct {
	name      string
	lines     int
	test      bool
	generated bool
	tree      *ast.File
}

// listed is what "go list -json" says of a package.
type listed struct {
	Dir, ImportPath, Name             string
	Imports                           []string
	GoFiles, CgoFiles, IgnoredGoFiles []string
	TestGoFiles, XTestGoFiles         []string
	Module                            *struct{ Path, Dir string }
}

// load lists the packages below dir and parses their files.
func load(ctx context.Context, dir string) ([]source, error) {
	cmd := exec.CommandContext(ctx, "go", "list", "-e", "-json=Dir,ImportPath,Name,Imports,GoFiles,CgoFiles,IgnoredGoFiles,TestGoFiles,XTestGoFiles,Module", "./...")
	cmd.Dir = dir
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	raw, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w: %s", err, stderr.String())
	}
	var out []source
	for dec := json.NewDecoder(bytes.NewReader(raw)); ; {
		var l listed
		err := dec.Decode(&l)
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, fmt.Errorf("read go list: %w", err)
		}
		p, err := parse(l)
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
}

// dependencies are all packages that end up in the program, however far down.
func dependencies(ctx context.Context, dir, program string) ([]string, error) {
	cmd := exec.CommandContext(ctx, "go", "list", "-e", "-deps", program)
	cmd.Dir = dir
	raw, err := cmd.Output()
	return strings.Fields(string(raw)), err
}

func parse(l listed) (source, error) {
	p := source{folder: strings.TrimPrefix(strings.TrimPrefix(l.ImportPath, module), "/"), name: l.Name, imports: l.Imports}
	for i, names := range [][]string{l.GoFiles, l.CgoFiles, l.IgnoredGoFiles, l.TestGoFiles, l.XTestGoFiles} {
		for _, name := range names {
			raw, err := os.ReadFile(filepath.Join(l.Dir, name))
			if err != nil {
				return p, err
			}
			f, err := parseFile(name, raw)
			if err != nil {
				return p, err
			}
			f.test = f.test || i >= 3
			p.files = append(p.files, f)
		}
	}
	return p, nil
}

func parseFile(name string, raw []byte) (file, error) {
	tree, err := parser.ParseFile(token.NewFileSet(), name, raw, parser.ParseComments)
	if err != nil {
		return file{}, fmt.Errorf("parse %s: %w", name, err)
	}
	return file{
		name: name, lines: bytes.Count(raw, []byte("\n")), test: strings.HasSuffix(name, "_test.go"),
		generated: ast.IsGenerated(tree), tree: tree,
	}, nil
}
