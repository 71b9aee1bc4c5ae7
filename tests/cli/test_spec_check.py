"""`ottu-sandbox spec check`: what is mended, what stays wrong, and whether it can be served."""

from pathlib import Path

from tests.cli.program import CHECKOUT, lines, run

SOUND = """\
openapi: 3.1.0
info: {title: Small, version: "1"}
paths:
  /a/:
    get:
      responses: {"200": {description: Fine}}
"""


def test_the_sandboxs_own_document_can_be_served() -> None:
    ended = run("spec", "check", str(CHECKOUT / "specs" / "ottu.yaml"))

    assert ended.code == 0
    assert lines(ended.out)[-1].startswith("It can be served")


def test_a_sound_document_needs_no_word(tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text(SOUND)

    ended = run("spec", "check", "small.yaml", folder=tmp_path)

    assert (ended.code, lines(ended.out)) == (
        0,
        ["small.yaml: Small 1, 1 operation", "It can be served."],
    )


def test_repairs_and_flaws_are_told_with_their_lines(tmp_path: Path) -> None:
    text = SOUND.replace("info:", "servers: [{url: https://pay.example.com}]\ninfo:")
    (tmp_path / "small.yaml").write_text(text.replace("description", "descripton"))

    ended = run("spec", "check", "small.yaml", folder=tmp_path)

    assert ended.code == 0
    told = lines(ended.out)
    assert told[1] == "mended:"
    assert told[2].startswith("  small.yaml:2: /servers: `https://pay.example.com` is another host")
    assert told[3] == "not as OpenAPI has it, and left so:"
    assert told[4].startswith("  small.yaml:7: /paths/~1a~1/get/responses/200: ")
    assert told[-1] == "It can be served after these repairs."


def test_a_document_that_cannot_be_served_says_file_line_and_reason(tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").write_text(SOUND.replace("{description: Fine}", "3"))

    ended = run("spec", "check", "broken.yaml", folder=tmp_path)

    assert ended.code == 1
    assert ended.out.startswith("broken.yaml:6: ")
    assert lines(ended.out)[-1] == "It cannot be served."


def test_a_file_that_is_not_there_cannot_be_served() -> None:
    ended = run("spec", "check", "nowhere.yaml")

    assert ended.code == 1
    assert "nowhere.yaml: The file cannot be read" in ended.out
