"""Ask a publisher politely: pauses, retries, limits, and one clear sentence when it fails.

Proxies (``HTTPS_PROXY``, ``NO_PROXY``) and certificates (``SSL_CERT_FILE``, ``SSL_CERT_DIR``,
otherwise the system's own) are those of the environment.
"""

from __future__ import annotations

import datetime
import email.utils
import hashlib
import json
import os
import ssl
import time
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import httpx
import tenacity
import truststore

from naravard import __version__
from naravard.sources.answer import Request, SourceError, Unanswered

#: An answer that is larger is refused.
MOST_BYTES = 64 * 2**20
USER_AGENT = f"naravard/{__version__}"
_BUSY = {429, 500, 502, 503, 504}
_REDIRECTS = 5
#: A publisher that asks for a longer pause is not waited for.
_LONGEST_WAIT = 120.0


@dataclass(frozen=True)
class Patience:
    """How long a publisher is waited for.

    ``attempts`` of each request count the first; ``timeout`` is in seconds without a sign of life;
    ``wait`` is in seconds before the second attempt and doubles each time, unless the publisher's
    Retry-After says otherwise.
    """

    attempts: int = 5
    timeout: float = 30.0
    wait: float = 1.0


PATIENCE = Patience()


class _Again(Exception):
    """The request may succeed if it is asked again, after ``wait`` seconds if they are known."""

    def __init__(self, reason: str, wait: float | None = None):
        super().__init__(reason)
        self.wait = wait


@dataclass(frozen=True)
class Reply:
    """A body and the request that brought it."""

    body: bytes
    request: Request
    kind: str

    def json(self):
        """Return the body as JSON; a SourceError says that it is something else, or cut short."""
        try:
            return json.loads(self.body)
        except ValueError:
            pass
        url = self.request.url
        if self.body.lstrip()[:1] == b"<":
            raise SourceError(f"{url} answered with a web page instead of data")
        if self.body.lstrip()[:1] in (b"{", b"["):
            raise SourceError(f"{url}: the answer is cut short or damaged: it is not whole JSON")
        raise SourceError(f"{url} answered with '{self.kind or 'no type'}' instead of JSON")


def _retry_after(reply: httpx.Response) -> float | None:
    """Read how long to wait: seconds or a date; None if it is not said."""
    text = reply.headers.get("Retry-After", "")
    if text.strip().isdecimal():
        return float(text)
    try:
        until = email.utils.parsedate_to_datetime(text)
    except ValueError:
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=datetime.UTC)
    return max(0.0, (until - datetime.datetime.now(datetime.UTC)).total_seconds())


def _reason(error: httpx.TransportError, timeout: float) -> str:
    """Say in words why there was no answer."""
    if isinstance(error, httpx.TimeoutException):
        return f"no answer within {timeout:g} seconds"
    text = str(error)
    if "Name or service not known" in text or "getaddrinfo" in text or "name resolution" in text:
        return "its name is not known here (no network, or a proxy is needed: set HTTPS_PROXY)"
    if "refused" in text:
        return "the connection was refused"
    if "CERTIFICATE" in text:
        return f"its certificate is not trusted ({text}): SSL_CERT_FILE can name your own"
    if isinstance(error, httpx.RemoteProtocolError):
        return "the connection ended in the middle of the answer"
    return text or type(error).__name__


