package datasets

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"tiplens/models"
)

// Options are what a person may say about a file.
type Options struct {
	Shape
	Hold bool // set bad rows aside instead of refusing the file
	Keep []string
}

// Scanner reads files that the store knows better than this package: Parquet.
type Scanner interface {
	Columns(ctx context.Context, plan models.ReadPlan) ([]string, error)
	Scan(ctx context.Context, plan models.ReadPlan, emit func(rows [][]string) error) ([]models.Finding, error)
}

// headRows is how many rows are looked at to find the header.
const headRows = 40

// File is a file that has been looked at and can be read as a table.
type File struct {
	Path, Name string
	Format     string // csv, xlsx, parquet
	Size       int64
	Tables     []*Table
	content    []byte           // of a file that is embedded, not on disk
	hidden     []string         // names of hidden sheets, quoted
	found      []models.Finding // what the last reading of a sheet found beside its rows
	sum        string           // checksum, where the pass over the file has made it
	info       fs.FileInfo      // as it was opened; nil for an embedded file
}

// Table is one table of a file: a sheet, or the whole of a text file.
type Table struct {
	Sheet string
	Head  [][]string // first rows as they stand, banners and header among them
	at    []int64    // rows of the file in which those of Head stand; nil for 1, 2, 3...
	opts  Options
	read  func(ctx context.Context, fr frame, emit func(block) error) error // the rows below the header of a frame
	csv   *dialect
	plain bool // the first row of Head is the header and nothing else can be, as in Parquet
	whole bool // rows are wanted with the cells to the right of the header

	notes   []models.Finding // what was found out about the file and may be doubtful
	stand   []headRow        // how the rows of Head stand in a text file
	profile *profile         // what the columns of a text file look like
	seen    *survey          // what the pass over a text file found

	header func(row int) error // why a row of Head cannot be the header; nil where each can
}

// asHeader is an error where a row of the header cannot serve as one.
func (t *Table) asHeader(fr frame) error {
	for row := fr.header; t.header != nil && row < fr.header+fr.rows; row++ {
		if err := t.header(row); err != nil {
			return err
		}
	}
	return nil
}

// block is a run of rows on its way to a mapper: either raw text of whole
// lines, or rows that were split already.
type block struct {
	first int64 // line or row of the first row, counted from 1
	raw   []byte
	rows  [][]string
	done  int64 // bytes of the file read so far

	records bool // a row that holds nothing is one all the same
}

// problem makes the error that ends a load: a finding with place and remedy.
func problem(name, what, do string) *models.Finding {
	return &models.Finding{Severity: models.Refused, File: name, What: what, Do: do}
}

// ErrEmpty is among the errors of a file of no bytes.
var ErrEmpty = errors.New("the file is empty")

type emptyFile struct{ *models.Finding }

func (e emptyFile) Unwrap() []error { return []error{e.Finding, ErrEmpty} }

// OpenFor opens a file and picks the recipe that fits it, if one does. What a
// recipe says under "read:" is used to read the file, where opts do not state
// something else.
func OpenFor(ctx context.Context, path string, opts Options, scan Scanner, recipes []*Recipe) (*File, *Fit, error) {
	f, err := Open(ctx, path, opts, scan)
	if errors.Is(err, ErrEmpty) || ctx.Err() != nil {
		return nil, nil, err
	}
	var fit *Fit
	if err == nil {
		fit = FindRecipe(f, recipes)
	}
	if fit != nil {
		recipes = []*Recipe{fit.Recipe}
	}
	for _, r := range recipes {
		shaped := opts
		shaped.Shape = opts.Shape.over(r.Read)
		if shaped.Shape == opts.Shape {
			continue
		}
		g, failed := Open(ctx, path, shaped, scan)
		if failed != nil {
			continue
		}
		if other := FindRecipe(g, []*Recipe{r}); other != nil {
			return g, other, nil
		}
	}
	return f, fit, err
}

