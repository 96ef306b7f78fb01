package datasets

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"tiplens/models"
)

// nullSink numbers codes and forgets the rows.
type nullSink struct {
	mu sync.Mutex
	m  map[[3]string]uint16
	n  int
}

func (s *nullSink) Encode(column, code, text string) (uint16, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	k := [3]string{column, code, text}
	n, ok := s.m[k]
	if !ok {
		n = uint16(len(s.m))
		s.m[k] = n
	}
	return n, nil
}

func (s *nullSink) Start(*models.Layout) error { return nil }

func (s *nullSink) Write(b *models.Batch) error {
	s.mu.Lock()
	s.n += b.N
	s.mu.Unlock()
	return nil
}

// BenchmarkLoad reads and maps a CSV without storing it.
func BenchmarkLoad(b *testing.B) {
	path := filepath.Join(b.TempDir(), "training.csv")
	f, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	if err := WriteTraining(f, 200_000); err != nil {
		b.Fatal(err)
	}
	info, _ := f.Stat()
	b.SetBytes(info.Size())
	f.Close()
	for b.Loop() {
		file, err := Open(context.Background(), path, Options{}, nil)
		if err != nil {
			b.Fatal(err)
		}
		fit := FindRecipe(file, BuiltinRecipes())
		if _, err := file.Load(context.Background(), fit, Catalogue(), &nullSink{m: map[[3]string]uint16{}}, nil); err != nil {
			b.Fatal(err)
		}
	}
}
