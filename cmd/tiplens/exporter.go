package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"os/user"
	"path/filepath"
	"strings"
	"time"

	"tiplens/datasets"
	"tiplens/models"
	"tiplens/tui"
)

// Exports lists the formats that the answer to a slice can have.
func (h *host) Exports(s models.Slice) []tui.ExportFormat {
	var out []tui.ExportFormat
	for _, f := range datasets.ExportFormatsOf(s) {
		out = append(out, tui.ExportFormat{Name: f.Name, About: f.About})
	}
	return out
}

// ExportFile suggests a file in the folder used last.
func (h *host) ExportFile(ans *models.Answer, format string) (string, error) {
	f, err := datasets.FindExportFormat(format, "")
	if err != nil {
		return "", err
	}
	folder, err := wholePath("")
	if err != nil {
		return "", err
	}
	return freeName(folder, exportOf(ans, datasets.Catalogue(), time.Now()).FileName(f), f.Ext), nil
}

// freeName makes of a suggested name one that no file has.
func freeName(folder, name, ext string) string {
	stem := strings.TrimSuffix(name, ext)
	for n := 2; ; n++ {
		path := filepath.Join(folder, name)
		if _, err := os.Lstat(path); err != nil {
			return path
		}
		name = fmt.Sprintf("%s-%d%s", stem, n, ext)
	}
}

// Export writes an answer into a file that does not exist yet.
func (h *host) Export(ctx context.Context, ans *models.Answer, format, file string, tell func(done, of int)) (tui.Exported, error) {
	f, err := datasets.FindExportFormat(format, "")
	if err != nil {
		return tui.Exported{}, err
	}
	f, file = datasets.FileFormat(f, file)
	path, err := wholePath(file)
	if err != nil {
		return tui.Exported{}, err
	}
	x := exportOf(ans, datasets.Catalogue(), time.Now())
	x.Step = func(done, of int) error {
		tell(done, of)
		return ctx.Err()
	}
	err = exportTo(path, false, func(w io.Writer) error {
		if err := x.Write(&heeding{ctx, w}, f); err != nil {
			return err
		}
		return ctx.Err()
	})
	if err != nil {
		return tui.Exported{}, err
	}
	return exportedAt(path), nil
}

// exportedAt names a file that was written, and the line that fetches it.
func exportedAt(path string) tui.Exported {
	rememberFolder(filepath.Dir(path))
	return tui.Exported{File: datasets.Clean(path), Fetch: fetchLine(path, os.Getenv("SSH_CONNECTION"), userName())}
}

// heeding writes until it is told to stop.
type heeding struct {
	ctx context.Context
	w   io.Writer
}

func (h *heeding) Write(b []byte) (int, error) {
	if err := h.ctx.Err(); err != nil {
		return 0, err
	}
	return h.w.Write(b)
}

func userName() string {
	if u, err := user.Current(); err == nil {
		return u.Username
	}
	return os.Getenv("USER")
}

// fetchLine is the command that brings a file to the machine from which the
// person has logged in; "" for who sits here. The address is that by which the
// person reached this machine.
func fetchLine(path, connection, name string) string {
	at := strings.Fields(connection) // client, its port, server, its port
	if len(at) != 4 || net.ParseIP(strings.SplitN(at[2], "%", 2)[0]) == nil || datasets.Clean(path) != path {
		return ""
	}
	server := at[2]
	if strings.Contains(server, ":") {
		server = "[" + server + "]"
	}
	port := ""
	if at[3] != "22" {
		port = "-P " + shellWord(at[3]) + " "
	}
	if name != "" {
		name += "@"
	}
	return "scp " + port + shellWord(name+server+":"+path) + " ."
}

// shellWord quotes a text so that a shell takes it as one word.
func shellWord(s string) string {
	if strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789@:/._-") == "" {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
