package models

import "slices"

// Tile is one place of a tile map: all places have the same size, so that a
// small province is read as well as a large one. X counts half tiles from the
// left and Y rows from the top; rows may be shifted by half a tile, as bricks
// are, which keeps more true neighbours side by side than a plain grid.
type Tile struct {
	Code string
	Abbr string
	X, Y int
}

// TileMap is a set of tiles that lie as the places do on a map.
type TileMap struct {
	Tiles []Tile
	// Around are places outside that lie beside the map where people look for
	// them. They are shown only when an answer holds them.
	Around []Tile
}

// CambodiaTiles are the 25 first-level units. The abbreviations are those of
// the government's boundary file (2022 edition). Phnom Penh lies inside
// Kandal, west of most of it; the gap between Siem Reap and Pursat is the
// Tonle Sap.
var CambodiaTiles = &TileMap{
	Tiles: []Tile{
		{"KH-1", "BMC", 3, 0}, {"KH-22", "OMC", 5, 0}, {"KH-13", "PVR", 7, 0}, {"KH-19", "STG", 9, 0}, {"KH-16", "RAT", 11, 0},
		{"KH-24", "PLN", 0, 1}, {"KH-2", "BAT", 2, 1}, {"KH-17", "SRP", 4, 1}, {"KH-6", "KPT", 6, 1}, {"KH-10", "KRT", 8, 1}, {"KH-11", "MKR", 10, 1},
		{"KH-15", "PUR", 3, 2}, {"KH-4", "KCH", 5, 2}, {"KH-3", "KPC", 7, 2}, {"KH-25", "TKM", 9, 2},
		{"KH-9", "KKG", 2, 3}, {"KH-5", "KSP", 4, 3}, {"KH-12", "PNP", 6, 3}, {"KH-8", "KDL", 8, 3}, {"KH-14", "PVG", 10, 3},
		{"KH-18", "SHV", 3, 4}, {"KH-7", "KAM", 5, 4}, {"KH-21", "TAK", 7, 4}, {"KH-20", "SVG", 11, 4},
		{"KH-23", "KEP", 5, 5},
	},
	Around: []Tile{{"TH", "THA", 1, 0}, {"LA", "LAO", 13, 0}, {"VN", "VNM", 11, 2}},
}

// ASEANTiles are the eleven members of ASEAN with their ISO 3166-1 alpha-3
// codes.
var ASEANTiles = &TileMap{
	Tiles: []Tile{
		{"MM", "MMR", 0, 0}, {"LA", "LAO", 2, 0}, {"VN", "VNM", 4, 0},
		{"TH", "THA", 1, 1}, {"KH", "KHM", 3, 1}, {"PH", "PHL", 7, 1},
		{"MY", "MYS", 2, 2}, {"BN", "BRN", 4, 2},
		{"SG", "SGP", 1, 3}, {"ID", "IDN", 3, 3}, {"TL", "TLS", 5, 3},
	},
}

// TilesFor is the map on which places lie: by the level asked, unless only the
// other map has any of them.
func TilesFor(ax Axis, held func(code string) bool) *TileMap {
	any := func(m *TileMap) bool { return slices.ContainsFunc(m.Tiles, func(t Tile) bool { return held(t.Code) }) }
	provinces := ax.Level == "province" || ax.Level == "" && ax.Dim == DimPlace
	kh, asean := any(CambodiaTiles), any(ASEANTiles)
	if kh && provinces || kh && !asean || !asean && provinces {
		return CambodiaTiles
	}
	return ASEANTiles
}

// Shown lists the tiles that are drawn for an answer: those of the map, and of
// those around it the ones that the answer holds.
func (m *TileMap) Shown(held func(code string) bool) []Tile {
	out := slices.Clone(m.Tiles)
	for _, t := range m.Around {
		if held(t.Code) {
			out = append(out, t)
		}
	}
	return out
}

// All lists the tiles and those around them.
func (m *TileMap) All() []Tile { return append(m.Tiles[:len(m.Tiles):len(m.Tiles)], m.Around...) }

// Has reports whether a place has a tile of its own, around the map or in it.
func (m *TileMap) Has(code string) bool { _, ok := m.tile(code); return ok }

// Abbr is the abbreviation of a place inside the map, "" of any other.
func (m *TileMap) Abbr(code string) string {
	for _, t := range m.Tiles {
		if t.Code == code {
			return t.Abbr
		}
	}
	return ""
}

func (m *TileMap) tile(code string) (Tile, bool) {
	for _, t := range m.All() {
		if t.Code == code {
			return t, true
		}
	}
	return Tile{}, false
}

// Touches reports whether two tiles share a side or half of one.
func (t Tile) Touches(o Tile) bool {
	dx, dy := abs(t.X-o.X), abs(t.Y-o.Y)
	return dy == 0 && dx == 2 || dy == 1 && dx < 2
}

func abs(n int) int { return max(n, -n) }

// Toward finds the nearest of the tiles shown in a direction, one of dx and dy
// being 1 or -1: a step to the side stays in its row as long as there is
// somewhere to go in it. It answers "" where there is none.
func Toward(shown []Tile, from Tile, dx, dy int) string {
	best, least := "", 0
	for _, t := range shown {
		x, y := (t.X-from.X)*dx, (t.Y-from.Y)*dy // how far on in that direction
		aside := abs(t.X - from.X)
		cost := y*4 + aside
		ok := y > 0 && aside <= 4*y
		if dx != 0 {
			aside = abs(t.Y - from.Y)
			cost = x + 20*aside
			ok = x >= 2 && aside < 2
		}
		if ok && (best == "" || cost < least) {
			best, least = t.Code, cost
		}
	}
	return best
}
