package models

import (
	"fmt"
	"sort"
	"strconv"
	"strings"
)

// Catalog is the dictionary of the product: what is counted, by what it may be
// broken down, and the codes with all their names. It is built once and then
// only read, so any number of goroutines may share it.
type Catalog struct {
	indicators []*Indicator
	dimensions []*Dimension
	lists      map[string][]*Code

	byIndicator    map[string]*Indicator
	indicatorNames map[string]*Indicator // by folded id and name
	byDimension    map[string]*Dimension
	byCode         map[string]map[string]*Code // list, code
	names          map[string]map[string]*Code // list, folded name
	doubtful       map[string]map[string]*Code
	shared         map[string]map[string][]*Code // list, folded name that several have
	spelled        map[string]map[string]*Code   // list, name as it is written: what tells those apart
	fold           func(list, name string) string
}

// ListAny is the code list whose codes every other list knows too.
const ListAny = "*"

// NewCatalog builds a catalogue. Fold turns a name of a list into what two
// spellings of it share; it comes from the caller because models knows no Unicode tables
// beyond the standard library's. The errors name what is wrong with the data:
// an id used twice, a parent that does not exist, a name for two codes.
func NewCatalog(ind []*Indicator, dims []*Dimension, codes []*Code, fold func(list, name string) string) (*Catalog, error) {
	c := &Catalog{
		indicators: ind, dimensions: dims, lists: map[string][]*Code{},
		byIndicator: map[string]*Indicator{}, indicatorNames: map[string]*Indicator{}, byDimension: map[string]*Dimension{},
		byCode: map[string]map[string]*Code{}, names: map[string]map[string]*Code{},
		doubtful: map[string]map[string]*Code{}, shared: map[string]map[string][]*Code{}, spelled: map[string]map[string]*Code{}, fold: fold,
	}
	for _, i := range ind {
		if c.byIndicator[i.ID] != nil {
			return nil, fmt.Errorf("indicator %s is defined twice", i.ID)
		}
		c.byIndicator[i.ID] = i
		for _, name := range []string{i.ID, i.Name} {
			if f := fold("", name); c.indicatorNames[f] == nil {
				c.indicatorNames[f] = i
			}
		}
	}
	for _, d := range dims {
		if c.byDimension[d.ID] != nil || c.byIndicator[d.ID] != nil {
			return nil, fmt.Errorf("the id %s is used twice", d.ID)
		}
		c.byDimension[d.ID] = d
	}
	for _, k := range codes {
		if c.byCode[k.List] == nil {
			c.byCode[k.List], c.names[k.List], c.doubtful[k.List] = map[string]*Code{}, map[string]*Code{}, map[string]*Code{}
			c.shared[k.List], c.spelled[k.List] = map[string][]*Code{}, map[string]*Code{}
		}
		if c.byCode[k.List][k.ID] != nil {
			return nil, fmt.Errorf("code %s of list %s is defined twice", k.ID, k.List)
		}
		c.byCode[k.List][k.ID] = k
		c.lists[k.List] = append(c.lists[k.List], k)
	}
	for _, k := range codes {
		for _, n := range k.Shared {
			f := c.fold(k.List, n)
			c.shared[k.List][f] = append(c.shared[k.List][f], k)
		}
	}
	for _, k := range codes {
		if err := c.addNames(k); err != nil {
			return nil, err
		}
	}
	return c, nil
}

func (c *Catalog) addNames(k *Code) error {
	if k.Parent != "" && c.byCode[k.List][k.Parent] == nil {
		return fmt.Errorf("code %s of list %s has the unknown parent %s", k.ID, k.List, k.Parent)
	}
	enter := func(m map[string]*Code, name string) error {
		f := c.fold(k.List, name)
		if f == "" {
			return nil
		}
		if o := m[f]; o != nil && o != k {
			return fmt.Errorf("the name %q stands for both %s and %s of list %s", name, o.ID, k.ID, k.List)
		}
		if c.shared[k.List][f] != nil { // said in full it is one of them all the same
			c.spelled[k.List][plain(name)] = k
			return nil
		}
		m[f] = k
		return nil
	}
	for _, n := range append([]string{k.ID, k.Label, k.LabelKM}, k.Aliases...) {
		if err := enter(c.names[k.List], n); err != nil {
			return err
		}
	}
	for _, n := range k.Doubtful {
		if err := enter(c.doubtful[k.List], n); err != nil {
			return err
		}
	}
	return nil
}

