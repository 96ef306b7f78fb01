package models

// EditDistance counts the letters to change, add or leave out (Levenshtein), -1
// if there are more than most.
func EditDistance(a, b []rune, most int) int {
	if d := len(a) - len(b); d > most || -d > most {
		return -1
	}
	var buf [64]int
	row := buf[:0]
	for j := 0; j <= len(b); j++ {
		row = append(row, j)
	}
	for i, r := range a {
		diagonal := row[0]
		row[0] = i + 1
		least := row[0]
		for j, s := range b {
			cost := diagonal
			if r != s {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, diagonal+1)
			least = min(least, row[j+1])
		}
		if least > most {
			return -1
		}
	}
	if row[len(b)] > most {
		return -1
	}
	return row[len(b)]
}
