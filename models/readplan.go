package models

// ReadPlan says which columns of a Parquet file a store is to read for a
// loader.
type ReadPlan struct {
	Path    string
	Columns []string
}