// plain is a name in small letters with single blanks.
func plain(name string) string { return strings.ToLower(strings.Join(strings.Fields(name), " ")) }

// Indicator finds an indicator by id, nil without one.
func (c *Catalog) Indicator(id string) *Indicator { return c.byIndicator[id] }

// Indicators lists all indicators in catalogue order.
func (c *Catalog) Indicators() []*Indicator { return c.indicators }

// Dimension finds a dimension by id, nil without one.
func (c *Catalog) Dimension(id string) *Dimension { return c.byDimension[id] }

// Dimensions lists all dimensions in catalogue order.
func (c *Catalog) Dimensions() []*Dimension { return c.dimensions }

// Codes lists the codes of a list in catalogue order.
func (c *Catalog) Codes(list string) []*Code { return c.lists[list] }

// list gives the code list of a dimension; a dimension that the catalogue
// does not know (a kept column) has a list of its own name.
func (c *Catalog) list(dim string) string {
	if d := c.byDimension[dim]; d != nil {
		return d.List
	}
	return dim
}

// Code finds a code of a dimension, nil when the lists do not know it.
func (c *Catalog) Code(dim, code string) *Code {
	for _, l := range c.searched(dim) {
		if k := c.byCode[l][code]; k != nil && c.allowed(dim, k) {
			return k
		}
	}
	if c.list(dim) == "age" {
		return ageBand(code)
	}
	return nil
}

// ageBand makes the code of an interval of completed years that no list
// names: YaTb and Y_GEa are valid for any whole ages (I-3.3).
func ageBand(code string) *Code {
	low, high, ok := ageInterval(code)
	if !ok {
		return nil
	}
	k := &Code{List: "age", ID: code, Level: "band", ValidFrom: NoDate, ValidTo: NoDate, Label: fmt.Sprintf("%d-%d", low, high)}
	if high == openAge {
		k.Label = fmt.Sprintf("%d+", low)
	}
	switch {
	case high <= 17:
		k.Parent = "Y0T17"
	case low >= 18:
		k.Parent = "Y_GE18"
	}
	k.Sort = 1000 + low
	return k
}

// openAge stands for the upper end of an age band without one.
const openAge = 1 << 20

// ageInterval reads the code of an interval of completed years, YaTb or Y_GEa.
func ageInterval(code string) (low, high int, ok bool) {
	if from, open := strings.CutPrefix(code, "Y_GE"); open {
		low, ok = completedYears(from)
		return low, openAge, ok
	}
	band, ok := strings.CutPrefix(code, "Y")
	from, to, both := strings.Cut(band, "T")
	low, known := completedYears(from)
	high, closed := completedYears(to)
	if !ok || !both || !known || !closed || low > high {
		return 0, 0, false
	}
	return low, high, true
}

// completedYears reads an age as a code writes it: without sign or leading
// zeros.
func completedYears(s string) (int, bool) {
	n, err := strconv.Atoi(s)
	return n, err == nil && n >= 0 && strconv.Itoa(n) == s
}

// AgesOverlap reports whether two different age codes share a year of age.
func AgesOverlap(x, y string) bool {
	a, b, ok := ageInterval(x)
	c, d, known := ageInterval(y)
	return ok && known && x != y && a <= d && c <= b
}

// Label gives the short text a person reads for a code. A code outside the
// lists is its own label.
func (c *Catalog) Label(dim, code string) string {
	if k := c.Code(dim, code); k != nil && k.Label != "" {
		return k.Label
	}
	return code
}

// Find resolves a name, spelling or code of a dimension by exact match after
// folding. Sure is false when the name points to the code but deserves a
// second look, as a town does that stands for its province.
func (c *Catalog) Find(dim, text string) (code *Code, sure bool) {
	if k := c.Code(dim, text); k != nil {
		return k, true
	}
	for _, l := range c.searched(dim) {
		k := c.spelled[l][plain(text)]
		if k == nil {
			k = c.names[l][c.fold(l, text)]
		}
		if k != nil && c.allowed(dim, k) {
			return k, true
		}
	}
	l := c.list(dim)
	if k := c.doubtful[l][c.fold(l, text)]; k != nil {
		return k, false
	}
	return nil, false
}

