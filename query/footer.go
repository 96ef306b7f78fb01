package query

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"tiplens/models"
)

// DuckDB reads Parquet, and reads it leniently: it checks no page against its
// checksum, and takes as many rows as the pages give. What the file says of
// itself is read here, so that what arrives can be held against it.

// footer is what a Parquet file says of its content, at its end.
type footer struct {
	rows   int64
	end    int64 // where it begins, so where the pages must end
	leaves []leaf
	groups []rowGroup
}

// leaf is a column as it is stored: of a nested one, each of its parts.
type leaf struct {
	path     string
	repeated int // lists around a value
	defined  int // levels of it that may lack
}

type rowGroup struct {
	rows   int64
	chunks []chunk
}

// chunk is the part of a column in a row group.
type chunk struct {
	known      bool // that it is described at all
	codec      int64
	values     int64 // empty ones among them
	size       int64 // in the file
	data, dict int64 // where pages begin; dict is 0 without a dictionary
	elsewhere  bool  // in another file
	encrypted  bool
}

// Limits on a footer, far above what any real file has.
const (
	maxFooter = 64 << 20
	maxLeaves = 1 << 16
	maxChunks = 1 << 20
)

func badParquet(format string, args ...any) error {
	return &models.Finding{Severity: models.Refused, What: "the Parquet file is damaged: " + fmt.Sprintf(format, args...), Do: "Ask the sender for the file again"}
}

func notRead(what, do string) error {
	return &models.Finding{Severity: models.Refused, What: what, Do: do}
}

func grouped(n int64) string { return models.GroupDigits(strconv.FormatInt(n, 10)) }

// footerOf reads and checks the footer of a file of so many bytes.
func footerOf(in io.ReaderAt, size int64) (*footer, error) {
	var end [8]byte
	if size < 12 {
		return nil, badParquet("it is too short to be one")
	}
	if _, err := in.ReadAt(end[:], size-8); err != nil {
		return nil, err
	}
	switch string(end[4:]) {
	case "PAR1":
	case "PARE":
		return nil, encryptedParquet()
	default:
		return nil, badParquet("it does not end as a Parquet file does, so it is cut short")
	}
	n := int64(binary.LittleEndian.Uint32(end[:4]))
	if n > size-12 {
		return nil, badParquet("its list of contents would begin before the file does")
	}
	if n > maxFooter {
		return nil, notRead("the Parquet file has a list of contents of more than 64 MB, which is not read", "Save it with fewer columns or larger row groups")
	}
	b := make([]byte, n)
	if _, err := in.ReadAt(b, size-8-n); err != nil {
		return nil, err
	}
	f, err := parseFooter(b)
	var told *models.Finding
	if err != nil && !errors.As(err, &told) {
		return nil, badParquet("its list of contents cannot be understood")
	}
	if err != nil {
		return nil, err
	}
	f.end = size - 8 - n
	return f, f.check()
}

func encryptedParquet() error {
	return notRead("the Parquet file is encrypted", "Ask the sender for a copy that is not")
}

// schemaElement is a line of the schema, which lists a tree from the top.
type schemaElement struct {
	name       string
	children   int64
	repetition int64 // 0 required, 1 optional, 2 repeated
}

func parseFooter(b []byte) (*footer, error) {
	f := &footer{rows: -1}
	t := &thrift{b: b}
	var schema []schemaElement
	total := 0
	err := t.fields(func(id int16, kind byte) error {
		switch {
		case id == 2 && kind == thriftList:
			return t.list(func(byte) error {
				if len(schema) >= maxLeaves {
					return notRead("the Parquet file has more than 65,000 columns", "Keep only the columns that are needed")
				}
				e, err := t.schemaElement()
				schema = append(schema, e)
				return err
			})
		case id == 3:
			return t.intInto(kind, &f.rows)
		case id == 4 && kind == thriftList:
			return t.list(func(byte) error {
				g, err := t.rowGroup()
				if total += len(g.chunks) + 1; total > maxChunks {
					return notRead("the Parquet file lists more than a million pieces, which is not read", "Save it in larger row groups")
				}
				f.groups = append(f.groups, g)
				return err
			})
		case id == 8:
			return encryptedParquet()
		}
		return t.skip(kind)
	})
	if err != nil {
		return nil, err
	}
	if len(schema) == 0 {
		return nil, errThrift
	}
	rest, err := f.addLeaves(schema[1:], schema[0].children, leaf{}, 0)
	if err != nil || len(rest) > 0 || len(f.leaves) == 0 {
		return nil, errThrift
	}
	return f, nil
}

