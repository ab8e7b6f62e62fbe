"""
How many lines of code the rooms of tables, samples and estimates have, and all tests together.

Run it with ``python tests/benchmarks/size_of_rooms.py``; it counts the files of the work tree.
``python tests/benchmarks/size_of_rooms.py HEAD~10 HEAD .`` counts two revisions of git and the
work tree side by side, and the last one relative to the first. A line of code is a line that
holds anything but a comment or a docstring, whatever the number of statements on it. The lines
of tests are all lines, blank ones too, without those of the scripts here and of the file for
type checkers.
"""

import argparse
import ast
import io
import subprocess
import tarfile
import tokenize
from collections import Counter
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).parents[2]
SOURCE, TESTS = PurePosixPath("src/custfocus"), PurePosixPath("tests")

# What is counted, as patterns below the package. A tree with the folder MARK is of the second
# layout; files of the first that it still has are counted there as well.
FIRST_LAYOUT = (
    "indices/estimate.py",
    "indices/comparison.py",
    "indices/differences.py",
    "indices/group_comparisons.py",
    "indices/survey_result.py",
    "indices/survey.py",
    "indices/display.py",
    "indices/ranks.py",
    "indices/league_table.py",
    "indices/homogeneity.py",
    "indices/suppression.py",
    "responses/tally.py",
    "responses/tally_table.py",
    "responses/survey_tally.py",
    "responses/survey_cells.py",
    "responses/groups.py",
    "responses/keys.py",
    "responses/pairs.py",
    "tables.py",
    "dataframes.py",
    "frames/*.py",
)
SECOND_LAYOUT = (
    *FIRST_LAYOUT,
    "results/*.py",
    "responses/answers.py",
    "responses/counts.py",
    "responses/independent.py",
    "responses/population.py",
    "responses/sample.py",
    "indices/about_estimates.py",
    "indices/notes.py",
    "indices/samples.py",
    "comparisons/*.py",
    "surveys/*.py",
    "disclosure.py",
)
ELSEWHERE = (  # in the second layout: came into its folders from rooms that are not counted
    "surveys/survey_design.py",
    "surveys/row_fields.py",
    "surveys/replicate_weights.py",
    "surveys/stages.py",
)
MARK = "results"
LEFT_OUT = ("benchmarks", "typing")  # folders of tests

_NO_CODE = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENCODING,
    tokenize.ENDMARKER,
}

Texts = dict[PurePosixPath, str]


def of_work_tree() -> Texts:
    """The Python files of the package and of its tests, as they are on disk."""
    return {
        PurePosixPath(path.relative_to(ROOT).as_posix()): path.read_text(encoding="utf-8")
        for folder in (SOURCE, TESTS)
        for path in (ROOT / folder).rglob("*.py")
    }


def of_revision(revision: str) -> Texts:
    """The same files in a revision of git."""
    command = ["git", "archive", "--format=tar", revision, str(SOURCE), str(TESTS)]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True)  # noqa: S603 - ours
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
        return {
            PurePosixPath(member.name): archive.extractfile(member).read().decode()
            for member in archive
            if member.isfile() and member.name.endswith(".py")
        }


def lines_of_code(text: str) -> int:
    """The lines that hold code; texts that stand alone, as docstrings do, are none."""
    alone = {
        (node.lineno, node.col_offset)
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    }
    lines = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in _NO_CODE and token.start not in alone:
            lines.update(range(token.start[0], token.end[0] + 1))
    written = text.splitlines()
    return sum(bool(written[line - 1].strip()) for line in lines)


def counted(texts: Texts) -> dict[PurePosixPath, int]:
    """Lines of code by file, for the layout that the files are in."""
    inside = {path.relative_to(SOURCE): path for path in texts if path.is_relative_to(SOURCE)}
    second = any(path.parts[0] == MARK for path in inside)
    patterns = SECOND_LAYOUT if second else FIRST_LAYOUT
    return {
        path: lines_of_code(texts[whole])
        for path, whole in inside.items()
        if any(fits(path, pattern) for pattern in patterns)
        and not any(fits(path, pattern) for pattern in ELSEWHERE)
    }


def fits(path: PurePosixPath, pattern: str) -> bool:
    """Whether a path is of a pattern, which has as many parts as the path."""
    return len(path.parts) == len(PurePosixPath(pattern).parts) and path.match(pattern)


def lines_of_tests(texts: Texts) -> int:
    """All lines of the tests."""
    return sum(
        text.count("\n")
        for path, text in texts.items()
        if path.is_relative_to(TESTS) and path.parts[1] not in LEFT_OUT
    )


def by_room(files: dict[PurePosixPath, int]) -> Counter[str]:
    """The lines of each folder; a file of the package's own folder is a room of its own."""
    rooms: Counter[str] = Counter()
    for path, lines in files.items():
        rooms[f"{path.parts[0]}/" if len(path.parts) > 1 else str(path)] += lines
    return rooms


def row(name: str, numbers: list[int]) -> str:
    """A line of the table, with the last number relative to the first."""
    cells = "".join(f"{number:>12,}" for number in numbers)
    compared = len(numbers) > 1 and numbers[0]
    return f"{name:<32}{cells}" + (f"{numbers[-1] / numbers[0]:>8.1%}" if compared else "")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Lines of code by room.")
    parser.add_argument(
        "trees", nargs="*", default=["."], help="revisions of git; . is the work tree"
    )
    trees = parser.parse_args().trees
    texts = [of_work_tree() if tree == "." else of_revision(tree) for tree in trees]
    files = [counted(each) for each in texts]
    rooms = [by_room(each) for each in files]
    print(f"{'lines of code':<32}" + "".join(f"{tree[:10]:>12}" for tree in trees))
    for room in sorted(set().union(*rooms)):
        print(row(room, [each[room] for each in rooms]))
        inside = {path for each in files for path in each if room == f"{path.parts[0]}/"}
        for path in sorted(inside):
            print(row(f"  {path.name}", [each.get(path, 0) for each in files]))
    print(row("all of them", [each.total() for each in rooms]))
    print(row("tests, all lines", [lines_of_tests(each) for each in texts]))


if __name__ == "__main__":
    main()
