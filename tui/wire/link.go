package wire

import (
	"io"
	"sync"
	"sync/atomic"
	"time"
)

// Link is a line between the program and the terminal. The zero Link is none:
// everything passes at once.
type Link struct {
	Name      string        `json:"name"`
	Bits      int           `json:"bits_per_second"`
	RoundTrip time.Duration `json:"round_trip_ns"`
}

// Links are those that task forces have: a radio modem, a telephone modem, a
// satellite; each takes 600 ms there and back.
var Links = []Link{
	{"9,600 bit/s", 9600, 600 * time.Millisecond},
	{"56 kbit/s", 56_000, 600 * time.Millisecond},
	{"256 kbit/s", 256_000, 600 * time.Millisecond},
}

// parcel is as much as comes through at once.
const parcel = 32

// waiting is how many bytes wait before the line, in the buffers of sshd and
// the sockets, before the program itself has to wait.
const waiting = 64 << 10

// timed is something that arrives at a moment.
type timed struct {
	b  []byte
	at time.Time
}

// carry brings what comes from a program to show, no faster than the line
// carries it, eight bits a byte, and half a round trip later.
func (l Link) carry(from io.Reader, waits *atomic.Int64, show func([]byte)) {
	if l.Bits == 0 && l.RoundTrip == 0 {
		buf := make([]byte, 1<<16)
		for {
			n, err := from.Read(buf)
			if n > 0 {
				show(buf[:n])
			}
			if err != nil {
				return
			}
		}
	}
	under := make(chan timed, waiting/parcel)
	var shown sync.WaitGroup
	shown.Go(func() {
		for p := range under {
			time.Sleep(time.Until(p.at))
			show(p.b)
			waits.Add(-1)
		}
	})
	var free time.Time // when the line has carried all before
	for {
		buf := make([]byte, parcel)
		n, err := from.Read(buf)
		if n > 0 {
			if now := time.Now(); free.Before(now) {
				free = now
			}
			free = free.Add(l.lasts(n))
			waits.Add(1)
			under <- timed{buf[:n], free.Add(l.RoundTrip / 2)}
		}
		if err != nil {
			break
		}
	}
	close(under)
	shown.Wait()
}

// lasts is how long the line is busy with some bytes.
func (l Link) lasts(bytes int) time.Duration {
	if l.Bits == 0 {
		return 0
	}
	return time.Duration(bytes) * 8 * time.Second / time.Duration(l.Bits)
}

// up is the way from the terminal to the program: what is typed, and what the
// terminal answers, half a round trip later and in order.
type up struct {
	late  time.Duration
	under chan timed
	ended chan struct{}
}

// uplink gives the way to a program at the other end of a link.
func (l Link) uplink(to io.Writer, ended chan struct{}) io.Writer {
	if l.RoundTrip == 0 {
		return to
	}
	u := &up{late: l.RoundTrip / 2, under: make(chan timed, 4096), ended: ended}
	go func() {
		for {
			select {
			case p := <-u.under:
				time.Sleep(time.Until(p.at))
				_, _ = to.Write(p.b)
			case <-ended:
				return
			}
		}
	}()
	return u
}

func (u *up) Write(b []byte) (int, error) {
	select {
	case u.under <- timed{append([]byte(nil), b...), time.Now().Add(u.late)}:
		return len(b), nil
	case <-u.ended:
		return 0, io.ErrClosedPipe
	}
}
