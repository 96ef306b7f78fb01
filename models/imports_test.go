package models_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The arrows of the house (design, section 3) point down: cmd wires, datasets,
// query and tui stand on models and do not know each other. An arrow that
// points up would pull a database into a screen or colours into a reader, and
// nobody would notice until the build takes minutes.
func TestImportArrows(t *testing.T) {
	for _, tt := range []struct {
		pkg    string
		house  []string // packages of the house that it may import
		others bool     // whether it may import what is not in the standard library
		never  []string // parts of import paths that must not be among its dependencies
	}{
		{pkg: "models"},
		{pkg: "datasets", house: []string{"models"}, others: true, never: []string{"duckdb", "charm.land"}},
		{pkg: "query", house: []string{"models"}, others: true, never: []string{"charm.land"}},
		{pkg: "tui", house: []string{"models"}, others: true, never: []string{"duckdb"}},
	} {
		t.Run(tt.pkg, func(t *testing.T) {
			if files, _ := filepath.Glob(filepath.Join("..", tt.pkg, "*.go")); len(files) == 0 {
				t.Skip("there is no package " + tt.pkg + " yet")
			}
			for _, dep := range dependencies(t, "tiplens/"+tt.pkg) {
				own, inHouse := strings.CutPrefix(dep.path, "tiplens/")
				switch {
				case inHouse && own != tt.pkg && !slices.Contains(tt.house, own):
					t.Errorf("%s depends on %s", tt.pkg, dep.path)
				case !inHouse && !dep.standard && !tt.others:
					t.Errorf("%s depends on %s, which is not in the standard library", tt.pkg, dep.path)
				}
				for _, n := range tt.never {
					if strings.Contains(dep.path, n) {
						t.Errorf("%s depends on %s, and nothing with %s in its path may be below it", tt.pkg, dep.path, n)
					}
				}
			}
		})
	}
}

type dependency struct {
	path     string
	standard bool
}

// dependencies lists what a package needs to be built. Tests are not counted:
// the tests of models use the catalogue that datasets embeds.
func dependencies(t *testing.T, pkg string) []dependency {
	t.Helper()
	// -e: a package that somebody is in the middle of writing still shows its imports.
	cmd := exec.Command("go", "list", "-e", "-deps", "-f", "{{.ImportPath}} {{.Standard}}", pkg)
	cmd.Env = append(os.Environ(), "GOPROXY=off", "GOTOOLCHAIN=local", "GOFLAGS=-mod=readonly")
	var why strings.Builder
	cmd.Stderr = &why
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list %s: %v\n%s", pkg, err, why.String())
	}
	var deps []dependency
	for _, line := range strings.Split(strings.TrimSpace(string(out)), "\n") {
		path, standard, _ := strings.Cut(line, " ")
		deps = append(deps, dependency{path, standard == "true"})
	}
	if !slices.Contains(deps, dependency{pkg, false}) {
		t.Fatalf("go list %s does not list the package itself:\n%s", pkg, out)
	}
	return deps
}
