package datasets

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"tiplens/models"
)

// Training data is invented: every person in it is a function of a row number,
// so any size can be made, and a larger file begins with the smaller one. The
// first rows are planted: effects of which the exact answer is known (see
// testdata/training/README.md), in cells that no other row reaches.

// TrainingSize is how many invented persons the program opens with.
const TrainingSize = 20_000

// The columns of the training file, in its order.
const (
	tPerson = iota
	tRole
	tSex
	tAge
	tNationality
	tOrigin
	tExploitedIn
	tFoundIn
	tRecruitedIn
	tTransit
	tExploitation
	tSector
	tMeans
	tRecruiter
	tOffence
	tRecord
	tState
	tIdentified
	tAssisted
	tAssistedAgain
	tAssistedBy
	tArrested
	tConvicted
	tBreak
	trainingWidth
)

// trainingColumns is the header of the training file.
var trainingColumns = []string{
	"person", "role", "sex", "age", "nationality", "origin", "exploited_in", "found_in", "recruited_in", "transit",
	"exploitation", "sector", "means", "recruiter", "offence", "record", "state",
	"identified_on", "assisted_on", "assisted_again_on", "assisted_by", "arrested_on", "convicted_on", "series_break",
}

// random is a stream of numbers that depends on the row alone (splitmix64).
type random uint64

func (r *random) next() uint64 {
	*r += 0x9E3779B97F4A7C15
	z := uint64(*r)
	z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
	z = (z ^ z>>27) * 0x94D049BB133111EB
	return z ^ z>>31
}

// below gives a number from 0 to n-1.
func (r *random) below(n int) int { return int(r.next() % uint64(n)) }

// chance is true p times in a hundred.
func (r *random) chance(p int) bool { return r.below(100) < p }

// weights is a list of texts with how often each comes.
type weights struct {
	texts []string
	upTo  []int
}

// weigh reads "KH-1 30, KH-2 12".
func weigh(list string) weights {
	var w weights
	sum := 0
	for _, item := range strings.Split(list, ",") {
		var text string
		var n int
		if _, err := fmt.Sscanf(strings.TrimSpace(item), "%s %d", &text, &n); err != nil {
			panic(item)
		}
		sum += n
		w.texts, w.upTo = append(w.texts, text), append(w.upTo, sum)
	}
	return w
}

func (w weights) pick(r *random) string {
	n := r.below(w.upTo[len(w.upTo)-1])
	i, found := slices.BinarySearch(w.upTo, n)
	if found {
		i++
	}
	return w.texts[i]
}

var (
	trainYears    = weigh("2015 50, 2016 58, 2017 66, 2018 75, 2019 86, 2020 60, 2021 64, 2022 95, 2023 120, 2024 140, 2025 150")
	trainHome     = weigh("KH-1 14, KH-2 12, KH-3 13, KH-4 5, KH-5 6, KH-6 7, KH-7 6, KH-8 8, KH-9 2, KH-10 3, KH-11 1, KH-12 9, KH-13 2, KH-14 15, KH-15 5, KH-17 8, KH-18 2, KH-19 2, KH-20 7, KH-21 8, KH-22 3, KH-23 1, KH-24 1, KH-25 8")
	trainScamSite = weigh("KH-18 40, KH-12 20, KH-20 14, KH-1 10, KH-9 6, KH-7 5, KH-22 3, KH-15 2")
	trainCity     = weigh("KH-12 50, KH-17 14, KH-18 14, KH-2 8, KH-1 8, KH-8 6")
	trainAbroad   = weigh("TH 46, MY 12, CN 14, VN 8, SA 6, JP 4, KR 5, ID 3, LA 2")
	trainForeign  = weigh("VN 30, CN 22, TH 14, ID 9, PH 6, MM 5, BD 4, IN 3, MY 3, LA 2, NP 2, KE 1, UG 1")
	trainBorder   = map[string]weights{
		"TH": weigh("KH-1 70, KH-22 10, KH-24 8, KH-9 7, KH-15 5"), "VN": weigh("KH-20 60, KH-21 20, KH-8 20"),
	}
	trainAge       = weigh("9 3, 12 4, 14 6, 15 8, 16 10, 17 10, 18 12, 19 12, 21 14, 23 12, 25 12, 28 11, 32 9, 36 6, 41 5, 47 3, 55 2, 63 1")
	trainRecruiter = weigh("ONLINE 30, BROKER 25, FRIEND 18, FAMILY 9, AGENCY 8, EMPLOYER 5, STRANGER 4, PARTNER 1")
	trainMeans     = weigh("PROM 30, DEBT 20, MOVE 14, DOCS 12, EARN 10, THRT 7, PHYS 4, HOUR 3")
	trainLabour    = weigh("A03 25, F 22, C14 14, T 16, A 13, I 6, C23 4")
)

