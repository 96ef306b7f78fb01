package datasets

import (
	"fmt"
	"io"
	"strings"

	"tiplens/models"
)

// documentStyle adds to the style of a page what a document of several items
// needs on paper.
const documentStyle = `section { margin: 1.6em 0; }
p.number { font-size: 20pt; font-weight: bold; margin: .2em 0; break-after: avoid; }
p.source { font-size: 9pt; margin: .2em 0; overflow-wrap: anywhere; }
pre { font: 9pt/1.35 "DejaVu Sans Mono", Consolas, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
ul.changes { font-size: 10pt; }
h3 { font-size: 11pt; margin: 1.2em 0 .3em; break-after: avoid; }
section.about { break-before: page; }
`

// writeHTML writes one page that needs nothing else.
func (d *Document) writeHTML(w io.Writer) error {
	var b strings.Builder
	b.WriteString(strings.Replace(pageHead(d.heading()), "</style>", documentStyle+"</style>", 1))
	if g := d.guarded(); g != "" {
		fmt.Fprintf(&b, "<p class=\"mark\">%s</p>\n", svgText(g))
	}
	fmt.Fprintf(&b, "<h1>%s</h1>\n<p>%s</p>\n", svgText(d.heading()), d.day())
	htmlNote(&b, d.Note)
	for i := range d.Items {
		d.htmlItem(&b, i)
	}
	if gaps := d.Gaps(); len(gaps) > 0 {
		fmt.Fprintf(&b, "<h2>%s</h2>\n", d.gapsHead())
		htmlList(&b, gaps)
	}
	b.WriteString("<section class=\"about\">\n<h2>About these numbers</h2>\n")
	htmlSaid(&b, d.overall())
	for i := range d.Items {
		if lines := d.Items[i].about(); len(lines) > 0 {
			fmt.Fprintf(&b, "<h3>%s</h3>\n", svgText(d.name(i)))
			htmlSaid(&b, lines)
		}
	}
	b.WriteString("</section>\n</body>\n</html>\n")
	_, err := io.WriteString(w, b.String())
	return err
}

func htmlNote(b *strings.Builder, note string) {
	for l := range strings.SplitSeq(note, "\n") {
		if l = strings.TrimSpace(l); l != "" {
			fmt.Fprintf(b, "<p>%s</p>\n", svgText(l))
		}
	}
}

func htmlList(b *strings.Builder, list []string) {
	b.WriteString("<ul class=\"changes\">\n")
	for _, l := range list {
		fmt.Fprintf(b, "<li>%s</li>\n", svgText(l))
	}
	b.WriteString("</ul>\n")
}

func htmlSaid(b *strings.Builder, lines []said) {
	b.WriteString("<dl class=\"about\">\n")
	for _, l := range lines {
		fmt.Fprintf(b, "<dt>%s</dt><dd>%s</dd>\n", svgText(l.what), svgText(l.text))
	}
	b.WriteString("</dl>\n")
}

func (d *Document) htmlItem(b *strings.Builder, i int) {
	it := &d.Items[i]
	fmt.Fprintf(b, "<section>\n<h2>%s</h2>\n", svgText(d.name(i)))
	htmlNote(b, it.Note)
	if len(it.Page) > 0 {
		fmt.Fprintf(b, "<pre>%s</pre>\n", svgText(strings.Join(it.Page, "\n")))
	}
	for _, r := range it.remarks() {
		fmt.Fprintf(b, "<p class=\"warning\">%s</p>\n", svgText(r))
	}
	if x := it.Export; x != nil {
		switch it.Kind {
		case models.NumberItem:
			fmt.Fprintf(b, "<p class=\"number\">%s</p>\n<p>%s</p>\n", svgText(it.value()), svgText(it.Card.Sentence))
		case models.ChartItem:
			b.WriteString("<figure>\n" + x.svgPlain() + "</figure>\n")
		default:
			fmt.Fprintf(b, "<p>%s</p>\n", svgText(x.heading()))
			for k := range x.Answer.Blocks {
				x.htmlTable(b, &x.Answer.Blocks[k])
			}
		}
		if m := x.legend(); m != "" {
			fmt.Fprintf(b, "<p class=\"source\">Marks: %s</p>\n", svgText(m))
		}
		for _, r := range x.Answer.Footnotes {
			fmt.Fprintf(b, "<p class=\"source\">%s</p>\n", svgText(r.String()))
		}
		for _, s := range x.Answer.Sources {
			fmt.Fprintf(b, "<p class=\"source\">Source: %s</p>\n", svgText(s.Line()))
		}
	}
	if head, list := it.changed(); head != "" {
		fmt.Fprintf(b, "<p>%s</p>\n", svgText(head))
		if len(list) > 0 {
			htmlList(b, list)
		}
	}
	b.WriteString("</section>\n")
}

// writeMarkdown writes the same for documents and wikis.
func (d *Document) writeMarkdown(w io.Writer) error {
	var b strings.Builder
	para := func(s string) {
		if s != "" {
			b.WriteString(markdownText(s) + "\n\n")
		}
	}
	list := func(lines []string) {
		for _, l := range lines {
			b.WriteString("- " + markdownText(oneLine(l)) + "\n")
		}
		b.WriteString("\n")
	}
	saidOf := func(lines []said) {
		for _, l := range lines {
			if l.what == "slice" {
				fmt.Fprintf(&b, "- slice: %s\n", codeSpan(l.text))
				continue
			}
			fmt.Fprintf(&b, "- %s: %s\n", l.what, markdownText(oneLine(l.text)))
		}
		b.WriteString("\n")
	}
	fmt.Fprintf(&b, "# %s\n\n", markdownText(d.heading()))
	para(d.guarded())
	para(d.day())
	for l := range strings.SplitSeq(d.Note, "\n") {
		para(l)
	}
	for i := range d.Items {
		it := &d.Items[i]
		fmt.Fprintf(&b, "## %s\n\n", markdownText(d.name(i)))
		for l := range strings.SplitSeq(it.Note, "\n") {
			para(l)
		}
		for _, l := range it.Page {
			b.WriteString(strings.TrimRight("    "+models.Printable(l), " ") + "\n")
		}
		if len(it.Page) > 0 {
			b.WriteString("\n")
		}
		switch {
		case it.Export == nil:
			for _, r := range it.remarks() {
				para(r)
			}
		case it.Kind == models.NumberItem:
			fmt.Fprintf(&b, "**%s**\n\n", markdownText(it.value()))
			para(it.Card.Sentence)
			for _, r := range it.remarks() {
				para(r)
			}
		default:
			markdownTables(&b, it.Export.Answer) // with its warnings
			b.WriteString("\n")
			for _, r := range it.remarks()[len(it.Export.Answer.Warnings):] {
				para(r)
			}
		}
		if x := it.Export; x != nil {
			for _, r := range x.Answer.Footnotes {
				para(r.String())
			}
			for _, s := range x.Answer.Sources {
				para("Source: " + s.Line())
			}
		}
		if head, changes := it.changed(); head != "" {
			para(head)
			list(changes)
		}
	}
	if gaps := d.Gaps(); len(gaps) > 0 {
		fmt.Fprintf(&b, "## %s\n\n", d.gapsHead())
		list(gaps)
	}
	b.WriteString("## About these numbers\n\n")
	saidOf(d.overall())
	for i := range d.Items {
		if lines := d.Items[i].about(); len(lines) > 0 {
			fmt.Fprintf(&b, "### %s\n\n", markdownText(d.name(i)))
			saidOf(lines)
		}
	}
	_, err := io.WriteString(w, strings.TrimRight(b.String(), "\n")+"\n")
	return err
}
