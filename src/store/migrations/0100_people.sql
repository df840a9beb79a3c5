-- Bodies, accounts and how they sign in, people and what they agreed to, acts of two people.
CREATE TABLE body (
    id BYTEA PRIMARY KEY,
    name TEXT NOT NULL,
    is_filed BIGINT NOT NULL,
    registered_issuer BIGINT NOT NULL,
    is_demo BIGINT NOT NULL,
    type_letter TEXT NOT NULL,
    filed_code TEXT NOT NULL,
    province TEXT NOT NULL,
    site_serial TEXT NOT NULL,
    profile TEXT NOT NULL,            -- of passwords: nist, dengbao
    created_ms BIGINT NOT NULL
);

CREATE TABLE account (
    id BYTEA PRIMARY KEY,
    body_id BYTEA NOT NULL,
    login_index BYTEA NOT NULL UNIQUE, -- keyed: logins may be mobile numbers
    login TEXT NOT NULL,               -- as it may be shown
    display_name TEXT NOT NULL,
    state BIGINT NOT NULL,
    password TEXT NOT NULL,            -- argon2id string
    password_at_ms BIGINT NOT NULL,
    password_ends_ms BIGINT,           -- of a first password
    must_change BIGINT NOT NULL,
    totp_seed BYTEA,                   -- sealed
    totp_pending BYTEA,                -- sealed; offered, not confirmed
    totp_last_step BIGINT NOT NULL,
    partner_id BYTEA,
    created_ms BIGINT NOT NULL,
    last_sign_in_ms BIGINT NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX account_body ON account (body_id, display_name);

CREATE TABLE account_role (
    account_id BYTEA NOT NULL REFERENCES account (id),
    role BIGINT NOT NULL,
    PRIMARY KEY (account_id, role)
);

CREATE TABLE sign_in (
    id BYTEA PRIMARY KEY,
    token_hash BYTEA NOT NULL UNIQUE,
    account_id BYTEA NOT NULL REFERENCES account (id),
    created_ms BIGINT NOT NULL,
    seen_ms BIGINT NOT NULL,
    ends_ms BIGINT NOT NULL,
    address BYTEA NOT NULL,
    device TEXT
);
CREATE INDEX sign_in_account ON sign_in (account_id);

-- By login and not by account, so that a name that does not exist locks like one that does.
CREATE TABLE sign_in_failure (
    login_index BYTEA PRIMARY KEY,
    failures BIGINT NOT NULL,
    locked_until_ms BIGINT NOT NULL,
    last_ms BIGINT NOT NULL
);
CREATE INDEX sign_in_failure_last ON sign_in_failure (last_ms);

CREATE TABLE recovery_code (
    account_id BYTEA NOT NULL REFERENCES account (id),
    code_hash BYTEA NOT NULL,
    used_ms BIGINT,
    PRIMARY KEY (account_id, code_hash)
);

CREATE TABLE person (
    id BYTEA PRIMARY KEY,
    body_id BYTEA NOT NULL,
    account_id BYTEA UNIQUE REFERENCES account (id),
    name TEXT NOT NULL,
    sex BIGINT NOT NULL,
    birth BIGINT,                      -- day number
    document_kind TEXT,                -- letter of documents.def
    document_country TEXT,
    document_sealed BYTEA,
    document_index BYTEA,
    phone_sealed BYTEA,
    phone_index BYTEA,
    email_sealed BYTEA,
    photo_id BYTEA,
    checked_ms BIGINT,                 -- a registrar has compared it with the document
    created_ms BIGINT NOT NULL,
    version BIGINT NOT NULL,
    UNIQUE (body_id, document_index)
);
CREATE INDEX person_phone ON person (body_id, phone_index);

CREATE TABLE consent (
    id BYTEA PRIMARY KEY,
    person_id BYTEA NOT NULL REFERENCES person (id),
    kind TEXT NOT NULL,
    text_version TEXT NOT NULL,
    text_hash BYTEA NOT NULL,
    at_ms BIGINT NOT NULL,
    withdrawn_ms BIGINT
);
CREATE INDEX consent_person ON consent (person_id, kind);

CREATE TABLE approval (
    id BYTEA PRIMARY KEY,
    body_id BYTEA NOT NULL,
    act BIGINT NOT NULL,
    object BYTEA,
    payload BYTEA NOT NULL,
    digest BYTEA NOT NULL,
    summary TEXT NOT NULL,
    proposer BYTEA NOT NULL REFERENCES account (id),
    proposer_sign_in BYTEA,
    proposer_role BIGINT NOT NULL,
    at_ms BIGINT NOT NULL,
    expires_ms BIGINT NOT NULL,
    confirmed_by BYTEA REFERENCES account (id),
    confirmed_ms BIGINT,
    used_ms BIGINT,                    -- set in the transaction that did the act
    refused_by BYTEA REFERENCES account (id),
    refused_ms BIGINT,
    refuse_reason TEXT
);
CREATE INDEX approval_body ON approval (body_id, at_ms);
CREATE INDEX approval_object ON approval (object, act);

CREATE TABLE staff_profile (
    account_id BYTEA PRIMARY KEY REFERENCES account (id),
    employer TEXT,
    card_no TEXT
);

CREATE TABLE staff_occupation (
    account_id BYTEA NOT NULL REFERENCES account (id),
    code TEXT NOT NULL,
    level_cap BIGINT NOT NULL,         -- 1 highest to 5 lowest
    PRIMARY KEY (account_id, code)
);

CREATE TABLE conflict_of_interest (
    account_id BYTEA NOT NULL REFERENCES account (id),
    person_id BYTEA NOT NULL REFERENCES person (id),
    kind TEXT NOT NULL,
    PRIMARY KEY (account_id, person_id, kind)
);
CREATE INDEX conflict_person ON conflict_of_interest (person_id);
