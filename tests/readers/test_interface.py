# ruff: noqa: ARG002 - a reader is given its source, whether it needs it or not

import pytest
from attrs import frozen

import hedgecore as hc
from hedgecore.registry.validation import faults
from venues import PAIR, STATE, Ledger, Pair


def ledger(**more):
    return Ledger({**STATE, **more}, {})


def asking(*rounds):
    answers = []
    for each in rounds:
        answers.append((yield each))  # noqa: PERF401 - a conversation
    return answers


def test_the_questions_of_all_readers_are_asked_together():
    source = ledger(a=1, b=2, c=3)
    talks = [("one", asking(["a"], ["b", "c"])), ("two", asking(["c"])), ("three", asking())]
    assert source.converse(talks) == [[[1], [2, 3]], [[3]], []]
    assert source.batches == [["a", "c"], ["b", "c"]]


def test_what_has_no_answer_is_raised_in_the_reader_that_asked_and_names_it():
    source = ledger(a=1)

    def calm():
        try:
            yield ["missing"]
        except hc.ReaderError as error:
            return str(error)

    assert source.converse([("calm", calm())]) == ["missing is not known"]
    with pytest.raises(hc.ReaderError, match=r"^two: missing is not known$"):
        source.converse([("one", asking(["a"])), ("two", asking(["missing"]))])


def test_a_venue_that_fails_names_who_was_reading():
    class Broken(Ledger):
        def ask(self, questions):
            raise hc.ReaderError("it broke")

    for count, who in ((1, "reader 0"), (3, "reader 0 and 2 more")):
        talks = [(f"reader {i}", asking(["a"])) for i in range(count)]
        with pytest.raises(hc.ReaderError, match=f"^{who}: it broke$"):
            Broken(STATE, {}).converse(talks)


def test_nothing_is_returned_of_a_state_that_is_gone():
    with pytest.raises(hc.ReaderError, match="reorganised"):
        ledger(reorganised=True).read([Pair(pool=PAIR)])


def test_progress_is_told_from_none_to_all():
    told = []
    ledger(a=1).converse(
        [("one", asking(["a"])), ("two", asking(["a"], ["a"]))], lambda *done: told.append(done)
    )
    assert told == [(0, 2), (1, 2), (2, 2)]


def test_a_venue_is_closed_whatever_happens():
    source = ledger()
    with pytest.raises(ZeroDivisionError), source:
        1 / 0  # noqa: B018 - it raises
    assert not source.open_


def test_a_reader_is_called_by_its_kind_and_its_first_field():
    assert str(Pair(pool=PAIR)) == f"ledger-pair {PAIR}"
    assert hc.build(hc.spec_of(Pair(pool=PAIR)), registry=_only(Pair)) == Pair(pool=PAIR)


def _only(cls):
    return hc.load_plugins([]).plus(readers=[cls])


@frozen
class NoVenue(hc.AbstractReader):
    kind = "no-source"

    def read(self, source):
        yield []


@frozen
class NoRead(hc.AbstractReader):
    kind = "no-read"
    source = Ledger


class NotFrozen(hc.AbstractReader):
    kind = "not-frozen"
    source = Ledger

    def read(self, source):
        yield []


@pytest.mark.parametrize(
    ("cls", "fault"),
    [
        (int, "int is no AbstractReader"),
        (NoVenue, "NoVenue.source is None"),
        (NoRead, "NoRead does not write 'read'"),
        (NotFrozen, "NotFrozen is no frozen attrs class"),
    ],
)
def test_readers_keep_a_contract(cls, fault):
    assert [each for each in faults("hedgecore_readers", cls) if fault in each]


def test_a_good_reader_has_no_fault():
    assert faults("hedgecore_readers", Pair) == []
