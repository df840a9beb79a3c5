-- How near items are to each other, without opening them (bank/sketch.h). Items stored before this have
-- none until their next version; a search opens those.
CREATE TABLE item_sketch (
    version_id BYTEA NOT NULL PRIMARY KEY REFERENCES item_version (id),
    sketch BYTEA NOT NULL
);
