"""The reference of `benchmarks.live`: writes the same bytes to all who have connected when somebody rings next door."""

import asyncio
import os

PORT = int(os.environ["BENCH_LIVE_PORT"])
open_ones: list[asyncio.StreamWriter] = []


async def main() -> None:
    """Serve until ended."""
    await asyncio.start_server(_listen, "127.0.0.1", PORT)
    bell = await asyncio.start_server(_ring, "127.0.0.1", PORT + 1)
    await bell.serve_forever()


async def _listen(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n\r\nretry: 2000\n\n")
    open_ones.append(writer)


async def _ring(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    for one in open_ones:
        one.write(b"data: board\n\n")
    writer.close()


if __name__ == "__main__":
    asyncio.run(main())
