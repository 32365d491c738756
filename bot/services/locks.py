"""What lets one change at a time through."""

from contextlib import AbstractAsyncContextManager

Lock = AbstractAsyncContextManager[object]
"""An ``asyncio.Lock``; where several processes serve a database, one that holds over all of them is put in its place."""
