"""The live feed: who is watching hears that something happened, and reads the record for what."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

__all__ = ["Feed"]


class Feed:
    """Tells every watcher the id of a procedure that changed. A slow watcher misses repeats, never the last news."""

    def __init__(self) -> None:
        self._watchers: set[tuple[asyncio.AbstractEventLoop, asyncio.Queue[str]]] = set()

    def publish(self, procedure: str) -> None:
        """Tell the watchers, from any thread."""
        for watcher in tuple(self._watchers):
            loop, queue = watcher
            try:
                loop.call_soon_threadsafe(queue.put_nowait, procedure)
            except RuntimeError:  # its loop has ended, and nobody reads there; what was recorded stays recorded
                self._watchers.discard(watcher)

    @asynccontextmanager
    async def watch(self) -> AsyncIterator[asyncio.Queue[str]]:
        """A queue of the ids of procedures that change while it is held."""
        watcher = (asyncio.get_running_loop(), asyncio.Queue[str]())
        self._watchers.add(watcher)
        try:
            yield watcher[1]
        finally:
            self._watchers.discard(watcher)