class Client:
    """Ask one publisher under the address ``base``; an answer from another host is refused.

    Between two requests lie at least ``pause`` seconds; an answer of more than ``most_bytes`` is
    refused.
    """

    def __init__(
        self,
        name: str,
        base: str,
        pause: float = 0.2,
        patience: Patience = PATIENCE,
        most_bytes: int = MOST_BYTES,
    ):
        self.name, self.base, self.pause, self.patience = name, base.rstrip("/"), pause, patience
        self.most_bytes = most_bytes
        own = os.environ.get("SSL_CERT_FILE") or os.environ.get("SSL_CERT_DIR")
        self._http = httpx.Client(
            headers={"User-Agent": USER_AGENT},
            timeout=patience.timeout,
            verify=True if own else truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
        )
        self._asked = 0.0

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_) -> None:
        self._http.close()

    def get(self, where: str, params: dict | None = None) -> Reply:
        """Ask for an address, relative to ``base`` or whole.

        Raises SourceError if there is no answer after all attempts, the answer is an error, too
        large, or leads to another host.
        """
        return self._ask("GET", where, params)

    def post(self, where: str, content: object) -> Reply:
        """Send JSON; raises as `get`."""
        return self._ask("POST", where, None, content)

    def _ask(self, method: str, where: str, params: dict | None, content: object = None) -> Reply:
        url = httpx.URL(where if "://" in where else f"{self.base}/{where.lstrip('/')}")
        if url.scheme == "http" and url.host == httpx.URL(self.base).host:
            url = url.copy_with(scheme=httpx.URL(self.base).scheme)  # never less safe than asked
        if params:
            url = url.copy_merge_params(params)
        retrying = tenacity.Retrying(
            retry=tenacity.retry_if_exception_type(_Again),
            stop=tenacity.stop_after_attempt(self.patience.attempts),
            wait=self._wait,
            reraise=True,
        )
        body = None if content is None else json.dumps(content, ensure_ascii=False).encode()
        try:
            return retrying(self._once, method, url, body)
        except _Again as error:
            tries = "once" if self.patience.attempts == 1 else f"{self.patience.attempts} times"
            raise Unanswered(f"{self.name} ({url}), asked {tries}: {error}") from None

    def _wait(self, state: tenacity.RetryCallState) -> float:
        error = state.outcome.exception()
        if error.wait is not None:
            return error.wait
        return tenacity.wait_exponential_jitter(multiplier=self.patience.wait, max=30, jitter=0.2)(
            state
        )

    def _once(self, method: str, url: httpx.URL, body: bytes | None) -> Reply:
        for _ in range(_REDIRECTS):
            self._check_host(url)
            time.sleep(max(0.0, self._asked + self.pause - time.monotonic()))
            self._asked = time.monotonic()
            headers = {"Content-Type": "application/json"} if body is not None else {}
            try:
                with self._http.stream(method, url, content=body, headers=headers) as reply:
                    if not reply.is_redirect:
                        return self._read(reply, body)
                    url = httpx.URL(urljoin(str(url), reply.headers["Location"]))
            except httpx.TransportError as error:
                raise _Again(_reason(error, self.patience.timeout)) from error
        raise SourceError(f"{self.name} ({url}) leads from address to address without an end")

    def _check_host(self, url: httpx.URL) -> None:
        """Refuse what lies on another host, or unencrypted where ``base`` is not."""
        home = urlsplit(self.base)
        if (url.scheme, url.netloc.decode()) != (home.scheme, home.netloc):
            raise SourceError(
                f"{self.name} leads to another host ({url.scheme}://{url.netloc.decode()}), which "
                "is not followed: if the publisher has moved, naravard needs the new address"
            )

    def _read(self, reply: httpx.Response, body: bytes | None) -> Reply:
        url, status = str(reply.url), reply.status_code
        if status in _BUSY:
            wait = _retry_after(reply)
            if wait is not None and wait > _LONGEST_WAIT:
                raise SourceError(
                    f"{self.name} ({url}) asks to come back in {wait:.0f} seconds: try again then"
                )
            why = "too many requests" if status == 429 else "the publisher's server failed"
            raise _Again(f"status {status}, {why}", wait)
        if status >= 400:
            raise SourceError(f"{self.name} ({url}) answered with status {status}{_told(reply)}")
        gathered = bytearray()
        too_large = int(reply.headers.get("Content-Length", 0)) > self.most_bytes
        for part in () if too_large else reply.iter_bytes():
            gathered += part
            if too_large := len(gathered) > self.most_bytes:
                break
        if too_large:
            raise SourceError(
                f"{self.name} ({url}): the answer is larger than {self.most_bytes / 2**20:.0f} MB "
                "and was refused"
            )
        request = Request(
            url=url,
            time=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
            sha256=hashlib.sha256(gathered).hexdigest(),
            body=(body or b"").decode(),
            etag=reply.headers.get("ETag", ""),
        )
        return Reply(bytes(gathered), request, reply.headers.get("Content-Type", ""))


def _told(reply: httpx.Response) -> str:
    """Take a short reason from an error's body, where it is JSON with a title or message."""
    try:
        told = json.loads(next(reply.iter_bytes(4096), b""))
        return f": {told.get('title') or told.get('message') or told.get('detail')}"[:200]
    except (ValueError, AttributeError):
        return ""
