package models_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"tiplens/models"
)

func completions(text string) (int, []string) {
	from, list := catalogue().Complete(text)
	var out []string
	for _, k := range list {
		out = append(out, k.Text)
	}
	return from, out
}

// TestCompleteLeadsOn types slices letter by letter: at every word its first
// letters, and mostly nothing at all, must offer the word.
func TestCompleteLeadsOn(t *testing.T) {
	words := regexp.MustCompile(`[A-Za-z_][A-Za-z0-9_.-]*`)
	for _, text := range []string{
		"vic_identified by place.province across year where nationality=VN",
		"vic_identified flow origin to destination.province where sex!=F",
		"vic_identified flow recruitment.province to return where age=Y0T17 order value desc top 20",
		"share sex=F of vic_rescued where place=KH",
		"range vic_presumed, vic_sheltered by sex",
		"vic_presumed[agency=ID.KEMLU] + vic_sheltered[agency=ID.KEMENSOS] where exploitation=_U",
		"vic_identified / vic_presumed across year change from previous order change asc",
		"vic_identified by sex, age percent of column",
	} {
		if _, err := models.ParseSlice(text, catalogue()); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		for _, at := range words.FindAllStringIndex(text, -1) {
			word := text[at[0]:at[1]]
			if strings.Contains("+!=", text[max(at[0]-1, 0):at[0]]) && len(word) == 1 {
				continue // one letter is all there is to type
			}
			begun := text[:at[0]+min(2, len(word))]
			from, got := completions(begun)
			want := word
			if at[1] < len(text) && (text[at[1]] == '=' || strings.HasPrefix(text[at[1]:], "!=")) {
				want += "="
			}
			if from != at[0] || !slices.Contains(got, want) {
				t.Errorf("%q does not offer %q from %d but, from %d, %q", begun, want, at[0], from, got)
			}
		}
	}
}

func TestComplete(t *testing.T) {
	for _, tt := range []struct{ text, first string }{
		{"", "vic_identified"},
		{"vic_identified ", "by"},
		{"vic_identified where nationality=viet", "VN"},            // by its name
		{"vic_identified where nationality=VN,lao", "LA"},          // one more
		{`vic_identified where place="phnom p`, "KH-12"},           // in quotes
		{"vic_identified where nationality=VN wh", ""},             // a second where is none
		{"vic_identified percent of ro", "row"},                    //
		{"share se", "sex="},                                       //
		{"vic_identified by place across ye", "year"},              //
		{"vic_identified where province=kand", "KH-8"},             // a level as the key
		{"vic_identified where exploitation=forced cri", ""},       // a blank ends a bare value
		{"vic_identified by place \x1b", ""},                       // no text that has a meaning
		{"vic_identified where sex=F order ", "value"},             //
		{"vic_identified change from y", "year"},                   //
		{"vic_identified by place where ស្រី", ""},                 // not a dimension
		{"vic_identified where sex=ស្រី", "F"},                     // typed in Khmer
		{"vic_identified by place.province by plac", "place_role"}, // no dimension twice
	} {
		_, got := completions(tt.text)
		first := ""
		if len(got) > 0 {
			first = got[0]
		}
		if first != tt.first {
			t.Errorf("%q goes on with %q, want %q", tt.text, first, tt.first)
		}
	}
}

func FuzzComplete(f *testing.F) {
	for _, s := range []string{"", "vic_identified by place where ", `a where x="`, "share of [", "ក", "\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if from, list := catalogue().Complete(text); from < 0 || from > len(text) || len(list) > 50 {
			t.Errorf("%q: from %d, %d completions", text, from, len(list))
		}
	})
}
