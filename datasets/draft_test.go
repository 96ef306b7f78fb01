package datasets

import (
	"os"
	"path/filepath"
	"testing"

	"tiplens/models"
)

// draftOf drafts a file with this content.
func draftOf(t *testing.T, name, content string, changes ...models.DraftChange) *Drafted {
	t.Helper()
	d, err := NewDraft(t.Context(), writeFile(t, name, content), changes, BuiltinRecipes(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func writeFile(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func mappingOf(d *Drafted) map[string]string {
	out := map[string]string{}
	for _, c := range d.Columns {
		if c.Field != "" {
			out[c.Name] = c.Field
		}
	}
	return out
}

func TestDraftShow(t *testing.T) {
	d := draftOf(t, "police_2024_05.csv", "No,Full name,Province,Sex,Age,Nationality,Date identified,Purpose\n1,Sok,Phnom Penh,F,17,Cambodian,2024-05-03,Sexual exploitation\n2,Sao,P.Penh,M,22,Khmer,2024-05-04,Forced labour; Begging\n")
	t.Logf("%+v", d.Draft)
	for _, c := range d.Columns {
		t.Logf("%+v", c)
	}
	t.Log(d.RecipeText)
	d = draftOf(t, "police_2024_05.csv", "No,Full name,Province,Sex,Age,Nationality,Date identified,Purpose\n1,Sok,Phnom Penh,F,17,Cambodian,2024-05-03,Sexual exploitation\n2,Sao,P.Penh,M,22,Khmer,2024-05-04,Forced labour; Begging\n", models.DraftChange{Key: "indicator", Value: "vic_identified"})
	t.Log(d.RecipeText, d.Blocks, d.Head, d.Preview, d.Same)
}

func TestDraftWideShow(t *testing.T) {
	d := draftOf(t, "rescued.csv", "Province,2019,2020,2021\nPhnom Penh,3,4,5\nKampot,1,0,\n", models.DraftChange{Key: "indicator", Value: "vic_identified"})
	t.Log(d.RecipeText, d.Blocks, d.Head, d.Preview, d.Same)
	for _, c := range d.Columns {
		t.Logf("%+v", c)
	}
	d = draftOf(t, "rescued.csv", "Year,Province,Male,Female,Total\n2020,Phnom Penh,3,4,7\n2021,Kampot,1,0,1\n", models.DraftChange{Key: "indicator", Value: "vic_identified"})
	t.Log(d.RecipeText, d.Blocks, d.Head, d.Preview, d.Same)
	for _, x := range d.Decisions {
		t.Log(x.Name, x.Value, x.Why)
	}
}
