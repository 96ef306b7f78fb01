package models_test

import (
	"fmt"
	"testing"

	"tiplens/models"
)

// provinceBorders lists which provinces of Cambodia share a border, by the
// numbers of ISO 3166-2, each pair once. Computed from the geometry of the
// government's boundaries, edition 2022 (OCHA COD-AB, file
// khm_bnd_admin1_gov_ed2022.json as published by WFP PRISM): two provinces are
// neighbours where their outlines have a segment in common. The shortest of the
// 46 borders is 20 km long.
var provinceBorders = map[int][]int{
	1:  {2, 17, 22},
	2:  {15, 17, 24},
	3:  {4, 6, 8, 10, 14, 25},
	4:  {5, 6, 8, 15},
	5:  {7, 8, 9, 15, 18, 21},
	6:  {10, 13, 17, 19},
	7:  {18, 21, 23},
	8:  {12, 14, 21},
	9:  {15, 18},
	10: {11, 19, 25},
	11: {16, 19},
	13: {17, 19, 22},
	14: {20, 25},
	16: {19},
	17: {22},
}

// aseanBorders are the land borders between members of ASEAN (world-countries
// 5.1.0, github.com/mledoze/countries), and the causeway between Malaysia and
// Singapore.
var aseanBorders = map[string][]string{
	"MM": {"LA", "TH"}, "LA": {"TH", "KH", "VN"}, "TH": {"KH", "MY"}, "KH": {"VN"},
	"MY": {"BN", "ID", "SG"}, "ID": {"TL"},
}

func tiles(t *testing.T, m *models.TileMap) map[string]models.Tile {
	out := map[string]models.Tile{}
	for _, k := range m.All() {
		if _, twice := out[k.Code]; twice {
			t.Errorf("%s has two tiles", k.Code)
		}
		out[k.Code] = k
	}
	return out
}

// kept gives the share of true borders over which two tiles touch.
func kept(t *testing.T, m *models.TileMap, borders [][2]string) float64 {
	at, n := tiles(t, m), 0
	for _, b := range borders {
		x, y := at[b[0]], at[b[1]]
		if x.Code == "" || y.Code == "" {
			t.Fatalf("%v is not on the map", b)
		}
		if x.Touches(y) {
			n++
		} else {
			t.Logf("not kept: %s and %s", x.Abbr, y.Abbr)
		}
	}
	return float64(n) / float64(len(borders))
}

// TestTrueBorders: what touches on the map of tiles is what touches in the
// country.
func TestTrueBorders(t *testing.T) {
	var provinces, countries [][2]string
	for a, bs := range provinceBorders {
		for _, b := range bs {
			provinces = append(provinces, [2]string{fmt.Sprintf("KH-%d", a), fmt.Sprintf("KH-%d", b)})
		}
	}
	for a, bs := range aseanBorders {
		for _, b := range bs {
			countries = append(countries, [2]string{a, b})
		}
	}
	if len(provinces) != 46 || len(models.CambodiaTiles.Tiles) != 25 {
		t.Fatalf("%d borders, %d tiles", len(provinces), len(models.CambodiaTiles.Tiles))
	}
	if share := kept(t, models.CambodiaTiles, provinces); share < 0.85 {
		t.Errorf("%.0f %% of the borders between provinces are kept", 100*share)
	}
	if share := kept(t, models.ASEANTiles, countries); share < 1 {
		t.Errorf("%.0f %% of the borders between countries are kept", 100*share)
	}
}

// TestWhereACambodianLooks: provinces and neighbours lie on the side of each
// other on which they do in the country.
func TestWhereACambodianLooks(t *testing.T) {
	at := tiles(t, models.CambodiaTiles)
	for _, c := range []struct{ a, is, b string }{
		{"KH-1", "west", "KH-17"}, {"KH-22", "north", "KH-17"}, {"KH-16", "east", "KH-19"}, {"KH-11", "south", "KH-16"},
		{"KH-24", "west", "KH-2"}, {"KH-2", "south", "KH-1"}, {"KH-15", "south", "KH-2"}, {"KH-9", "south", "KH-15"},
		{"KH-9", "west", "KH-5"}, {"KH-18", "south", "KH-9"}, {"KH-18", "west", "KH-7"}, {"KH-23", "south", "KH-7"},
		{"KH-12", "west", "KH-8"}, {"KH-12", "east", "KH-5"}, {"KH-21", "south", "KH-12"}, {"KH-14", "east", "KH-8"}, {"KH-20", "south", "KH-14"},
		{"KH-20", "east", "KH-21"}, {"KH-3", "west", "KH-25"}, {"KH-4", "south", "KH-6"}, {"KH-10", "south", "KH-19"}, {"KH-13", "north", "KH-6"},
		{"TH", "west", "KH-1"}, {"LA", "north", "KH-10"}, {"VN", "east", "KH-25"}, {"VN", "east", "KH-14"},
	} {
		a, b := at[c.a], at[c.b]
		ok := map[string]bool{"west": a.X < b.X, "east": a.X > b.X, "north": a.Y < b.Y, "south": a.Y > b.Y}[c.is]
		if !ok {
			t.Errorf("%s does not lie %s of %s", a.Abbr, c.is, b.Abbr)
		}
	}
	for _, m := range []*models.TileMap{models.CambodiaTiles, models.ASEANTiles} {
		all := m.All()
		for i, a := range all {
			for _, b := range all[i+1:] {
				if a.Y == b.Y && a.X-b.X < 2 && b.X-a.X < 2 {
					t.Errorf("%s lies on %s", a.Abbr, b.Abbr)
				}
				if a.Abbr == b.Abbr {
					t.Errorf("%s stands for %s and %s", a.Abbr, a.Code, b.Code)
				}
			}
		}
	}
}

// TestEveryTileIsReached: the arrows lead from every tile to every other, each
// in its own direction.
func TestEveryTileIsReached(t *testing.T) {
	for _, m := range []*models.TileMap{models.CambodiaTiles, models.ASEANTiles} {
		for _, shown := range [][]models.Tile{m.Tiles, m.All()} {
			for _, start := range shown {
				seen, queue := map[string]bool{start.Code: true}, []models.Tile{start}
				for len(queue) > 0 {
					at := queue[0]
					queue = queue[1:]
					for _, d := range [][2]int{{1, 0}, {-1, 0}, {0, 1}, {0, -1}} {
						code := models.Toward(shown, at, d[0], d[1])
						for _, k := range shown {
							if k.Code != code {
								continue
							}
							if (k.X-at.X)*d[0]+(k.Y-at.Y)*d[1] <= 0 {
								t.Errorf("from %s the arrow %v goes to %s", at.Abbr, d, k.Abbr)
							}
							if !seen[code] {
								seen[code], queue = true, append(queue, k)
							}
						}
					}
				}
				if len(seen) != len(shown) {
					t.Errorf("from %s only %d of %d tiles are reached", start.Abbr, len(seen), len(shown))
				}
			}
		}
	}
}
