-- The catalogue, version 1. Later versions are steps in migrations/, applied in order; this file never changes.

CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE run (
    id       INTEGER PRIMARY KEY,
    started  TEXT NOT NULL,
    finished TEXT,
    verdict  TEXT,             -- ok, short, failed, interrupted; NULL while it runs
    program  TEXT NOT NULL,
    sources  TEXT NOT NULL     -- JSON list
);

CREATE TABLE source_run (
    run          INTEGER NOT NULL REFERENCES run (id),
    source       TEXT NOT NULL,
    verdict      TEXT NOT NULL,  -- ok, short, failed, skipped
    finished     TEXT NOT NULL,
    found        INTEGER NOT NULL,
    expected     INTEGER,
    requests     INTEGER NOT NULL,
    not_modified INTEGER NOT NULL,
    bytes        INTEGER NOT NULL,
    fetched      INTEGER NOT NULL,
    unchanged    INTEGER NOT NULL,
    failed       INTEGER NOT NULL,
    errors       TEXT NOT NULL,  -- JSON list
    PRIMARY KEY (run, source)
) WITHOUT ROWID;
CREATE INDEX source_run_source ON source_run (source, run);

CREATE TABLE capture (           -- every attempt, also 304, 404, 5xx and none at all
    id              INTEGER PRIMARY KEY,
    run             INTEGER NOT NULL REFERENCES run (id),
    source          TEXT NOT NULL,
    url             TEXT NOT NULL,
    redirected_from TEXT,
    captured_at     TEXT NOT NULL,
    status          INTEGER,      -- NULL when no answer came
    headers         TEXT NOT NULL,
    etag            TEXT,
    last_modified   TEXT,
    sha256          TEXT,         -- of the body; for a 304 of the body that it confirms
    bytes           INTEGER NOT NULL,
    error           TEXT
);
CREATE INDEX capture_url ON capture (url, id);
CREATE INDEX capture_run ON capture (run, url);

CREATE TABLE review (
    id         TEXT PRIMARY KEY,  -- source:key
    source     TEXT NOT NULL,
    key        TEXT NOT NULL,
    title      TEXT NOT NULL,
    url        TEXT NOT NULL,
    type       TEXT NOT NULL,
    publisher  TEXT,
    area       TEXT,
    nation     TEXT,
    incident   TEXT,
    reported   TEXT,
    published  TEXT,
    updated    TEXT,
    reference  TEXT,
    summary    TEXT,
    keywords   TEXT NOT NULL,     -- JSON list, verbatim
    addressees TEXT NOT NULL,     -- JSON list
    licence    TEXT,
    withdrawn  TEXT,              -- the source's notice
    state      TEXT NOT NULL,     -- present, missing, gone, returned, withdrawn
    first_seen TEXT NOT NULL,
    last_seen  TEXT NOT NULL,
    last_run   INTEGER NOT NULL REFERENCES run (id),
    missing_since TEXT,
    healthy_misses INTEGER NOT NULL DEFAULT 0,
    revision   INTEGER NOT NULL,  -- the value of meta.change when anything of it last changed
    UNIQUE (source, key)
) WITHOUT ROWID;
CREATE INDEX review_source ON review (source, last_run);

CREATE TABLE document (
    id         INTEGER PRIMARY KEY,
    review     TEXT NOT NULL REFERENCES review (id),
    url        TEXT NOT NULL,
    position   INTEGER NOT NULL,
    kind       TEXT NOT NULL,
    title      TEXT,
    media_type TEXT,
    state      TEXT NOT NULL,     -- present, missing
    failure    TEXT,              -- why the last attempt gave no file
    UNIQUE (review, url)
);

CREATE TABLE version (            -- a replaced file is a new row; the old one stays
    id          INTEGER PRIMARY KEY,
    document    INTEGER NOT NULL REFERENCES document (id),
    run         INTEGER NOT NULL REFERENCES run (id),
    capture     INTEGER NOT NULL REFERENCES capture (id),
    captured_at TEXT NOT NULL,
    sha256      TEXT NOT NULL,
    bytes       INTEGER NOT NULL,
    media_type  TEXT NOT NULL,
    url         TEXT NOT NULL
);
CREATE INDEX version_document ON version (document, id);
CREATE INDEX version_sha256 ON version (sha256);

CREATE TABLE event (              -- what the digest tells
    id     INTEGER PRIMARY KEY,
    run    INTEGER NOT NULL REFERENCES run (id),
    at     TEXT NOT NULL,
    review TEXT NOT NULL REFERENCES review (id),
    kind   TEXT NOT NULL,         -- new, changed, replaced, document, missing, gone, returned, withdrawn
    detail TEXT                   -- JSON
);
CREATE INDEX event_run ON event (run, kind);
CREATE INDEX event_review ON event (review);

CREATE TABLE reading (            -- what became of a file when it was read
    sha256    TEXT PRIMARY KEY,
    extractor TEXT NOT NULL,
    state     TEXT NOT NULL,      -- readable, without_text, failed
    reason    TEXT,
    pages     INTEGER NOT NULL
) WITHOUT ROWID;
