import pytest

from l10n_pipeline.locale import Locale
from l10n_pipeline.plurals import PluralRule


@pytest.mark.parametrize(
    ("locale", "form", "numbers"),
    [("ru", 0, (1, 21, 31)), ("ru", 1, (2, 3, 4)), ("ru", 2, (0, 5, 6)), ("ja", 0, (0, 1, 2)),
     ("ar", 2, (2,)), ("pl", 0, (1,))],
)  # fmt: skip
def test_a_form_is_for_these_numbers(locale: str, form: int, numbers: tuple[int, ...]) -> None:
    assert PluralRule.of(Locale.parse(locale)).numbers(form)[: len(numbers)] == numbers


@pytest.mark.parametrize(
    "field",
    ["", "nplurals=2", "nplurals=0; plural=0;", "nplurals=2; plural=n;", "nplurals=2; plural=n%0;",
     "nplurals=2; plural=system(n);", "nplurals=INTEGER; plural=EXPRESSION;",
     f"nplurals=2; plural={'(' * 500}n{')' * 500};"],
)  # fmt: skip
def test_what_is_no_rule_is_refused(field: str) -> None:
    with pytest.raises(ValueError, match=r"plural forms|gives more than"):
        PluralRule.parse(field)
