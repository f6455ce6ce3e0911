// Command front is the kernel that Jupyter, VS Code and our own client start: it stands
// between them and GoNB, which it starts behind itself.
//
//	client  --TCP or sockets-->  front  --sockets in a private folder-->  GoNB
//
// GoNB ends at the first message that is wrongly signed or announces more than there
// is memory, and its outputs go to whoever asks; so only the front can reach it. The
// front reads no more than a message may have, drops what is not signed with the
// kernel's key or came before, and on Linux listens to the user's own programs only.
// It answers what GoNB leaves unanswered, and says errors in a student's words. It
// ends with the program that started it, and takes GoNB, the cell and gopls with it.
//
//	front /bin/gonb --kernel CONNECTION_FILE -flags of GoNB
package main

import (
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"convbook/kernel/internal/jupyter"
	"convbook/kernel/internal/runs"
	"convbook/kernel/internal/shared"
	"convbook/pkg/system/private"
	"convbook/pkg/system/process"
)

func main() {
	if err := live(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "the kernel:", err)
		os.Exit(1)
	}
}

// live is the kernel's life.
func live(args []string) error {
	at := -1
	for i, arg := range args {
		if arg == "--kernel" && i > 0 && i+1 < len(args) {
			at = i + 1
		}
	}
	if at < 0 {
		return errors.New("want GoNB's program, --kernel and a connection file")
	}
	file := args[at]
	outside, err := jupyter.ReadConnection(file)
	if err != nil {
		return err
	}
	parent := watched()
	folder, own, err := home()
	if err != nil {
		return err
	}
	defer func() {
		process.EndStrays(folder)
		if own {
			runs.Remove(folder)
		}
		private.Close()
	}()
	temp, err := runs.Temp(folder)
	if err != nil {
		return err
	}
	if err := shared.Set(folder); err != nil {
		return err
	}
	kept := os.Getenv("CONVBOOK_RUNS")
	if kept == "" {
		if kept, err = private.Folder("trained"); err == nil && private.Passes(kept) {
			// What one cell trains the next ones find, though there is no folder that lasts.
			kept = filepath.Join(folder, "trained")
			temp = append(temp, "CONVBOOK_RUNS="+kept)
		}
	}
	inside, remove, err := jupyter.NewConnection(folder, "g")
	if err != nil {
		return err
	}
	defer remove()
	// GoNB takes the kernel's id, which widgets need, from the name of the file.
	args[at] = filepath.Join(folder, filepath.Base(file))
	if args[at] == file {
		args[at] = filepath.Join(folder, "inside-"+filepath.Base(file))
	}
	inside.Key = outside.Key // what passes through need not be signed anew
	if err := inside.Write(args[at]); err != nil {
		return err
	}
	k := newKernel([]byte(outside.Key), places{programs: filepath.Join(folder, "tmp"), root: root(args), kept: kept})
	defer k.close()
	if err := k.listen(outside); err != nil {
		return err
	}
	gonb, err := start(args, temp)
	if err != nil {
		return err
	}
	defer gonb.end()
	if own {
		runs.Contain(folder, gonb.cmd.Process.Pid)
	}
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM, syscall.SIGHUP)
	signal.Ignore(syscall.SIGINT) // cells are interrupted by a message
	if err := k.connect(inside, gonb.ended, stop); err != nil {
		return err
	}
	select {
	case <-gonb.ended:
		if !k.asked() {
			return fmt.Errorf("GoNB ended: %v", gonb.cmd.ProcessState)
		}
	case <-parent:
	case <-stop:
	case <-k.alone(5 * time.Minute):
	}
	return nil
}

// root returns the folder of the repository, which GoNB is told.
func root(args []string) string {
	for _, arg := range args {
		if folder, ok := strings.CutPrefix(arg, "-go_work="); ok {
			return folder
		}
	}
	return ""
}

// home returns the folder that everything of this kernel is written into, and whether
// it is the kernel's own: our client gives it one of its own.
func home() (folder string, own bool, err error) {
	folder = os.Getenv(runs.FolderVariable)
	os.Unsetenv(runs.FolderVariable)
	if folder != "" {
		return folder, false, nil
	}
	folder, err = runs.Folder()
	return folder, true, err
}
