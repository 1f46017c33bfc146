"""Verification: a plan checked by a second calculation that shares no code with the first."""

from paulatim.verification.disagreement import Disagreement
from paulatim.verification.verify import verify

__all__ = ["Disagreement", "verify"]
