"""One module a site; each exports `hosts` and `handle(request, corpus, state)`."""

from collections.abc import Callable

from replica.corpus import Corpus
from replica.messages import Request, Response
from replica.sites import assets, dhr, govuk, pfd, sar

Handler = Callable[[Request, Corpus, int], Response]

SITES: dict[str, Handler] = {host: site.handle for site in (govuk, assets, dhr, pfd, sar) for host in site.hosts}
"""The handler of each host name."""
