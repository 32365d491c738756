"""Discord: whether it takes the token, how the application is set up, and whether it knows the commands."""

import asyncio
import base64
import binascii
import re
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Any, cast

import aiohttp

from bot.command_client import logged_in, token_of
from bot.command_sync import FILE, fingerprint, noted
from bot.doctor.finding import Finding, problem, warning, well
from bot.doctor.stored import judge_clock
from bot.errors import StartError
from bot.settings import Settings

TOKEN, DISCORD, APPLICATION, COMMANDS, FEEDS = "token", "Discord", "application", "commands", "feeds"
API = "https://discord.com/api/v10"
ANSWER_SECONDS = 10.0
COMMANDS_SECONDS = 40.0
PORTAL = "the Developer Portal (discord.com/developers/applications)"
NEW_TOKEN = f"Copy it again from {PORTAL}: Bot, Reset Token."
PRIVILEGED = {12: "Presence", 13: "Presence", 14: "Server Members", 15: "Server Members", 18: "Message Content", 19: "Message Content"}
"""The bits of an application's flags that privileged intents set, by the names of their switches."""
NEEDED = 117760
"""View Channels, Send Messages, Embed Links, Attach Files, Read Message History."""
PLACES = {"0": "Guild Install", "1": "User Install"}
FEW_STARTS = 50
Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """Hold what Discord answered."""

    status: int
    body: Json
    ahead_seconds: float | None
    """How far its clock is ahead of this host's; None where it did not say."""


def check_token(settings: Settings) -> Iterator[Finding]:
    """Yield what can be told of a token by its form; the token itself is never repeated."""
    if settings.token is None:
        said = "There is no token: the bot runs against " + ("the sandbox." if settings.sandbox_url else "a sandbox that it starts.")
        yield well(TOKEN, said)
        return
    token = settings.token.get_secret_value()
    if token != token.strip() or token.strip("\"'") != token or token.lower().startswith(("bot ", "bearer ")):
        yield problem(TOKEN, "The token has spaces, quotation marks or a word before it.", "Write the token alone after DISCORD_TOKEN=.")
    elif not _looks_like_token(token):
        yield problem(
            TOKEN, "What stands in DISCORD_TOKEN does not look like a bot's token: three parts with a dot between them.", NEW_TOKEN
        )
    else:
        yield well(TOKEN, "The token has the form of one.")


def _looks_like_token(token: str) -> bool:
    parts = token.split(".")
    if len(parts) != 3 or not all(re.fullmatch(r"[\w-]{4,}", part, re.ASCII) for part in parts):
        return False
    try:
        return base64.urlsafe_b64decode(parts[0] + "=" * (-len(parts[0]) % 4)).isdigit()
    except (binascii.Error, ValueError):
        return False


async def check_online(settings: Settings) -> AsyncIterator[Finding]:
    """Yield what Discord, or the sandbox in its place, says; every question has a bound."""
    try:
        token = token_of(settings).strip()
    except StartError as error:
        yield problem(TOKEN, error.what_happened, error.what_to_do)
        return
    base = f"{settings.sandbox_url}/api/v10" if settings.sandbox_url else API
    headers = {"Authorization": f"Bot {token}", "User-Agent": "DiscordBot (Matchday, 0.1)"}
    async with aiohttp.ClientSession(headers=headers, timeout=aiohttp.ClientTimeout(total=ANSWER_SECONDS)) as session:
        me = await _ask(session, f"{base}/users/@me")
        refused = refusal(me)
        if refused is not None or me is None:
            if refused is not None:
                yield refused
            return
        yield well(DISCORD, "Discord takes the token." if not settings.sandbox_url else "The sandbox takes the token.")
        if me.ahead_seconds is not None:
            yield judge_clock("Discord", me.ahead_seconds)
        judge_its_gateway = partial(judge_gateway, shard_count=settings.shard_count or 1)
        for path, judge in (("/applications/@me", judge_application), ("/gateway/bot", judge_its_gateway)):
            answer = await _ask(session, f"{base}{path}")
            refused = refusal(answer)
            if refused is not None or answer is None:
                if refused is not None:
                    yield refused
                return
            for finding in judge(answer.body):
                yield finding
    async for finding in _commands(settings):
        yield finding
    if settings.public_url is not None:
        yield await _feeds(settings.public_url)


async def _ask(session: aiohttp.ClientSession, url: str) -> Answer | None:
    """Return what is answered; None where nothing is."""
    before = datetime.now(UTC)
    try:
        async with session.get(url) as answer:
            between = before + (datetime.now(UTC) - before) / 2
            body: Any = await answer.json(content_type=None) if answer.status == 200 else {}
            date = answer.headers.get("Date")
            status = answer.status
    except (aiohttp.ClientError, TimeoutError, ValueError, OSError):
        return None
    ahead = None
    if date is not None:
        try:
            ahead = (parsedate_to_datetime(date) - between).total_seconds()
        except (ValueError, TypeError):
            ahead = None
    return Answer(status, _object(body), ahead)


def _object(value: object) -> Json:
    """Return a JSON object; an empty one for whatever else Discord may send."""
    return cast("Json", value) if isinstance(value, dict) else {}


