"""A test that leaves a task running fails, and names it."""

import asyncio
from collections.abc import AsyncIterator

import pytest_asyncio

KEPT = {"avatar-join", "avatar-straggler", "probe-join"}
"""A join that LiveKit's native library has not given up yet: it ends by itself, and nobody may end it before."""


def running() -> set["asyncio.Task[object]"]:
    return {task for task in asyncio.all_tasks() if task is not asyncio.current_task()}


@pytest_asyncio.fixture(autouse=True, loop_scope="session")
async def no_task_left() -> AsyncIterator[None]:
    """Fail a test that leaves a task of its own behind; what a fixture of wider scope runs was there before."""
    before = running()
    yield
    await asyncio.sleep(0)  # tasks that were cancelled last get their turn
    left = {task for task in running() - before if task.get_name() not in KEPT and not task.done()}
    assert not left, f"left running: {sorted(str(task) for task in left)}"
