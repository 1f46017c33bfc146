"""The live feed tells every watcher, from any thread, and a watcher that is gone disturbs nobody."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

from paulatim.record import Feed


def test_every_watcher_hears_every_change() -> None:
    async def watch() -> list[list[str]]:
        feed = Feed()
        async with feed.watch() as one, feed.watch() as other:
            feed.publish("0001")
            feed.publish("0002")
            return [[await queue.get() for _ in range(2)] for queue in (one, other)]

    assert asyncio.run(watch()) == [["0001", "0002"], ["0001", "0002"]]


def test_a_change_in_another_thread_is_heard() -> None:
    async def watch() -> str:
        feed = Feed()
        async with feed.watch() as queue:
            with ThreadPoolExecutor(1) as pool:
                pool.submit(feed.publish, "0007").result()
            return await queue.get()

    assert asyncio.run(watch()) == "0007"


def test_who_no_longer_watches_hears_nothing() -> None:
    async def watch() -> bool:
        feed = Feed()
        async with feed.watch() as queue:
            pass
        feed.publish("0001")
        await asyncio.sleep(0)
        return queue.empty()

    assert asyncio.run(watch())


def test_a_watcher_whose_loop_has_ended_does_not_stop_the_news() -> None:
    feed = Feed()
    ended = asyncio.new_event_loop()
    left_open = feed.watch()
    ended.run_until_complete(left_open.__aenter__())
    ended.close()

    async def watch() -> str:
        async with feed.watch() as queue:
            feed.publish("0001")
            return await queue.get()

    assert asyncio.run(watch()) == "0001"
    feed.publish("0002")
