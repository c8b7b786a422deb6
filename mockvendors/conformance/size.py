"""Reusable cases: what was asked for of the picture's size is what the room shows."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from mockvendors.conformance.base import Cases, needs, of_options, raised, refused, rule
from mockvendors.conformance.described import Size, Sizes
from mockvendors.conformance.drive import Drive
from mockvendors.conformance.errors import reads
from mockvendors.conformance.marks import claiming, each, own, taking
from mockvendors.conformance.room import Room, stays_away
from mockvendors.conformance.traits import Traits, at


def rows(of: Callable[[Sizes], Iterable[Size]], *, asked: bool = True) -> Callable[[Traits], list[Any]]:
    """Return what gives a case its table; a row needs what takes its options, and the size's own where one is asked for."""

    def params(traits: Traits) -> list[Any]:
        options = traits.sizes.both if asked else ()
        return [pytest.param(row, id=row.id, marks=needs(*traits.claims([*row.options, *options]))) for row in of(traits.sizes)]

    return params


def usual(traits: Traits) -> tuple[int, int]:
    """Return a size that the least options take."""
    width, height = (traits.value(name) for name in traits.sizes.both)
    return width, height


def first_refused(traits: Traits) -> dict[str, Any]:
    """Return the options that ask for a size which the vendor does not support."""
    return traits.sizes.asked(traits.sizes.refused[0])


def impossible(traits: Traits) -> list[Any]:
    """Return pairs that no picture can have."""
    if not traits.sizes.both:
        return []
    width, height = usual(traits)
    return [(0, height), (-width, height), (str(width), str(height)), (width + 0.5, height), (True, True)]


class SizeCases(Cases):
    """Judged by the body that the vendor received, and by the stamps on decoded frames."""

    async def settled(self, drive: Drive, room: Any, **options: Any) -> Any:  # a Settled of the probe
        """Start, and return the size of the picture once it is steady."""
        await drive.started(**options)
        return await room.probe.settled_size(self.traits.identity)

    @rule("core.size.forwarded")
    @each("row", rows(lambda sizes: sizes.accepted))
    async def test_pair_is_sent(self, drive: Drive, vendor: Any, check: Any, row: Size) -> None:
        options = self.traits.sizes.asked(row)
        await drive.started("core.size.forwarded", **options)
        for side in self.traits.sizes.both:
            sent, asked = self.sent(vendor, side), self.asked(options, side)
            check("core.size.forwarded", sent, asked, f"what is sent of {row.width} x {row.height}")
            value = at(self.body(vendor), self.traits.fields[side].field)
            check("core.size.forwarded", type(value).__name__, "int", f"JSON type of {side}: {value!r}")

    @own(lambda rules: rules.size_exact)
    @each("row", rows(lambda sizes: sizes.shown))
    async def test_asked_size_is_shown(self, drive: Drive, room: Room, check: Any, row: Size) -> None:
        seen = await self.settled(drive, room, **self.traits.sizes.asked(row))
        asked = (row.width, row.height)
        check(self.rules.size_exact, seen.delivered, asked, "size of the decoded frames")
        check(self.rules.size_exact, seen.generated, asked, "size at which the frames were generated")
        check(self.rules.size_exact, seen.publication, asked, "size that the publication announces")

    @own(lambda rules: rules.size_default)
    @each("row", rows(lambda sizes: sizes.defaults, asked=False))
    async def test_default_of_the_model_is_shown(self, drive: Drive, room: Room, vendor: Any, check: Any, row: Size) -> None:
        seen = await self.settled(drive, room, **row.options)
        sent = {side: self.sent(vendor, side) for side in self.traits.sizes.both}
        check(self.rules.size_default, sent, dict.fromkeys(sent), "what was sent of a size that nobody asked for")
        why = f"size of the decoded frames, {row.options or 'the least options'} without a size"
        check(self.rules.size_default, seen.delivered, (row.width, row.height), why)

    @own(lambda rules: rules.size_pair)
    @each("row", rows(lambda sizes: sizes.refused))
    async def test_refused_pair_is_told(self, drive: Drive, vendor: Any, check: Any, row: Size) -> None:
        outcome = await drive.start(**self.traits.sizes.asked(row))
        status = self.rule(vendor, self.rules.size_pair).status
        why = f"status of the error for a pair that the vendor refuses: {outcome}"
        check(self.rules.size_pair, raised(outcome).status, status, why)
        calls = vendor.journal.calls(self.traits.start)
        check("core.errors.no-retry", len(calls), 1, "starts with a refused pair")
        told = at(calls[0].reply, self.traits.words)
        check("core.errors.body-kept", reads(outcome.error, told), True, f"whether the user reads {told!r}")
        output = (await drive.inspect()).get("audio_output")
        check("core.start.clean-failure", output, None, "the agent's audio output after a refused pair")

    @own(lambda rules: rules.size_pair)
    @claiming(lambda traits: traits.claims(first_refused(traits)) if traits.sizes.refused else None)
    async def test_refused_pair_brings_no_avatar(self, drive: Drive, room: Room, vendor: Any, check: Any) -> None:
        await drive.start(**first_refused(self.traits))
        check(self.rules.size_pair, len(vendor.sessions), 0, "sessions after a refused pair")
        stays = await stays_away(room, self.traits.identity)
        check(self.rules.size_pair, stays, True, "whether the room stays without an avatar")

    @rule("core.size.half-pair-local")
    @taking(lambda traits: traits.sizes.both)
    @each("half", lambda traits: traits.sizes.both)
    async def test_half_pair_never_leaves(self, drive: Drive, vendor: Any, check: Any, half: str) -> None:
        outcome = await drive.start(**{half: self.traits.fields[half].value})
        why = f"the error for {half} alone: {outcome}"
        check("core.size.half-pair-local", raised(outcome).kind, of_options(drive), why)
        check("core.size.half-pair-local", len(vendor.journal.entries), 0, f"requests for {half} alone")

    @own(lambda rules: rules.size_type)
    @taking(lambda traits: traits.sizes.both)
    @each("pair", impossible, ids=str)
    async def test_impossible_pair_is_told(self, drive: Drive, vendor: Any, check: Any, pair: tuple[Any, Any]) -> None:
        outcome = await drive.start(**dict(zip(self.traits.sizes.both, pair, strict=True)))
        told = refused(outcome, vendor, self.rule(vendor, self.rules.size_type).status)
        why = f"whether {pair} ends as an error of the options or as the vendor's refusal: {outcome}"
        check(self.rules.size_type, told, True, why)
