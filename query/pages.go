package query

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"math/bits"
	"os"

	"tiplens/models"
)

// pageHeader stands before each page of a column.
type pageHeader struct {
	kind     int64
	unpacked int64
	size     int64
	crc      uint32
	hasCRC   bool
	values   int64 // lacking ones among them; 0 for a page that holds none
	encoding int64 // of the levels that say where lists begin
	lists    int64 // bytes of those levels, in a page of the second version
}

const (
	dataPage       = 0
	dictionaryPage = 2
	dataPageV2     = 3
)

// maxPageHeader is how long a header may be; it may hold the smallest and the
// largest text of the page.
const maxPageHeader = 16 << 20

// openFooter reads the footer of a file and, where pages are wanted, the pages.
func openFooter(ctx context.Context, path string, pages bool) (*footer, error) {
	in, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	info, err := in.Stat()
	if err != nil {
		return nil, err
	}
	f, err := footerOf(in, info.Size())
	if err == nil && pages {
		err = f.checkPages(ctx, in)
	}
	return f, err
}

// checkPages reads through the pages: those that carry a checksum are held
// against it, and all against the values and rows that the footer counts.
func (f *footer) checkPages(ctx context.Context, in io.ReaderAt) error {
	for _, g := range f.groups {
		for i, c := range g.chunks {
			p := pages{leaf: f.leaves[i], chunk: c, rows: g.rows, in: in, end: f.end, head: make([]byte, 512)}
			if err := p.check(ctx); err != nil {
				return err
			}
		}
	}
	return nil
}

// pages reads the pages of a chunk one after another.
type pages struct {
	leaf
	chunk
	rows int64
	in   io.ReaderAt
	head []byte

	at, end int64 // the place reached, and where no page can be any more
	values  int64 // read so far
	started int64 // rows that began in them, known only with
	counted bool  // the levels of every page
}

func (p *pages) check(ctx context.Context) error {
	name := models.Clean(p.path)
	p.at, p.counted = p.start(), p.repeated > 0 && p.chunk.values > 0
	for p.at < p.end && p.values < p.chunk.values {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		h, err := p.next()
		if err != nil {
			return badParquet("a page of column %q cannot be understood", name)
		}
		if h.size < 0 || h.unpacked < 0 || h.size > p.end-p.at {
			return badParquet("a page of column %q would end outside the file", name)
		}
		if err := p.page(h); err != nil {
			return err
		}
		p.at += h.size
	}
	switch {
	case p.values != p.chunk.values:
		return badParquet("the pages of column %q hold %s values, and there should be %s", name, grouped(p.values), grouped(p.chunk.values))
	case p.counted && p.started != p.rows:
		return badParquet("the lists in column %q fill %s rows, and there are %s", name, grouped(p.started), grouped(p.rows))
	}
	return nil
}

// next reads the header at the place reached and moves behind it.
func (p *pages) next() (pageHeader, error) {
	for {
		room := min(int64(len(p.head)), p.end-p.at)
		n, err := p.in.ReadAt(p.head[:room], p.at)
		if err != nil && !errors.Is(err, io.EOF) {
			return pageHeader{}, err
		}
		t := &thrift{b: p.head[:n]}
		h, err := t.pageHeader()
		if errors.Is(err, errThriftShort) && room < p.end-p.at && room < maxPageHeader {
			p.head = make([]byte, 8*len(p.head))
			continue
		}
		p.at += int64(t.at)
		return h, err
	}
}

func (t *thrift) pageHeader() (pageHeader, error) {
	h := pageHeader{kind: -1}
	err := t.fields(func(id int16, kind byte) error {
		switch {
		case id == 1:
			return t.intInto(kind, &h.kind)
		case id == 2:
			return t.intInto(kind, &h.unpacked)
		case id == 3:
			return t.intInto(kind, &h.size)
		case id == 4:
			var v int64
			h.hasCRC = true
			err := t.intInto(kind, &v)
			h.crc = uint32(v)
			return err
		case (id == 5 || id == 8) && kind == thriftStruct:
			return t.fields(func(inner int16, kind byte) error {
				switch {
				case inner == 1:
					return t.intInto(kind, &h.values)
				case inner == 4 && id == 5:
					return t.intInto(kind, &h.encoding)
				case inner == 6 && id == 8:
					return t.intInto(kind, &h.lists)
				}
				return t.skip(kind)
			})
		}
		return t.skip(kind)
	})
	if h.values < 0 || h.kind < 0 {
		return h, errThrift
	}
	return h, err
}

