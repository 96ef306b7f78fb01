package datasets

import (
	"errors"
	"fmt"
	"strings"
)

// Shape says how the bytes of a file become a table. A person, or a recipe
// under "read:", may state any of it; what is left zero is found out.
// Rows are counted from 1 as a spreadsheet or an editor shows them.
type Shape struct {
	Encoding   string `yaml:"encoding,omitempty" json:",omitempty"`    // name of a character encoding, such as windows-1252
	Delimiter  string `yaml:"delimiter,omitempty" json:",omitempty"`   // between fields; may be several characters
	Quote      string `yaml:"quote,omitempty" json:",omitempty"`       // one character, or "none"
	Escape     string `yaml:"escape,omitempty" json:",omitempty"`      // before a quote that belongs to the text; usually the quote itself
	Sheet      string `yaml:"sheet,omitempty" json:",omitempty"`       // of a workbook
	Columns    string `yaml:"columns,omitempty" json:",omitempty"`     // of a sheet, such as B:H
	Header     int    `yaml:"header,omitempty" json:",omitempty"`      // row in which the header begins
	HeaderRows int    `yaml:"header_rows,omitempty" json:",omitempty"` // how many rows it takes up; -1 where there is none
	First      int    `yaml:"first,omitempty" json:",omitempty"`       // first row of data
	Last       int    `yaml:"last,omitempty" json:",omitempty"`        // last row of data; rows below are notes
}

// over lays what is stated over what another shape states.
func (s Shape) over(low Shape) Shape {
	for _, f := range []struct{ high, low *string }{{&s.Encoding, &low.Encoding}, {&s.Delimiter, &low.Delimiter}, {&s.Quote, &low.Quote}, {&s.Escape, &low.Escape}, {&s.Sheet, &low.Sheet}} {
		if *f.high == "" {
			*f.high = *f.low
		}
	}
	for _, f := range []struct{ high, low *int }{{&s.Header, &low.Header}, {&s.HeaderRows, &low.HeaderRows}, {&s.First, &low.First}, {&s.Last, &low.Last}} {
		if *f.high == 0 {
			*f.high = *f.low
		}
	}
	return s
}

// check finds what cannot be meant.
func (s Shape) check() error {
	if s.Encoding != "" {
		if _, err := namedEncoding(s.Encoding); err != nil {
			return err
		}
	}
	if q := s.Quote; len(q) > 1 && !strings.EqualFold(q, "none") {
		return fmt.Errorf("a quote is one character, or none, and not %q", Clean(q))
	}
	if e := namedCharacter(s.Escape); len(e) > 1 {
		return fmt.Errorf("an escape is one character, and not %q", Clean(e))
	}
	if strings.ContainsAny(s.Delimiter, "\r\n\"") {
		return errors.New("a delimiter cannot hold a line end or a quote")
	}
	switch {
	case s.HeaderRows < -1 || s.HeaderRows > maxHeaderRows:
		return fmt.Errorf("a header takes up 1 to %d rows, or -1 where there is none, and not %d", maxHeaderRows, s.HeaderRows)
	case s.Header < 0 || s.First < 0 || s.Last < 0:
		return errors.New("rows are counted from 1")
	case s.Last > 0 && s.Last < max(s.Header, s.First):
		return fmt.Errorf("the last row of data, %d, cannot stand above the first", s.Last)
	}
	return nil
}
