-- Reviews that were taken down on request: why and when, and by hash alone what is never gathered again.
CREATE TABLE takedown (
    id       INTEGER PRIMARY KEY,
    source   TEXT NOT NULL,
    reason   TEXT NOT NULL,
    at       TEXT NOT NULL,
    files    INTEGER NOT NULL,
    finished TEXT               -- NULL until files, caches and index are rid of it too
);
CREATE TABLE takedown_hash (
    kind     TEXT NOT NULL,     -- review, url, file: never again; page: only to be deleted
    hash     TEXT NOT NULL,     -- SHA-256 of the id, of the address, or of the bytes
    takedown INTEGER NOT NULL REFERENCES takedown (id),
    PRIMARY KEY (kind, hash)
) WITHOUT ROWID;
