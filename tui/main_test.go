package tui_test

import (
	"flag"
	"os"
	"testing"
)

// TestMain lets more screens run side by side than there are processors: they
// wait for each other's frames most of the time.
func TestMain(m *testing.M) {
	flag.Parse()
	given := false
	flag.Visit(func(f *flag.Flag) { given = given || f.Name == "test.parallel" })
	if !given {
		_ = flag.Set("test.parallel", "8")
	}
	os.Exit(m.Run())
}
