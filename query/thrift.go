package query

import (
	"encoding/binary"
	"errors"
	"math"
)

// The headers of a Parquet file are written in Thrift's compact protocol. Here
// is as much of it as reading them takes.

// The types of the protocol that are read; a field of any other is stepped over.
const (
	thriftTrue   = 1
	thriftFalse  = 2
	thriftByte   = 3
	thriftI16    = 4
	thriftI32    = 5
	thriftI64    = 6
	thriftDouble = 7
	thriftBinary = 8
	thriftList   = 9
	thriftSet    = 10
	thriftMap    = 11
	thriftStruct = 12
)

var (
	errThriftShort = errors.New("it ends inside a header")
	errThrift      = errors.New("a header in it makes no sense")
)

// maxThriftDepth is how deep structures may lie in each other; a header that
// goes deeper is made to exhaust the stack.
const maxThriftDepth = 32

// thrift reads structures from the start of b.
type thrift struct {
	b     []byte
	at    int
	depth int
}

func (t *thrift) byte() (byte, error) {
	if t.at >= len(t.b) {
		return 0, errThriftShort
	}
	t.at++
	return t.b[t.at-1], nil
}

func (t *thrift) uint() (uint64, error) {
	v, n := binary.Uvarint(t.b[t.at:])
	switch {
	case n == 0:
		return 0, errThriftShort
	case n < 0:
		return 0, errThrift
	}
	t.at += n
	return v, nil
}

// int reads a whole number of any width.
func (t *thrift) int() (int64, error) {
	v, err := t.uint()
	return int64(v>>1) ^ -int64(v&1), err
}

func (t *thrift) bytes() ([]byte, error) {
	n, err := t.uint()
	if err != nil {
		return nil, err
	}
	if n > uint64(len(t.b)-t.at) {
		return nil, errThriftShort
	}
	t.at += int(n)
	return t.b[t.at-int(n) : t.at], nil
}

// fields calls fn with each field of a structure; fn reads it or calls skip.
func (t *thrift) fields(fn func(id int16, kind byte) error) error {
	if t.depth++; t.depth > maxThriftDepth {
		return errThrift
	}
	defer func() { t.depth-- }()
	id := int64(0)
	for {
		head, err := t.byte()
		if err != nil || head == 0 {
			return err
		}
		if delta := head >> 4; delta > 0 {
			id += int64(delta)
		} else if id, err = t.int(); err != nil {
			return err
		}
		if id < 0 || id > math.MaxInt16 {
			return errThrift
		}
		if err := fn(int16(id), head&15); err != nil {
			return err
		}
	}
}

// list calls fn with the type of each element of a list.
func (t *thrift) list(fn func(kind byte) error) error {
	head, err := t.byte()
	if err != nil {
		return err
	}
	n := uint64(head >> 4)
	if n == 15 {
		if n, err = t.uint(); err != nil {
			return err
		}
	}
	if n > uint64(len(t.b)-t.at) { // each takes a byte at least
		return errThriftShort
	}
	for range n {
		if err := fn(head & 15); err != nil {
			return err
		}
	}
	return nil
}

// skip steps over a value. A truth value is part of the field's own head but
// takes a byte in a list.
func (t *thrift) skip(kind byte) error {
	var err error
	switch kind {
	case thriftTrue, thriftFalse:
	case thriftByte:
		_, err = t.byte()
	case thriftI16, thriftI32, thriftI64:
		_, err = t.uint()
	case thriftDouble:
		if len(t.b)-t.at < 8 {
			return errThriftShort
		}
		t.at += 8
	case thriftBinary:
		_, err = t.bytes()
	case thriftList, thriftSet:
		err = t.nest(func() error { return t.list(t.skipElement) })
	case thriftMap:
		err = t.nest(t.skipMap)
	case thriftStruct:
		err = t.fields(func(_ int16, kind byte) error { return t.skip(kind) })
	default:
		err = errThrift
	}
	return err
}

func (t *thrift) skipElement(kind byte) error {
	if kind == thriftTrue || kind == thriftFalse {
		kind = thriftByte
	}
	return t.skip(kind)
}

func (t *thrift) skipMap() error {
	n, err := t.uint()
	if err != nil || n == 0 {
		return err
	}
	kinds, err := t.byte()
	if err != nil {
		return err
	}
	for range n {
		if err := errors.Join(t.skipElement(kinds>>4), t.skipElement(kinds&15)); err != nil {
			return err
		}
	}
	return nil
}

func (t *thrift) nest(fn func() error) error {
	if t.depth++; t.depth > maxThriftDepth {
		return errThrift
	}
	defer func() { t.depth-- }()
	return fn()
}

// intInto reads a whole number where the field holds one.
func (t *thrift) intInto(kind byte, to *int64) error {
	if kind != thriftI16 && kind != thriftI32 && kind != thriftI64 {
		return errThrift
	}
	v, err := t.int()
	*to = v
	return err
}
