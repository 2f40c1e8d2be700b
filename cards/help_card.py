"""What this person can do, given their roles: the commands as they are written, and the same as buttons."""

from collections.abc import Sequence

from bot.commands import WORDS, Command
from bot.domain.organisation import Channel, Role
from bot.domain.views import ChannelScope
from bot.turns import CardReply, Json
from cards.actions import actions, button
from cards.elements import block, card, container, fact, heading, plain, run, subheading
from cards.names import name_of
from cards.scene import Scene
from cards.texts import Texts, texts

_DECIDES = frozenset({Role.CHANNEL_ADMIN, Role.COMMUNICATIONS})
_REGISTERS = frozenset({Role.REGISTRAR, Role.COMMUNICATIONS})
_OVERSEES = frozenset({Role.HEAD, Role.COMMUNICATIONS})
_HAS_DUTIES = frozenset({Role.CHANNEL_ADMIN, Role.HEAD, Role.COMMUNICATIONS})
_ANSWERS_REQUESTS = frozenset({Role.HEAD, Role.COMMUNICATIONS})
_MOST_CHANNELS = 10
_ROLE_ORDER = (Role.CHANNEL_ADMIN, Role.COMMUNICATIONS, Role.HEAD, Role.REGISTRAR, Role.STAFF)


def help_card(
    roles: frozenset[Role],
    channels: Sequence[Channel],
    organisation_name: str,
    scene: Scene,
    *,
    welcome: bool,
    local: bool = False,
) -> CardReply:
    """``roles`` are empty where others read along; ``channels`` are those the person administers; ``welcome`` greets, ``local`` says that this is a demonstration."""
    t = texts(scene.language)
    body = [
        heading(t("help.welcome" if welcome else "help.title")),
        *([container([block(t("help.local"))], style="accent")] if local else []),
        block(t("help.intro")),
        fact(t("help.organisation"), name_of(organisation_name), spacing="Medium"),
        *_person(roles, channels, t),
        subheading(t("help.ask")),
        plain(run(t("help.ask.told")), spacing="Small"),
        subheading(t("help.commands")),
        *(_command(one, t) for one in _commands(roles)),
        actions(*_buttons(roles, t), spacing="Medium"),
    ]
    summary = t("help.summary.welcome" if welcome else "help.summary")
    return CardReply(card=card(body, t, fallback=t("help.fallback")), summary=summary)


def _person(roles: frozenset[Role], channels: Sequence[Channel], t: Texts) -> list[Json]:
    if not roles:
        return []
    held = [one for one in _ROLE_ORDER if one in roles and (one is not Role.STAFF or len(roles) == 1)]
    made = [fact(t("help.roles"), ", ".join(t(f"role.{one}") for one in held))]
    if channels:
        names = ", ".join(name_of(one.name) for one in channels[:_MOST_CHANNELS])
        left = len(channels) - _MOST_CHANNELS
        more = f" {t.count('help.administers.more', left)}" if left > 0 else ""
        made.append(fact(t("help.administers"), f"{names}{more}"))
    return made


def _commands(roles: frozenset[Role]) -> list[Command]:
    made = [Command.FLAG]
    if roles & _DECIDES:
        made += [Command.QUEUE, Command.SHOW, Command.MY_DECISIONS]
    if roles & _REGISTERS:
        made.append(Command.UNREGISTERED)
    made += [Command.CHANNELS, Command.APPLY, Command.MY_REQUESTS, Command.RULES]
    if roles & _ANSWERS_REQUESTS:
        made.append(Command.REQUESTS)
    if Role.COMMUNICATIONS in roles:
        made += [Command.UNANSWERED, Command.LEARNED]
    if roles & _HAS_DUTIES:
        made.append(Command.DUTIES)
    if roles & _OVERSEES:
        made.append(Command.OVERVIEW)
    if Role.HEAD in roles:
        made += [Command.ABSENT, Command.BACK]
    return [*made, Command.HELP]


def _command(command: Command, t: Texts) -> Json:
    word = WORDS[command][t.language]
    told = t("help.show", word=word) if command is Command.SHOW else t(f"help.{command}")
    return plain(run(word, bold=True), run(f": {told}"), spacing="Small")


def _scope_of(roles: frozenset[Role]) -> ChannelScope:
    return ChannelScope.MINE if Role.CHANNEL_ADMIN in roles else ChannelScope.ALL


def _buttons(roles: frozenset[Role], t: Texts) -> list[Json]:
    made = [button(t("button.flag"), "flag_form")]
    if roles & _DECIDES:
        made.append(button(t("button.queue"), "list", what="queue"))
        made.append(button(t("button.my_decisions"), "list", what="my_decisions"))
    if roles & _REGISTERS:
        made.append(button(t("button.unregistered"), "list", what="unregistered"))
    made.append(button(t("button.channels"), "channels", scope=_scope_of(roles), page=1))
    made.append(button(t("button.apply"), "apply", secondary=True))
    made.append(button(t("button.my_requests"), "requests", secondary=True, what="my_requests"))
    if roles & _ANSWERS_REQUESTS:
        made.append(button(t("button.requests"), "requests", secondary=True, what="requests"))
    if Role.COMMUNICATIONS in roles:
        made.append(button(t("button.unanswered"), "unanswered", secondary=True))
        made.append(button(t("button.learned"), "learned", secondary=True))
    other = "sv" if t.language == "en" else "en"
    return [*made, button(t("button.other_language"), "language", language=other)]
