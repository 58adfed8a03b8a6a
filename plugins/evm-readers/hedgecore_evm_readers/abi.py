"""Questions to contracts, and what their bytes mean.

A call is written as its ABI says it: ``slot0()(uint160,int24)`` is a function without arguments, of
whose answer the first two words are wanted.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Generator, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

from attrs import frozen

from hedgecore import ReaderError
from hedgecore_evm_readers.hexadecimal import bytes_of, quantity

Read = TypeVar("Read")
Conversation = Generator[Sequence[Any], Sequence[Any], Read]
"""Generator that yields questions, is sent their answers, and returns the reading."""

NATIVE = "0x" + "00" * 20
"""Address of the chain's own currency: no contract."""
WORD = 32
LONG = 80
"""Arguments are shown up to so many characters."""


class Abi(NamedTuple):
    """A function: its selector, and the types that go in and come out."""

    selector: bytes
    takes: tuple[str, ...]
    gives: tuple[str, ...]


@frozen
class Call:
    """A view function of a contract, asked at the venue's block.

    The answer is the value, a tuple where there are several; None where it is `optional` and the
    contract has no such function or refuses, or where it is a `guess` and the answer is of another
    shape: what stands there is something else. Further words after those of the types are left
    aside, unless it is `exact`: then they are another function's answer.
    """

    to: str
    signature: str
    arguments: tuple[Any, ...] = ()
    optional: bool = False
    guess: bool = False
    exact: bool = False

    @property
    def data(self) -> bytes:
        """Selector and encoded arguments."""
        from eth_abi.abi import encode  # noqa: PLC0415 - slow, and only here

        abi = abi_of(self.signature)
        return abi.selector + encode(abi.takes, self.arguments)

    def request(self, block: Mapping[str, Any] | str) -> tuple[str, list[Any]]:
        """JSON-RPC request for this call alone."""
        return "eth_call", [{"to": self.to, "data": "0x" + self.data.hex()}, block]

    def parse(self, given: Any) -> Any:
        """Value in the node's answer to this call alone."""
        return self.answer(bytes_of(given, str(self)))

    def answer(self, given: bytes) -> Any:
        """Value in the bytes that the contract returned.

        Raises:
            ReaderError: they are none, or not of this function.

        """
        types = abi_of(self.signature).gives
        if not types:
            return given
        if not given and self.optional:
            return None
        if not given:
            raise ReaderError(
                f"{self}: the answer is empty: there is no contract, or it has no such function;"
                " check the address and the chain"
            )
        said = None if self._is_longer(given, types) else decoded(types, given)
        if said is None and self.guess:
            return None
        if said is None:
            raise ReaderError(
                f"{self}: {len(given)} bytes that are no ({','.join(types)}): check the address"
            )
        read = [_with_checksum(kind, each) for kind, each in zip(types, said, strict=True)]
        return read[0] if len(types) == 1 else tuple(read)

    def _is_longer(self, given: bytes, types: tuple[str, ...]) -> bool:
        return self.exact and len(given) > WORD * len(types)

    def __str__(self) -> str:
        name, given = self.signature.partition("(")[0], ", ".join(map(_text, self.arguments))
        return f"{name}({given if len(given) <= LONG else given[:LONG] + '…'}) of {self.to}"


@frozen
class Ether:
    """Balance of the chain's own currency at an address, wei."""

    of: str
    optional: bool = False

    def request(self, block: Mapping[str, Any] | str) -> tuple[str, list[Any]]:
        """JSON-RPC request."""
        return "eth_getBalance", [self.of, block]

    def parse(self, given: Any) -> int:
        """Number."""
        return quantity(given, str(self))

    def __str__(self) -> str:
        return f"the balance of {self.of}"


def together(talks: Iterable[Conversation[Read]]) -> Conversation[list[Read]]:
    """Lead conversations side by side within one, and return what they return, in order.

    What has no answer is raised within the conversation that asked it.
    """
    leading = dict(enumerate(talks))
    ended: dict[int, Read] = {}
    said: dict[int, Sequence[Any] | ReaderError | None] = dict.fromkeys(leading)
    while said:
        asked = dict[int, Sequence[Any]]()
        for index, answers in said.items():
            try:
                asked[index] = _next(leading[index], answers)
            except StopIteration as end:
                ended[index] = end.value
        said = (yield from _answered(asked)) if asked else {}
    return [ended[index] for index in sorted(ended)]


def _next(talk: Conversation[Any], said: Sequence[Any] | ReaderError | None) -> Sequence[Any]:
    """Next questions of a conversation, which is told answers, or why there are none."""
    if said is None:
        return next(talk)
    return talk.throw(said) if isinstance(said, ReaderError) else talk.send(said)


