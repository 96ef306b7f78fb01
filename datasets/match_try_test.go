package datasets

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

func TestTry(t *testing.T) {
	b, err := os.ReadFile("/tmp/names/try.txt")
	if err != nil {
		t.Skip()
	}
	m := NewMatcher(Catalogue())
	for _, l := range strings.Split(strings.TrimSpace(string(b)), "\n") {
		p := strings.Split(l, "|")
		w := ""
		if len(p) > 2 {
			w = p[2]
		}
		fmt.Printf("%-40s %-4s %+v\n", l, w, m.Match(p[0], p[1], w))
	}
}
