package lab

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"convbook/kernel/internal/jupyter"
	"convbook/kernel/internal/kernelspec"
	"convbook/kernel/internal/runs"
	"convbook/kernel/internal/setup"
	"convbook/pkg/system/process"
)

// Options say how JupyterLab is run.
type Options struct {
	Port    int  // 0: a free one
	Browser bool // whether a browser is opened
	Log     io.Writer
}

// Run runs JupyterLab on the course's notebooks until it ends or ctx does. It
// listens on the loopback address and wants a token. Our kernel is the one that
// is offered first; what the kernels write is removed at the end.
func Run(ctx context.Context, program string, tools *setup.Tools, options Options) error {
	folder, err := runs.Folder()
	if err != nil {
		return err
	}
	defer runs.Remove(folder)
	data := filepath.Join(folder, "jupyter")
	if _, err := kernelspec.Write(data, tools); err != nil {
		return err
	}
	// Jupyter puts the kernels' sockets here, which nobody else on the machine can reach,
	// as they could the ports that it takes else.
	runtimes, remove, err := jupyter.SocketFolder(filepath.Join(folder, "runtime"), "kernel-01234567-0123-0123-0123-0123456789ab-ipc-5")
	if err != nil {
		return err
	}
	defer remove()
	if err := os.MkdirAll(runtimes, 0o700); err != nil {
		return err
	}
	temp, err := runs.Temp(folder)
	if err != nil {
		return err
	}
	config, err := writeConfig(folder)
	if err != nil {
		return err
	}
	cmd := exec.Command(program,
		"--ServerApp.root_dir="+filepath.Join(tools.Root, "notebooks"),
		"--ServerApp.ip=127.0.0.1", fmt.Sprintf("--ServerApp.port=%d", options.Port), "--ServerApp.port_retries=100",
		fmt.Sprintf("--ServerApp.open_browser=%s", map[bool]string{true: "True", false: "False"}[options.Browser]),
		"--ServerApp.allow_remote_access=False", "--KernelManager.transport=ipc", "--MultiKernelManager.default_kernel_name="+kernelspec.Name)
	if os.Getuid() == 0 { // in a container, where there is nobody else
		cmd.Args = append(cmd.Args, "--ServerApp.allow_root=True")
	}
	cmd.Dir = tools.Root
	cmd.Env = append(os.Environ(), "JUPYTER_PATH="+data+string(filepath.ListSeparator)+os.Getenv("JUPYTER_PATH"),
		"JUPYTER_CONFIG_PATH="+config+string(filepath.ListSeparator)+os.Getenv("JUPYTER_CONFIG_PATH"),
		"JUPYTER_RUNTIME_DIR="+runtimes)
	cmd.Env = append(cmd.Env, temp...)
	cmd.Stdout, cmd.Stderr = options.Log, options.Log
	process.OwnGroup(cmd)
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("JupyterLab did not start: %w", err)
	}
	runs.Contain(folder, cmd.Process.Pid)
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	select {
	case err = <-ended:
		if err != nil {
			err = fmt.Errorf("JupyterLab ended: %w", err)
		}
	case <-ctx.Done():
		err = end(cmd, ended)
	}
	process.EndStrays(folder)
	runs.RemoveLeftovers() // of its kernels
	return err
}

// writeConfig returns a folder of settings for this run: without the question whether
// to be told Jupyter's news, which lies over the page.
func writeConfig(folder string) (string, error) {
	config := filepath.Join(folder, "config")
	if err := os.MkdirAll(filepath.Join(config, "labconfig"), 0o700); err != nil {
		return "", err
	}
	page := `{"disabledExtensions": {"@jupyterlab/apputils-extension:announcements": true}}`
	return config, os.WriteFile(filepath.Join(config, "labconfig", "page_config.json"), []byte(page), 0o600)
}

// end asks JupyterLab to shut its kernels down and to end, and makes it end
// when it does not.
func end(cmd *exec.Cmd, ended <-chan error) error {
	if process.Ask(cmd) == nil {
		select {
		case <-ended:
			return nil
		case <-time.After(8 * time.Second):
		}
	}
	process.EndGroup(cmd)
	if err := <-ended; err != nil && !errors.As(err, new(*exec.ExitError)) {
		return err
	}
	return nil
}
