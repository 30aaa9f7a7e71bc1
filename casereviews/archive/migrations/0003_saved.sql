-- Saved searches as they were typed, and every review that one ever told of: each is told once, for ever.
CREATE TABLE saved (
    id        INTEGER PRIMARY KEY,
    name      TEXT NOT NULL UNIQUE,
    query     TEXT NOT NULL,
    narrowing TEXT NOT NULL,     -- JSON: filters, since, until, sections
    note      TEXT,
    created   TEXT NOT NULL,
    error     TEXT,              -- why it could not be answered when it was last asked
    error_run INTEGER REFERENCES run (id)
);
CREATE TABLE saved_hit (
    saved  INTEGER NOT NULL REFERENCES saved (id) ON DELETE CASCADE,
    review TEXT NOT NULL,
    run    INTEGER REFERENCES run (id),  -- whose digest tells of it; NULL: known when it was saved, or a copy of one told
    PRIMARY KEY (saved, review)
) WITHOUT ROWID;
CREATE INDEX saved_hit_run ON saved_hit (run);
