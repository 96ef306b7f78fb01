package query

import (
	"cmp"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"tiplens/models"
)

// shareOf says of which counts the computed shares of I-2.7 are made, where
// one file can hold both: the share is the first over the sum of the others.
var shareOf = map[string][][2][]string{
	"shr_referred":  {{{"vic_referred"}, {"vic_identified"}}, {{"vic_referred"}, {"vic_rescued"}}},
	"shr_confirmed": {{{"vic_identified"}, {"req_persons"}}, {{"vic_identified"}, {"per_screened"}}},
	"shr_convicted": {{{"sus_convicted"}, {"sus_convicted", "sus_acquitted"}}},
}

// percentages finds percentages that do not fit what they are percentages of:
// shares that make more than 100 together, shares of counts in the same file,
// and changes told in a note that do not fit the two figures (W-21).
func (c *checker) percentages() []models.Finding {
	var out []models.Finding
	by := map[string]*checkRow{}
	for i := range c.rows {
		by[c.key(&c.rows[i])] = &c.rows[i]
	}
	for i := range c.rows {
		r := &c.rows[i]
		if math.IsNaN(r.low) || r.low != r.high || !r.exact {
			continue
		}
		if f, bad := c.shareOfCounts(r, by); bad {
			out = append(out, f)
		}
		if f, bad := c.changeInNote(r, by); bad {
			out = append(out, f)
		}
	}
	return first(slices.Concat(c.over100(), out), "percentages that do not fit")
}

// over100 adds up published shares over the dimension over which they make 100.
func (c *checker) over100() []models.Finding {
	type group struct {
		sum   float64
		first *checkRow
		n     int64
	}
	groups := map[string]*group{}
	var order []string
	for i := range c.rows {
		r := &c.rows[i]
		ind := c.cat.Indicator(c.at(r, "indicator"))
		if ind == nil || ind.SharesOver == "" || math.IsNaN(r.low) {
			continue
		}
		d := slices.Index(c.cols, ind.SharesOver)
		if d < 0 || c.code[d][r.code[d]] == models.Total {
			continue
		}
		k := c.key(r, d)
		g := groups[k]
		if g == nil {
			g = &group{first: r}
			groups[k] = g
			order = append(order, k)
		}
		g.sum += r.low
		g.n++
	}
	var out []models.Finding
	for _, k := range order {
		if g := groups[k]; g.sum > 100+0.5*float64(g.n) { // each may be rounded up by half a percent
			out = append(out, models.Finding{Severity: models.Doubt, Kind: models.KindPercent, Row: g.first.row, Count: g.n,
				What: fmt.Sprintf("%s: the shares make %s percent together", c.name(g.first, -1), models.FormatNumber(g.sum)), Do: "Ask for the counts behind them, or whether one person can be in several"})
		}
	}
	return out
}

// with finds the row that is the same figure of another indicator.
func (c *checker) with(r *checkRow, indicator string, by map[string]*checkRow) *checkRow {
	i := slices.Index(c.cols, "indicator")
	n, ok := c.nth[i][indicator]
	if !ok {
		return nil
	}
	other := *r
	other.code = slices.Clone(r.code)
	other.code[i] = n
	if u := slices.Index(c.cols, models.DimUnit); u >= 0 {
		for _, code := range c.nth[u] {
			other.code[u] = code
			if found := by[c.key(&other)]; found != nil {
				return found
			}
		}
		return nil
	}
	return by[c.key(&other)]
}

