import os

import requests
from requests.exceptions import ConnectionError as ConnectionLost

from telephony import transport


def test_one_process_has_one_pool_of_connections():
    assert transport.session() is transport.session()


def test_a_forked_process_opens_connections_of_its_own():
    ours = transport.session()
    reading, writing = os.pipe()
    if (child := os.fork()) == 0:
        os.write(writing, b"same" if transport.session() is ours else b"new")
        os._exit(0)
    os.waitpid(child, 0)

    assert os.read(reading, 10) == b"new"
    os.close(reading)
    os.close(writing)


def test_a_time_out_in_connecting_came_before_anything_was_sent():
    assert transport.never_connected(requests.ConnectTimeout())
    assert not transport.never_connected(ConnectionLost())
    assert not transport.never_connected(ConnectionLost("reset by peer"))


def test_every_request_has_a_time_limit():
    connect, read = transport.timeout()

    assert 0 < connect < 10
    assert 0 < read < 60
