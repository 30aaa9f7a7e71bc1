-- How many reviews had a theme before and after a run, where that moved; what is newest stands in meta.
CREATE TABLE theme_moved (
    run    INTEGER NOT NULL REFERENCES run (id),
    theme  TEXT NOT NULL,
    before INTEGER NOT NULL,
    after  INTEGER NOT NULL,
    PRIMARY KEY (run, theme)
) WITHOUT ROWID;