// shareOfCounts sets a share against the counts that the same file has for it.
func (c *checker) shareOfCounts(r *checkRow, by map[string]*checkRow) (models.Finding, bool) {
	var says []string
	var from []int64
	for _, way := range shareOf[c.at(r, "indicator")] {
		sum := [2]float64{}
		known := true
		var rows []int64
		for side, ids := range way {
			for _, id := range ids {
				o := c.with(r, id, by)
				if known = known && o != nil && o.low == o.high; known {
					sum[side] += o.low
					rows = append(rows, o.row)
				}
			}
		}
		if !known || sum[1] == 0 {
			continue
		}
		share := 100 * sum[0] / sum[1]
		if rounded(r.low, share) {
			return models.Finding{}, false
		}
		says = append(says, fmt.Sprintf("%s of %s is %s", models.FormatNumber(sum[0]), models.FormatNumber(sum[1]), percentText(share)))
		from = append(from, rows...)
	}
	if len(says) == 0 {
		return models.Finding{}, false
	}
	slices.Sort(from)
	return models.Finding{Severity: models.Doubt, Kind: models.KindPercent, Row: r.row,
		What: fmt.Sprintf("%s: %s percent does not fit the counts in the same file: %s (rows %s)", c.name(r, -1), models.FormatNumber(r.low), strings.Join(says, ", "), joinRows(from)),
		Do:   "Ask of what it is a share"}, true
}

func joinRows(rows []int64) string {
	var s []string
	for _, n := range slices.Compact(rows) {
		s = append(s, strconv.FormatInt(n, 10))
	}
	return strings.Join(s, ", ")
}

func percentText(p float64) string {
	return strconv.FormatFloat(math.Round(p*100)/100, 'f', -1, 64) + " %"
}

// rounded reports whether a published number is another one, rounded to as
// many places as it has. To cut the rest off is as common.
func rounded(published, exact float64) bool {
	_, frac, _ := strings.Cut(strconv.FormatFloat(published, 'f', -1, 64), ".")
	unit := math.Pow10(-len(frac))
	return math.Abs(published-exact) <= unit/2+1e-9 || published == math.Trunc(exact/unit)*unit
}

// changeNote is a percent change told in words: "+16.34 %", "a rise of 12%".
var changeNote = regexp.MustCompile(`(?i)([+\-\x{2212}]) ?(\d+(?:\.\d+)?) ?(?:%|percent)|\b(increase|increased|rise|rose|up|more|decrease|decreased|drop|dropped|fall|fell|down|fewer|less)\b[^.;%]{0,25}?\b(\d+(?:\.\d+)?) ?(?:%|percent)`)

// changeInNote sets a percent change told in a note against the figure of the
// period before, or of the same period a year before.
func (c *checker) changeInNote(r *checkRow, by map[string]*checkRow) (models.Finding, bool) {
	m := changeNote.FindStringSubmatch(r.note)
	if m == nil || !r.when.Bounded() {
		return models.Finding{}, false
	}
	told, err := strconv.ParseFloat(cmp.Or(m[2], m[4]), 64)
	if err != nil {
		return models.Finding{}, false
	}
	down := m[1] == "-" || m[1] == "\u2212" || slices.Contains([]string{"decrease", "decreased", "drop", "dropped", "fall", "fell", "down", "fewer", "less"}, strings.ToLower(m[3]))
	if down {
		told = -told
	}
	var says []string
	for _, when := range []models.Period{r.when.YearBefore(), r.when.Previous()} {
		before := *r
		before.when = when
		old := by[c.key(&before)]
		if old == nil || old.low != old.high || old.low == 0 {
			continue
		}
		change := 100 * (r.low - old.low) / old.low
		if change < 0 && rounded(-told, -change) || rounded(told, change) {
			return models.Finding{}, false
		}
		s := fmt.Sprintf("from %s to %s is %+.2f %% of %s", old.value(), r.value(), change, old.value())
		if r.low != 0 && rounded(math.Abs(told), math.Abs(100*(r.low-old.low)/r.low)) {
			s += ", and the percentage told is of " + r.value()
		}
		if !slices.Contains(says, s) {
			says = append(says, s)
		}
	}
	if len(says) == 0 {
		return models.Finding{}, false
	}
	return models.Finding{Severity: models.Doubt, Kind: models.KindPercent, Row: r.row,
		What: fmt.Sprintf("%s: the note tells a change of %+g %%, which does not fit: %s", c.name(r, -1), told, strings.Join(says, "; ")),
		Do:   "Say from what to what, and the base of the percentage (W-21)"}, true
}
