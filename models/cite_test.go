package models

import (
	"strings"
	"testing"
	"time"
)

// TestCiteProducer: a dataset of one agency is cited by its stated producer,
// one without a producer by its agency, one of several by the agency of the
// number, and by the producer where these are many.
func TestCiteProducer(t *testing.T) {
	on := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	s := Source{Agency: "KH.NP", AgencyName: "National Police", Dataset: "cases", Version: 2, Title: "Cases", Producer: "Provincial office", Agencies: 1}
	none, several := s, s
	none.Producer, several.Agencies = "", 5
	for _, c := range []struct {
		s    Source
		want string
	}{{s, "Provincial office. Cases, version 2"}, {none, "National Police. Cases"}, {several, "National Police. Cases"}} {
		if got := c.s.Cite("2025", "x", on); !strings.HasPrefix(got, c.want) {
			t.Errorf("%+v is cited as %q", c.s, got)
		}
	}
	many := &Answer{}
	for _, agency := range []string{"A", "B", "C", "D"} {
		o := several
		o.AgencyName = agency
		many.Sources = append(many.Sources, o)
	}
	if got := many.Cite(on); len(got) != 1 || !strings.HasPrefix(got[0], "Provincial office. ") {
		t.Errorf("many are cited as %q", got)
	}
}
