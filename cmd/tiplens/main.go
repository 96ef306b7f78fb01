// Command tiplens looks at the numbers of a counter-trafficking task force in
// a terminal: it loads what agencies send, slices it by indicator, place,
// nationality and year, and shows tables, charts and flows.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"tiplens/models"
	"tiplens/query"
)

// Version is set by the linker.
var Version = "dev"

// Exit codes, the same for every command.
const (
	exitAnswer  = 0
	exitFailure = 1
	exitUsage   = 2
	exitRefusal = 3
	exitNoData  = 4
	exitBusy    = 5
)

func main() {
	query.Program = "tiplens " + Version
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// exit is an error that ends the program with a code; without text nothing
// more needs to be said.
type exit struct {
	code int
	err  error
}

func (e *exit) Error() string {
	if e.err == nil {
		return ""
	}
	return e.err.Error()
}

func (e *exit) Unwrap() error { return e.err }

func usage(format string, args ...any) error { return &exit{exitUsage, fmt.Errorf(format, args...)} }

// run runs one command line. Data goes to out, talk to errOut.
func run(ctx context.Context, args []string, in io.Reader, out, errOut io.Writer) int {
	app := &app{in: in, out: out, errOut: errOut}
	root := app.root()
	root.SetArgs(args)
	root.SetOut(out)
	root.SetErr(errOut)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitAnswer
	}
	code := exitCode(err)
	if msg := err.Error(); msg != "" {
		fmt.Fprintln(errOut, "tiplens: "+msg)
	}
	return code
}

func exitCode(err error) int {
	var e *exit
	var ws *query.WorkspaceError
	var syntax *models.SyntaxError
	var version *query.NoVersionError
	switch {
	case errors.As(err, &e):
		return e.code
	case errors.As(err, &ws):
		return exitBusy
	case errors.As(err, &syntax):
		return exitUsage
	case errors.As(err, &version):
		return exitNoData
	}
	return exitFailure
}

// app holds what the commands share.
type app struct {
	in          io.Reader
	out, errOut io.Writer
	workspace   string
	first       models.SavedSlice // what the screen opens at
}

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "tiplens",
		Short: "Counter-trafficking numbers in a terminal",
		Long: `tiplens looks at the numbers of a counter-trafficking task force: it loads what
agencies send (Excel, CSV, Parquet), slices it by indicator, place, nationality
and year, and shows tables, charts and flows. Without a command it opens the
screen; ? there lists the keys.

Exit codes: 0 answer, 1 failure, 2 usage, 3 refused (a wrong sum), 4 no such
data, 5 workspace busy or damaged. Data goes to stdout, talk to stderr.`,
		Version:       Version,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				near := models.Nearest(args[0], commandNames(cmd), 1)
				if len(near) > 0 {
					return usage("there is no command %q; did you mean %s?", args[0], near[0])
				}
				return usage("there is no command %q; tiplens --help lists them", args[0])
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, _ []string) error { return a.screen(cmd.Context()) },
	}
	root.PersistentFlags().StringVar(&a.workspace, "workspace", os.Getenv("TIPLENS_WORKSPACE"),
		"workspace folder, or :training or :published (default $TIPLENS_WORKSPACE, else your own)")
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return &exit{exitUsage, err} })
	root.CompletionOptions.HiddenDefaultCmd = true
	root.AddCommand(a.load(), a.draft(), a.loadChild(), a.report(), a.read(), a.show(), a.export(), a.brief(), a.overview(), a.card(), a.sources(), a.checkRules(), a.datasets(), a.slices(), a.openAt(), a.dictionary(), a.demo(), a.bench(), a.manage(), a.purge())
	return root
}

func commandNames(root *cobra.Command) []string {
	var out []string
	for _, c := range root.Commands() {
		if !c.Hidden {
			out = append(out, c.Name())
		}
	}
	return out
}

// exactArgs is cobra's check with our exit code and a sentence.
func exactArgs(n int, what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) != n {
			return usage("tiplens %s needs %s; see tiplens %s --help", cmd.Name(), what, cmd.Name())
		}
		return nil
	}
}
