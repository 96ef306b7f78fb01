package models

// ReadPlan says which columns of a file a store is to read for a loader, and
// in which format the file is.
type ReadPlan struct {
	Path    string
	Format  string // parquet
	Columns []string
}
