-- At what time a machine holds its clock while candidates sit (sitting/steady.h).
CREATE TABLE steady_clock (
    boot_id TEXT PRIMARY KEY,    -- of the start of the machine: the boot clock compares only within one
    offset_ms BIGINT NOT NULL,   -- UTC = offset + boot clock
    at_ms BIGINT NOT NULL        -- when it was taken
);
