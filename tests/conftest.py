"""Fixtures for every test: the sandbox, and a discord.py that is pointed at it."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from discord.asset import Asset
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.sandbox.server import SandboxServer
from tests.support.bare_bot import point_at
from tests.support.sandbox import DESCRIPTION, Sandbox

_MISSING = "Discord's published description is not beside the repository (../shared/discord/openapi.json)"


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "violations: breaks Discord's limits on purpose, so that /control/violations is not empty")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # In CI nothing that needs the description may skip: there the fixture fails instead.
    if DESCRIPTION.is_file() or os.environ.get("CI"):
        return
    for item in items:
        if item.get_closest_marker("description"):
            item.add_marker(pytest.mark.skip(reason=_MISSING))


@pytest.fixture
def description_path() -> Path:
    """Return the published description; skip without it, fail in CI."""
    if DESCRIPTION.is_file():
        return DESCRIPTION
    if os.environ.get("CI"):
        pytest.fail(_MISSING)
    pytest.skip(_MISSING)


def _description() -> Path | None:
    if not DESCRIPTION.is_file() and os.environ.get("CI"):
        pytest.fail(_MISSING)
    return DESCRIPTION if DESCRIPTION.is_file() else None


@pytest.fixture
async def sandbox_server() -> AsyncIterator[SandboxServer]:
    """Run a sandbox in this process, with bodies checked where the description is there."""
    async with SandboxServer(description=_description()) as server:
        yield server


@pytest.fixture
async def sandbox(request: pytest.FixtureRequest, sandbox_server: SandboxServer) -> AsyncIterator[Sandbox]:
    """Give a client of a fresh sandbox; at the end nothing may have broken Discord's limits, unless marked ``violations``."""
    async with Sandbox(sandbox_server.url) as client:
        yield client
        if request.node.get_closest_marker("violations") is None:
            assert await client.violations() == []


@pytest.fixture
def pointed(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Sandbox:
    """Point discord.py at the sandbox for one test."""
    monkeypatch.setattr(Route, "BASE", Route.BASE)
    monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", DiscordWebSocket.DEFAULT_GATEWAY)
    monkeypatch.setattr(Asset, "BASE", Asset.BASE)
    point_at(sandbox.url)
    return sandbox
