package query

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"math"
	"slices"
	"strings"

	"tiplens/models"
)

// The checks that need all rows of a load run on its finished part file,
// before it is published. None of them holds a row back: the file says what it
// says, and the report says what does not fit.

// maxChecked is how many figures are set against each other; a larger file is
// not checked for totals and duplicates, and its report says so.
const maxChecked = 500_000

// maxCheckFindings is how many findings of one check are listed; all are
// counted.
const maxCheckFindings = 50

func checkFile(ctx context.Context, db *sql.DB, f *file, cat *models.Catalog) ([]models.Finding, error) {
	out, err := f.checkSubjects(ctx, db)
	if err != nil {
		return nil, err
	}
	figures := slices.ContainsFunc(f.dict["grain"], func(e entry) bool { return e.code == string(models.Figure) })
	if !figures {
		return out, nil
	}
	var n int64
	if err := db.QueryRowContext(ctx, "SELECT count(*) FROM "+ident(f.alias)+".observation").Scan(&n); err != nil {
		return nil, queryError(ctx, f, err)
	}
	if n > maxChecked {
		return append(out, models.Finding{Severity: models.Note, Kind: models.KindTotals, Count: n,
			What: "there are too many figures to set totals against their parts and to look for duplicates", Do: "Load the file in parts to have them checked"}), nil
	}
	c := &checker{f: f, cat: cat, cols: keyColumns(f)}
	if err := c.read(ctx, db); err != nil {
		return nil, err
	}
	return slices.Concat(out, c.totals(), c.duplicates(), c.percentages()), nil
}

// checkSubjects tells of persons and cases of whom a file has several rows of
// one indicator. They are counted once.
func (f *file) checkSubjects(ctx context.Context, db *sql.DB) ([]models.Finding, error) {
	var out []models.Finding
	e := Engine{db: db}
	err := e.each(ctx, f, fmt.Sprintf("SELECT indicator, observations, subjects FROM %s.subject WHERE observations > subjects ORDER BY observations - subjects DESC", ident(f.alias)), 3, func(row []any) {
		obs, _ := row[1].(int64)
		subjects, _ := row[2].(int64)
		out = append(out, models.Finding{Severity: models.Note, Kind: models.KindDuplicates, Count: obs - subjects,
			What: fmt.Sprintf("of %s, %s rows are about %s persons or cases: some have more than one row, and each is counted once",
				f.dict["indicator"][number(row[0])].code, models.FormatNumber(float64(obs)), models.FormatNumber(float64(subjects)))})
	})
	return out, err
}

// checker sets the figures of one file against each other.
type checker struct {
	f    *file
	cat  *models.Catalog
	cols []string
	rows []checkRow
	code [][]string // by column and number: the codes in use
	nth  []map[string]uint16
}

// checkRow is one figure: its codes by column, with one number for each code
// however it was written in the file.
type checkRow struct {
	code      []uint16
	when      models.Period
	low, high float64 // NaN where there is no value
	exact     bool
	note      string
	row       int64
}

func (c *checker) read(ctx context.Context, db *sql.DB) error {
	c.code, c.nth = make([][]string, len(c.cols)), make([]map[string]uint16, len(c.cols))
	for i := range c.nth {
		c.nth[i] = map[string]uint16{}
	}
	place, reporter := slices.Index(c.cols, models.DimPlace), slices.Index(c.cols, models.DimReporter)
	return c.f.eachFigure(ctx, db, c.cols, func(r *figureRow) {
		k := checkRow{code: make([]uint16, len(c.cols)), when: r.when, low: r.low, high: r.high, note: models.Clean(r.note), row: r.row,
			exact: r.qualifier == "exact" || r.qualifier == "" || r.qualifier == models.Total}
		switch r.qualifier {
		case "at least", "more than":
			k.high, k.exact = math.Inf(1), !math.IsNaN(k.low)
		}
		at := func(i int) string { return c.f.dict[c.cols[i]][r.code[i]].code }
		for i := range c.cols {
			code := at(i)
			if code == models.NoSense || i == place && code == at(reporter) { // the country that reports is its own total
				code = models.Total
			}
			n, ok := c.nth[i][code]
			if !ok {
				n = uint16(len(c.code[i]))
				c.nth[i][code] = n
				c.code[i] = append(c.code[i], code)
			}
			k.code[i] = n
		}
		c.rows = append(c.rows, k)
	})
}