// Sharing lists the codes that have a name in common, where alone it says
// none of them.
func (c *Catalog) Sharing(dim, text string) []*Code {
	var out []*Code
	for _, l := range c.searched(dim) {
		for _, k := range c.shared[l][c.fold(l, text)] {
			if c.allowed(dim, k) {
				out = append(out, k)
			}
		}
	}
	return out
}

// searched lists the code lists in which a dimension's names are looked up.
func (c *Catalog) searched(dim string) []string {
	l := c.list(dim)
	if l == "nationality" {
		return []string{l, "area", ListAny}
	}
	return []string{l, ListAny}
}

// allowed keeps provinces and groups out of the nationalities, which share
// the countries of the area list.
func (c *Catalog) allowed(dim string, k *Code) bool {
	return c.list(dim) != "nationality" || k.List != "area" || k.Level == "country"
}

// Within reports whether code lies under ancestor in the code tree of a
// dimension, or is it. Ages are intervals, so nesting is containment.
func (c *Catalog) Within(dim, code, ancestor string) bool {
	if code == ancestor {
		return true
	}
	if dim == DimNationality && ancestor == Foreign {
		return false // depends on who reports; the engine resolves it
	}
	if c.list(dim) == "age" {
		low, high, ok := ageInterval(code)
		from, to, known := ageInterval(ancestor)
		return ok && known && from <= low && high <= to
	}
	for code != "" {
		k := c.Code(dim, code)
		if k == nil {
			return false
		}
		if k.Parent == ancestor {
			return true
		}
		code = k.Parent
	}
	return false
}

// Foreign and National are nationalities relative to the reporting country.
const (
	Foreign  = "_FOR"
	National = "_NAT"
)

// LevelOf names the level of a code in its dimension; codes that every
// dimension knows have none.
func (c *Catalog) LevelOf(dim, code string) string {
	if k := c.Code(dim, code); k != nil && k.List != ListAny {
		return k.Level
	}
	return ""
}

// AtLevel lifts a code to a level of its dimension. It answers "" when the
// code is coarser than the level, so that nothing finer can be said of it.
func (c *Catalog) AtLevel(dim, code, level string) string {
	d := c.byDimension[dim]
	if level == "" || d == nil || len(d.Levels) == 0 || strings.HasPrefix(code, "_") {
		return code
	}
	want := d.LevelIndex(level)
	for at := code; at != ""; {
		k := c.Code(dim, at)
		if k == nil {
			return code
		}
		have := d.LevelIndex(k.Level)
		if up := c.Code(dim, k.Parent); have < 0 && up != nil { // between two levels, as a region of provinces is
			if d.LevelIndex(up.Level) < want {
				return ""
			}
			at = k.Parent
			continue
		}
		switch {
		case have < 0 || have == want:
			return at
		case have < want:
			return ""
		}
		at = k.Parent
	}
	return ""
}

// Nearest lists up to n ids or names most like the text, nearest first, out of
// those offered.
func Nearest(text string, among []string, n int) []string {
	type near struct {
		s string
		d int
	}
	var all []near
	low := strings.ToLower(text)
	most := 2 + len(low)/2
	for _, s := range among {
		l := strings.ToLower(s)
		d := EditDistance([]rune(low), []rune(l), most)
		if strings.Contains(l, low) && len(low) > 2 && d != 0 {
			d = 1
		}
		if d >= 0 {
			all = append(all, near{s, d})
		}
	}
	sort.SliceStable(all, func(i, j int) bool { return all[i].d < all[j].d })
	var out []string
	for _, a := range all {
		if len(out) == n {
			break
		}
		out = append(out, a.s)
	}
	return out
}

// With returns a catalogue that also knows some dimensions without code lists,
// such as the columns a dataset keeps. The receiver is left as it is.
func (c *Catalog) With(dims []*Dimension) *Catalog {
	if len(dims) == 0 {
		return c
	}
	out := *c
	out.dimensions = append(append([]*Dimension{}, c.dimensions...), dims...)
	out.byDimension = map[string]*Dimension{}
	for _, d := range out.dimensions {
		out.byDimension[d.ID] = d
	}
	return &out
}
