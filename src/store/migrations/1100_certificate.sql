-- Certificates: issued, never deleted (certificate/certificate.h).
CREATE TABLE certificate (
    id BYTEA PRIMARY KEY,
    body BYTEA NOT NULL,
    award BYTEA NOT NULL,
    entry BYTEA NOT NULL,
    person BYTEA NOT NULL,
    number TEXT NOT NULL UNIQUE,
    class BIGINT NOT NULL,            -- 0 training, 1 level certificate
    programme TEXT NOT NULL,
    level BIGINT NOT NULL,
    direction TEXT NOT NULL,          -- '' = none
    name TEXT NOT NULL,
    state BIGINT NOT NULL,            -- 1 valid, 2 revoked, 3 void, 4 replaced
    issued_ms BIGINT NOT NULL,
    valid_to BIGINT,                  -- a day number; NULL = without end
    print_serial TEXT NOT NULL,
    face TEXT NOT NULL,               -- what is printed, JSON
    credential TEXT NOT NULL,         -- signed JSON
    credential_digest BYTEA NOT NULL,
    result_digest BYTEA NOT NULL,
    published_by BYTEA NOT NULL,
    published_second BYTEA NOT NULL,
    photo BYTEA,
    photo_digest BYTEA NOT NULL,
    photo_public BIGINT NOT NULL,
    specimen BIGINT NOT NULL,
    document_index BYTEA NOT NULL,    -- keyed
    phone_index BYTEA,                -- keyed
    document_sealed BYTEA NOT NULL,
    salt_sealed BYTEA NOT NULL,
    qr_sealed BYTEA NOT NULL,
    status_list BIGINT NOT NULL,
    status_index BIGINT NOT NULL,
    replaced_by BYTEA,
    version BIGINT NOT NULL
);
CREATE UNIQUE INDEX certificate_award ON certificate (award) WHERE state = 1;
CREATE UNIQUE INDEX certificate_status ON certificate (status_list, status_index);
CREATE INDEX certificate_body ON certificate (body, issued_ms);
CREATE INDEX certificate_person ON certificate (person);
CREATE INDEX certificate_document ON certificate (document_index);
CREATE INDEX certificate_phone ON certificate (phone_index);

CREATE TABLE certificate_event (
    certificate BYTEA NOT NULL,
    seq BIGINT NOT NULL,
    kind BIGINT NOT NULL,             -- certificate/events.def
    at_ms BIGINT NOT NULL,
    reason TEXT NOT NULL,
    print_serial TEXT NOT NULL,
    account BYTEA,
    second BYTEA,
    other TEXT NOT NULL,              -- number of the other certificate of a correction
    PRIMARY KEY (certificate, seq)
);

-- Serials are taken in the transaction that uses them: one that fails gives its number back.
CREATE TABLE certificate_serial (
    scope TEXT PRIMARY KEY,           -- 'number S000044990001264', 'print <body> 2606'
    last BIGINT NOT NULL
);

-- Banned words that two people have released for a body (certificate/words.h).
CREATE TABLE word_release (
    body BYTEA NOT NULL,
    finding BYTEA NOT NULL,           -- digest of place, word and text
    reason TEXT NOT NULL,
    account BYTEA NOT NULL,
    second BYTEA NOT NULL,
    at_ms BIGINT NOT NULL,
    PRIMARY KEY (body, finding)
);
