package datasets

import (
	"fmt"
	"io"
	"strings"

	"tiplens/models"
)

// pageStyle is made for A4: black on white, headings that stay with their
// tables, a head row on every page.
const pageStyle = `@page { size: A4; margin: 18mm 16mm; }
body { font: 11pt/1.4 Helvetica, Arial, sans-serif; color: #000; background: #fff; max-width: 180mm; margin: 2em auto; padding: 0 1em; }
h1 { font-size: 15pt; margin: 0 0 .4em; }
h2 { font-size: 12pt; margin: 1.4em 0 .4em; break-after: avoid; }
p.warning { border-left: 3px solid #000; padding-left: .6em; margin: .3em 0; }
p.mark { font-weight: bold; letter-spacing: .05em; margin: 0 0 .6em; }
table { border-collapse: collapse; width: 100%; font-size: 10pt; margin: .8em 0; }
caption { text-align: left; font-weight: bold; padding-bottom: .3em; }
thead { display: table-header-group; }
tr { break-inside: avoid; }
th, td { padding: .2em .5em; border-bottom: 1px solid #999; text-align: right; vertical-align: top; }
th { border-bottom: 1.5px solid #000; }
th[scope=row], th.row { text-align: left; font-weight: normal; border-bottom: 1px solid #999; }
tr.total th, tr.total td { font-weight: bold; border-top: 1.5px solid #000; }
figure { margin: 1em 0; break-inside: avoid; }
svg { width: 100%; height: auto; }
dl { font-size: 9pt; } dt { font-weight: bold; break-after: avoid; } dd { margin: 0 0 .3em 1.2em; overflow-wrap: anywhere; }
ol.notes { font-size: 9.5pt; }
@media print { body { margin: 0; max-width: none; padding: 0; } }
`

// pageHead begins a page that fetches nothing and runs nothing.
func pageHead(title string) string {
	return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>` + svgText(title) + `</title>
<style>
` + pageStyle + `</style>
</head>
<body>
`
}

// writeHTML writes one page that needs nothing else.
func (x *Export) writeHTML(w io.Writer) error {
	var b strings.Builder
	b.WriteString(pageHead(x.heading()))
	x.htmlBody(&b, "h1")
	b.WriteString("</body>\n</html>\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// htmlBody writes title, tables, chart, footnotes, sources and metadata.
func (x *Export) htmlBody(b *strings.Builder, head string) {
	a := x.Answer
	fmt.Fprintf(b, "<%s>%s</%s>\n", head, svgText(x.heading()), head)
	for _, r := range a.Warnings {
		fmt.Fprintf(b, "<p class=\"warning\">%s</p>\n", svgText(r.String()))
	}
	for i := range a.Blocks {
		x.htmlTable(b, &a.Blocks[i])
	}
	if m := x.legend(); m != "" {
		fmt.Fprintf(b, "<p>Marks: %s</p>\n", svgText(m))
	}
	if a.Numbers() > 1 {
		b.WriteString("<figure>\n" + x.svgPlain() + "</figure>\n")
	}
	if len(a.Footnotes) > 0 {
		b.WriteString("<h2>Footnotes</h2>\n<ol class=\"notes\">\n")
		for _, r := range a.Footnotes {
			fmt.Fprintf(b, "<li>%s</li>\n", svgText(r.String()))
		}
		b.WriteString("</ol>\n")
	}
	if len(a.Sources) > 0 {
		b.WriteString("<h2>Sources</h2>\n<ul>\n")
		for _, s := range a.Sources {
			fmt.Fprintf(b, "<li>%s</li>\n", svgText(s.Line()))
		}
		b.WriteString("</ul>\n")
	}
	if x.Bare {
		return
	}
	b.WriteString("<h2>About these numbers</h2>\n<dl class=\"about\">\n")
	for _, l := range x.about() {
		fmt.Fprintf(b, "<dt>%s</dt><dd>%s</dd>\n", svgText(l.what), svgText(l.text))
	}
	b.WriteString("</dl>\n")
}

// svgPlain is the chart inside a page that says the rest itself.
func (x *Export) svgPlain() string {
	bare := *x
	bare.Bare = true
	return bare.svg(true)
}

func (x *Export) htmlTable(b *strings.Builder, block *models.Block) {
	head, rows, dims := blockGrid(x.Answer, block)
	b.WriteString("<table>\n")
	if len(x.Answer.Blocks) > 1 {
		fmt.Fprintf(b, "<caption>%s</caption>\n", svgText(block.Line()))
	}
	b.WriteString("<thead><tr>")
	for k, h := range head {
		class := ""
		if k < dims {
			class = ` class="row"`
		}
		fmt.Fprintf(b, "<th scope=\"col\"%s>%s</th>", class, svgText(strings.ReplaceAll(h, "_", " ")))
	}
	b.WriteString("</tr></thead>\n<tbody>\n")
	for r, row := range rows {
		class := ""
		if block.Rows[r].Kind == models.TotalHeader {
			class = ` class="total"`
		}
		b.WriteString("<tr" + class + ">")
		for k, text := range row {
			if k < dims {
				fmt.Fprintf(b, "<th scope=\"row\">%s</th>", svgText(text))
			} else {
				fmt.Fprintf(b, "<td>%s</td>", svgText(text))
			}
		}
		b.WriteString("</tr>\n")
	}
	b.WriteString("</tbody>\n</table>\n")
}
