// Package models holds the nouns that every other package shares: indicators,
// dimensions and codes, the slice (a question) with its text form, the answer
// with its cells, datasets, findings and refusals. It knows the standard
// library only: no SQL, no files, no colours.
//
// # The text form of a slice
//
// A slice reads as one line. ParseSlice reads it, Slice.String prints the one
// canonical form, and parsing what was printed gives the same slice again.
//
//	slice    = measure [ "flow" role [ "via" role ] "to" role ] [ "by" axes ] [ "across" axes ]
//	           [ "where" terms ] { clause } .
//	measure  = part { "+" part }          (* one sum, where the rules allow it *)
//	         | part "/" part              (* a ratio *)
//	         | part ";" part { ";" part } (* side by side *)
//	         | "range" part { "," part } (* at least, at most; of one part: over its sources *)
//	         | "share" terms "of" part .
//	part     = indicator [ "[" terms "]" ] .
//	role     = ( dim | "recruitment" | "departure" | "transit" | "exploitation"
//	         | "identification" | "return" ) [ "." level ] .
//	axes     = axis { "," axis } .
//	axis     = dim [ "." level ] | level .  (* province is place.province *)
//	terms    = term { term } .
//	term     = key ( "=" | "!=" ) value { "," value } .
//	key      = dim | level | "year" .
//	value    = code | name | '"' text '"' | span .
//	span     = period [ ".." period ] .     (* time only *)
//	period   = YYYY | YYYY "-S" 1..2 | YYYY "-Q" 1..4 | YYYY "-" MM | YYYY "-" MM "-" DD .
//	clause   = "percent" "of" ( "row" | "column" | "total" )
//	         | "change" "from" ( span | "previous" | "year" | term ) [ "only" ( "new" | "gone" | "grown" | "shrunk" ) ]
//	         | "order" ( "value" [ "in" column ] | "code" | "name" | "region" | "change" ) [ "asc" | "desc" ]
//	         | "top" number
//	         | "at" dataset "@" version { "," dataset "@" version } .
//	column   = code { "," code } .  (* of one column, as it is printed in CSV *)
//
// Values are codes or names; the printer writes codes. A name with a blank in
// it stands in double quotes, and \" and \\ stand for themselves inside them.
// A key that is given twice is an error, and so is a name that is not known:
// the error then carries the three nearest. Words are understood in any case.
package models
