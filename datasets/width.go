package datasets

import "github.com/charmbracelet/x/ansi"

// textWidth is how many cells a text takes in a terminal that counts by code
// point, as most do.
func textWidth(s string) int { return ansi.StringWidthWc(s) }
