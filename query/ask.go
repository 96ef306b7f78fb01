package query

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"tiplens/models"
)

// asking is a slice while it is being answered: what the rules look at.
type asking struct {
	cat   *models.Catalog
	slice models.Slice
	parts []*question
	grids []*grid
	ans   *models.Answer

	twice      map[[2]int]int64 // how many are in both of two parts of a sum
	tuples     []tuple          // which grids a measure of several parts joins
	percentage bool             // a ratio of the same unit
	base       *baseline        // what a change is measured from
	before     []*grid          // the same question there
	notable    [][]cellAt       // by block: the cells of which something is to be said
}

// Ask answers a slice. The error is for questions that make no sense or data
// that cannot be read; a wrong sum is no error but a refusal in the answer.
func (e *Engine) Ask(ctx context.Context, s models.Slice) (*models.Answer, error) {
	if s.Via.Dim != "" {
		return e.routes(ctx, s)
	}
	e.inUse.RLock() // Close waits for the last answer
	defer e.inUse.RUnlock()
	a := &asking{cat: e.cat, slice: s, ans: &models.Answer{Slice: s, Audience: models.Internal}}
	if err := a.resolve(); err != nil {
		return nil, err
	}
	if err := e.pinned(s.At); err != nil {
		return nil, err
	}
	if err := a.supported(); err != nil {
		return nil, err
	}
	whys, err := e.collect(ctx, a)
	if err != nil {
		return nil, err
	}
	a.leaveOut()
	a.pair()
	if err := e.countTwice(ctx, a); err != nil {
		return nil, err
	}
	a.title()
	a.check(onQuestion)
	if a.unjoined(); a.ans.Refused() {
		return a.ans, nil
	}
	if a.ans.Empty != "" {
		return a.ans, nil
	}
	if part := a.emptyPart(); part != nil {
		why, err := e.whyEmpty(ctx, a, part, whys)
		if !a.nothingAdded(part, why) {
			a.ans.Empty = why
		}
		return a.ans, err
	}
	a.missingBeside()
	if a.slice.Change.Kind != "" {
		if err := e.collectBefore(ctx, a); err != nil {
			return nil, err
		}
	}
	files := a.sources()
	a.join()
	a.assemble()
	a.check(onAnswer)
	if !a.ans.Refused() {
		a.incomplete(files)
	}
	return a.ans, nil
}

// leaveOut drops sources that know nothing of the flow asked for, and says so.
// Where none does, that is the answer.
func (a *asking) leaveOut() {
	if !a.slice.IsFlow() {
		return
	}
	var whys []string
	a.grids = slices.DeleteFunc(a.grids, func(g *grid) bool {
		if w := models.Capital(g.missing) + "."; g.missing != "" && !slices.Contains(whys, w) {
			whys = append(whys, w)
		}
		return g.missing != ""
	})
	if len(a.grids) == 0 {
		a.ans.Empty = strings.Join(whys, " ")
		return
	}
	for _, w := range whys {
		a.note("", w)
	}
}

// emptyPart finds a part of the measure without which there is no answer.
func (a *asking) emptyPart() *question {
	for i, q := range a.parts {
		found := slices.ContainsFunc(a.grids, func(g *grid) bool { return g.part == i })
		if !found && (joins(a.slice.Op) || len(a.grids) == 0) {
			return q
		}
	}
	return nil
}

// pinned checks that the versions a slice names are those that are open.
func (e *Engine) pinned(at []models.Version) error {
	for _, v := range at {
		i := slices.IndexFunc(e.files, func(f *file) bool { return f.ds.ID == v.Dataset })
		switch {
		case i < 0:
			return &NoVersionError{v, nil}
		case e.files[i].ds.Version != v.N:
			return &NoVersionError{v, []int{e.files[i].ds.Version}}
		}
	}
	return nil
}