// page checks one page.
func (p *pages) page(h pageHeader) error {
	name := models.Clean(p.path)
	if h.hasCRC {
		sum := crc32.NewIEEE()
		if _, err := io.Copy(sum, io.NewSectionReader(p.in, p.at, h.size)); err != nil {
			return err
		}
		if sum.Sum32() != h.crc {
			return badParquet("a page of column %q does not match its checksum, so its values cannot be trusted", name)
		}
	}
	if h.kind != dataPage && h.kind != dataPageV2 {
		return nil
	}
	if p.repeated > 0 && h.values > 0 {
		started, first, known, err := p.starts(h)
		if err != nil || known && p.values == 0 && !first {
			return badParquet("column %q does not say rightly where its lists begin", name)
		}
		p.counted = p.counted && known
		p.started += started
	}
	p.values += h.values
	return nil
}

// maxLevels is how many bytes of levels are looked at in a page.
const maxLevels = 16 << 20

// starts counts the rows that begin in a page, by its levels of repetition: 0
// is where a row begins. They are not known where the page is packed in a way
// that only the database unpacks.
func (p *pages) starts(h pageHeader) (n int64, first, known bool, err error) {
	section := io.NewSectionReader(p.in, p.at, h.size)
	var in io.Reader = section
	size := h.lists
	if h.kind == dataPage {
		if h.encoding != 3 {
			return 0, false, false, nil
		}
		switch p.codec {
		case 0:
		case 1:
			packed, err := io.ReadAll(io.LimitReader(section, maxLevels))
			if err != nil {
				return 0, false, false, err
			}
			in = bytes.NewReader(unsnap(packed, maxLevels))
		case 2:
			if in, err = gzip.NewReader(section); err != nil {
				return 0, false, false, err
			}
		default:
			return 0, false, false, nil
		}
		var length [4]byte
		if _, err := io.ReadFull(in, length[:]); err != nil {
			return 0, false, false, err
		}
		size = int64(binary.LittleEndian.Uint32(length[:]))
	}
	if size < 0 || size > maxLevels {
		return 0, false, false, nil
	}
	levels, err := io.ReadAll(io.LimitReader(in, size))
	if err != nil || int64(len(levels)) < size {
		return 0, false, false, errThriftShort
	}
	n, first, err = zeros(levels, bits.Len(uint(p.repeated)), h.values)
	return n, first, true, err
}

// zeros counts the zeros among the first n numbers of so many bits, which are
// written as runs of one number or packed by eights, and says whether the first
// number is one.
func zeros(b []byte, width int, n int64) (count int64, first bool, err error) {
	for done := int64(0); done < n; {
		head, k := binary.Uvarint(b)
		if k <= 0 {
			return 0, false, errThriftShort
		}
		b = b[k:]
		size, packed := 1, head&1 == 1
		run := int64(min(head>>1, 1<<40))
		if packed {
			if run *= 8; run/8 > int64(len(b)) {
				return 0, false, errThriftShort
			}
			size = int(run/8) * width
		}
		if size > len(b) || run == 0 {
			return 0, false, errThriftShort
		}
		run = min(run, n-done)
		for i := range run {
			zero := b[0]&(1<<width-1) == 0
			if packed {
				zero = bitsAt(b, int(i)*width, width) == 0
			}
			first = first || done+i == 0 && zero
			if !packed {
				if zero {
					count += run
				}
				break
			}
			if zero {
				count++
			}
		}
		b, done = b[size:], done+run
	}
	return count, first, nil
}

// bitsAt reads a number of a few bits, the lowest first.
func bitsAt(b []byte, at, width int) int {
	v := 0
	for i := range width {
		v |= int(b[(at+i)/8]>>((at+i)%8)&1) << i
	}
	return v
}

// unsnap unpacks the first bytes of a Snappy block, as far as it can be
// understood and no more than limit.
func unsnap(b []byte, limit int) []byte {
	total, k := binary.Uvarint(b)
	if k <= 0 {
		return nil
	}
	limit = int(min(uint64(limit), total))
	var out []byte
	for b = b[k:]; len(b) > 0 && len(out) < limit; {
		tag := b[0]
		if tag&3 == 0 { // as it stands
			n, skip := int(tag>>2), 1
			if extra := n - 59; extra > 0 {
				if len(b) < 1+extra {
					return out
				}
				n, skip = 0, 1+extra
				for i := range extra {
					n |= int(b[1+i]) << (8 * i)
				}
			}
			n = min(n+1, len(b)-skip)
			out = append(out, b[skip:skip+n]...)
			b = b[skip+n:]
			continue
		}
		n, back, skip := int(tag>>2)+1, 0, 3
		switch {
		case tag&3 == 1 && len(b) >= 2:
			n, back, skip = int(tag>>2&7)+4, int(tag>>5)<<8|int(b[1]), 2
		case tag&3 == 2 && len(b) >= 3:
			back = int(binary.LittleEndian.Uint16(b[1:]))
		case tag&3 == 3 && len(b) >= 5:
			back, skip = int(binary.LittleEndian.Uint32(b[1:])), 5
		}
		if back == 0 || back > len(out) {
			return out
		}
		for range n {
			out = append(out, out[len(out)-back])
		}
		b = b[skip:]
	}
	return out[:min(len(out), limit)]
}
