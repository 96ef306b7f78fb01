package datasets

import (
	"bytes"
	"embed"
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"

	"tiplens/models"
)

//go:embed catalogue
var catalogueFiles embed.FS

// Catalogue gives the built-in dictionary. It is read once.
var Catalogue = sync.OnceValue(func() *models.Catalog {
	c, err := loadCatalogue()
	if err != nil {
		panic("the embedded catalogue is broken: " + err.Error()) // a test keeps this from happening
	}
	return c
})

func loadCatalogue() (*models.Catalog, error) {
	ind, err := readIndicators()
	if err != nil {
		return nil, err
	}
	dims, err := readDimensions()
	if err != nil {
		return nil, err
	}
	var codes []*models.Code
	for _, read := range []func() ([]*models.Code, error){readCodes, readCountries, readProvinces, readNeighbours, readGroups, readAgencies} {
		cs, err := read()
		if err != nil {
			return nil, err
		}
		codes = append(codes, cs...)
	}
	return models.NewCatalog(ind, dims, codes, fold)
}

func readIndicators() ([]*models.Indicator, error) {
	var list []struct {
		ID           string   `yaml:"id"`
		Name         string   `yaml:"name"`
		One          string   `yaml:"one"`
		NameKM       string   `yaml:"name_km"`
		Family       string   `yaml:"family"`
		Unit         string   `yaml:"unit"`
		Counted      string   `yaml:"counted"`
		Measure      string   `yaml:"measure"`
		Time         string   `yaml:"time"`
		Stage        *int     `yaml:"stage"`
		Pipeline     string   `yaml:"pipeline"`
		Reporters    []string `yaml:"reporters"`
		Dims         []string `yaml:"dims"`
		NotAdditive  []string `yaml:"not_additive"`
		SharesOver   string   `yaml:"shares_over"`
		Definition   string   `yaml:"definition"`
		ConfusedWith string   `yaml:"confused_with"`
		Standard     string   `yaml:"standard"`
		Formula      string   `yaml:"formula"`
		Hidden       bool     `yaml:"hidden"`
		Group        string   `yaml:"group"`
	}
	if err := readYAML("indicators.yaml", &list); err != nil {
		return nil, err
	}
	var out []*models.Indicator
	for _, e := range list {
		i := &models.Indicator{
			ID: e.ID, Name: e.Name, One: e.One, NameKM: e.NameKM, Family: e.Family, Unit: e.Unit, Counted: e.Counted,
			Measure: models.Measure(e.Measure), Time: models.TimeKind(e.Time), Stage: -1, Pipeline: e.Pipeline,
			Reporters: e.Reporters, Dims: e.Dims, NotAdditive: e.NotAdditive, SharesOver: e.SharesOver,
			Definition: strings.TrimSpace(e.Definition), ConfusedWith: strings.TrimSpace(e.ConfusedWith),
			Standard: e.Standard, Formula: e.Formula, Hidden: e.Hidden, Group: e.Group,
		}
		if e.Stage != nil {
			i.Stage = *e.Stage
		}
		out = append(out, i)
	}
	return out, nil
}

func readDimensions() ([]*models.Dimension, error) {
	var list []struct {
		ID         string   `yaml:"id"`
		Name       string   `yaml:"name"`
		Plural     string   `yaml:"plural"`
		List       string   `yaml:"list"`
		Multi      bool     `yaml:"multi"`
		Levels     []string `yaml:"levels"`
		Default    string   `yaml:"default"`
		Definition string   `yaml:"definition"`
	}
	if err := readYAML("dimensions.yaml", &list); err != nil {
		return nil, err
	}
	var out []*models.Dimension
	for _, e := range list {
		d := models.Dimension(e)
		d.Definition = strings.TrimSpace(d.Definition)
		out = append(out, &d)
	}
	return out, nil
}

