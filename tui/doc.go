// Package tui is the screen: views, pickers, keys and the little drawing they
// need. It asks a Store for answers and a Host for workspaces and loads, and
// knows neither SQL nor files.
//
// # How it hangs together
//
// App is the only tea.Model. A state says what is looked at: the view, the
// filters, rows and columns. Every step makes a new state, kept in a history
// for undo. From a state the view at hand makes a slice; the answer comes back
// as a message with the number of its question, and late ones are dropped.
// Overlays (pickers, help, cards) lie on a stack above the view and answer
// with a reply, as views do.
//
// # Bytes
//
// The screen is made for slow lines (README, Slow lines): the cursor is one
// character, lists turn pages instead of scrolling, numbers stand right-aligned
// in fixed columns, nothing moves by itself.
package tui