def _answered(
    asked: Mapping[int, Sequence[Any]],
) -> Conversation[dict[int, Sequence[Any] | ReaderError | None]]:
    """Answers to the questions of each conversation, or the error that it has."""
    try:
        each = iter((yield [one for questions in asked.values() for one in questions]))
        return {index: [next(each) for _ in questions] for index, questions in asked.items()}
    except ReaderError as error:
        if len(asked) == 1:
            return dict.fromkeys(asked, error)
    found = dict[int, Sequence[Any] | ReaderError | None]()
    for index, questions in asked.items():
        try:
            found[index] = yield questions
        except ReaderError as error:
            found[index] = error
    return found


def answers(*calls: Call) -> Conversation[Sequence[Any]]:
    """Conversation of one round, to be led beside others."""
    return (yield calls)


def guess_call(to: str, signature: str, *arguments: Any) -> Call:
    """Call to what may be another contract than one that has this function."""
    return Call(to, signature, arguments, optional=True, guess=True)


def exact_call(to: str, signature: str, *arguments: Any) -> Call:
    """Guessed call whose answer has one word for each of its types, and no more."""
    return Call(to, signature, arguments, optional=True, guess=True, exact=True)


def decoded(types: tuple[str, ...], given: bytes) -> Any:
    """Values of some types in the bytes of an answer; None where they are of others."""
    from eth_abi.abi import decode  # noqa: PLC0415
    from eth_abi.exceptions import DecodingError  # noqa: PLC0415

    try:
        return decode(types, given)
    except (DecodingError, OverflowError, UnicodeDecodeError, MemoryError):
        return None


def _with_checksum(kind: str, value: Any) -> Any:
    """Decoded value whose addresses have their checksum."""
    from eth_abi.grammar import parse  # noqa: PLC0415

    its = parse(kind)
    if its.is_array:
        return tuple(_with_checksum(its.item_type.to_type_str(), each) for each in value)
    if kind.startswith("("):
        parts = (each.to_type_str() for each in its.components)
        return tuple(_with_checksum(one, each) for one, each in zip(parts, value, strict=True))
    return address(value) if kind == "address" else value


@lru_cache(maxsize=256)
def abi_of(signature: str) -> Abi:
    """Parts of ``name(types)(types)``; without the second, the answer is raw bytes."""
    from eth_utils.crypto import keccak  # noqa: PLC0415

    end = _end_of_group(signature)
    takes, gives = _types(signature[signature.index("(") : end]), _types(signature[end:] or "()")
    return Abi(keccak(text=signature[:end])[:4], takes, gives)


def _end_of_group(signature: str) -> int:
    depth = 0
    for at, each in enumerate(signature):
        depth += (each == "(") - (each == ")")
        if each == ")" and not depth:
            return at + 1
    raise ValueError(signature)


def _types(group: str) -> tuple[str, ...]:
    from eth_abi.grammar import parse  # noqa: PLC0415

    if group == "()":
        return ()
    return tuple(each.to_type_str() for each in parse(group).components)


def address(text: str) -> str:
    """Address with its checksum.

    Raises:
        ReaderError: it is none, or its checksum is wrong.

    """
    from eth_utils.address import is_checksum_formatted_address, to_checksum_address  # noqa: PLC0415

    try:
        right = to_checksum_address(text)
    except (ValueError, TypeError):
        right = None
    if right is None or not text.startswith("0x"):
        raise ReaderError(f"{text!r:.80} is no address: it is 0x and 40 hexadecimal digits")
    if is_checksum_formatted_address(text) and text != right:
        raise ReaderError(f"the checksum of the address {text} is wrong: is a letter mistyped?")
    return str(right)


def label(given: bytes, most: int = 24) -> str | None:
    """Text in the answer of ``symbol()``: a string, or bytes32; None where it is none.

    It is somebody else's: characters that are no letters, figures or signs are left out, and what
    is long is cut.
    """
    text = decoded(("string",), given)
    raw = text[0] if text else given.rstrip(b"\0").decode("utf-8", "replace")
    if text is None and len(given) != WORD:
        return None
    start = unicodedata.normalize("NFKC", raw[: 2 * most])  # of a long one it takes the square
    return _clean(start, most) or None


def _clean(text: str, most: int) -> str:
    """Letters, figures, signs and single spaces, so many at most."""
    spaced = " ".join(text.split())
    return "".join(each for each in spaced if _is_harmless(each))[:most].strip()


def _is_harmless(sign: str) -> bool:
    return sign == " " or (unicodedata.category(sign)[0] in "LNPS" and sign != "\ufffd")


def _text(argument: Any) -> str:
    if isinstance(argument, bytes):
        return f"0x{argument.hex()}"
    if isinstance(argument, Iterable) and not isinstance(argument, str):
        return f"[{', '.join(map(_text, argument))}]"
    return str(argument)
