"""One module a site; each exports `hosts` and `handle(request, corpus, state)`."""

from collections.abc import Callable

from replica.corpus import Corpus
from replica.messages import Request, Response
from replica.sites import assets, boards, cspr_panel, dhr, govuk, nspcc, pfd, sar, sthelens

Handler = Callable[[Request, Corpus, int], Response]

_SITES = (govuk, assets, cspr_panel, nspcc, sthelens, dhr, pfd, sar, boards)
SITES: dict[str, Handler] = {host: site.handle for site in _SITES for host in site.hosts}
"""The handler of each host name."""
