"""What goes to a channel, or is done for nobody in particular: who carries it out, by the kind of its delivery."""

from collections.abc import Awaitable, Callable

from bot.client import MatchdayClient
from bot.domain.delivery import Delivery, DeliveryKind
from bot.scheduling.outbox import Outcome

Post = Callable[[MatchdayClient, Delivery], Awaitable[Outcome]]

POSTS: dict[DeliveryKind, Post] = {}
"""Filled by the cogs that own a kind. A post does one request, raises what Discord raises, and sends under the delivery's id as nonce."""


def posts(kind: DeliveryKind) -> Callable[[Post], Post]:
    """Name the one function that carries out deliveries of a kind."""

    def register(post: Post) -> Post:
        if kind in POSTS and POSTS[kind].__qualname__ != post.__qualname__:
            msg = f"{kind} is carried out by {POSTS[kind].__qualname__} already"
            raise ValueError(msg)
        POSTS[kind] = post
        return post

    return register
