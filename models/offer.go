package models

import "fmt"

// Offer is what a dataset has of one indicator from one producer.
type Offer struct {
	Indicator, Agency string
	Grain             Grain
	Rows              int64
	First, Last       int      // years; 0 when none is inside one year
	Dims              []string // dimensions it is broken down by
}

// Years prints the years an offer covers.
func (o Offer) Years() string {
	switch {
	case o.First == 0:
		return "no year"
	case o.First == o.Last:
		return fmt.Sprint(o.First)
	}
	return fmt.Sprintf("%d-%d", o.First, o.Last)
}
