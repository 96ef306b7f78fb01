package models

import (
	"fmt"
	"slices"
	"strings"
)

// Release is a figure that went out: what was said, when, and of which
// versions. It is kept, so that next year's question finds the number that was
// briefed.
type Release struct {
	Slice string `yaml:"slice"`        // the question, without versions
	At    string `yaml:"at,omitempty"` // the figure in its answer, where it has no question of its own
	Value string `yaml:"value"`
	Date  string `yaml:"date"`
	Of    string `yaml:"of"` // the versions, such as ncct@3
	In    string `yaml:"in,omitempty"`
}

// Unpinned is a slice without its versions, by which releases are found.
func (s Slice) Unpinned() string {
	s.At = nil
	return s.String()
}

// Versions prints versions as a card does.
func Versions(list []Version) string {
	var out []string
	for _, v := range list {
		out = append(out, v.String())
	}
	return strings.Join(out, ", ")
}

// Release names a figure of an answer as it is kept: by a question that has it
// as its only answer, else by its place in this answer. A count of records has
// such a question; of other figures a filter may mean another thing than a row.
func (a *Answer) Release(at CellRef) Release {
	r := Release{Slice: a.Slice.Unpinned(), Value: a.at(at).Said(), Of: Versions(a.Pinned.At)}
	if a.Numbers() == 1 && at.Col == a.Blocks[at.Block].ValueColumn() {
		return r
	}
	c := a.at(at)
	if s, ok := a.Narrow(at); ok && a.Blocks[at.Block].Source.Grain == Record && s.Op == One && s.Change.Kind == "" && c.Form == Plain && c.Base == 0 {
		r.Slice = s.Unpinned()
		return r
	}
	r.At = a.Place(at)
	return r
}

// Releases are figures that went out, by what they answer.
type Releases map[[2]string][]Release

// NewReleases sorts a list for finding; later ones of the same day go before.
func NewReleases(list []Release) Releases {
	out := Releases{}
	for _, r := range list {
		k := [2]string{r.Slice, r.At}
		out[k] = append(out[k], r)
	}
	return out
}

// Last finds how a figure went out last, before a day if one is named.
func (rs Releases) Last(slice, at, before string) (Release, bool) {
	var last Release
	found := false
	for _, r := range rs[[2]string{slice, at}] {
		if (before == "" || r.Date < before) && r.Date >= last.Date {
			last, found = r, true
		}
	}
	return last, found
}

// Compared says what went out and what the same question gives now; "" where
// that is the same.
func (r Release) Compared(now Release) string {
	if r.Value == now.Value {
		return ""
	}
	return fmt.Sprintf("%s; now %s (%s)", r.said(), now.Value, now.Of)
}

// Briefed says of one figure how it went out, "" if it never did: last, and
// before that with other numbers.
func (rs Releases) Briefed(a *Answer, at CellRef, narrow Slice) string {
	now := a.Release(at)
	question, place := now.Slice, now.At
	last, ok := rs.Last(question, place, "")
	if c := a.at(at); !ok && narrow.Indicator() != "" && c.Form == Plain && c.Base == 0 {
		question, place = narrow.Unpinned(), ""
		last, ok = rs.Last(question, place, "")
	}
	if !ok {
		return ""
	}
	said := last.Compared(now)
	if said == "" {
		said = last.said()
	}
	told := map[string]bool{last.Value: true} // each number once, with when it went out last
	earlier := slices.Clone(rs[[2]string{question, place}])
	slices.SortStableFunc(earlier, func(a, b Release) int { return strings.Compare(a.Date, b.Date) })
	for _, r := range slices.Backward(earlier) {
		if !told[r.Value] {
			told[r.Value] = true
			said += "; before that " + r.said()
		}
	}
	return said
}

func (r Release) said() string { return fmt.Sprintf("briefed as %s on %s (%s)", r.Value, r.Date, r.Of) }

// Rebriefed lists the figures of an answer that went out before a day with
// another number.
func (rs Releases) Rebriefed(a *Answer, before string) []string {
	var out []string
	if len(rs) == 0 {
		return nil
	}
	for at := range a.Figures {
		now := a.Release(at)
		last, ok := rs.Last(now.Slice, now.At, before)
		if !ok {
			continue
		}
		if said := last.Compared(now); said != "" {
			if a.Numbers() > 1 {
				said = a.Label(at) + ": " + said
			}
			out = append(out, said)
		}
	}
	return out
}
