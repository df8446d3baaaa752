import pytest
from hypothesis import given
from hypothesis import strategies as st

from l10n_pipeline.placeholders import (
    are_stated,
    escaped,
    escapes,
    faults,
    placeholders,
    quotations,
)


@pytest.mark.parametrize(
    ("text", "flags", "expected"),
    [
        ("%d%% of %s, %-5.2f", ["c-format"], ["%d", "%s", "%-5.2f"]),
        ("100% sure of % d", ["c-format"], ["% s", "% d"]),
        ("100% sure", [], []),
        ("%<PRIu64> and %*d, %2$s", ["c-format"], ["%<PRIu64>", "%*d", "%2$s"]),
        ("%(count)d of %(all names)s", ["python-format"], ["%(count)d", "%(all names)s"]),
        ("{a!r:>{w}} {{b}} {} {0.x[1]}", ["python-brace-format"], ["{a!r:>{w}}", "{}", "{0.x[1]}"]),
        ("%1 of %n and %L2", ["qt-format"], ["%1", "%n", "%L2"]),
        ("%1% of %s", ["boost-format"], ["%1%", "%s"]),
        ("$HOME and ${user}", ["sh-format"], ["$HOME", "${user}"]),
        ("{name} ${x} %s %1$s {{ y }}", [], ["{name}", "${x}", "%s", "%1$s", "{{ y }}"]),
        ("%(n)d files", [], ["%(n)d"]),
        ("« %1 » costs %50 or 5%2", [], ["%1"]),
        ("%s of {name}", ["no-c-format"], ["{name}"]),
        ("%s of {name}", ["c-format"], ["%s"]),
        ("%s of {name}", ["python-format", "python-brace-format"], ["%s", "{name}"]),
        ("{0,number,#.#} left", ["java-format"], ["{0,number,#.#}"]),
        ("it''s {0}, '{1}' and d'água em {2}", ["java-format"], ["{0}"]),
        ("%s of {name} and ${x}", ["no-python-brace-format"], ["%s", "${x}"]),
        ("%s of {name} and ${x}", ["no-sh-format"], ["%s", "{name}"]),
        ("%(a)s and {b}", ["no-python-format"], ["{b}"]),
        ("%s {a} ${x}", ["no-c-format", "no-python-brace-format", "no-sh-format"], []),
    ],
)  # fmt: skip
def test_flags_say_how_placeholders_are_written(
    text: str, flags: list[str], expected: list[str]
) -> None:
    assert [one.text for one in placeholders(text, flags)] == expected


C = ["c-format"]


@pytest.mark.parametrize(
    ("source", "target", "flags", "expected"),
    [
        ("%s in %d", "%s em %d", C, ()),
        ("%s in %d", "%2$d em %1$s", C, ()),
        ("%s in %d", "%1$s em %2$d", C, ()),
        ("%i", "%d", C, ()),
        ("%s", "", C, ("%s is missing",)),
        ("%s", "%s %s", C, ("%s is not in the source",)),
        ("%d", "%s", C, ("%s stands where %d is expected",)),
        ("%d", "%ld", C, ("%ld stands where %d is expected",)),
        ("%s in %s", "%2$s", C, ("%s is missing", "it refers to argument 2 but not to 1")),
        ("100%%", "cem por cento", C, ()),
        ("%s %d", "%d %s", ["python-format"], ("%d and %s are in another order",)),
        ("%(a)s %(b)s", "%(b)s %(a)s", ["python-format"], ()),
        ("%(a)s", "%(à)s", ["python-format"], ("%(a)s is missing", "%(à)s is not in the source")),
        ("{a} {b}", "{b} {a} {a}", ["python-brace-format"], ()),
        ("{} {}", "{1} {0}", ["python-brace-format"], ()),
        ("{0} glass", "copo d''água {0}", ["java-format"], ()),
        ("a glass in {0}", "copo d'água em {0}", ["java-format"],
         ("a single ' is taken for a quote: write ''", "{0} is missing")),
        ("{0} glass", "{0} copo d'água", ["java-format"],
         ("a single ' is taken for a quote: write ''",)),
        ("'{' {0}", "'{' {0}", ["java-format"], ()),
        ("{n, plural, other {#}}", "{n, plural, other {# x}}", [], ()),
        ("{n, plural, other {#}}", "nada", [], ("{n, plural, …} is missing",)),
        ("{n, plural, other {#}}", "nada", ["java-format"], ("{n, plural, …} is missing",)),
        ("{name}", "{nome}", ["no-python-brace-format"], ()),
        ("{name}", "{nome}", [], ("{name} is missing", "{nome} is not in the source")),
        ("%s %s", "%1$s %s", C, ("placeholders with and without a number stand side by side", )),
    ],
)  # fmt: skip
def test_a_translation_needs_what_the_program_will_put_in(
    source: str, target: str, flags: list[str], expected: tuple[str, ...]
) -> None:
    found = faults(source, target, flags)
    assert set(expected) <= set(found)
    assert bool(found) is bool(expected)


@given(st.text("%sd1$({})n x", max_size=20), st.sampled_from([[], C, ["python-brace-format"]]))
def test_a_text_is_a_faultless_translation_of_itself(text: str, flags: list[str]) -> None:
    mixed = len({one.ordered for one in placeholders(text, flags)}) > 1
    numbered = any("$" in one.text for one in placeholders(text, flags))
    if not mixed and not numbered:
        assert faults(text, text, flags) == ()


@pytest.mark.parametrize("flags", [[], C, ["python-brace-format"], ["java-format"]])
@given(text=st.text("%{}'a ", max_size=12))
def test_escaped_text_has_no_placeholder(flags: list[str], text: str) -> None:
    plain = "".join(character for character in text if character in dict(escapes(flags)))
    assert placeholders(escaped(plain, flags), flags) == ()


@pytest.mark.parametrize(
    ("text", "flags", "stated"),
    [
        ("%s", [], False),
        ("%s", ["c-format"], True),
        ("{x}", ["no-python-brace-format"], False),
        ("{x}", ["range: 0..5"], False),
        ("{n, plural, other {#}}", [], True),
    ],
)
def test_what_no_flag_says_is_a_guess(text: str, flags: list[str], stated: bool) -> None:
    assert are_stated(text, flags) is stated


def test_quoted_braces_are_told_from_stray_apostrophes() -> None:
    text = "Write '{' for {0}, don't '{x y}'"
    assert [span.of(text) for span in quotations(text, ["java-format"])] == ["'{'"]
    assert quotations(text) == ()