// trainingRow makes the row of a person, counted from 0.
func trainingRow(i int64) []string {
	if i < int64(len(plantedRows)) {
		return slices.Clone(plantedRows[i])
	}
	r := random(uint64(i)*0xD1342543DE82EF95 + 0x5851F42D4C957F2D)
	p := person{r: &r}
	p.col[tPerson] = personID(i + 1)
	p.make()
	return p.col[:]
}

// person is one invented person on the way into a row.
type person struct {
	r   *random
	col [trainingWidth]string
}

// personID numbers people; the number is all there is to them.
func personID(n int64) string {
	s := strconv.FormatInt(n, 10)
	return "TR-" + "00000000"[min(len(s), 8):] + s
}

func (p *person) make() {
	r := p.r
	year := trainYears.pick(r)
	p.col[tSex] = []string{"F", "M"}[r.below(2)]
	p.col[tAge] = trainAge.pick(r)
	p.col[tOffence] = "TIP"
	p.col[tRecord] = "casemgmt"
	switch kind := r.below(100); {
	case kind < 14:
		p.accused(year)
		return
	case kind < 42:
		p.abroad()
	case kind < 66:
		p.scam(year)
	default:
		p.domestic()
	}
	p.col[tRole] = "victim"
	p.col[tRecruiter] = trainRecruiter.pick(r)
	p.col[tMeans] = trainMeans.pick(r)
	if r.chance(35) {
		if m := trainMeans.pick(r); m != p.col[tMeans] {
			p.col[tMeans] = p.col[tMeans] + "; " + m
		}
	}
	p.identified(year)
	p.leaveBlank()
}

// abroad is a Cambodian exploited in another country and found on return.
func (p *person) abroad() {
	home, to := trainHome.pick(p.r), trainAbroad.pick(p.r)
	p.col[tNationality] = "KH"
	p.col[tOrigin] = home
	p.col[tRecruitedIn] = home
	p.col[tExploitedIn] = to
	found := "KH-12"
	if w, ok := trainBorder[to]; ok {
		found = w.pick(p.r)
		p.col[tTransit] = found
	}
	p.col[tFoundIn] = found
	switch {
	case to == "CN" && p.col[tSex] == "F":
		p.col[tExploitation] = "MAR"
	case p.r.chance(15):
		p.col[tExploitation] = "SEX"
	default:
		p.col[tExploitation] = "LAB"
		p.col[tSector] = trainLabour.pick(p.r)
	}
}

// scam is a person held in an online scam site in Cambodia, mostly a foreigner
// and mostly from 2021 on.
func (p *person) scam(year string) {
	from := trainForeign.pick(p.r)
	if year < "2021" && p.r.chance(70) {
		p.domestic()
		return
	}
	site := trainScamSite.pick(p.r)
	p.col[tNationality] = from
	p.col[tOrigin] = from
	p.col[tExploitedIn] = site
	p.col[tFoundIn] = site
	p.col[tExploitation] = "CRM.SCAM"
	p.col[tSector] = "X1"
	if p.r.chance(6) {
		p.col[tExploitation] = "CRM.SCAM; LAB"
	}
	if from == "VN" {
		p.col[tTransit] = "KH-20"
	} else {
		p.col[tTransit] = "TH"
	}
}

// domestic is a Cambodian exploited inside the country.
func (p *person) domestic() {
	home, to := trainHome.pick(p.r), trainCity.pick(p.r)
	p.col[tNationality] = "KH"
	p.col[tOrigin] = home
	p.col[tRecruitedIn] = home
	p.col[tExploitedIn] = to
	p.col[tFoundIn] = to
	switch n := p.r.below(100); {
	case n < 40:
		p.col[tExploitation] = "SEX"
	case n < 80:
		p.col[tExploitation] = "LAB"
		p.col[tSector] = trainLabour.pick(p.r)
	case n < 92:
		p.col[tExploitation] = "BEG"
	default:
		p.col[tExploitation] = "LAB; SEX"
		p.col[tSector] = "R"
	}
}

// accused is a person arrested on suspicion, some of them convicted later.
func (p *person) accused(year string) {
	p.col[tRole] = "accused"
	p.col[tFoundIn] = trainScamSite.pick(p.r)
	p.col[tNationality] = "KH"
	if p.r.chance(40) {
		p.col[tNationality] = trainForeign.pick(p.r)
	}
	if p.r.chance(25) {
		p.col[tOffence] = "SEXEX"
	}
	p.col[tArrested] = p.dayIn(year)
	if p.r.chance(25) && year < "2025" {
		p.col[tConvicted] = p.dayIn(strconv.Itoa(number4(year) + 1))
	}
	p.col[tState] = "SUBMITTED"
	if p.col[tConvicted] != "" {
		p.col[tState] = "CONVICTED"
	}
}

func number4(year string) int {
	n := 0
	for _, d := range year {
		n = 10*n + int(d-'0')
	}
	return n
}

func (p *person) dayIn(year string) string {
	month, day := 1+p.r.below(12), 1+p.r.below(28)
	return year + "-" + twoDigits[month] + "-" + twoDigits[day]
}

var twoDigits = func() (out [32]string) {
	for i := range out {
		out[i] = fmt.Sprintf("%02d", i)
	}
	return out
}()

