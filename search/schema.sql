-- What the index holds beside the engine's files. A record number is never used twice.
-- copy, family: reviews that are or may be the same, by their ids, see search/copies.py.
-- part: each page cut where a section begins; recommendation: from its first position to before its last.
-- page.id is record * 2^20 + place; place 0 is the record's own description (title, summary), no page.
CREATE TABLE state (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE ledger (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE record (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    review TEXT NOT NULL UNIQUE,
    fingerprint TEXT NOT NULL,
    words INTEGER NOT NULL,
    published TEXT,
    starts BLOB NOT NULL
);
CREATE TABLE description (record INTEGER PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE document (
    id INTEGER PRIMARY KEY,
    record INTEGER NOT NULL,
    url TEXT NOT NULL,
    kind TEXT NOT NULL,
    title TEXT,
    media_type TEXT,
    sha256 TEXT,
    state TEXT NOT NULL,
    reason TEXT,
    retrieved TEXT
);
CREATE INDEX document_record ON document (record);
CREATE INDEX document_state ON document (state);
CREATE TABLE page (
    id INTEGER PRIMARY KEY,
    document INTEGER,
    number INTEGER,
    printed TEXT,
    section TEXT,
    anchor TEXT,
    text BLOB NOT NULL,
    ocr REAL
);
CREATE TABLE part (
    record INTEGER NOT NULL,
    place INTEGER NOT NULL,
    start INTEGER NOT NULL,
    page INTEGER NOT NULL,
    section TEXT,
    PRIMARY KEY (record, place)
) WITHOUT ROWID;
CREATE INDEX part_section ON part (section) WHERE section IS NOT NULL;
CREATE TABLE recommendation (
    record INTEGER NOT NULL,
    place INTEGER NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    document INTEGER,
    page INTEGER,
    value TEXT NOT NULL,
    PRIMARY KEY (record, place)
) WITHOUT ROWID;
CREATE TABLE copy (
    first TEXT NOT NULL,
    second TEXT NOT NULL,
    kind TEXT NOT NULL,
    score REAL NOT NULL,
    verdict TEXT,
    PRIMARY KEY (first, second)
) WITHOUT ROWID;
CREATE TABLE family (review TEXT PRIMARY KEY, number INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE tag (
    record INTEGER NOT NULL,
    concept TEXT NOT NULL,
    field TEXT NOT NULL,
    relevance REAL NOT NULL,
    mentions INTEGER NOT NULL,
    pages INTEGER NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (record, concept)
) WITHOUT ROWID;
CREATE TABLE facet (
    field TEXT NOT NULL,
    value TEXT NOT NULL,
    record INTEGER NOT NULL,
    PRIMARY KEY (field, value, record)
) WITHOUT ROWID;
CREATE INDEX facet_record ON facet (record);
CREATE TABLE word (form TEXT PRIMARY KEY, stem TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX word_stem ON word (stem);
