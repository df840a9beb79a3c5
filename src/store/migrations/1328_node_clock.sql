-- The time that the centre told a node is tagged with a key that is not in this database (doc/decisions/0065).
-- NULL: told before there was a tag, and so unknown until the next contact.
ALTER TABLE node_self ADD COLUMN clock_tag BYTEA;
