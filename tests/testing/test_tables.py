"""The checks of tables catch what they are for; recorded cases come one by one."""

import json
from types import SimpleNamespace

import pytest
from attrs import field, frozen

import hedgecore as hc
from curves import V2
from hedgecore.testing import LawBroken, parametrize_with_recorded, recorded, table_checks

MODELS = [V2(**V2.example)]


def broken(cls, **given):
    """Return the names of the checks that a class breaks."""
    found = {}
    for check in table_checks(cls, **given):
        try:
            check()
        except LawBroken as error:
            found[str(check)] = error
    return found


def test_a_right_table_breaks_only_that_it_is_not_installed():
    found = broken(V2, models=MODELS)
    assert list(found) == [f"{V2.kind}-registered"]
    assert found[f"{V2.kind}-registered"].law == "registered"


def test_what_is_taken_and_what_is_refused_elsewhere_is_said():
    @frozen(kw_only=True)
    class Careless(V2):
        kind = "careless"
        note: str = ""

        def __attrs_post_init__(self):
            if self.note == "no":
                raise hc.SpecError("no", kind="careless", field="assets")

    found = broken(Careless, wrong=[("note", 3), ("note", "no")])
    assert "is taken" in str(found["careless.note=3"])
    assert found["careless.note='no'"].got == "careless.assets"


class Cached(V2):
    """Its answers depend on how often it was asked."""

    asked: list[int] = []

    def _holdings(self, price):
        self.asked.append(1)
        return super()._holdings(price * (1 + 1e-9 * len(self.asked)))


Cached = frozen(kw_only=True)(Cached)


def test_a_model_that_says_another_thing_once_it_was_used_is_caught():
    found = broken(Cached, models=[Cached(**V2.example)])
    assert f"{V2.kind}-0-pickles_once_used" in found


def test_a_page_names_each_field_and_runs(tmp_path):
    page = tmp_path / "README.md"
    page.write_text("| `assets` |\n```python\nassert 1 == 1\n```\n")
    assert "do not name reserves" in str(broken(V2, readme=page)[f"readme-{V2.kind}"])
    page.write_text("| `assets` | `reserves` |\n```python\nassert 1 == 2\n```\n")
    with pytest.raises(AssertionError):
        table_checks(V2, readme=page)[-1]()


@frozen(kw_only=True)
class Needs:
    kind = "needs"
    example = {"one": 1.0}
    one: float
    other: float = field(default=2.0)


def test_each_field_is_misspelt_and_each_that_is_needed_left_out():
    names = [str(check) for check in table_checks(Needs)]
    assert names == [
        "needs.one-misspelt",
        "needs.one-missing",
        "needs.other-misspelt",
        "needs-registered",
    ]


def cases_for(conftest, fixtures):
    given = {}
    metafunc = SimpleNamespace(
        fixturenames=["case", "tmp_path"],
        parametrize=lambda name, cases: given.update({name: cases}),
    )
    parametrize_with_recorded(metafunc, fixtures, above=conftest)
    return given["case"]


def test_recorded_cases_come_one_by_one_by_their_ids(tmp_path):
    (tmp_path / "tests/cases/chain").mkdir(parents=True)
    rows = [{"id": "a", "x": 1}, {"id": "b", "x": 2}]
    (tmp_path / "tests/cases/chain/p.json").write_text(json.dumps({"cases": rows}))
    fixtures = {
        "case": recorded("chain/p", wanted=lambda case: case["x"] > 1),
        "other": recorded("chain/none"),
    }
    [case] = cases_for(tmp_path / "plugins/p/tests/conftest.py", fixtures)
    assert (case.id, case.values) == ("b", (rows[1],))


def test_where_they_are_not_the_test_is_skipped(tmp_path):
    [case] = cases_for(tmp_path / "conftest.py", {"case": recorded("chain/p")})
    assert case.marks[0].name == "skip"
