-- Room nodes. At the centre: who they are, which rooms they serve, what they have proved and handed
-- up. On a node: who it is and which packages it holds (the rest are the delivery's own tables).

-- Public keys that the root vouches for and whose secret lies elsewhere: of room nodes at the
-- centre, of the centre on a node.
CREATE TABLE signing_key_guest (
    kid TEXT PRIMARY KEY,
    purpose TEXT NOT NULL,
    pub BYTEA NOT NULL,
    from_ms BIGINT NOT NULL,
    to_ms BIGINT NOT NULL,
    state BIGINT NOT NULL,
    compromised_ms BIGINT NOT NULL,
    table_version BIGINT NOT NULL,
    sig TEXT NOT NULL
);

-- The roster of a room, sealed to its nodes, beside the manifest that names its hash.
CREATE TABLE paper_roster (
    session BYTEA NOT NULL,
    room BIGINT NOT NULL,
    roster BYTEA NOT NULL,            -- HNR1
    PRIMARY KEY (session, room)
);

-- Halves of the phone codes, from the release on, each for one officer.
CREATE TABLE paper_code (
    session BYTEA NOT NULL,
    room BIGINT NOT NULL,
    half BIGINT NOT NULL,             -- 0 A, 1 B
    account BYTEA NOT NULL,
    code BYTEA NOT NULL,              -- wrapped under K_store
    PRIMARY KEY (session, room, half)
);

CREATE TABLE room_node (
    id BYTEA PRIMARY KEY,
    body_id BYTEA NOT NULL,
    name TEXT NOT NULL,
    chain BIGINT NOT NULL UNIQUE,     -- of its batch records; 1 is the centre's own
    state TEXT NOT NULL,              -- invited, joined, revoked
    code_mark TEXT UNIQUE,            -- the first group of the join code
    code BYTEA,                       -- the rest, sealed; gone once used
    code_until_ms BIGINT NOT NULL,
    code_tries BIGINT NOT NULL,
    kid TEXT UNIQUE,
    sign_public BYTEA,
    box_public BYTEA,
    created_ms BIGINT NOT NULL,
    joined_ms BIGINT,
    seen_ms BIGINT,
    offset_ms BIGINT,                 -- its wall clock against ours
    free_bytes BIGINT,
    ram_bytes BIGINT,
    version TEXT
);
CREATE INDEX room_node_body ON room_node (body_id, created_ms);

CREATE TABLE room_node_duty (
    room_id BYTEA NOT NULL,
    node_id BYTEA NOT NULL REFERENCES room_node (id),
    session_id BYTEA NOT NULL,
    standby BIGINT NOT NULL,
    challenge BYTEA,                  -- of the proof that is awaited
    ready_ms BIGINT,                  -- proved complete
    ready_manifest BYTEA,             -- SHA-256 of the manifest it was proved for
    ready TEXT,                       -- the signed statement
    problem TEXT,                     -- what the last proof failed at
    PRIMARY KEY (room_id, node_id)
);
CREATE INDEX room_node_duty_session ON room_node_duty (session_id);

CREATE TABLE room_anchor (
    chain BIGINT NOT NULL,
    batch BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    anchor TEXT NOT NULL,             -- signed
    received_ms BIGINT NOT NULL,
    PRIMARY KEY (chain, batch)
);

CREATE TABLE room_hand_up (
    session_id BYTEA NOT NULL,
    node_id BYTEA NOT NULL,
    begun_ms BIGINT NOT NULL,
    rows_there BIGINT NOT NULL,       -- on the node, as it last said
    batches_there BIGINT NOT NULL,
    missing TEXT,                     -- what the last closing lacked
    statement TEXT,                   -- signed by the node
    receipt TEXT,                     -- signed by the centre
    done_ms BIGINT,
    PRIMARY KEY (session_id, node_id)
);

-- K_roster: random, one for a session, so that a package sealed anew compares the same.
CREATE TABLE session_roster_key (
    session_id BYTEA PRIMARY KEY,
    roster_key BYTEA NOT NULL         -- wrapped
);

-- Audit rows of nodes, as they were written there; their chains are the node's own.
CREATE TABLE room_audit (
    node_id BYTEA NOT NULL,
    chain BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    owner BYTEA NOT NULL,
    row_text TEXT NOT NULL,           -- JSON of all its members
    PRIMARY KEY (node_id, chain, seq)
);

-- --- on a node --------------------------------------------------------------------------------
CREATE TABLE node_self (
    one BIGINT PRIMARY KEY,           -- 1
    id BYTEA NOT NULL,
    body_id BYTEA NOT NULL,
    name TEXT NOT NULL,
    chain BIGINT NOT NULL,
    centre TEXT NOT NULL,             -- its address
    root_kid TEXT NOT NULL,
    root_public BYTEA NOT NULL,
    kid TEXT NOT NULL,
    box_public BYTEA NOT NULL,
    box_secret BYTEA NOT NULL,        -- wrapped
    joined_ms BIGINT NOT NULL,
    boot TEXT NOT NULL DEFAULT '',    -- the start of the machine the two clocks belong to
    centre_ms BIGINT NOT NULL DEFAULT 0,
    boot_ms BIGINT NOT NULL DEFAULT 0,
    rtt_ms BIGINT NOT NULL DEFAULT 0,
    confirmed_by BYTEA,               -- two people say that the wall clock is right
    confirmed_second BYTEA,
    anchored_batch BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE node_package (
    room_id BYTEA PRIMARY KEY,
    session_id BYTEA NOT NULL,
    room BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    state TEXT NOT NULL,              -- fetching, complete, released, handed_up, cleared
    manifest BYTEA,
    manifest_sha256 BYTEA NOT NULL,
    open_at_ms BIGINT NOT NULL,
    close_at_ms BIGINT NOT NULL,
    roster BYTEA,
    roster_key BYTEA,                 -- K_roster, wrapped
    ready_ms BIGINT,
    released_ms BIGINT,
    released_how TEXT,                -- online, phone, envelope
    finished_ms BIGINT,               -- an invigilator says that nobody comes any more
    tries BIGINT NOT NULL DEFAULT 0,
    locked_until_ms BIGINT NOT NULL DEFAULT 0,
    receipt TEXT,                     -- the centre's, for the hand-up
    fetched_ms BIGINT,
    handed_up_ms BIGINT,
    cleared_ms BIGINT,
    problem TEXT
);

CREATE TABLE node_file (
    room_id BYTEA NOT NULL,
    number BIGINT NOT NULL,           -- index of the paper
    content BYTEA NOT NULL,
    PRIMARY KEY (room_id, number)
);
