"""The form of a kind of request: its inputs, filled with what was said before, and the same to be read."""

import re
from collections.abc import Mapping, Sequence

from bot.domain.organisation import Organisation
from bot.domain.request_views import FormChoices, RequestView
from bot.domain.requests import Field, FieldType, Kind, Problem
from bot.domain.views import Clause
from bot.turns import Json
from cards.elements import block, container, emphasised, fact, note, plain, run
from cards.inputs import LINE_BUDGET, Choice, Filling
from cards.names import name_of, place_name
from cards.text_room import Room
from cards.texts import Fixed, Texts
from cards.untrusted import shown, size

_ROOM = 11_500
"""Bytes of JSON that all the form's texts may take in its inputs: what the longest form takes in Swedish."""
_CHOICES_ROOM = 2800
_CLAUSE_ROOM = 700
_TEXTS = frozenset(
    {FieldType.LINE, FieldType.TEXT, FieldType.ADDRESS, FieldType.CONTACT, FieldType.TYPED_PEOPLE}
)
_ID = re.compile(r"[0-9A-Za-z-]{1,60}")
_PEOPLE = frozenset({FieldType.PEOPLE, FieldType.TYPED_PEOPLE})
_MULTILINE = frozenset({FieldType.TEXT, FieldType.CONTACT})


def form_inputs(
    kind: Kind,
    choices: FormChoices,
    terms: Clause | None,
    t: Texts,
    typed: Mapping[str, str],
    problems: Sequence[Problem],
    *,
    administration: str | None,
) -> list[Json]:
    """``administration`` is the chosen one where it may be chosen: for a kind that is about no channel yet.

    No input is required by the client, since a draft may lack anything; the server tells all that is wrong at once.
    """
    wrong = frozenset(one.field for one in problems)
    fill = Filling(t=t, typed=typed, problems=wrong, scope="request.field")
    made: list[Json] = []
    if not kind.channel_field and administration is not None:
        offered = _fitting(choices.administrations)
        made += fill.choice("administration", offered, default=administration)
    share = _ROOM / max(1, sum(_room_of(one) for one in kind.fields if one.type in _TEXTS))
    for field in kind.fields:
        inputs = _input(field, fill, choices, terms, min(1.2, share))
        made += inputs if field.required or field.type in _PEOPLE else _optional(inputs, t)
    return made


def _optional(inputs: list[Json], t: Texts) -> list[Json]:
    """Of people one of two fields is needed, which their texts say."""
    for one in inputs:
        if "label" in one:
            one["label"] = t("request.optional", label=one["label"])
    return inputs


def _room_of(field: Field) -> int:
    return field.longest * (field.most if field.type is FieldType.TYPED_PEOPLE else 1)


def _input(
    field: Field, fill: Filling, choices: FormChoices, terms: Clause | None, share: float
) -> list[Json]:
    match field.type:
        case FieldType.CHOICE:
            offered: list[Choice] = [(fill.t(f"{field.name}.{one}"), one) for one in field.choices]
            return fill.choice(field.name, offered)
        case FieldType.CHANNEL:
            return fill.choice(field.name, _fitting(choices.channels), searchable=True)
        case FieldType.PEOPLE:
            return _people(field, fill, choices)
        case FieldType.DAY:
            return fill.day(field.name, latest="2999-12-31")
        case FieldType.TICK:
            quoted = clause_part(terms, fill.t) if terms else []
            label = fill.t(f"{field.label}.short")
            return [*quoted, *fill.toggle(field.name, fill.t(field.label), label=label)]
        case _:
            return _text(field, fill, share)


def _text(field: Field, fill: Filling, share: float) -> list[Json]:
    multiline = field.type in _MULTILINE
    longest = _room_of(field)
    budget = max(LINE_BUDGET // 2, int(longest * share))
    made = fill.text(field.name, multiline=multiline, longest=longest, budget=budget)
    cut = size(fill.value(field.name)) > budget
    return [block(fill.t("request.text_cut"), colour="Attention"), *made] if cut else made


def _people(field: Field, fill: Filling, choices: FormChoices) -> list[Json]:
    """Teams' own people picker; whom it doesn't find is offered from the organisation, or typed beside it."""
    offered = _fitting(choices.people)
    chosen = [one for one in fill.value(field.name).split(",") if _ID.fullmatch(one)][: field.most]
    known = {value for _, value in offered}
    offered += [(name, value) for value, name in choices.people if value in chosen and value not in known]
    made = {
        "type": "Input.ChoiceSet",
        "id": field.name,
        "key": field.name,
        "label": fill.t(field.label),
        "errorMessage": fill.t(f"{field.label}.error"),
        "placeholder": fill.t(field.hint),
        "style": "filtered",
        "isMultiSelect": True,
        "wrap": True,
        "choices": [{"title": shown(name_of(title)), "value": value} for title, value in offered],
        "choices.data": {"type": "Data.Query", "dataset": "graph.microsoft.com/users"},
    }
    if chosen:
        made["value"] = ",".join(chosen)
    return [*fill.mark(field.name), made]


def _fitting(offered: Sequence[tuple[str, str]]) -> list[Choice]:
    """Ids and names as choices, as many as the card has room for."""
    room, made = _CHOICES_ROOM, list[Choice]()
    for value, name in offered:
        title = name_of(name)
        room -= size(title) + len(value) + 24
        if room < 0:
            break
        made.append((title, value))
    return made


def typed_of(view: RequestView) -> dict[str, str]:
    """What the form says now, as its inputs take it."""
    facts = {name: ",".join(values) for name, values in view.request.form.facts.items()}
    texts = dict(view.form.values) if view.form else {}
    contact = {"contact": view.contact} if view.contact else {}
    return {**texts, **facts, **contact, "administration": view.request.administration}


def form_read(view: RequestView, t: Texts, room: Room) -> list[Json]:
    """The form as it stands, for those who decide on it."""
    made: list[Json] = []
    for field in view.kind.fields if view.kind else ():
        text = _said(field, view, t)
        if text and field.type in _TEXTS:
            made.append(plain(run(t(field.label), bold=True), spacing="Small"))
            made += room.text(text, t, spacing="None")
        elif text:
            made.append(fact(t(field.label), text))
    return made


def _said(field: Field, view: RequestView, t: Texts) -> str:
    form = view.request.form
    values = form.facts.get(field.name, ())
    match field.type:
        case FieldType.CONTACT:
            return view.contact
        case FieldType.CHANNEL:
            return ", ".join(name_of(view.channels.get(one, one)) for one in values)
        case FieldType.PEOPLE:
            return _named(values, view.organisation, t)
        case FieldType.CHOICE:
            return ", ".join(t(f"{field.name}.{one}") for one in values)
        case FieldType.TICK:
            return t("request.yes") if values else ""
        case FieldType.DAY:
            day = form.day(field.name)
            return t.day(day) if day else ""
        case _:
            return view.form.values.get(field.name, "") if view.form else ""


def _named(people: Sequence[str], organisation: Organisation, t: Texts) -> str:
    """Who has no name here is told by the beginning of the id, which Entra knows."""
    return ", ".join(
        name_of(organisation.person(one).name) or t("name.unknown_id", id=Fixed(one[:8])) for one in people
    )


def clause_part(clause: Clause, t: Texts) -> list[Json]:
    """The guideline's own words, with their place."""
    words = plain(*emphasised(clause.text[:_CLAUSE_ROOM]))
    where = note(place_name(clause.section, clause.passage, t), spacing="Small")
    return [container([words, where], style="emphasis", spacing="Medium")]