// among reports whether a slice that names versions names this file; it then
// asks no other, so that what is loaded later changes nothing.
func (f *file) among(at []models.Version) bool {
	return len(at) == 0 || slices.ContainsFunc(at, func(v models.Version) bool { return v.Dataset == f.ds.ID })
}

// supported refuses what the grammar can say and this engine cannot yet do.
func (a *asking) supported() error {
	switch divides := a.slice.Op == models.Ratio || a.slice.Op == models.Part; {
	case a.slice.Percent != models.NoBase && divides:
		return badQuestion("a ratio has its base already; leave out percent of %s", a.slice.Percent)
	case a.slice.Percent != models.NoBase && a.slice.Op == models.Range:
		return fmt.Errorf("a range has no percentages; leave out percent of %s", a.slice.Percent)
	case a.slice.Percent != models.NoBase && a.slice.Change.Kind != "":
		return badQuestion("a change is shown with its own percentage; leave out percent of %s", a.slice.Percent)
	}
	return nil
}

// resolve turns the slice into one question for each part of its measure.
func (a *asking) resolve() error {
	if len(a.slice.Parts) == 0 {
		return fmt.Errorf("the slice names no indicator")
	}
	for i, p := range a.measured() {
		q := &question{cat: a.cat, indicator: a.cat.Indicator(p.Indicator), axes: a.slice.Axes(), part: i}
		if q.indicator == nil {
			return fmt.Errorf("no indicator is called %q", p.Indicator)
		}
		q.rowAxes = len(q.axes) - len(a.slice.Across)
		for k, ax := range q.axes {
			q.axes[k].Dim = roleColumn(ax.Dim)
		}
		q.terms, q.own = slices.Clone(a.slice.Where), p.Where
		for _, t := range p.Where {
			if _, both := q.term(t.Dim); both {
				return fmt.Errorf("%s is filtered both for %s and for the whole question", t.Dim, p.Indicator)
			}
			q.terms = append(q.terms, t)
		}
		a.parts = append(a.parts, q)
	}
	return nil
}

// measured lists the parts to be asked; a share is its part under its terms,
// and the same without them.
func (a *asking) measured() []models.Item {
	if a.slice.Op != models.Part {
		return a.slice.Parts
	}
	whole := a.slice.Parts[0]
	return []models.Item{{Indicator: whole.Indicator, Where: slices.Concat(whole.Where, a.slice.Of)}, whole}
}

// roleColumn gives the column behind the end of a flow.
func roleColumn(role string) string {
	if role == "identification" {
		return models.DimPlace
	}
	return role
}

// collect asks every file alone. Whys says, for each file that has the
// indicator and nothing to answer, which filter empties it.
func (e *Engine) collect(ctx context.Context, a *asking) (whys []string, err error) {
	for _, q := range a.parts {
		for _, f := range e.files {
			if !f.has(q.indicator.ID) || !f.among(a.slice.At) {
				continue
			}
			gs, why, err := e.askFile(ctx, f, q)
			if err != nil {
				return nil, err
			}
			whys = append(whys, why...)
			a.grids = append(a.grids, gs...)
		}
	}
	return whys, nil
}

// askFile answers one part from one file: its records and its figures.
func (e *Engine) askFile(ctx context.Context, f *file, q *question) (gs []*grid, whys []string, err error) {
	for _, grain := range f.dict["grain"] {
		if models.Grain(grain.code) == models.Record {
			rec, why, err := e.countRecords(ctx, f, q)
			if err != nil {
				return nil, nil, err
			}
			if why != "" {
				whys = append(whys, why)
			}
			gs = append(gs, nonEmpty(rec)...)
			continue
		}
		sources, err := e.figureSources(ctx, f, q.indicator.ID)
		if err != nil {
			return nil, nil, err
		}
		for _, s := range sources {
			g, why := e.figureGrid(s, q)
			if why != "" {
				whys = append(whys, why)
				continue
			}
			gs = append(gs, g)
		}
	}
	return gs, whys, nil
}

