package query

import (
	"errors"
	"slices"
	"testing"

	"tiplens/models"
)

// A version number that was printed under a figure never comes to mean another
// file: not even when its dataset was removed and a new one took the name.
func TestRemovedVersionNumbersNeverComeBack(t *testing.T) {
	ws := wsNew(t)
	wsLoad(t, ws, "people", 1)
	wsLoad(t, ws, "people", 2)
	if _, err := ws.Previous("people"); err != nil {
		t.Fatal(err)
	}
	if err := ws.Remove("people"); err != nil {
		t.Fatal(err)
	}
	if m := wsManifest(t, ws); len(m.Datasets) != 0 || m.Removed["people"] != 3 {
		t.Errorf("the manifest says %+v", m)
	}
	if _, err := ws.Purge(); err != nil {
		t.Fatal(err)
	}
	wsLoad(t, ws, "people", 3)
	m := wsManifest(t, ws)
	if e := m.Datasets["people"]; e.Current != 3 || !slices.Equal(e.Versions, []int{3}) || e.Next != 4 || len(m.Removed) != 0 {
		t.Errorf("the manifest says %+v", m)
	}
	wsWant(t, wsOpen(t, ws), "people", 3)
	_, err := ws.Open(t.Context(), wsCatalog(), []models.Version{{Dataset: "people", N: 1}})
	var missing *NoVersionError
	if !errors.As(err, &missing) {
		t.Errorf("people@1 opens another file: %v", err)
	}
}
