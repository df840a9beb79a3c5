-- How a form came about: objective, bound, gap and seed of its assembly, as JSON (paper/parallel.h);
-- '' for forms older than that.
ALTER TABLE form ADD COLUMN certificate TEXT NOT NULL DEFAULT '';
