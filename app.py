"""The composition root: settings -> store -> services -> adapter -> routes."""

import asyncio
import gc
import logging
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

gc.disable()  # what is imported stays: looking through it again and again meanwhile is a quarter of the work

import aiohttp

from bot import serving
from bot.by_subject import AllNotices, AllReaching
from bot.cases.escalating import Reminding
from bot.cases.intake import Intake
from bot.cases.notices import Notices
from bot.cases.reaching import Reaching
from bot.channels.ending import ChannelEnding
from bot.channels.public_list import STYLE, PublicList
from bot.channels.register import ChannelRegister
from bot.channels.register_directory import RegisterDirectory
from bot.cli import main as cli
from bot.conversation import Conversation
from bot.duties.desk import DutyDesk
from bot.duties.handed_in import HandedInPictures
from bot.duties.looking import FOLLOWED, DutyLooking
from bot.duties.talk import DutyTalk
from bot.erasing import Erasing
from bot.figures import Figures, Sends
from bot.file_links import FileLinks
from bot.flag_file import local_secret
from bot.guidelines.editions import Guidelines
from bot.guidelines.in_force import Edition, PolicyInForce
from bot.guidelines.watch import GuidelineWatch
from bot.measuring import Measures
from bot.organisation.file import OrganisationFile
from bot.organisation.known_names import KnownNames
from bot.projecting import project
from bot.questions.desk import QuestionDesk
from bot.questions.follow_ups import FollowUps
from bot.questions.forgetting import QuestionForgetting
from bot.questions.grounding import Grounding, Ungrounded
from bot.questions.learned_policy import LearnedPolicy
from bot.questions.notices import QuestionNotices
from bot.questions.reaching import QuestionReaching
from bot.questions.reminding import QuestionReminding
from bot.questions.talk import QuestionTalk
from bot.requests.decision_files import DecisionFiles
from bot.requests.desk import RequestDesk
from bot.requests.effects import RequestEffects
from bot.requests.following import RequestFollowing
from bot.requests.notices import RequestNotices
from bot.requests.reaching import RequestReaching
from bot.requests.talk import RequestTalk
from bot.running import Front, Running, fetch_first_token
from bot.services import FileDirectory, PeopleDirectory, Services
from bot.settings import AppType, ModelAt, Settings
from bot.stalls import LoopWatch
from bot.start_files import read_files
from bot.starting import adopt_guideline, pepper_of, warm_up
from bot.teams.adapter import TurnAdapter
from bot.teams.addresses import AddressBook
from bot.teams.authentication import Authenticator, LocalAuthenticator, TeamsAuthenticator
from bot.teams.connector import Connector, open_session
from bot.teams.copies import Copies
from bot.teams.credentials import MODEL_SCOPE, SCOPE, EntraTokens, identity_credential, secret_credential
from bot.teams.delivery import Delivery
from bot.teams.directory import GraphDirectory
from bot.teams.endpoint import MessagesEndpoint
from bot.teams.graph import Graph
from bot.teams.keys import SigningKeys
from bot.teams.sdk_credentials import TokenCredentialsFactory
from bot.teams.sent_files import SentFiles
from bot.teams.service_urls import ServiceUrls
from bot.teams.shown import ShownCards
from bot.teams.tokens import NoCredentials, TokenSource
from bot.tracing import Tracing, Untraced
from bot.web.channel_list import channel_doors
from bot.web.entrance import Entrance, Handler
from bot.web.fetching import Fetcher
from bot.web.flags_intake import flags_route
from bot.web.opened_files import file_route
from bot.web.probes import Probes
from bot.web.routes import DOORS, application
from bot.web.screenshot_intake import screenshots_route
from storage.embedded import Tidying
from storage.opening import directory_of, is_in_files, open_store
from storage.store import Store

if TYPE_CHECKING:  # loaded only where they are asked for
    from bot.checking.everything import Means
    from bot.policy.grounding import Model

gc.freeze()
gc.enable()

log = logging.getLogger("bot")


def front_of(settings: Settings) -> Front:
    measures, entrance = Measures(), Entrance()
    measures.tells_readiness(entrance.is_ready)
    probes = Probes(entrance, page=measures.page, token=settings.metrics_token)
    doors = {name: entrance.door(name) for name in DOORS}
    return Front(web=application(doors, probes=probes), entrance=entrance, measures=measures)