func readYAML(name string, into any) error {
	b, err := catalogueFiles.ReadFile("catalogue/" + name)
	if err != nil {
		return err
	}
	dec := yaml.NewDecoder(bytes.NewReader(b))
	dec.KnownFields(true)
	if err := dec.Decode(into); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// readTable calls fn with each line of an embedded CSV file; get reads a cell
// by its column name.
func readTable(name string, fn func(get func(column string) string)) error {
	b, err := catalogueFiles.ReadFile("catalogue/" + name)
	if err != nil {
		return err
	}
	rows, err := csv.NewReader(bytes.NewReader(b)).ReadAll()
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	at := map[string]int{}
	for i, h := range rows[0] {
		at[h] = i
	}
	for _, row := range rows[1:] {
		fn(func(column string) string {
			i, ok := at[column]
			if !ok {
				panic(name + " has no column " + column)
			}
			return row[i]
		})
	}
	return nil
}

func words(s string) []string {
	var out []string
	for _, w := range strings.Split(s, ";") {
		if w = strings.TrimSpace(w); w != "" {
			out = append(out, w)
		}
	}
	return out
}

func date(s string) models.Date {
	d, _ := models.ParseDate(s)
	return d
}

func readCodes() ([]*models.Code, error) {
	var out []*models.Code
	err := readTable("codes.csv", func(get func(string) string) {
		sort, _ := strconv.Atoi(get("sort"))
		out = append(out, &models.Code{
			List: get("list"), ID: get("code"), Parent: get("parent"), Level: get("level"),
			Label: get("label"), LabelKM: get("label_km"), Sort: sort,
			ValidFrom: date(get("valid_from")), ValidTo: date(get("valid_to")), Successor: get("successor"),
			Aliases: words(get("aliases")), Note: get("note"),
		})
	})
	return out, err
}

func readCountries() ([]*models.Code, error) {
	var out []*models.Code
	err := readTable("countries.csv", func(get func(string) string) {
		names := append(words(get("aliases")), words(get("nationality"))...)
		for _, c := range []string{get("alpha3"), get("numeric")} {
			if c != "" {
				names = append(names, c)
			}
		}
		out = append(out, &models.Code{
			List: "area", ID: get("alpha2"), Level: "country", Label: get("name"), LabelKM: get("name_km"),
			ValidFrom: models.NoDate, ValidTo: models.NoDate, Aliases: names, Kind: get("subregion"), Country: get("alpha2"),
		})
	})
	return out, err
}

func readProvinces() ([]*models.Code, error) {
	var out []*models.Code
	err := readTable("provinces_kh.csv", func(get func(string) string) {
		code := get("code")
		n, _ := strconv.Atoi(strings.TrimPrefix(code, "KH-"))
		out = append(out, &models.Code{
			List: "area", ID: code, Parent: "KH", Level: "province", Label: get("name"), LabelKM: get("name_km"),
			Sort: n, ValidFrom: date(get("valid_from")), ValidTo: models.NoDate, SplitFrom: get("split_from"),
			Aliases:  append(words(get("aliases")), get("iso_name"), fmt.Sprintf("KH%02d", n)),
			Doubtful: words(get("towns")), Borders: words(get("borders")), Note: get("note"), Country: "KH",
		})
	})
	return out, err
}

// readNeighbours reads the provinces, states and regions of the other
// countries of ASEAN. Codes are those of ISO 3166-2 as Debian's iso-codes 4.15
// lists them, and of its later changes for Indonesia and the Philippines; a
// province of Viet Nam that took others in on 1 July 2025 (resolution
// 202/2025/QH15) keeps the code that its name had. Names in Thai are those of
// the Department of Provincial Administration. Names of countries in Khmer are
// those of the Unicode CLDR, version 48.
func readNeighbours() ([]*models.Code, error) {
	var out []*models.Code
	err := readTable("provinces_asean.csv", func(get func(string) string) {
		out = append(out, &models.Code{
			List: "area", ID: get("code"), Parent: get("parent"), Level: get("level"), Label: get("name"),
			ValidFrom: date(get("valid_from")), ValidTo: date(get("valid_to")), Successor: get("successor"), SplitFrom: get("split_from"),
			Aliases: words(get("aliases")), Doubtful: words(get("towns")), Shared: words(get("shared")), Note: get("note"), Country: get("code")[:2],
		})
	})
	return out, err
}

func readGroups() ([]*models.Code, error) {
	var out []*models.Code
	byID := map[string]*models.Code{}
	err := readTable("groups.csv", func(get func(string) string) {
		g := byID[get("group")]
		if g == nil {
			g = &models.Code{List: "area", ID: get("group"), Level: "group", Label: get("group"), Aliases: []string{get("name")},
				ValidFrom: models.NoDate, ValidTo: models.NoDate}
			byID[g.ID] = g
			out = append(out, g)
		}
		g.Members = append(g.Members, get("member"))
	})
	out = append(out, &models.Code{List: "area", ID: "_ABR", Level: "group", Label: "Abroad (country not given)",
		Aliases: []string{"Abroad", "Overseas"}, ValidFrom: models.NoDate, ValidTo: models.NoDate})
	return out, err
}

func readAgencies() ([]*models.Code, error) {
	var out []*models.Code
	err := readTable("agencies.csv", func(get func(string) string) {
		out = append(out, &models.Code{
			List: "agency", ID: get("id"), Label: get("name"), LabelKM: get("name_km"), Kind: get("kind"), Country: get("country"),
			Aliases: words(get("aliases")), ValidFrom: models.NoDate, ValidTo: models.NoDate,
		})
	})
	return out, err
}
