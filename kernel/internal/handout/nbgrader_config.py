# convbook begins: `go run ./kernel handout --nbgrader` writes what stands between these marks
# anew and keeps what stands below.
import json
import os
import re
import secrets
import shutil
import tempfile

from nbformat.v4 import new_output
from nbgrader import utils
from nbgrader.converters import Autograde, GenerateAssignment
from nbgrader.preprocessors import ClearSolutions, Execute, OverwriteCells

c = get_config()  # noqa: F821
c.CourseDirectory.root = os.path.dirname(os.path.abspath(__file__))


class ClearGoSolutions(ClearSolutions):
    """Puts the skeleton of an exercise, which its cell has in its metadata, where the
    solution was. A cell without one gets the stub below."""

    def preprocess_cell(self, cell, resources, cell_index):
        skeleton = cell.metadata.get("convbook", {}).get("skeleton")
        if skeleton is None or not utils.is_solution(cell):
            return super().preprocess_cell(cell, resources, cell_index)
        del cell.metadata["convbook"]
        stubs = self.code_stub
        self.code_stub = {**stubs, resources["language"]: skeleton}
        try:
            return super().preprocess_cell(cell, resources, cell_index)
        finally:
            self.code_stub = stubs


class OverwriteGoCells(OverwriteCells):
    """Puts a check that a student has deleted back, at the notebook's end. Without this
    class the note in it would not be Go, and without its answer it could not be placed."""

    def missing_cell_transform(self, *args, **kwargs):
        cell = super().missing_cell_transform(*args, **kwargs)
        if cell.cell_type == "code" and cell.source.startswith("# "):
            cell.source = "//" + cell.source[1:]
        return cell

    def add_missing_grade_cells(self, nb, resources):
        asked = self.gradebook.find_notebook(self.notebook_id, self.assignment_id)
        sources = {cell.name: cell for cell in asked.source_cells}
        solutions = {cell.name for cell in asked.solution_cells}
        there = {cell.metadata.get("nbgrader", {}).get("grade_id") for cell in nb.cells}
        for cell in sorted(asked.grade_cells, key=lambda cell: cell.name):
            if cell.name not in there:
                self.log.warning("The check %s was deleted: it is put back", cell.name)
                nb.cells.append(self.missing_cell_transform(
                    sources[cell.name], cell.max_score, is_solution=cell.name in solutions))
        return nb, resources


class ExecuteGo(Execute):
    """Runs a hand-in so that the verdicts of its checks decide, not what is printed: a
    check that has not ended with "right" in its own cell fails the cell, also where the
    program was ended with status 0, and a line on stderr fails none."""

    check = re.compile(r'\bexercise\.(\w+)\(\s*("(?:[^"\\]|\\.)*")?')

    def preprocess(self, nb, resources, **kwargs):
        folder = tempfile.mkdtemp(prefix="convbook-")
        self.record, self.word, self.seen = os.path.join(folder, "verdicts"), secrets.token_hex(16), 0
        open(self.record, "wb").close()
        settings = {"CONVBOOK_EXERCISE": "strict", "CONVBOOK_EXERCISE_RECORD": self.word + ":" + self.record}
        try:
            with utils.setenv(**settings):
                return super().preprocess(nb, resources, **kwargs)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def on_cell_executed(self, **kwargs):
        super().on_cell_executed(**kwargs)
        right, cell = self.right(), kwargs["cell"]
        if cell.cell_type != "code" or not utils.is_grade(cell) or utils.is_solution(cell):
            return
        failed = False
        for output in cell.outputs:
            failed = failed or output.output_type == "error"
            if output.output_type == "stream":
                output.name = "stdout"
        code = re.sub(r"(?m)^\s*//.*$", "", cell.source)
        missing = [name for name in self.names(code) if name not in right]
        if missing and not failed:
            what = "not passed: " + ", ".join(missing) + ". The program ended before the check did."
            cell.outputs.append(new_output("error", ename="NotPassed", evalue=what, traceback=[what]))

    def names(self, code):
        return [json.loads(text) if text else name for name, text in self.check.findall(code)]

    def right(self):
        """The checks that have ended with "right" since the last cell."""
        with open(self.record, "rb") as record:
            record.seek(self.seen)
            text = record.read(1 << 20)
        self.seen += len(text)
        names, begin = set(), self.word + " right "
        for line in text.decode("utf-8", "replace").splitlines():
            if line.startswith(begin):
                try:
                    names.add(json.loads(line[len(begin):]))
                except ValueError:
                    pass
        return names


def replaced(converter, trait, old, new):
    return [new if each is old else each for each in converter.class_traits()[trait].default()]


c.ClearSolutions.code_stub = {
    **ClearSolutions.class_traits()["code_stub"].default(),
    "go": "// YOUR CODE HERE · 여기에 작성하세요",
}
c.ClearSolutions.begin_solution_delimeter = "BEGIN SOLUTION"
c.ClearSolutions.end_solution_delimeter = "END SOLUTION"
c.GenerateAssignment.preprocessors = replaced(
    GenerateAssignment, "preprocessors", ClearSolutions, ClearGoSolutions)
c.Autograde.sanitize_preprocessors = replaced(
    Autograde, "sanitize_preprocessors", OverwriteCells, OverwriteGoCells)
c.Autograde.autograde_preprocessors = replaced(
    Autograde, "autograde_preprocessors", Execute, ExecuteGo)
c.OverwriteCells.add_missing_cells = True
c.Execute.timeout = 1800  # seconds for a cell: some train
c.Execute.startup_timeout = 300
# convbook ends.
