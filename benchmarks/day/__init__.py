"""A busy hour against the whole application, many times as fast as the clock on the wall, with faults of each kind.

The application's processes are the real ones, its own time is the wall's: whatever it waits for lasts so many times as
long for the people on the phones. What scales with time is given so many times as much: calls and requests a second,
and slots for tasks that wait for answers which never come.
"""

from benchmarks.day.run import measure

__all__ = ["measure"]
