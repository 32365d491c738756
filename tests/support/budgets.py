"""Places for a shared budget: a Redis and a PostgreSQL, each empty, each test alone with it."""

import os
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from redis import Redis
from redis.exceptions import RedisError

REDIS = os.environ.get("MATCHDAY_TEST_REDIS", "redis://127.0.0.1:6379")


@pytest.fixture(scope="session")
def redis_server() -> str:
    """Skip where no Redis answers; fail in CI."""
    try:
        with Redis.from_url(REDIS, socket_timeout=5) as client:
            client.ping()
    except (OSError, RedisError) as error:
        reason = f"no Redis answers at MATCHDAY_TEST_REDIS: {type(error).__name__}"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return REDIS


@pytest.fixture
def redis_url(redis_server: str, worker: str) -> Iterator[str]:
    """Return the address of an empty database of the server: one of its 16 for each worker of the tests."""
    url = f"{redis_server}/{1 + int('0' + worker.removeprefix('gw').removeprefix('alone')) % 15}"
    with Redis.from_url(url) as client:
        client.flushdb()
        yield url
        client.flushdb()


@pytest.fixture(params=[pytest.param("redis", marks=pytest.mark.redis), pytest.param("postgres", marks=pytest.mark.postgres)])
def budget_url(request: pytest.FixtureRequest) -> str:
    return request.getfixturevalue(f"{request.param}_url")


def through(url: str, port: int) -> str:
    """Return the address with another port on loopback."""
    parts = urlsplit(url)
    who = f"{parts.username}@" if parts.username else ""
    return parts._replace(netloc=f"{who}127.0.0.1:{port}").geturl()


def place_of(url: str) -> tuple[str, int]:
    parts = urlsplit(url)
    return parts.hostname or "127.0.0.1", parts.port or (5432 if parts.scheme.startswith("postgresql") else 6379)


def most_within(times: list[float], seconds: float = 1.0) -> int:
    """Return how many of the times lie in the fullest window of so many seconds."""
    ordered, most, first = sorted(times), 0, 0
    for last, at in enumerate(ordered):
        while at - ordered[first] >= seconds:
            first += 1
        most = max(most, last - first + 1)
    return most
