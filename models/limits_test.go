package models_test

import (
	"fmt"
	"strings"
	"testing"

	"tiplens/datasets"
	"tiplens/models"
)

// TestSliceLimits: a filter that would keep the program busy for minutes, or
// would steer a terminal, is refused in a sentence.
func TestSliceLimits(t *testing.T) {
	days := func(n int) string {
		var out []string
		for i := range n {
			out = append(out, models.NewDate(2001, 1, 1+3*i).String())
		}
		return "year=" + strings.Join(out, ",")
	}
	many := func(n int) string {
		var out []string
		for i := range n {
			out = append(out, fmt.Sprintf("d%d", i))
		}
		return "dataset=" + strings.Join(out, ",")
	}
	for _, tt := range []struct {
		name, where string
		says        string // nothing where it is taken
	}{
		{"200 days", days(200), ""},
		{"201 days", days(201), "more than 200 periods; write ranges"},
		{"3000 days", days(3000), "more than 200 periods; write ranges"},
		{"2001 datasets", many(2001), "more than 2000 values"},
		{"a dataset that steers", "dataset=\"a\x1b[2Jb\"", "dataset knows no"},
		{"a dataset that turns the line", "dataset=\"a\u202eb\"", "dataset knows no"},
		{"an agency that steers", "agency=\"a\x1b[2Jb\"", "knows no"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, err := models.ParseSlice("vic_identified where "+tt.where, datasets.Catalogue())
			switch {
			case tt.says == "" && err != nil:
				t.Fatal(err)
			case tt.says == "":
				return
			case err == nil:
				t.Fatalf("taken: %q", s)
			case !strings.Contains(err.Error(), tt.says) || strings.ContainsAny(err.Error(), "\x1b\u202e"):
				t.Errorf("%q", err)
			}
		})
	}
}
