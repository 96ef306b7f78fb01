package tui

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestWordsAreInOneFile: titles, lines of keys and what the status line says
// stand in words.go, where somebody can put them into another language.
func TestWordsAreInOneFile(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) == 0 {
		t.Fatal("no files", err)
	}
	words := regexp.MustCompile(`[A-Za-z]{3}`)
	fs := token.NewFileSet()
	literal := func(e ast.Expr, where string) {
		if call, ok := e.(*ast.CallExpr); ok && len(call.Args) > 0 { // fmt.Sprintf("...", ...)
			e = call.Args[0]
		}
		if l, ok := e.(*ast.BasicLit); ok && l.Kind == token.STRING && words.MatchString(l.Value) {
			t.Errorf("%s: %s %s belongs into words.go", fs.Position(l.Pos()), where, l.Value)
		}
	}
	for _, f := range files {
		if strings.HasSuffix(f, "_test.go") || f == "words.go" {
			continue
		}
		file, err := parser.ParseFile(fs, f, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.KeyValueExpr:
				if k, ok := n.Key.(*ast.Ident); ok && (k.Name == "title" || k.Name == "say" || k.Name == "keys") {
					literal(n.Value, k.Name)
				}
			case *ast.AssignStmt:
				for i, l := range n.Lhs {
					if s, ok := l.(*ast.SelectorExpr); ok && (s.Sel.Name == "said" || s.Sel.Name == "title") && i < len(n.Rhs) {
						literal(n.Rhs[i], s.Sel.Name)
					}
				}
			case *ast.FuncDecl:
				if n.Name.Name == "hint" && n.Body != nil {
					ast.Inspect(n.Body, func(n ast.Node) bool {
						if r, ok := n.(*ast.ReturnStmt); ok && len(r.Results) == 1 {
							literal(r.Results[0], "hint")
						}
						return true
					})
				}
			}
			return true
		})
	}
}

// TestStatusLineFits: what the status line says is read whole on 80 columns,
// behind the position of the cursor.
func TestStatusLineFits(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "words.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || len(spec.Values) != 1 || !strings.HasPrefix(spec.Names[0].Name, "say") {
			return true
		}
		if l, ok := spec.Values[0].(*ast.BasicLit); ok && spec.Names[0].Name != "sayEndingDecides" { // a text of a page
			seen++
			if text := strings.Trim(l.Value, `"`); width(text) > 71 {
				t.Errorf("%s has %d cells, room is for 71: %s", spec.Names[0].Name, width(text), text)
			}
		}
		return true
	})
	if seen < 50 {
		t.Errorf("only %d sentences looked at", seen)
	}
}
