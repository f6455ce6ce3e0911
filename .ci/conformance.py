"""Jupyter's own tests of kernels, on the installed kernel.

JUPYTER_PATH names the folder that `go run ./kernel install --prefix` has written to,
with /share/jupyter behind it.
"""

import unittest

import jupyter_kernel_test


class Convbook(jupyter_kernel_test.KernelTests):
    kernel_name = "convbook"
    language_name = "go"
    file_extension = ".go"

    code_hello_world = '%%\nfmt.Println("hello, world")'
    code_stderr = '%%\nfmt.Fprintln(os.Stderr, "test")'
    code_generate_error = '%%\nvar list []int\nfmt.Println(list[3])'
    completion_samples = [
        {"text": "%%\nfmt.Printl", "matches": {"Println"}},
        {"text": "%%\nlayers.Im2", "matches": {"Im2col"}},
        {"text": "%%\nretur", "matches": {"return"}},
    ]
    complete_code_samples = [
        "",
        '%%\nfmt.Println("hello")',
        "func double(x int) int {\n\treturn 2 * x\n}",
        'import "fmt"',
        "!ls",
        "%%bash\nls",
    ]
    incomplete_code_samples = [
        "%%",
        "func double(x int) int {",
        "%%\nfor i := range 3 {",
        "%%\nfmt.Println(1,",
        "%%\ntext := `first line",
        "/* a comment",
    ]
    invalid_code_samples = [
        "%%\nfmt.Println(1))",
        "def double(x):\n    return 2 * x",
        "%%\nx = = 1",
    ]
    code_display_data = [
        {
            "code": 'import "convbook/pkg/display"\n\n%%\ndisplay.Show(display.HTML("<b>bold</b>"))',
            "mime": "text/html",
        },
    ]
    code_inspect_sample = "func double(x int) int {\n\treturn 2 * x\n}\n\n%%\nfmt.Println(double(2))"

    def test_one_error(self):
        """A panic, and a fault that the compiler finds, are one message each."""
        for code in (self.code_generate_error, "%%\nfmt.Println(nothing)"):
            with self.subTest(code=code):
                self.flush_channels()
                reply, outputs = self.execute_helper(code=code)
                self.assertEqual(reply["content"]["status"], "error")
                self.assertEqual([m["msg_type"] for m in outputs], ["error"])
                self.assertEqual(outputs[0]["content"]["evalue"], reply["content"]["evalue"])

    def test_first_completion(self):
        """The first Tab of a fresh kernel shows names, each once, none of a test."""
        manager, client = jupyter_kernel_test.start_new_kernel(kernel_name=self.kernel_name)
        try:
            code = "%%\nlayers."
            client.complete(code, len(code))
            while True:
                reply = client.get_shell_msg(timeout=10)
                if reply["msg_type"] == "complete_reply":
                    break
            matches = reply["content"]["matches"]
            self.assertIn("Affine", matches)
            self.assertEqual(len(matches), len(set(matches)))
            self.assertFalse([name for name in matches if name.startswith(("Test", "Fuzz", "Benchmark"))])
        finally:
            client.stop_channels()
            manager.shutdown_kernel()

    def test_queue_behind_an_error(self):
        """What stands behind a cell that fails is not run."""
        self.flush_channels()
        self.kc.execute(self.code_generate_error)
        second = self.kc.execute('%%\nfmt.Println("not run")')
        while True:
            reply = self.kc.get_shell_msg(timeout=30)
            if reply["parent_header"].get("msg_id") == second:
                break
        self.assertEqual(reply["content"]["status"], "aborted")


if __name__ == "__main__":
    unittest.main(verbosity=2)