def refusal(answer: Answer | None) -> Finding | None:
    """Return what an answer means that is none; None for a good one."""
    if answer is None:
        return problem(DISCORD, f"Discord could not be reached within {ANSWER_SECONDS:.0f} seconds.", "Check network, DNS and firewall.")
    if answer.status == 200:
        return None
    if answer.status == 401:
        return problem(DISCORD, "Discord refuses the token.", f"{NEW_TOKEN} Nobody else may have it; then restart the bot.")
    if answer.status == 429:
        said = "Discord takes no more requests from here for now (429)."
        return warning(DISCORD, said, "Wait some minutes, and ask again; if it stays, another program on this address floods Discord.")
    if answer.status >= 500:
        return warning(DISCORD, f"Discord has trouble of its own ({answer.status}).", "discordstatus.com says more; the bot tries again.")
    return problem(DISCORD, f"Discord refuses what was asked ({answer.status}).", NEW_TOKEN)


def judge_application(application: Json) -> Iterator[Finding]:
    """Yield what is found of the application's settings in the portal."""
    found = [*_endpoint(application), *_intents(application), *_installs(application)]
    yield from found or [well(APPLICATION, "The application is set up as the README says.")]


def _endpoint(application: Json) -> Iterator[Finding]:
    if application.get("interactions_endpoint_url"):
        said = "An Interactions Endpoint URL is set: Discord sends commands and buttons there, and the bot gets none of them."
        yield problem(APPLICATION, said, f"Empty that field in {PORTAL}: General Information.")


def _intents(application: Json) -> Iterator[Finding]:
    flags = application.get("flags")
    on = sorted({name for bit, name in PRIVILEGED.items() if isinstance(flags, int) and flags >> bit & 1})
    if on:
        said = f"Privileged intents are switched on that the bot does not use: {', '.join(on)}."
        yield warning(APPLICATION, said, f"Switch them off in {PORTAL}: Bot. What it can't read it can't lose.")


def _installs(application: Json) -> Iterator[Finding]:
    config = _object(application.get("integration_types_config"))
    missing = [name for key, name in PLACES.items() if config and key not in config]
    if missing:
        yield warning(APPLICATION, f"Not ticked: {', '.join(missing)}.", f"Tick both contexts in {PORTAL}: Installation.")
    install = _object(_object(config.get("0")).get("oauth2_install_params"))
    if install:
        permissions = str(install.get("permissions") or "0")
        if not permissions.isdecimal() or int(permissions) & NEEDED != NEEDED:
            said = "The default install settings do not ask for all permissions that the bot needs."
            yield warning(APPLICATION, said, f"Choose {NEEDED} under Guild Install in {PORTAL}: Installation.")
        if not {"bot", "applications.commands"} <= set(install.get("scopes") or ()):
            said = "The default install settings lack the scope bot or applications.commands."
            yield warning(APPLICATION, said, f"Choose both under Guild Install in {PORTAL}: Installation.")
    if application.get("bot_require_code_grant"):
        said = "Requires OAuth2 Code Grant is on: the invitation link of the README fails."
        yield problem(APPLICATION, said, f"Switch it off in {PORTAL}: Bot.")


def judge_gateway(gateway: Json, shard_count: int = 1) -> Iterator[Finding]:
    """Yield what is found of the gateway: whether the bot has shards enough, and how often it may still be started."""
    shards, limit = gateway.get("shards"), _object(gateway.get("session_start_limit"))
    if isinstance(shards, int):
        said = f"Shards: Discord recommends {shards}, the bot has {shard_count}."
        if shards > shard_count:
            yield warning(DISCORD, said, f"Set MATCHDAY_SHARD_COUNT={shards}; with too few of them Discord lets the bot in no more.")
        else:
            yield well(DISCORD, said)
    left = limit.get("remaining")
    if isinstance(left, int):
        hours = float(limit.get("reset_after") or 0) / 3_600_000
        said = f"{left} of {limit.get('total')} starts are left; they are counted anew in {hours:.0f} hours."
        mend = "Find out what starts the bot again and again, and let it stand until then: with none left Discord takes the token away."
        yield problem(DISCORD, said, mend) if left <= 0 else warning(DISCORD, said, mend) if left < FEW_STARTS else well(DISCORD, said)


async def _commands(settings: Settings) -> AsyncIterator[Finding]:
    try:
        async with asyncio.timeout(COMMANDS_SECONDS), logged_in(settings) as client:
            found = await client.differences()
            is_noted = noted(settings.data_dir / FILE) == fingerprint(client.application_id, client.commands_here())
    except StartError as error:
        yield problem(COMMANDS, error.what_happened, error.what_to_do)
        return
    if found:
        count = len(found.added) + len(found.changed) + len(found.removed)
        said = f"Discord knows {count} commands otherwise than they are, or not at all."
        yield warning(COMMANDS, said, "matchday sync --dry-run names them, matchday sync tells Discord; a start of the bot does, too.")
    else:
        yield well(COMMANDS, f"Discord knows the commands as they are{'' if is_noted else ', which the next start of the bot notes'}.")


async def _feeds(public_url: str) -> Finding:
    """Return whether the address under which the world reads feeds leads to the bot."""
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=ANSWER_SECONDS)) as session:
        answer = await _ask(session, f"{public_url}/healthz")
    if answer is not None and answer.status == 200 and answer.body.get("status") == "ok":
        return well(FEEDS, f"{public_url} leads to the bot.")
    said = f"{public_url} does not lead to the bot" + (f" ({answer.status})." if answer is not None else ": nothing answers.")
    return warning(
        FEEDS, said, "Check the certificate, and that what brings the https hands on to MATCHDAY_WEB_HOST and MATCHDAY_WEB_PORT."
    )
