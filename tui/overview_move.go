package tui

// box finds where a facet stands.
func (v *overviewView) box(dim string) *box {
	for i := range v.boxes {
		if v.boxes[i].dim == dim {
			return &v.boxes[i]
		}
	}
	return nil
}

// move steps the cursor; it answers whether the key was one of its own. Up and
// down go through the values of a column, from facet to facet; left and right
// go to the facet beside, and on to another page of facets.
func (v *overviewView) move(key string) bool {
	step := map[string]func(){
		"down": func() { v.down() }, "j": func() { v.down() }, "up": func() { v.up() }, "k": func() { v.up() },
		"right": func() { v.aside(1) }, "l": func() { v.aside(1) }, "left": func() { v.aside(-1) }, "h": func() { v.aside(-1) },
		"pgdown": func() { v.turnPage(1) }, "pgup": func() { v.turnPage(-1) },
		"home": func() { v.rows[v.facet] = 0 }, "end": func() { v.rows[v.facet] = max(v.count()-1, 0) },
	}[key]
	if step == nil {
		return false
	}
	step()
	return true
}

// count is how many values the facet at the cursor has.
func (v *overviewView) count() int {
	if f := v.at(v.facet); f != nil {
		return len(v.values(f))
	}
	return 0
}

func (v *overviewView) down() {
	b := v.box(v.facet)
	if b == nil {
		v.enterFrom(v.page, 0, 0)
		return
	}
	if v.rows[v.facet]+1 < v.count() {
		v.rows[v.facet]++
		return
	}
	if next := v.neighbour(b, 1); next != nil {
		v.facet, v.rows[next.dim] = next.dim, 0
	}
}

func (v *overviewView) up() {
	b := v.box(v.facet)
	switch {
	case b == nil:
	case v.rows[v.facet] > 0:
		v.rows[v.facet]--
	default:
		next := v.neighbour(b, -1)
		if next == nil {
			v.facet = ""
			return
		}
		v.facet = next.dim
		v.rows[v.facet] = max(v.count()-1, 0)
	}
}

// neighbour is the facet below or above in the same column.
func (v *overviewView) neighbour(b *box, dir int) *box {
	var best *box
	for i := range v.boxes {
		o := &v.boxes[i]
		if o.page == b.page && o.col == b.col && (o.y-b.y)*dir > 0 && (best == nil || (best.y-o.y)*dir > 0) {
			best = o
		}
	}
	return best
}

// aside goes to the column beside, on the line where the cursor is.
func (v *overviewView) aside(dir int) {
	b := v.box(v.facet)
	if b == nil {
		if dir > 0 {
			v.enterFrom(v.page, 0, 0)
		}
		return
	}
	y := b.y + headLines(v.at(b.dim)) + v.line(b)
	page, col := b.page, b.col+dir
	if !v.has(page, col) {
		page += dir
		col = 0
		for dir < 0 && v.has(page, col+1) {
			col++
		}
	}
	if v.has(page, col) {
		v.enterFrom(page, col, y)
	}
}

// line is the line of a facet at which its cursor stands.
func (v *overviewView) line(b *box) int {
	at, n := v.rows[b.dim], len(v.values(v.at(b.dim)))
	room := b.h - headLines(v.at(b.dim))
	if at == n-1 && n > room { // what stands at the foot
		return room - 1
	}
	return at - v.tops[b.dim]
}

func (v *overviewView) has(page, col int) bool {
	for _, b := range v.boxes {
		if b.page == page && b.col == col {
			return true
		}
	}
	return false
}

// enterFrom puts the cursor into a column, at the value nearest to a line.
func (v *overviewView) enterFrom(page, col, y int) {
	var best *box
	for i := range v.boxes {
		if b := &v.boxes[i]; b.page == page && b.col == col && (best == nil || b.y <= y) {
			best = b
		}
	}
	if best == nil {
		return
	}
	v.facet = best.dim
	f := v.at(best.dim)
	vals := v.values(f)
	room := best.h - headLines(f)
	at := max(y-best.y-headLines(f), 0)
	if last := v.pinned(vals, room); last > 0 && at >= room-1 {
		v.rows[v.facet] = len(vals) - 1
		return
	}
	v.rows[v.facet] = min(v.tops[v.facet]+at, max(len(vals)-1, 0))
}

// turnPage turns a page of values where there are more, else goes to the next
// or last facet.
func (v *overviewView) turnPage(dir int) {
	b := v.box(v.facet)
	if b == nil {
		v.enterFrom(v.page, 0, 0)
		return
	}
	f := v.at(b.dim)
	vals := v.values(f)
	room := b.h - headLines(f) - v.pinned(vals, b.h-headLines(f))
	at := v.rows[b.dim] + dir*room
	if len(vals) > room && v.rows[b.dim] != map[int]int{1: len(vals) - 1}[dir] {
		v.rows[b.dim] = min(max(at, 0), len(vals)-1)
		return
	}
	for i := range v.boxes {
		if v.boxes[i].dim == b.dim && i+dir >= 0 && i+dir < len(v.boxes) {
			v.facet = v.boxes[i+dir].dim
			v.rows[v.facet] = 0
			return
		}
	}
}
