-- What an analyst decided of two reviews that may be the same: kept for ever, whatever is computed anew.
CREATE TABLE link (
    first   TEXT NOT NULL REFERENCES review (id),
    second  TEXT NOT NULL REFERENCES review (id),
    verdict TEXT NOT NULL CHECK (verdict IN ('confirmed', 'split')),
    note    TEXT,
    decided TEXT NOT NULL,
    PRIMARY KEY (first, second),
    CHECK (first < second)
) WITHOUT ROWID;
