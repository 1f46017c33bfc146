"""The record: an append-only store with a hash chain, its story in words, and the live feed."""

from paulatim.record.chain import GENESIS, Link, export, link, links_of, read_record, verify_record
from paulatim.record.feed import Feed
from paulatim.record.store import Store, StoreFailed
from paulatim.record.story import Line, story

__all__ = [
    "GENESIS",
    "Feed",
    "Line",
    "Link",
    "Store",
    "StoreFailed",
    "export",
    "link",
    "links_of",
    "read_record",
    "story",
    "verify_record",
]