def _now() -> datetime:
    return datetime.now(UTC)


@asynccontextmanager
async def running(
    settings: Settings,
    *,
    clock: Callable[[], datetime] = _now,
    trusted_hosts: frozenset[str] = frozenset(),
    tokens: TokenSource | None = None,
    graph_tokens: TokenSource | None = None,
    model_tokens: TokenSource | None = None,
    front: Front | None = None,
    tidying: Tidying | None = None,
) -> AsyncIterator[Running]:
    """The whole bot, closed in order at the end. Its outbox and reminders run only under ``at_work``. A ``front``
    that is given is opened by whoever gave it.

    ``trusted_hosts`` are service addresses beyond Teams' own, ``tokens``, ``graph_tokens`` and ``model_tokens`` other
    sources of outgoing tokens: for other clouds, and for tests against servers on loopback. ``tidying`` is for tests, too: at
    another measure than the store's own.
    """
    async with AsyncExitStack() as stack:
        at, opens = front or front_of(settings), front is None
        watch = LoopWatch(at.measures.registry)
        watch.start()
        stack.callback(watch.stop)
        files = await asyncio.to_thread(
            read_files, settings.organisation_file, settings.guideline_file, local=settings.local
        )
        warming = asyncio.create_task(asyncio.to_thread(warm_up, files, clock()))
        stack.push_async_callback(asyncio.wait, [warming])
        file, policy = files.organisation, files.policy
        tracing = _tracing(settings)
        stack.push_async_callback(tracing.close)
        opened = await open_store(settings.storage_url, projector=project, clock=clock, tidying=tidying)
        stack.push_async_callback(opened.close)
        store = tracing.store(opened)
        session = await stack.enter_async_context(open_session())
        tokens = tokens or _tokens(settings, session)
        stack.push_async_callback(tokens.close)
        service_urls = ServiceUrls(local=settings.local, extra=trusted_hosts)
        connector, addresses = Connector(session, tokens, service_urls), AddressBook(store)
        erasing = await _erasing(store)
        await adopt_guideline(store, policy, clock())
        entra = _graph(settings, session, graph_tokens)
        stack.push_async_callback(entra.close)
        graph = await _graph_directory(file, settings, entra, store, clock)
        pepper = await pepper_of(store)
        people = graph or FileDirectory(organisation=file.organisation({}))
        learned = await _learned(store, PolicyInForce(Edition(policy=policy, law=files.law)))
        names = KnownNames(store, None if settings.local else entra.name_of)
        services = Services(
            store=store,
            directory=await _directory(people, ChannelRegister(store, pepper), names, clock()),
            names=names,
            in_force=learned.in_force,
            ask=tracing.answers(learned.ask),
            taught=learned.answers,
            guidelines=learned.guidelines,
            clock=clock,
            wake=lambda: delivery.wake(),  # noqa: PLW0108  made further down
            forget_answers=lambda: endpoint.forget_answers(),  # noqa: PLW0108  made further down
            pepper=pepper,
            measures=at.measures,
            local=settings.local,
            address=settings.address,
        )
        fetcher = Fetcher(allowed=trusted_hosts)
        stack.push_async_callback(fetcher.close)
        intake = Intake(services)
        desk = RequestDesk(services)
        decisions = DecisionFiles(services, fetcher)
        duties = DutyLooking(services)
        effects = RequestEffects(services, others=dict.fromkeys(FOLLOWED, duties.follow))
        following = RequestFollowing(services, desk, effects)
        questions, forgetting = _questions(
            services,
            learned,
            _grounding(
                services,
                learned,
                await stack.enter_async_context(_model(settings, session, model_tokens)),
                tracing,
            ),
        )
        told = AllReaching(
            Reaching(services), RequestReaching(services, following), QuestionReaching(services)
        )
        copies = Copies(store)
        delivery = Delivery(
            store=store,
            copies=copies,
            connector=connector,
            addresses=addresses,
            renderer=AllNotices(
                Notices(services), RequestNotices(services, decisions), QuestionNotices(services)
            ),
            on_delivered=told.delivered,
            on_unreachable=told.unreachable,
            clock=clock,
            local=settings.local,
            give_way=at.entrance.give_way,
            around=tracing.bringing,
        )
        endpoint = MessagesEndpoint(
            handler=tracing.turns(
                Conversation(
                    services,
                    intake,
                    fetcher,
                    DutyTalk(services, SentFiles(session, tokens, service_urls, fetcher)),
                    RequestTalk(services, desk, following, decisions),
                    questions,
                )
            ),
            adapter=_adapter(settings, tokens),
            authenticator=_authenticator(settings, session, service_urls),
            connector=tracing.replies(connector),
            claims=store,
            on_seen=addresses.on_seen,
            on_removed=addresses.on_removed,
            on_shown=ShownCards(copies).on_shown,
        )
        at.measures.looks(Figures(at.measures.registry, store, clock).look)
        at.measures.registry.register(Sends(delivery.counts, connector.answers))
        bot = Running(
            front=at,
            handlers={
                "messages": tracing.door("turn", endpoint.receive),
                **_handed_in(settings, services, intake, tracing),
                "file": file_route(FileLinks(services)),
                **_public_list(services),
            },
            services=services,
            intake=intake,
            delivery=delivery,
            reminding=Reminding(services, following.look, forgetting.look, *_looked_at(settings, services)),
            duties=duties,
            erasing=erasing,
            tokens=tokens,
            graph=graph,
        )
        await warming
        if opens:
            bot.open()
        yield bot


