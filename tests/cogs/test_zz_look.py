from tests.cogs.conftest import *
from bot.domain.member import Country
from datetime import timedelta


async def test_look(world):
    a, g = world.amira, world.general

    def show(h, r):
        print("\n=====", h)
        print(text(r))
        print("  labels", labels(r))
        for c in components(r):
            if c["type"] == 3:
                print("  select", c["custom_id"], [(o["label"], o["value"], o.get("description")) for o in c["options"]][:6])

    show("countdown fresh", await a.slash(g, "countdown"))
    await world.services.members.set_zone(a.id, "Africa/Cairo")
    await world.services.members.set_countries(a.id, frozenset(Country))
    show("countdown both", await a.slash(g, "countdown"))
    for t in ("rol", "rank list", "match day", "carms first", "soap", "xxqq", "eras"):
        show("countdown " + t, await a.slash(g, "countdown", event=t))
    show("cal", await a.slash(g, "calendar show"))
    show("cal 2026", await a.slash(g, "calendar show", season=2026))
    show("cal 2050", await a.slash(g, "calendar show", season=2050))
    e = await a.slash(g, "countdown", event="rank list")
    show("lead", await a.select(e.response, ["3d"]))
    show("lead again", await a.select(e.response, ["3d"]))
    for w in (
        "tomorrow 9:00",
        "04/05 9:00",
        "yesterday",
        "x" * 500,
        "next Friday",
        "8 at night on 3 Dec",
        "14 March 2027 2:30",
        "friday",
        "in 80 years",
        "😀",
        "in 2 minutes",
        "5:00",
        "",
    ):
        try:
            show("me " + w[:30], await a.slash(g, "remind me", when=w, what="ask @everyone **Dr.** [x](http://evil) <@1>"))
        except Exception as ex:
            print(w, repr(ex))
        try:
            print("   auto", [(c["name"], c["value"]) for c in await a.autocomplete(g, "remind me", "when", w)])
        except Exception as ex:
            print(w, repr(ex))
    show("list", await a.slash(g, "remind list"))
    show("settings", await a.slash(g, "remind settings"))
    world.clock.advance(timedelta(minutes=5))
    await world.send_due()
    show("inbox", await a.slash(g, "remind inbox"))
    show("inbox2", await a.slash(g, "remind inbox"))
    s = await a.slash(g, "remind settings")
    r = await a.click(s.response, label="Allow direct messages")
    show("allow", r.followups[0] if r.followups else r)
    await a.slash(g, "remind me", when="in 2 minutes", what="ask @everyone **Dr.** [x](http://evil) <@1> https://x.example `c` > q")
    world.clock.advance(timedelta(minutes=15))
    await world.send_due()
    print(world.received(a))
    m = world.dm_of(a).history()[-1]
    await world.amira.user.click(m, label="In 1 hour")
    print(world.received(a))
    show("list", await a.slash(g, "remind list"))
    world.clock.move_to(datetime(2027, 3, 1, 2, 0, 1, tzinfo=UTC))
    await world.send_due()
    for x in world.received(a)[1:]:
        print("--", x)
