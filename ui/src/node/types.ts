// What the server tells about room nodes (src/web/node.c, node_here.c).
import type { Id, Ms } from '../shared/api';

export interface NodeRow {
  id: Id;
  name: string;
  state: 'invited' | 'joined' | 'revoked';
  kid: string | null;
  created_ms: Ms;
  code_until_ms: Ms;
  joined_ms: Ms;
  seen_ms: Ms;
  offset_ms: number;
  free_bytes: number;
  version: string | null;
  audit_findings: { chain: number; seq: number; what: 'changed' | 'missing' | 'rewritten' | 'cut'; at_ms: Ms }[];
}

/** A node of a room, as the centre sees it. */
export interface Standing {
  node: Id;
  name: string;
  state: string;
  standby: boolean;
  seen_ms: Ms;
  offset_ms: number;
  sealed: boolean;
  has_package: boolean;
  ready: boolean;
  ready_ms: Ms;
  problem: string | null;
  late: boolean;
}

export interface HandUp {
  node: Id;
  name: string;
  rows_there: number;
  rows_here: number;
  batches_there: number;
  batches_here: number;
  missing: string | null;
  done_ms: Ms;
  blobs: Blobs;
}

/** Files and recordings of a node: what is still there, whose, and what was found wanting. */
export interface Blobs {
  there: number;
  here: number;
  awaited: number;
  awaited_bytes: number;
  lost: number;
  bad: number;
  refused: number;
  people: BlobPerson[];
}

export interface BlobPerson {
  room: number;
  room_name: string;
  seat: number;
  name: string;
  files: number;
  pieces: number;
  bytes: number;
  lost: number;
  bad: number;
  refused: number;
}

/** A time act of the whole session, and the nodes that answered for it. */
export interface TimeRow {
  no: number;
  kind: 'extend' | 'pause' | 'resume' | 'put_off';
  at_ms: Ms;
  minutes: number;
  reason: string | null;
  server_ms: Ms;
  nodes: { node: Id; reached_ms: Ms; problem: string | null }[];
}

export interface SessionNodes {
  rooms: { id: Id; no: number; name: string; envelopes: number; nodes: Standing[] }[];
  hand_ups: HandUp[];
  times: TimeRow[];
  starts_ms: Ms;
  server_ms: Ms;
  online: boolean;
  recorded: boolean;
}

export interface Here {
  is_node: boolean;
  name?: string;
  kid?: string;
  clock_known?: boolean;
  clock_step_ms?: number;
  contact_ms?: Ms;
  server_ms?: Ms;
}

/** What the centre ordered this machine to rehearse. */
export interface HereRehearsal {
  id: Id;
  candidates: number;
  taken_ms: Ms;
  state: 'running' | 'done' | 'refused';
  stage: string | null;
  problem: string | null;
  ended_ms: Ms;
  passed: boolean;
  /** The centre knows. */
  told: boolean;
}

/** A room on the node itself. */
export interface HereRoom {
  room: Id;
  session: Id;
  no: number;
  name: string | null;
  title: string | null;
  revision: number;
  state: 'fetching' | 'complete' | 'released' | 'handed_up' | 'cleared';
  open_at_ms: Ms;
  fetched_ms: Ms;
  ready_ms: Ms;
  released_ms: Ms;
  released_how: 'online' | 'phone' | 'envelope' | null;
  finished_ms: Ms;
  handed_up_ms: Ms;
  cleared_ms: Ms;
  tries: number;
  locked_until_ms: Ms;
  problem: string | null;
  half_waiting: 'A' | 'B' | null;
  half_way: 'phone' | 'envelope' | null;
  /** In Safe Exam Browser; start_url is null where the node was not told its own address. */
  seb: boolean;
  start_url?: string | null;
  config_key?: string;
  /** Whether the viewer may open and end it. */
  acts: boolean;
}
