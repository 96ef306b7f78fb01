package datasets

import (
	"context"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

// marks lists what a text consists of, as name, end and text.
func marks(in io.Reader) (string, error) {
	x, err := scanXML(context.Background(), in)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for {
		kind, err := x.next()
		if errors.Is(err, io.EOF) {
			return b.String(), nil
		}
		if err != nil {
			return b.String(), err
		}
		switch kind {
		case startMark:
			b.WriteString("<" + string(x.name) + " " + string(x.attr("a")) + ">")
		case endMark:
			b.WriteString("</" + string(x.name) + ">")
		case textMark:
			text, err := x.appendText(nil)
			if err != nil {
				return b.String(), err
			}
			b.Write(text)
		}
	}
}

func TestXMLScan(t *testing.T) {
	for _, tt := range []struct{ name, in, want, fails string }{
		{name: "marks", in: `<?xml version="1.0"?><x:b a='1' c="2>1"><!-- <no> --><d/></x:b>`, want: "<b 1><d ></d></b>"},
		{name: "texts", in: "<b>x &amp; &#65;&#x1F600;<![CDATA[<&>]]></b>", want: "<b >x & A\U0001F600<&></b>"},
		{name: "a mark", in: "\xef\xbb\xbf<b/>", want: "<b ></b>"},
		{name: "utf-16", in: "\xff\xfe<\x00b\x00>\x00\x92\x17<\x00/\x00b\x00>\x00", want: "<b >ធ</b>"},
		{name: "latin", in: `<?xml version="1.0" encoding="windows-1252"?><b>` + "\xe9</b>", want: "<b >é</b>"},
		{name: "spaces", in: "<b\n\ta = \"1\" />", want: "<b 1></b>"},
		{name: "a document type", in: "<!DOCTYPE b><b/>", fails: "document type"},
		{name: "an entity", in: "<b>&nbsp;</b>", fails: "unknown sign &nbsp;"},
		{name: "cut in a mark", in: "<b", fails: "EOF"},
		{name: "cut in a comment", in: "<!-- b", fails: "EOF"},
		{name: "no name", in: "< b>", fails: "no XML"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, in := range []io.Reader{strings.NewReader(tt.in), iotest.OneByteReader(strings.NewReader(tt.in))} {
				got, err := marks(in)
				if tt.fails != "" {
					if err == nil || !strings.Contains(err.Error(), tt.fails) {
						t.Errorf("%q, %v, want %q", got, err, tt.fails)
					}
				} else if got != tt.want || err != nil {
					t.Errorf("%q, %v, want %q", got, err, tt.want)
				}
			}
		})
	}
}

// FuzzXMLScan: what this scanner takes, the standard library reads alike.
func FuzzXMLScan(f *testing.F) {
	f.Add(`<b a="1">x &amp; y<c/><![CDATA[z]]></b>`)
	f.Add("<?xml version=\"1.0\" encoding=\"utf-8\"?><x:b x:a='1'>\u1792</x:b>")
	f.Fuzz(func(t *testing.T, in string) {
		got, err := marks(strings.NewReader(in))
		small, err2 := marks(iotest.OneByteReader(strings.NewReader(in)))
		if got != small || (err == nil) != (err2 == nil) {
			t.Fatalf("%q, %v at once, and %q, %v byte by byte", got, err, small, err2)
		}
		if err != nil || strings.ContainsAny(in, "\r") {
			return
		}
		d := xml.NewDecoder(strings.NewReader(in))
		var b strings.Builder
		for {
			tok, err := d.RawToken()
			if err == io.EOF {
				break
			}
			if err != nil {
				return // it is stricter
			}
			switch el := tok.(type) {
			case xml.StartElement:
				a := ""
				for _, at := range el.Attr {
					if at.Name.Local == "a" && at.Name.Space == "" {
						a = at.Value
						break
					}
				}
				if strings.ContainsAny(in, "&") {
					a = ""
				}
				b.WriteString("<" + el.Name.Local + " " + a + ">")
			case xml.EndElement:
				b.WriteString("</" + el.Name.Local + ">")
			case xml.CharData:
				b.Write(el)
			}
		}
		if !strings.Contains(in, "&") && b.String() != got {
			t.Errorf("%q, and the standard library %q", got, b.String())
		}
	})
}

// FuzzWorkbookParts: styles, relations, sheet and texts of any content end in
// a table or in a finding.
func FuzzWorkbookParts(f *testing.F) {
	f.Add(`<cols><col min="1" max="2" hidden="1"/></cols>`, `<row hidden="1"><c s="1"><v>60</v></c><c t="e"><v>#N/A</v></c></row>`, `<mergeCells><mergeCell ref="A1:B2"/></mergeCells>`)
	f.Add(``, line(1, "a", "b")+line(4, "Total", "2"), `<mergeCell ref="A1:XFD1048576"/>`)
	f.Fuzz(func(t *testing.T, before, rows, after string) {
		file, err := Open(context.Background(), sheetOf(t, before, rows, after), Options{}, nil)
		if err != nil {
			finding(t, err)
			return
		}
		if _, err := file.Read(context.Background(), nil, func([]string) error { return nil }); err != nil {
			finding(t, err)
		}
	})
}
