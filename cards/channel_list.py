"""The list of channels in chat: where each is, whose it is and who administers it."""

from bot.domain.views import ChannelPage, ChannelScope, ChannelSummary
from bot.turns import CardReply, Json
from cards.actions import actions, button, paging
from cards.copies import list_copy
from cards.elements import block, card, container, fact, heading, plain, run
from cards.names import name_of
from cards.scene import Scene
from cards.texts import Fixed, Texts, texts
from cards.untrusted import first_line, opened_host

_MOST_ADMINS = 5
_ADDRESS = 200


def channel_list_card(page: ChannelPage, scene: Scene) -> CardReply:
    t = texts(scene.language)
    told = t.count("channels.count", page.total) if page.total else t("channels.none")
    body = [
        heading(t(f"channels.list.{page.scope}")),
        block(told),
        *(_row(row, t) for row in page.rows),
        *_paging(page, t),
        actions(*_scopes(page, t), spacing="Medium"),
    ]
    made = card(body, t, fallback=t("channels.fallback"), full=True)
    return CardReply(
        card=made, summary=f"{t(f'channels.list.{page.scope}')}. {told}", copy_of=list_copy("channels")
    )


def _row(row: ChannelSummary, t: Texts) -> Json:
    platform = t(f"platform.{row.platform}")
    lines = [
        plain(run(name_of(row.name), bold=True)),
        plain(run(f"{platform} · {name_of(row.administration)}", subtle=True), spacing="None"),
        fact(t("channels.admins"), _admins(row, t)),
    ]
    if row.opened_by:
        lines.append(fact(t("channels.opened_by"), row.opened_by, spacing="None"))
    if row.url:
        lines.append(fact(t("link.label"), first_line(row.url, _ADDRESS), spacing="None"))
    return container(lines, separator=True, spacing="Medium", select=_visit(row, t))


def _visit(row: ChannelSummary, t: Texts) -> Json | None:
    """The whole row opens the channel: a button each would be more than a card may have."""
    host = opened_host(row.url)
    title = t("channels.visit", host=Fixed(host))
    return {"type": "Action.OpenUrl", "title": title, "url": row.url} if host else None


def _admins(row: ChannelSummary, t: Texts) -> str:
    names = [name_of(one) or t("name.unknown") for one in row.admins]
    left = len(names) - _MOST_ADMINS
    more = f" {t.count('channels.admins.more', left)}" if left > 0 else ""
    return f"{', '.join(names[:_MOST_ADMINS])}{more}" if names else t("channels.no_admin")


def _paging(page: ChannelPage, t: Texts) -> list[Json]:
    def to(title: Fixed, number: int) -> Json:
        return button(title, "channels", scope=page.scope, page=number)

    return paging(page.number, page.of, t, to)


def _scopes(page: ChannelPage, t: Texts) -> list[Json]:
    others = [scope for scope in ChannelScope if scope is not page.scope]
    return [button(t(f"button.channels.{scope}"), "channels", scope=scope, page=1) for scope in others]
