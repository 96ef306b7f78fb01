package query

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"tiplens/models"
)

// Hold stores rows that are held back, while others are still being read.
func (w *Writer) Hold(rows []models.HeldRow) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.append("held", func(add func(...any) error) error {
		for _, h := range rows {
			if err := add(h.Row, h.Column, h.What, h.Why, h.Subject, h.Cells); err != nil {
				return err
			}
		}
		return nil
	})
}

// storeSource names the columns of the source file, to which the cells of the
// rows held back belong. A file of corrected rows has the columns of the first.
func (w *Writer) storeSource() error {
	if w.layout == nil || w.before != nil {
		return nil
	}
	return w.append("source_column", func(add func(...any) error) error {
		for i, name := range w.layout.Source {
			if err := add(int32(i), name); err != nil {
				return err
			}
		}
		return nil
	})
}

// findings reads what the load of a version had to tell.
func (f *file) findings(ctx context.Context, db *sql.DB) ([]models.Finding, error) {
	rows, err := db.QueryContext(ctx, `SELECT severity, file, sheet, "row", "column", count, what, "do", coalesce(kind, '') FROM `+f.view("finding"))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []models.Finding
	for rows.Next() {
		var fd models.Finding
		if err := rows.Scan(&fd.Severity, &fd.File, &fd.Sheet, &fd.Row, &fd.Column, &fd.Count, &fd.What, &fd.Do, &fd.Kind); err != nil {
			return nil, err
		}
		fd.File, fd.Sheet, fd.Column = models.Clean(fd.File), models.Clean(fd.Sheet), models.Clean(fd.Column)
		fd.What, fd.Do = models.Clean(fd.What), models.Clean(fd.Do)
		out = append(out, fd)
	}
	return out, rows.Err()
}

// heldRows reads the rows held back, in the order of the file.
func (f *file) heldRows(ctx context.Context, db *sql.DB) (*models.HeldRows, error) {
	h := &models.HeldRows{Dataset: f.ds, Recipe: f.recipe}
	names, err := db.QueryContext(ctx, "SELECT name FROM "+f.view("source_column")+" ORDER BY n")
	if err != nil {
		return nil, err
	}
	defer names.Close()
	for names.Next() {
		var name string
		if err := names.Scan(&name); err != nil {
			return nil, err
		}
		h.Columns = append(h.Columns, models.Clean(name))
	}
	if err := names.Err(); err != nil {
		return nil, err
	}
	rows, err := db.QueryContext(ctx, `SELECT "row", "column", what, why, subject, cells FROM `+f.view("held")+` ORDER BY "row", what`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var r models.HeldRow
		var cells any
		if err := rows.Scan(&r.Row, &r.Column, &r.What, &r.Why, &r.Subject, &cells); err != nil {
			return nil, err
		}
		r.Column, r.What, r.Why = models.Clean(r.Column), models.Clean(r.What), models.Clean(r.Why)
		list, _ := cells.([]any)
		for _, c := range list {
			text, _ := c.(string)
			r.Cells = append(r.Cells, models.Clean(text))
		}
		h.Rows = append(h.Rows, r)
	}
	return h, rows.Err()
}

// Held reads the rows that the load of the dataset that is open held back.
func (e *Engine) Held(ctx context.Context, id string) (*models.HeldRows, error) {
	e.inUse.RLock()
	defer e.inUse.RUnlock()
	for _, f := range e.files {
		if f.ds.ID == id {
			return f.heldRows(ctx, e.db)
		}
	}
	return nil, fmt.Errorf("this workspace has no dataset %s", id)
}

// Continue makes the load one that corrects rows held back in the current
// version: all that was taken then comes along, and codes keep their numbers.
// It answers what that version holds back and what its load had to tell.
func (l *Load) Continue(ctx context.Context) (*models.HeldRows, []models.Finding, error) {
	m, err := l.ws.Manifest()
	if err != nil {
		return nil, nil, err
	}
	e, err := m.entry(l.ID)
	if err != nil {
		return nil, nil, err
	}
	f, err := attach(ctx, l.pool, l.ws.VersionPath(l.ID, e.Current), "before", l.ID, e.Current)
	if err != nil {
		return nil, nil, err
	}
	h, err := f.heldRows(ctx, l.pool)
	if err != nil {
		return nil, nil, err
	}
	found, err := f.findings(ctx, l.pool)
	if err != nil {
		return nil, nil, err
	}
	if !slices.Equal(f.extra, l.Writer.extra) {
		return nil, nil, fmt.Errorf("the current version of %s has other dimensions", l.ID)
	}
	for dim, entries := range f.dict {
		d := &dictionary{n: map[[2]string]uint16{}}
		for n, x := range entries {
			key := [2]string{x.code, x.text}
			if _, again := d.n[key]; !again {
				d.n[key] = uint16(n)
			}
			d.entries = append(d.entries, key)
		}
		l.Writer.dict[dim] = d
	}
	l.Writer.before, l.Writer.first, l.Writer.last = f, f.ds.First, f.ds.Last
	return h, found, nil
}

// carry brings along what the rows of the version before have beside the table
// of observations, but for the rows held back that are corrected now.
func (l *Load) carry(ctx context.Context) error {
	if l.Writer.before == nil {
		return nil
	}
	for _, q := range []string{
		"INSERT INTO target.leg SELECT * FROM before.leg",
		"INSERT INTO target.source_column SELECT * FROM " + l.Writer.before.view("source_column"),
	} {
		if _, err := l.pool.ExecContext(ctx, q); err != nil {
			return err
		}
	}
	return l.Writer.Hold(l.StillHeld)
}

// Held reads the rows that the load of the current version held back.
func (ws *Workspace) Held(ctx context.Context, id string) (*models.HeldRows, error) {
	m, err := ws.Manifest()
	if err != nil {
		return nil, err
	}
	e, err := m.entry(id)
	if err != nil {
		return nil, err
	}
	pool, err := openPool(DefaultSettings.Reader, "")
	if err != nil {
		return nil, err
	}
	defer pool.Close()
	f, err := attach(ctx, pool, ws.VersionPath(id, e.Current), "now", id, e.Current)
	if err != nil {
		return nil, err
	}
	return f.heldRows(ctx, pool)
}
