"""Scrapy's settings: polite, bounded, and with nothing listening or remembered outside the archive."""

from typing import Any

import casereviews
from casereviews.config import Settings

BOT_NAME = "casereviews"
SPIDER_MODULES = ["crawler.spiders"]
NEWSPIDER_MODULE = "crawler.spiders"

# Plain asyncio: no global reactor, so that a program can crawl more than once and end cleanly on a signal.
TWISTED_REACTOR_ENABLED = False

DOWNLOAD_HANDLERS = {
    "http": "crawler.network.Network",
    "https": "crawler.network.Network",
    "data": None,
    "file": None,
    "ftp": None,
    "s3": None,
}
DOWNLOAD_TIMEOUT = 60
CONCURRENT_REQUESTS = 16
SCHEDULER_MEMORY_QUEUE = "scrapy.squeues.FifoMemoryQueue"
CONCURRENT_REQUESTS_PER_DOMAIN = 1
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_MAX_DELAY = 30
DOWNLOAD_DELAY_JITTER = 0.2

DOWNLOADER_MIDDLEWARES = {
    "crawler.guard.GuardMiddleware": 50,
    "crawler.robots.RobotsMiddleware": 100,
    "crawler.patience.PatienceMiddleware": 550,
    "crawler.capture.CaptureMiddleware": 900,
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
    "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
    "scrapy.downloadermiddlewares.httpproxy.HttpProxyMiddleware": None,
    "scrapy.downloadermiddlewares.httpcache.HttpCacheMiddleware": None,
}
SPIDER_MIDDLEWARES = {"crawler.walk.WalkMiddleware": 1100}
EXTENSIONS = {
    "crawler.extensions.Finish": 10,
    "scrapy.extensions.telnet.TelnetConsole": None,
    "scrapy.extensions.remote_control.RemoteControl": None,
}
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/json;q=0.9,*/*;q=0.8",
    "Accept-Language": "en-GB,en;q=0.8",
}
COOKIES_ENABLED = False
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
REFERRER_POLICY = "no-referrer"
REDIRECT_MAX_TIMES = 10
RETRY_TIMES = 2
RETRY_GIVE_UP_LOG_LEVEL = "DEBUG"
LOG_LEVEL = "INFO"
LOG_FORMATTER = "crawler.extensions.BriefLog"
STATS_DUMP = False
WARN_ON_GENERATOR_RETURN_VALUE = False


def user_agent(settings: Settings) -> str:
    """The User-Agent, with the contact that the configuration gives."""
    contact = f" (+{settings.contact})" if settings.contact else ""
    return f"casereviews/{casereviews.__version__}{contact}"


def runtime(settings: Settings) -> dict[str, Any]:
    """What depends on the configuration."""
    return {
        "USER_AGENT": user_agent(settings),
        "DOWNLOAD_DELAY": settings.crawl_delay,
        "AUTOTHROTTLE_START_DELAY": settings.crawl_delay,
        "DOWNLOAD_MAXSIZE": settings.max_download_megabytes * 1024 * 1024,
        "DOWNLOAD_WARNSIZE": 0,
    }