async def _directory(
    people: PeopleDirectory, register: ChannelRegister, names: KnownNames, at: datetime
) -> RegisterDirectory:
    """The file's channels are taken in at the first start; later ones tell where file and record differ."""
    await register.take_in_file(people.current(), at)
    directory = RegisterDirectory(people, register, names)
    await directory.refresh()
    for one in directory.differences():
        log.warning(
            "the organisation file and the record differ", extra={"channel": one.channel, "in": one.kind}
        )
    return directory


async def _erasing(store: Store) -> Erasing:
    """With what an earlier life was to destroy destroyed."""
    erasing = Erasing(store)
    await erasing.look()
    return erasing


async def _learned(store: Store, in_force: PolicyInForce) -> LearnedPolicy:
    """With what was learned before, so that nobody's first question waits for it."""
    learned = LearnedPolicy(store, in_force, Guidelines(store, in_force.now.policy.guideline))
    await learned.refresh()
    return learned


def _questions(
    services: Services, learned: LearnedPolicy, grounding: Grounding
) -> tuple[QuestionTalk, QuestionForgetting]:
    desk = QuestionDesk(services)
    follow_ups = FollowUps(services.store, services.ask, services.clock, services.pepper)
    talk = QuestionTalk(services, desk, learned, follow_ups, grounding)
    return talk, QuestionForgetting(services, desk, follow_ups)


@asynccontextmanager
async def _model(
    settings: Settings, session: aiohttp.ClientSession, given: TokenSource | None
) -> AsyncIterator["Model | None"]:
    """Nothing of it is loaded, and nobody asked for a token, unless the settings name one."""
    if settings.model is None:
        yield None
        return
    tokens = given or _tokens(settings, session, MODEL_SCOPE)
    model: Model | None = None
    first = asyncio.create_task(fetch_first_token(tokens))
    try:
        model = await asyncio.to_thread(_azure_model, settings.model, tokens)
        yield model
    finally:
        first.cancel()
        await (model or tokens).close()  # the model closes its tokens


def _azure_model(at: ModelAt, tokens: TokenSource) -> "Model":
    from bot.questions.azure_model import AzureModel
    from bot.questions.consulting import PATIENCE

    return AzureModel(at, tokens, seconds=PATIENCE)


def _grounding(
    services: Services, learned: LearnedPolicy, model: "Model | None", tracing: Tracing
) -> Grounding:
    if model is None:
        return Ungrounded()
    from bot.questions.consulting import Consulting
    from bot.questions.grounding_desk import Consulted, GroundingDesk

    consult = tracing.consults(Consulting(model).ask)
    return GroundingDesk(services, learned, Consulted(deployment=model.deployment, consult=consult))


def _looked_at(settings: Settings, services: Services) -> tuple[Callable[[], Awaitable[None]], ...]:
    """What else is looked at while the bot runs."""
    watch = GuidelineWatch(
        settings.guideline_file, services.in_force, services.guidelines, services.store, services.clock
    )
    return QuestionReminding(services).look, ChannelEnding(services).look, watch.look


