// Package query owns every DuckDB handle: the schema of version files and the
// Writer that makes them, the workspace they live in, and the engine that
// turns a slice into an answer. Raw rows and counts stay inside; what leaves
// is a models.Answer that has passed the rules.
//
// # How a question is answered
//
// A version file holds one wide table, records and figures alike, in which
// every code is a small number local to the file. Ask resolves the codes of a
// slice in each file, skips the files that lack one, asks each of the others
// alone and merges by code. Records are counted by DuckDB (count.go), those of
// small files that fall into very many groups in memory (columns.go). Figures
// are published numbers, a total and its parts side by side, so they are never
// summed in SQL: the figures of an indicator are read once and answered from
// memory by breakdown pattern (figures.go). Rules (rules.go) then refuse, warn
// or add a footnote, and layout.go lays out rows, columns and totals.
package query