func (t *thrift) schemaElement() (schemaElement, error) {
	var e schemaElement
	err := t.fields(func(id int16, kind byte) error {
		switch {
		case id == 3:
			return t.intInto(kind, &e.repetition)
		case id == 4 && kind == thriftBinary:
			name, err := t.bytes()
			e.name = string(name)
			return err
		case id == 5:
			return t.intInto(kind, &e.children)
		}
		return t.skip(kind)
	})
	return e, err
}

// addLeaves walks n branches of the tree and gives what is left of the list.
func (f *footer) addLeaves(schema []schemaElement, n int64, above leaf, depth int) ([]schemaElement, error) {
	if depth > 2*maxThriftDepth {
		return nil, errThrift
	}
	for range n {
		if len(schema) == 0 {
			return nil, errThrift
		}
		e, l := schema[0], above
		l.path = strings.TrimPrefix(above.path+"."+e.name, ".")
		if e.repetition == 2 {
			l.repeated++
		}
		if e.repetition != 0 {
			l.defined++
		}
		if schema = schema[1:]; e.children == 0 {
			f.leaves = append(f.leaves, l)
			continue
		}
		var err error
		if schema, err = f.addLeaves(schema, e.children, l, depth+1); err != nil {
			return nil, err
		}
	}
	return schema, nil
}

func (t *thrift) rowGroup() (rowGroup, error) {
	g := rowGroup{rows: -1}
	err := t.fields(func(id int16, kind byte) error {
		switch {
		case id == 1 && kind == thriftList:
			return t.list(func(byte) error {
				c, err := t.chunk()
				g.chunks = append(g.chunks, c)
				if len(g.chunks) > maxLeaves {
					return errThrift
				}
				return err
			})
		case id == 3:
			return t.intInto(kind, &g.rows)
		}
		return t.skip(kind)
	})
	return g, err
}

func (t *thrift) chunk() (chunk, error) {
	var c chunk
	err := t.fields(func(id int16, kind byte) error {
		switch {
		case id == 1:
			c.elsewhere = true
		case id == 3 && kind == thriftStruct:
			c.known = true
			return t.fields(func(id int16, kind byte) error {
				switch {
				case id == 4:
					return t.intInto(kind, &c.codec)
				case id == 5:
					return t.intInto(kind, &c.values)
				case id == 7:
					return t.intInto(kind, &c.size)
				case id == 9:
					return t.intInto(kind, &c.data)
				case id == 11:
					return t.intInto(kind, &c.dict)
				}
				return t.skip(kind)
			})
		case id == 8 || id == 9:
			c.encrypted = true
		}
		return t.skip(kind)
	})
	return c, err
}

// check holds the parts of the footer against each other.
func (f *footer) check() error {
	sum := int64(0)
	for i, g := range f.groups {
		if g.rows < 0 || g.rows > math.MaxInt64/4 {
			return badParquet("its row group %d does not say how many rows it has", i+1)
		}
		if len(g.chunks) != len(f.leaves) {
			return badParquet("its row group %d has %d columns, and its schema %d", i+1, len(g.chunks), len(f.leaves))
		}
		sum = min(sum+g.rows, math.MaxInt64/2)
		for j, c := range g.chunks {
			if err := c.check(f.leaves[j], g.rows, f.end); err != nil {
				return err
			}
		}
	}
	if f.rows == 0 { // there are writers that leave the total out
		f.rows = sum
	}
	if sum != f.rows {
		return badParquet("it says that it has %s rows, and its row groups do not add up to that", grouped(f.rows))
	}
	return nil
}

func (c chunk) check(l leaf, rows, end int64) error {
	name := models.Clean(l.path)
	switch {
	case c.encrypted:
		return encryptedParquet()
	case c.elsewhere:
		return notRead("the Parquet file keeps its data in other files", "Ask the sender for a single file")
	case !c.known:
		return badParquet("it does not say where column %q is", name)
	case l.repeated == 0 && c.values != rows, c.values < 0:
		return badParquet("column %q has %s values, and there are %s rows", name, grouped(c.values), grouped(rows))
	case c.start() < 0, c.size < 0, c.start() > end, c.size > end-c.start():
		return badParquet("column %q would lie outside the file", name)
	}
	return nil
}

// start is where the first page of a chunk is. Some writers leave the place of
// the dictionary out, and it stands where the data begins.
func (c chunk) start() int64 {
	if c.dict > 0 && c.dict < c.data {
		return c.dict
	}
	return c.data
}
