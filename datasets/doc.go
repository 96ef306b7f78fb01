// Package datasets turns bytes into observations and answers into files. It
// owns the readers (CSV, XLSX), the recipes that map a publisher's columns to
// the model, the names of places and nationalities, the catalogue of
// indicators and codes, the sanitiser for text from files, and the generator
// of training data. It knows models, and neither DuckDB nor the screen; what
// it needs of a store is the small Sink interface.
package datasets
