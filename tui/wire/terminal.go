package wire

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/creack/pty"
)

// Terminal is a pseudo-terminal with a screen and a meter, at the far end of a
// link.
type Terminal struct {
	*Screen
	master  *os.File
	up      io.Writer
	answers answers
	ended   chan struct{}
	once    sync.Once
	under   atomic.Int64 // parcels that the link has taken and not brought

	mu   sync.Mutex
	n    int
	log  []byte // all that came, unless it is not kept
	last time.Time
	lean bool
}

// New makes a terminal of a size. The program gets the other end, which its
// owner closes.
func New(w, h int, link Link) (*Terminal, *os.File, error) {
	master, slave, err := pty.Open()
	if err != nil {
		return nil, nil, fmt.Errorf("open a pseudo-terminal: %w", err)
	}
	if err := pty.Setsize(master, &pty.Winsize{Rows: uint16(h), Cols: uint16(w)}); err != nil {
		master.Close()
		slave.Close()
		return nil, nil, err
	}
	t := &Terminal{master: master, ended: make(chan struct{})}
	t.up = link.uplink(master, t.ended)
	t.answers.Store(&t.up)
	t.Screen = NewScreen(w, h, &t.answers)
	go link.carry(master, &t.under, t.came)
	return t, slave, nil
}

// came counts before it shows, so that what is seen on the screen has been
// counted.
func (t *Terminal) came(b []byte) {
	t.mu.Lock()
	t.n += len(b)
	if !t.lean {
		t.log = append(t.log, b...)
	}
	t.last = time.Now()
	t.mu.Unlock()
	t.Show(b)
}

// answers takes what the terminal answers by itself.
type answers struct{ atomic.Pointer[io.Writer] }

func (a *answers) Write(b []byte) (int, error) { return (*a.Load()).Write(b) }

// AnswerThrough puts something between what the terminal answers by itself and
// the program, such as a test that holds answers back.
func (t *Terminal) AnswerThrough(through func(to io.Writer) io.Writer) {
	w := through(t.up)
	t.answers.Store(&w)
}

// Forget ends the keeping of what came, for runs of hours.
func (t *Terminal) Forget() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.lean, t.log = true, nil
}

// Came is how many bytes have come, and when the last of them did.
func (t *Terminal) Came() (bytes int, last time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.n, t.last
}

// Under reports what the link has taken and not brought yet.
func (t *Terminal) Under() int { return int(t.under.Load()) }

// Touch says that something has just been done, after which rest is to be
// waited for anew.
func (t *Terminal) Touch() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.last = time.Now()
}

// Raw gives all bytes that came, in order.
func (t *Terminal) Raw() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.log)
}

// Text is the screen as text.
func (t *Terminal) Text() string { return strings.Join(t.Lines(), "\n") }

// Keys are sent as terminals send them.
var Keys = map[string]string{
	"down": "\x1b[B", "up": "\x1b[A", "right": "\x1b[C", "left": "\x1b[D", "pgdown": "\x1b[6~", "pgup": "\x1b[5~",
	"home": "\x1b[H", "end": "\x1b[F", "enter": "\r", "esc": "\x1b", "tab": "\t", "shift+tab": "\x1b[Z", "space": " ", "backspace": "\x7f",
}

// Bytes is what a terminal sends for a key: by its name, or itself.
func Bytes(key string) string {
	if k, ok := Keys[key]; ok {
		return k
	}
	return key
}

// Type sends a key.
func (t *Terminal) Type(key string) error {
	_, err := io.WriteString(t.up, Bytes(key))
	return err
}

// Close hangs up.
func (t *Terminal) Close() {
	t.once.Do(func() {
		close(t.ended)
		t.master.Close()
	})
}
