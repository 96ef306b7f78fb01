package datasets

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