func nonEmpty(gs []*grid) []*grid {
	return slices.DeleteFunc(gs, func(g *grid) bool { return g.seen == 0 })
}

// whyEmpty names the filter that leaves nothing: the one without which there
// would be an answer.
func (e *Engine) whyEmpty(ctx context.Context, a *asking, q *question, whys []string) (string, error) {
	name := q.indicator.Name
	if len(whys) == 0 && !slices.ContainsFunc(e.files, func(f *file) bool { return f.has(q.indicator.ID) }) {
		return "No dataset here counts " + strings.ToLower(name) + ".", nil
	}
	for i, t := range q.terms {
		less := *q
		less.terms = slices.Delete(slices.Clone(q.terms), i, i+1)
		less.axes, less.rowAxes = nil, 0
		for _, f := range e.files {
			if !f.has(q.indicator.ID) || !f.among(a.slice.At) {
				continue
			}
			gs, _, err := e.askFile(ctx, f, &less)
			if err != nil {
				return "", err
			}
			if len(gs) > 0 {
				return fmt.Sprintf("Nothing meets the filter %s. Without it there are %s.", a.cat.TermText(t), strings.ToLower(name)), nil
			}
		}
	}
	var all []string
	for _, t := range q.terms {
		all = append(all, a.cat.TermText(t))
	}
	if len(all) == 0 {
		return "No dataset here counts " + strings.ToLower(name) + ".", nil
	}
	return "Nothing meets the filters " + strings.Join(all, " and ") + " together.", nil
}

// sources describes whose numbers were found, and answers their files.
func (a *asking) sources() (files []*file) {
	for _, g := range a.grids {
		if !slices.Contains(files, g.src.file) {
			files = append(files, g.src.file)
		}
		s := a.sourceOf(g)
		if !slices.Contains(a.ans.Sources, s) {
			a.ans.Sources = append(a.ans.Sources, s)
		}
		v := models.Version{Dataset: s.Dataset, N: s.Version}
		if !slices.Contains(a.ans.Pinned.At, v) {
			a.ans.Pinned.At = append(a.ans.Pinned.At, v)
		}
		a.ans.Training = a.ans.Training || g.src.file.ds.Synthetic
	}
	at := a.ans.Pinned.At
	a.ans.Pinned = a.slice.Clone()
	a.ans.Pinned.At = at
	return files
}

// agencies counts whose numbers a dataset holds.
func (f *file) agencies() int {
	n := 0
	for _, d := range f.dict[models.DimAgency] {
		if d.set == nil && d.code != "" && d.code[0] != '_' {
			n++
		}
	}
	return n
}

func (a *asking) sourceOf(g *grid) models.Source {
	ds := g.src.file.ds
	agency, name := g.src.agency, a.cat.Label(models.DimAgency, g.src.agency)
	missing := ds.Missing()
	for _, o := range g.others {
		if o.file != g.src.file {
			missing = append(missing, o.file.ds.Missing()...)
		}
		if o.agency != g.src.agency {
			agency, name = agency+"+"+o.agency, name+" and "+a.cat.Label(models.DimAgency, o.agency)
		}
	}
	return models.Source{
		Agency: agency, AgencyName: name,
		Dataset: ds.ID, Version: ds.Version, Title: ds.Title, Scope: g.src.scope, Movement: g.src.moves, Coverage: strings.Join(g.coverage, ", "),
		Grain: g.src.grain, Definition: ds.Definition, File: ds.File, SHA256: ds.SHA256, Dedup: ds.Dedup,
		Missing: strings.Join(missing, ", "), Producer: ds.Producer, Agencies: g.src.file.agencies(), Period: ds.Years(), Corrected: ds.CorrectedBy(),
	}
}

// badQuestion is a question that contradicts itself, which its author can mend.
func badQuestion(format string, args ...any) error {
	return &models.SyntaxError{Msg: fmt.Sprintf(format, args...)}
}
