"""The server, told to stop."""

from live.server import Listening


def test_streams_are_closed_before_the_server_waits_for_them():
    seen = []
    server = Listening(None, closing=lambda: seen.append(server.should_exit), host="127.0.0.1", port=0)

    server.handle_exit(15, None)

    assert seen == [False]
    assert server.should_exit
