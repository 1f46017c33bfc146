"""The web application put together: pages, templates, headers, refusals of foreign posts, pages for errors."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.templating import Jinja2Templates
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from paulatim import __version__
from paulatim.canonical import NotCanonical
from paulatim.clinic import Clinic, NoSuchProcedure
from paulatim.documents.words import figure, span
from paulatim.record import Store, StoreFailed
from paulatim.web import bedside, library_pages, live, outcomes, people, ward, workbench
from paulatim.web.live import milliseconds

__all__ = ["create_app", "serve"]

_HERE = Path(__file__).parent
_FONTS = _HERE.parent / "documents" / "fonts"
_HEADERS = {
    "content-security-policy": "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'",  # data: is for the tick marks in Pico's style sheet
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
}


def create_app(clinic: Clinic) -> Starlette:
    """The pages of one clinic."""
    routes: list[Route | Mount] = [
        *ward.routes, *bedside.routes, *live.routes, *people.routes,
        *workbench.routes, *library_pages.routes, *outcomes.routes,
        Mount("/static/fonts", StaticFiles(directory=_FONTS)),
        Mount("/static", StaticFiles(directory=_HERE / "static")),
    ]  # fmt: skip
    app = Starlette(
        routes=routes,
        middleware=[Middleware(_Headers), Middleware(_OwnPosts)],
        exception_handlers=dict.fromkeys(
            (HTTPException, NoSuchProcedure, StoreFailed, NotCanonical, Exception), _failed
        ),
    )
    app.state.clinic, app.state.templates = clinic, _templates()
    app.state.boot = uuid4().hex[:8]  # a bedside that sees another one recaps before it goes on
    app.state.booted_at = clinic.clock()
    return app


def serve(db: str, host: str, port: int) -> None:
    """Serve the demonstration ward of a database (an SQLAlchemy URL) until interrupted."""
    import uvicorn

    store = Store(db)
    try:
        uvicorn.run(
            create_app(Clinic(store)),
            host=host,
            port=port,
            log_level="warning",
            timeout_graceful_shutdown=2,
            server_header=False,
        )
    finally:
        store.close()


def _templates() -> Jinja2Templates:
    env = Environment(
        loader=PackageLoader("paulatim.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters |= {
        "span": span,
        "figure": figure,
        "ms": milliseconds,
        "zone": _zone,
        "clock_time": lambda at: f"{_local(at):%H:%M}",
        "clock_second": lambda at: f"{_local(at):%H:%M:%S}",
        "day": lambda at: f"{_local(at):%Y-%m-%d}",
    }
    env.globals |= {"token": lambda: uuid4().hex, "version": __version__}
    return Jinja2Templates(env=env, context_processors=[_context])


def _context(request: Request) -> dict[str, object]:
    """What every page may say: who acts, the team, the server's time, whether this is a demonstration."""
    clinic: Clinic = request.app.state.clinic
    return {"acting": people.acting(request), "team": people.team(), "server_now": clinic.clock(), "demo": clinic.demo}


def _local(at: datetime) -> datetime:
    """A time as the clock on the wall of the server's place shows it."""
    return at.astimezone()


def _zone(at: datetime) -> int:
    """How far that clock is ahead of UTC, in milliseconds: the browser's own zone plays no part."""
    ahead = _local(at).utcoffset()
    return int(ahead.total_seconds()) * 1000 if ahead else 0


class _Headers:
    """Adds the headers of every answer; a page is never kept in a cache, a static file is asked for again."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        static = str(scope.get("path", "")).startswith("/static/")

        async def send_with(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers[name] = value
                headers.setdefault("cache-control", "no-cache" if static else "no-store")
            await send(message)

        await self.app(scope, receive, send_with)


class _OwnPosts:
    """Refuses what another site's page sends: a browser names the page it posts from."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] not in ("GET", "HEAD") and _foreign(Headers(scope=scope)):
            refusal = PlainTextResponse("Send this from Paulatim's own page.", 403)
            await refusal(scope, receive, send)
            return
        await self.app(scope, receive, send)


def _foreign(headers: Headers) -> bool:
    if (site := headers.get("sec-fetch-site")) is not None:
        return site not in ("same-origin", "none")
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != headers.get("host")


def _page(request: Request, status: int, title: str, sentence: str) -> Response:
    templates: Jinja2Templates = request.app.state.templates
    return templates.TemplateResponse(
        request, "error.html", {"heading": title, "sentence": sentence}, status_code=status
    )


def _failed(request: Request, error: Exception) -> Response:
    """What went wrong, in a sentence that says what to do. An unforeseen error is logged by Starlette itself."""
    match error:
        case HTTPException(status_code=404, detail=detail):
            known = detail if detail != "Not Found" else "Go back to the ward: there is no page at this address."
            return _page(request, 404, "Nothing here", known)
        case HTTPException(status_code=status, detail=detail):
            return _page(request, status, "Not done", f"Go back and try again: {detail}.")
        case NoSuchProcedure():
            return _page(request, 404, "No such procedure", f"Go back to the ward. {error}")
        case StoreFailed():
            return _page(request, 503, "Not recorded", str(error))
        case NotCanonical():
            return _page(request, 500, "The record does not fit", f"Go on with the paper run sheet. {error}")
        case _:
            sentence = "Look at the procedure again before you repeat anything, or go on with the paper run sheet."
            return _page(request, 500, "The server could not answer", sentence)
