package datasets

import "testing"

func TestCatalogueLoads(t *testing.T) {
	c, err := loadCatalogue()
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ dim, text, want string }{
		{"nationality", "Vietnamese", "VN"}, {"nationality", "Khmer", "KH"}, {"place", "Sihanoukville", "KH-18"},
		{"place", "Kâmpóng Thum", "KH-6"}, {"place", "កណ្តាល", "KH-8"}, {"place", "ខេត្តកណ្ដាល", "KH-8"},
		{"destination", "KHM", "KH"}, {"place", "116", "KH"}, {"nationality", "_FOR", "_FOR"},
		{"age", "0--8", "Y0T8"}, {"sex", "female", "F"}, {"place", "Meanchey", ""}, {"place", "Kampong", ""},
		{"agency", "KH.NCCT", "KH.NCCT"}, {"nationality", "KH-1", ""}, {"place", "Phnom Penh Capital", "KH-12"},
	} {
		k, _ := c.Find(tt.dim, tt.text)
		got := ""
		if k != nil {
			got = k.ID
		}
		if got != tt.want {
			t.Errorf("%s %q = %q, want %q", tt.dim, tt.text, got, tt.want)
		}
	}
}
