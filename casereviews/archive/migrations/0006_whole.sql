-- Whether a source's run read its listings to their end, or stopped where nothing was new.
ALTER TABLE source_run ADD COLUMN whole INTEGER NOT NULL DEFAULT 1;