def _handed_in(
    settings: Settings, services: Services, intake: Intake, tracing: Tracing
) -> Mapping[str, Handler]:
    """What other systems send, signed."""
    local = _local_secret(settings) if settings.local else None
    flags = flags_route(intake, secret=settings.flags_secret, local_secret=local, clock=services.clock)
    pictures = HandedInPictures(services, DutyDesk(services))
    screenshots = screenshots_route(pictures, secret=settings.flags_secret, local_secret=local)
    return {"flags": tracing.door("flag", flags), "screenshots": screenshots}


def _tracing(settings: Settings) -> Tracing:
    if not settings.traced:
        return Untraced()
    from bot.spans import Spans

    return Spans()


def _public_list(services: Services) -> Mapping[str, Handler]:
    listing = PublicList(lambda: services.organisation, services.clock)
    return channel_doors(
        listing,
        refresh=services.directory.refresh,
        style=STYLE,
        website=services.organisation.website,
    )


def _local_secret(settings: Settings) -> str | None:
    """In the folder of the record. A database has none, and needs none: ``app.py flag`` writes to it directly."""
    return local_secret(directory_of(settings.storage_url)) if is_in_files(settings.storage_url) else None


def _tokens(settings: Settings, session: aiohttp.ClientSession, scope: str = SCOPE) -> TokenSource:
    if settings.app_id is None or settings.app_tenant is None:
        return NoCredentials()
    if settings.app_type is AppType.USER_ASSIGNED_MSI:
        return EntraTokens(identity_credential(app_id=settings.app_id, session=session), scope=scope)
    credential = secret_credential(
        tenant=settings.app_tenant,
        app_id=settings.app_id,
        secret=settings.app_password or "",
        session=session,
    )
    return EntraTokens(credential, scope=scope)


def _graph(settings: Settings, session: aiohttp.ClientSession, tokens: TokenSource | None) -> Graph:
    tokens = tokens or _tokens(settings, session, scope=f"{settings.graph_url}/.default")
    return Graph(session, tokens, url=settings.graph_url)


async def _graph_directory(
    file: OrganisationFile,
    settings: Settings,
    graph: Graph,
    store: Store,
    clock: Callable[[], datetime],
) -> GraphDirectory | None:
    """None where the file names no groups."""
    if not file.groups:
        return None
    directory = GraphDirectory(
        file=file,
        graph=graph,
        documents=store,
        clock=clock,
        every=settings.graph_refresh,
        hold=settings.roles_hold,
    )
    await directory.start()
    return directory


def _adapter(settings: Settings, tokens: TokenSource) -> TurnAdapter:
    app_id = settings.app_id or ""
    return TurnAdapter(TokenCredentialsFactory(app_id=app_id, tokens=tokens), app_id=app_id)


def _authenticator(
    settings: Settings, session: aiohttp.ClientSession, service_urls: ServiceUrls
) -> Authenticator:
    if settings.app_id is None or settings.app_tenant is None:
        return LocalAuthenticator(service_urls)
    return TeamsAuthenticator(
        app_id=settings.app_id,
        tenant=settings.app_tenant,
        issuer=settings.issuer,
        keys=SigningKeys(session, settings.metadata_url),
        service_urls=service_urls,
    )


@asynccontextmanager
async def means(
    settings: Settings,
    *,
    tokens: TokenSource | None = None,
    graph_tokens: TokenSource | None = None,
    model_tokens: TokenSource | None = None,
) -> AsyncIterator["Means"]:
    """What ``check`` asks with: the bot's own, unless a test gives others."""
    from bot.checking.everything import Means

    async with open_session() as session, AsyncExitStack() as stack:
        made = [
            given or _tokens(settings, session, scope)
            for given, scope in ((tokens, SCOPE), (graph_tokens, f"{settings.graph_url}/.default"))
        ]
        for one in made:
            stack.push_async_callback(one.close)
        model = await stack.enter_async_context(_model(settings, session, model_tokens))
        yield Means(session=session, tokens=made[0], graph_tokens=made[1], model=model)


async def serve(settings: Settings) -> bool:
    front = front_of(settings)
    return await serving.serve(settings, front, partial(running, front=front), _now)


def main(arguments: Sequence[str] | None = None) -> int:
    return cli.run(arguments, cli.Makes(bot=running, means=means, serve=serve, clock=_now))


if __name__ == "__main__":
    sys.exit(main())
