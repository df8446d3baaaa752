"""BCP 47 to the codes of the families."""

from __future__ import annotations

import pytest

from l10n_pipeline.engines.huggingface.languages import (
    M2M_100_CODES,
    is_individual,
    model_code,
    nearest_codes,
)
from l10n_pipeline.locale import Locale

_FLORES_200 = (
    "acm_Arab aka_Latn als_Latn arb_Arab arb_Latn ary_Arab azb_Arab azj_Latn bos_Latn ckb_Arab "
    "deu_Latn eng_Latn est_Latn fil_Latn fuv_Latn gaz_Latn heb_Hebr kas_Arab kas_Deva khk_Cyrl "
    "kmr_Latn knc_Arab knc_Latn lvs_Latn nno_Latn nob_Latn npi_Deva ory_Orya pbt_Arab pes_Arab "
    "plt_Latn por_Latn prs_Arab quy_Latn srp_Cyrl swh_Latn tgl_Latn twi_Latn uzn_Latn ydd_Hebr "
    "yue_Hant zho_Hans zho_Hant zsm_Latn"
)
FLORES = _FLORES_200.split()
MADLAD = (
    "en",
    "pt",
    "sr",
    "sr_Latn",
    "zh",
    "zh_Latn",
    "no",
    "iw",
    "fil",
    "ms",
    "ms_Arab",
    "bn_Latn",
)
OPUS = ("pt", "pt_br", "pt_PT", "cmn_Hans", "cmn_Hant", "yue_Hant", "srp_Latn", "srp_Cyrl", "nob")


@pytest.mark.parametrize(
    ("locale", "code"),
    [
        ("en-GB", "eng_Latn"),
        ("pt-BR", "por_Latn"),
        ("zh", "zho_Hans"),
        ("zh-TW", "zho_Hant"),
        ("zh-HK", "zho_Hant"),
        ("zh-Hans-TW", "zho_Hans"),
        ("yue", "yue_Hant"),
        ("sr", "srp_Cyrl"),
        ("sr-Latn", None),
        ("az", "azj_Latn"),
        ("az-Arab", None),
        ("ar", "arb_Arab"),
        ("ar-EG", "arb_Arab"),
        ("ary", "ary_Arab"),
        ("ar-Latn", "arb_Latn"),
        ("fa", "pes_Arab"),
        ("fa-IR", "pes_Arab"),
        ("fa-AF", "prs_Arab"),
        ("ms", "zsm_Latn"),
        ("sw", "swh_Latn"),
        ("lv", "lvs_Latn"),
        ("et", "est_Latn"),
        ("ne", "npi_Deva"),
        ("or", "ory_Orya"),
        ("mg", "plt_Latn"),
        ("mn", "khk_Cyrl"),
        ("sq", "als_Latn"),
        ("uz", "uzn_Latn"),
        ("uz-Cyrl", None),
        ("yi", "ydd_Hebr"),
        ("om", "gaz_Latn"),
        ("ps", "pbt_Arab"),
        ("qu", "quy_Latn"),
        ("ff", "fuv_Latn"),
        ("ku", "kmr_Latn"),
        ("ckb", "ckb_Arab"),
        ("kr", "knc_Latn"),
        ("ks", "kas_Arab"),
        ("ks-Deva", "kas_Deva"),
        ("no", "nob_Latn"),
        ("nb", "nob_Latn"),
        ("nn", "nno_Latn"),
        ("tl", "fil_Latn"),
        ("he", "heb_Hebr"),
        ("ak", "aka_Latn"),
        ("fi", None),
    ],
)
def test_flores_codes(locale: str, code: str | None) -> None:
    assert model_code(FLORES, Locale.parse(locale)) == code


@pytest.mark.parametrize(
    ("locale", "code"),
    [
        ("pt-BR", "pt"),
        ("nb", "no"),
        ("nso", "ns"),
        ("fil", "tl"),
        ("zh-Hant", None),
        ("sr-Latn", None),
        ("he", "he"),
        ("jv", "jv"),
    ],
)
def test_m2m_100_codes(locale: str, code: str | None) -> None:
    assert model_code(M2M_100_CODES, Locale.parse(locale)) == code


@pytest.mark.parametrize(
    ("locale", "code"),
    [
        ("sr-Latn", "sr_Latn"),
        ("sr", "sr"),
        ("zh", "zh"),
        ("zh-Latn", "zh_Latn"),
        ("nb", "no"),
        ("he", "iw"),
        ("ms-Arab", "ms_Arab"),
        ("bn", None),
    ],
)
def test_madlad_codes(locale: str, code: str | None) -> None:
    assert model_code(MADLAD, Locale.parse(locale)) == code


@pytest.mark.parametrize(
    ("locale", "code"),
    [
        ("pt", "pt"),
        ("pt-BR", "pt_br"),
        ("pt-PT", "pt_PT"),
        ("pt-AO", "pt"),
        ("zh-TW", "cmn_Hant"),
        ("zh-CN", "cmn_Hans"),
        ("sr-Latn-RS", "srp_Latn"),
        ("nb", "nob"),
    ],
)
def test_opus_codes(locale: str, code: str | None) -> None:
    assert model_code(OPUS, Locale.parse(locale)) == code


def test_a_sibling_region_never_serves() -> None:
    assert model_code(["pt_PT"], Locale.parse("pt-BR")) is None
    assert model_code(["pt_PT"], Locale.parse("pt")) is None


def test_every_code_of_m2m_100_is_a_language_and_none_is_another() -> None:
    assert all(map(is_individual, M2M_100_CODES))
    assert len(M2M_100_CODES) == len(set(M2M_100_CODES)) == 100
    for code in M2M_100_CODES:
        name = {"ns": "nso"}.get(code, code)
        assert model_code(M2M_100_CODES, Locale.parse(name)) == code


@pytest.mark.parametrize("group", ["mul", "ROMANCE", "roa", "zle", "gmw", "+"])
def test_groups_are_no_languages(group: str) -> None:
    assert not is_individual(group)


def test_the_nearest_are_the_language_itself_or_alike_in_name() -> None:
    assert nearest_codes(FLORES, Locale.parse("sr-Latn")) == ("srp_Cyrl",)
    assert "aka_Latn" in nearest_codes(FLORES, Locale.parse("ak-Arab"))
    assert nearest_codes(["nob_Latn", "zho_Hans"], Locale.parse("fi")) == ()
