"""Where a request may go: checked for every one, redirects, robots.txt and documents included."""

import ipaddress
import socket
from typing import Self, cast
from urllib.parse import urlsplit

from aiohttp.abc import ResolveResult
from aiohttp.resolver import ThreadedResolver
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request

from crawler.spider import ReviewSpider

PORTS = {"http": 80, "https": 443}
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Refused(IgnoreRequest):
    """A request that is not made; the text says why."""


class UndeclaredHost(Refused):
    """The host is none of those that the source declares."""

    def __init__(self, host: str) -> None:
        super().__init__(f"{host} is not a declared host of this source")
        self.host = host


class GuardMiddleware:
    """Refuses every request that does not go to a declared host by http or https on its own port."""

    def __init__(self, spider: ReviewSpider) -> None:
        self.spider = spider

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """For the crawler's spider."""
        return cls(cast(ReviewSpider, crawler.spider))

    def process_request(self, request: Request) -> None:
        """Let the request pass or raise Refused."""
        check(request.url, self.spider.hosts)


def check(url: str, hosts: tuple[str, ...]) -> None:
    """Raise Refused unless `url` is http or https, without user data, to one of `hosts` on the default port."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Refused("an address that cannot be read") from None
    host = (parts.hostname or "").rstrip(".")
    if parts.scheme not in PORTS:
        raise Refused(f"{parts.scheme or 'an address without scheme'}: is not fetched, only http and https")
    if "@" in parts.netloc:
        raise Refused("an address with user data is not fetched")
    if numeric(host):
        raise Refused(f"the numeric address {host} is not fetched")
    if host not in hosts:
        raise UndeclaredHost(host)
    if port not in (None, PORTS[parts.scheme]):
        raise Refused(f"port {port} of {host} is not fetched")


def numeric(host: str) -> bool:
    """Whether a host is an IP address in any form that a resolver takes: 127.0.0.1, 2130706433, 0x7f.1, ::1."""
    if ":" in host:
        return True
    try:
        socket.inet_aton(host)
    except OSError:
        return False
    return True


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the open internet, also when it wraps an IPv4 address.

    >>> [is_public(a) for a in ("93.184.216.34", "10.0.0.1", "::ffff:127.0.0.1", "169.254.169.254")]
    [True, False, False, False]
    """
    ip: Address = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            ip = inner
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


class PublicResolver(ThreadedResolver):
    """Resolves names and refuses answers within private networks: a name may point anywhere at any time."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The addresses of a host; Refused when one of them is not public."""
        found = await super().resolve(host, port, family)
        for each in found:
            if not is_public(each["host"]):
                raise Refused(f"{host} points to {each['host']}, which is no public address")
        return found