// Open looks at a file and finds out what it is. Errors are findings: one
// sentence with the file, what is wrong and what to do.
func Open(ctx context.Context, path string, opts Options, scan Scanner) (*File, error) {
	name := Clean(filepath.Base(path))
	if err := opts.Shape.check(); err != nil {
		return nil, problem(name, err.Error(), "Correct it, or leave it out")
	}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, problem(Clean(path), "there is no such file", "Check the name and the folder")
	case err != nil:
		return nil, problem(name, "the file cannot be looked at: "+reason(err), "Check who may read it")
	case info.IsDir():
		return nil, problem(name, "this is a folder", "Name one file inside it")
	case !info.Mode().IsRegular():
		return nil, problem(name, "this is not an ordinary file", "Copy its content into a file first")
	case info.Size() == 0:
		return nil, emptyFile{problem(name, "the file is empty", "Ask the sender for the file again")}
	}
	head, err := firstBytes(path, 1<<16)
	if err != nil {
		return nil, problem(name, "the file cannot be read: "+reason(err), "Check who may read it")
	}
	f := &File{Path: path, Name: name, Size: info.Size(), info: info}
	kind := sniff(head, path)
	if kind == binaryKind && (opts.Encoding != "" || plainUTF16(head) != nil) {
		kind = textKind // every other byte of it may be zero
	}
	switch kind {
	case parquetKind:
		err = f.openParquet(ctx, scan)
	case zipKind:
		err = f.openXLSX(ctx, opts)
	case gzipKind, textKind:
		err = f.openText(ctx, opts, kind == gzipKind)
	default:
		err = kind.problem(name)
	}
	if err != nil {
		return nil, err
	}
	return f, nil
}

// SHA256 is the checksum by which the source file of a dataset is known.
func (f *File) SHA256() (string, error) {
	if f.sum != "" {
		return f.sum, nil
	}
	in, _, done, err := f.openStream(false)
	if err != nil {
		return "", err
	}
	defer done()
	h := sha256.New()
	if _, err := io.Copy(h, in); err != nil {
		return "", problem(f.Name, "the file cannot be read: "+reason(err), "Check the disk")
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// Unchanged is an error when somebody has written or replaced the file since
// it was opened. What was read of it in several passes, the checksum among
// them, may then belong to different content.
func (f *File) Unchanged() error {
	if f.info == nil {
		return nil
	}
	now, err := os.Stat(f.Path)
	if err == nil && os.SameFile(f.info, now) && now.Size() == f.info.Size() && now.ModTime().Equal(f.info.ModTime()) {
		return nil
	}
	return problem(f.Name, "the file changed while it was read", "Load it again when nobody writes it any more")
}

// Written is when the file was last written; zero for what is no file.
func (f *File) Written() time.Time {
	if f.info == nil {
		return time.Time{}
	}
	return f.info.ModTime().UTC().Truncate(time.Second)
}

// reason strips the path that the system puts before its message.
func reason(err error) string {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		return pe.Err.Error()
	}
	return err.Error()
}

func firstBytes(path string, n int) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	buf := make([]byte, n)
	m, err := io.ReadFull(f, buf)
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		err = nil
	}
	return buf[:m], err
}

func (f *File) openParquet(ctx context.Context, scan Scanner) error {
	if scan == nil {
		return problem(f.Name, "Parquet files cannot be read here", "Save it as CSV")
	}
	plan := models.ReadPlan{Path: f.Path}
	bad := func(ctx context.Context, err error) error {
		var told *models.Finding
		switch {
		case err == nil || ctx.Err() != nil:
			return err
		case !errors.As(err, &told):
			return problem(f.Name, "the Parquet file cannot be read: "+Clean(err.Error()), "Ask the sender for the file again")
		case told.File == "":
			told.File = f.Name
		}
		return told
	}
	cols, err := scan.Columns(ctx, plan)
	if err != nil {
		return bad(ctx, err)
	}
	plan.Columns = cols
	f.Format = "parquet"
	t := &Table{Head: [][]string{cleanAll(cols)}, plain: true}
	t.read = func(ctx context.Context, _ frame, emit func(block) error) (err error) {
		row, stop := int64(1), error(nil)
		f.found, err = scan.Scan(ctx, plan, func(rows [][]string) error {
			b := block{first: row, rows: rows, records: true}
			row += int64(len(rows))
			stop = emit(b)
			return stop
		})
		if stop != nil {
			return stop
		}
		return bad(ctx, err)
	}
	f.Tables = []*Table{t}
	return nil
}

