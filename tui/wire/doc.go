// Package wire is the far end of the line: a terminal that shows what the
// program sends, counts its bytes, and may hang on a slow link. The tests of
// the screens and tiplens bench measure with it, by the same tour of the views
// and against the same budgets.
package wire