func (c *checker) at(r *checkRow, column string) string {
	i := slices.Index(c.cols, column)
	return c.code[i][r.code[i]]
}

// key says which figure a row is, but for the columns left out.
func (c *checker) key(r *checkRow, without ...int) string {
	b := make([]byte, 0, 2*len(r.code)+8)
	for i, n := range r.code {
		if !slices.Contains(without, i) {
			b = append(b, byte(n), byte(n>>8))
		}
	}
	for _, d := range []models.Date{r.when.Start, r.when.End} {
		b = append(b, byte(d), byte(d>>8), byte(d>>16), byte(d>>24))
	}
	return string(b)
}

// name says which figure a row is, in words, but for one column.
func (c *checker) name(r *checkRow, without int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s by %s", c.at(r, "indicator"), c.at(r, models.DimAgency))
	if r.when.Start != models.NoDate || r.when.End != models.NoDate {
		b.WriteString(", " + r.when.Label())
	}
	for i, col := range c.cols {
		code := c.code[i][r.code[i]]
		if i == without || code == models.Total || code == "" || slices.Contains([]string{"indicator", models.DimAgency, models.DimReporter, "document", models.DimPlaceRole}, col) {
			continue
		}
		b.WriteString(", " + col + " " + code)
	}
	return b.String()
}

// value prints what a row says.
func (r *checkRow) value() string {
	return compared{low: r.low, high: r.high}.text(false)
}

// duplicates finds figures that stand more than once, with one value or several.
func (c *checker) duplicates() []models.Finding {
	by := map[string][]int{}
	for i := range c.rows {
		k := c.key(&c.rows[i])
		by[k] = append(by[k], i)
	}
	var same, differ []models.Finding
	for i := range c.rows {
		group := by[c.key(&c.rows[i])]
		if len(group) < 2 || group[0] != i {
			continue
		}
		first := &c.rows[i]
		var says []string
		one := true
		for _, g := range group {
			r := &c.rows[g]
			one = one && r.value() == first.value()
			if len(says) < 5 {
				says = append(says, fmt.Sprintf("%s in row %d", r.value(), r.row))
			}
		}
		f := models.Finding{Severity: models.Doubt, Kind: models.KindDuplicates, Row: first.row, Count: int64(len(group)),
			What: c.name(first, -1) + ": the figure stands more than once: " + strings.Join(says, ", "), Do: "Remove all but one, or say what tells them apart"}
		if one {
			same = append(same, f)
			continue
		}
		f.What = c.name(first, -1) + ": the values differ: " + strings.Join(says, ", ")
		f.Do = "Ask which is right, or say what tells them apart"
		differ = append(differ, f)
	}
	return append(first(differ, "figures with different values for the same"), first(same, "figures that stand more than once")...)
}

// first cuts findings to those that are listed and counts the rest.
func first(fs []models.Finding, name string) []models.Finding {
	slices.SortStableFunc(fs, func(a, b models.Finding) int { return cmp.Compare(a.Row, b.Row) })
	if len(fs) <= maxCheckFindings {
		return fs
	}
	more := fs[0]
	more.Row, more.Count, more.What, more.Do = 0, int64(len(fs)), fmt.Sprintf("there are %d %s, of which the first %d are listed", len(fs), name, maxCheckFindings), ""
	return append(fs[:maxCheckFindings:maxCheckFindings], more)
}