// identified dates the decision and the help that followed. Until 2019 only
// people in a shelter count as assisted, from 2020 on anybody who got a
// service: the series breaks there. The NGO's reports of the second half of
// 2025 have not come in.
func (p *person) identified(year string) {
	day := p.dayIn(year)
	p.col[tIdentified] = day
	p.col[tState] = "IDENTIFIED"
	chance := 15
	if year >= "2020" {
		chance = 40
	}
	if !p.r.chance(chance) {
		return
	}
	p.col[tState] = "ASSISTED"
	p.col[tAssistedBy] = "TRAINING"
	if p.r.chance(30) {
		p.col[tAssistedBy] = "TRAINING.NGO"
	}
	if p.col[tAssistedBy] == "TRAINING.NGO" && day >= "2025-07" {
		return
	}
	p.col[tAssisted] = day
	if year == "2020" {
		p.col[tBreak] = "B"
	}
	if p.r.chance(20) && year < "2025" { // still in care the year after, and counted again there
		again := strconv.Itoa(number4(year)+1) + day[4:7] + "-01"
		if p.col[tAssistedBy] != "TRAINING.NGO" || again < "2025-07" {
			p.col[tAssistedAgain] = again
		}
	}
}

// leaveBlank forgets what case files often do not say.
func (p *person) leaveBlank() {
	for _, b := range forgotten {
		if p.r.chance(b.chance) {
			p.col[b.column] = ""
		}
	}
}

// forgotten says how often, in a hundred, a column is left blank.
var forgotten = []struct{ column, chance int }{
	{tSex, 2}, {tAge, 6}, {tNationality, 2}, {tOrigin, 8}, {tFoundIn, 3}, {tExploitation, 4}, {tExploitedIn, 4}, {tRecruiter, 20},
}

// plantedRows are the effects with exactly known answers.
var plantedRows = plant()

// plantedCorridor is how many people a year go from Svay Rieng to Taiwan,
// 2015 to 2025; nobody else goes to Taiwan.
var plantedCorridor = []int{4, 6, 9, 13, 18, 24, 31, 39, 48, 58, 69}

func plant() [][]string {
	var rows [][]string
	add := func(col map[int]string) {
		var row [trainingWidth]string
		for c, v := range col {
			row[c] = v
		}
		row[tPerson] = personID(int64(len(rows)) + 1)
		row[tRole], row[tOffence], row[tRecord], row[tState] = "victim", "TIP", "casemgmt", "IDENTIFIED"
		rows = append(rows, row[:])
	}
	for y, n := range plantedCorridor {
		for k := range n {
			add(map[int]string{
				tSex: []string{"F", "M"}[k%2], tAge: "24", tNationality: "KH", tOrigin: "KH-20", tRecruitedIn: "KH-20",
				tExploitedIn: "TW", tFoundIn: "KH-12", tExploitation: "LAB", tSector: "A03",
				tIdentified: fmt.Sprintf("%d-%02d-15", 2015+y, 1+k%12),
			})
		}
	}
	// A small cell: three women from Sri Lanka found in Ratanakiri in 2022, the only persons found there.
	for range 3 {
		add(map[int]string{tSex: "F", tAge: "31", tNationality: "LK", tOrigin: "LK", tExploitedIn: "KH-16", tFoundIn: "KH-16",
			tExploitation: "LAB", tSector: "A", tIdentified: "2022-05-10"})
	}
	// A likely duplicate: the same boy entered twice within three weeks, under two numbers.
	for _, day := range []string{"2023-03-02", "2023-03-21"} {
		add(map[int]string{tSex: "M", tAge: "13", tNationality: "KH", tOrigin: "KH-16", tExploitedIn: "KH-23", tFoundIn: "KH-23",
			tExploitation: "BEG", tIdentified: day})
	}
	return rows
}

// WriteTraining writes a training file of n invented persons.
func WriteTraining(w io.Writer, n int64) error {
	b := bufio.NewWriterSize(w, 1<<20)
	b.WriteString(strings.Join(trainingColumns, ",") + "\n")
	for i := range n {
		for k, c := range trainingRow(i) {
			if k > 0 {
				b.WriteByte(',')
			}
			b.WriteString(c)
		}
		if err := b.WriteByte('\n'); err != nil {
			return err
		}
	}
	return b.Flush()
}

// TrainingFile is the training data as a file that is nowhere on disk.
func TrainingFile(n int64) *File {
	t := &Table{Head: [][]string{trainingColumns}, plain: true}
	t.read = func(ctx context.Context, _ frame, emit func(block) error) error {
		for first := int64(0); first < n; first += models.BatchSize {
			b := block{first: first + 2}
			for i := first; i < min(first+models.BatchSize, n); i++ {
				b.rows = append(b.rows, trainingRow(i))
			}
			if err := emit(b); err != nil {
				return err
			}
		}
		return ctx.Err()
	}
	return &File{Name: "training data", Format: "csv", Tables: []*Table{t}}
}