func cleanAll(ss []string) []string {
	out := make([]string, len(ss))
	for i, s := range ss {
		out[i] = Clean(s)
	}
	return out
}

// counter tells how many bytes of the file have been read.
type counter struct {
	r   io.Reader
	n   int64
	sum hash.Hash // of what has been read; nil where nobody asks
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	if c.sum != nil {
		c.sum.Write(p[:n])
	}
	return n, err
}

// openStream opens a text file for reading from its start, unpacked, counting
// the bytes of the file itself.
func (f *File) openStream(gz bool) (io.Reader, *counter, func(), error) { return f.openSummed(gz, nil) }

// openSummed also makes a checksum of the file itself, from its first byte:
// what unpacks it reads ahead.
func (f *File) openSummed(gz bool, sum hash.Hash) (io.Reader, *counter, func(), error) {
	if f.content != nil {
		c := &counter{r: bytes.NewReader(f.content), sum: sum}
		return c, c, func() {}, nil
	}
	file, err := os.Open(f.Path)
	if err != nil {
		return nil, nil, nil, problem(f.Name, "the file cannot be read: "+reason(err), "Check who may read it")
	}
	c := &counter{r: file, sum: sum}
	if !gz {
		return c, c, func() { file.Close() }, nil
	}
	z, err := gzip.NewReader(c)
	if err != nil {
		file.Close()
		return nil, nil, nil, problem(f.Name, "the gzip file is damaged: "+reason(err), "Ask the sender for the file again")
	}
	return &unpacked{z: z, packed: c}, c, func() { z.Close(); file.Close() }, nil
}

// unpacked reads a packed file and ends where it unpacks to more than any
// table does: a few megabytes of it would take minutes.
type unpacked struct {
	z      io.Reader
	packed *counter
	n      int64
}

// bombPacked is how often a packed text may hold its own size. Packing can
// reach 1,032 times; the same row over and over reaches a third of it.
const bombPacked = 800

func (u *unpacked) Read(p []byte) (int, error) {
	n, err := u.z.Read(p)
	if u.n += int64(n); u.n > bombSize && u.n > bombPacked*u.packed.n {
		return n, fmt.Errorf("it unpacks to more than %d times its size, as no table does", bombPacked)
	}
	return n, err
}

//go:embed published_figures.csv
var publishedFigures []byte

// PublishedFile is the file of published figures that comes with the program.
func PublishedFile() *File {
	f := &File{Name: "published_figures.csv", Size: int64(len(publishedFigures)), content: publishedFigures}
	if err := f.openText(context.Background(), Options{}, false); err != nil {
		panic(err) // embedded; a test reads it
	}
	return f
}

// columnNames makes a header of a row, each column with a name of its own.
func columnNames(row []string) []string {
	taken := map[string]bool{}
	for _, h := range row {
		taken[Clean(h)] = false // a name that stands in the row goes to the first that has it
	}
	out := make([]string, len(row))
	next := map[string]int{} // number for the next column of the name: thousands may be called alike
	for i, h := range row {
		name := Clean(h)
		if name == "" {
			name = fmt.Sprintf("column %d", i+1)
		}
		plain := name
		for n := max(next[plain], 2); taken[name]; n++ {
			name = fmt.Sprintf("%s (%d)", plain, n)
			next[plain] = n + 1
			if _, stands := taken[name]; stands && !taken[name] {
				continue
			}
		}
		taken[name] = true
		out[i] = name
	}
	return out
}
