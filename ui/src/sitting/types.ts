// What the server tells about sessions, rooms and seats (src/web/session.c, arrange.c, room.c).
import type { Id, Ms } from '../shared/api';

export interface Clock {
  started_ms: Ms | null;
  allowed_ms: number;
  paused: boolean;
  closed: boolean;
  remaining_ms: number;
  deadline_ms: Ms | null;
}

export interface Tile {
  attempt: Id;
  seat: number;
  name: string;
  ticket: string;
  photo: Id | null;
  state: 'prepared' | 'admitted' | 'open' | 'sealed' | 'closed';
  presence: 'unknown' | 'present' | 'absent';
  waiting: boolean;
  last_seen_ms: Ms;
  last_saved_ms: Ms;
  answered: number;
  item: number;
  epoch: number;
  weak: boolean;
  entries: number;
  aside: number;
  away: number;
  clock_jumps: number;
  violations: number;
  ended_ms: Ms;
  end_reason: string | null;
  due: boolean;
  seal_code_ok: boolean | null;
  clock: Clock;
}

export interface LedgerRow {
  no: number;
  kind: string;
  scope: string;
  at_ms: Ms;
  minutes?: number;
  reason: string | null;
  server_ms: Ms;
}

export interface RoomView {
  id: Id;
  room: string;
  no: number;
  server_ms: Ms;
  session: { id: Id; title: string; starts_ms: Ms; minutes: number; late_limit_ms: number; earliest_hand_in_ms: number };
  clock: Clock;
  ledger: LedgerRow[];
  tiles: Tile[];
  /** Whether the viewer invigilates here; a quality supervisor only looks. */
  acts: boolean;
  /** At the centre, of a room that a node serves: acts are taken there. */
  away: boolean;
}

export type ObservationKind = 'in_order' | 'remark' | 'deviation';

export interface Observation {
  at_ms: Ms;
  by: Id;
  name: string | null;
  room: Id | null;
  room_name: string | null;
  seat: number;
  kind: ObservationKind;
  text: string;
  from_node: boolean;
}

export interface RoomRow {
  id: Id;
  name: string;
  no: number;
  session: Id;
  title: string;
  starts_ms: Ms;
  minutes: number;
  seats: number;
  acts: boolean;
}

export interface Violation {
  id: Id;
  session: Id;
  attempt: Id;
  entry: Id;
  seat: number;
  name: string;
  code: string;
  trigger: number;
  note: string;
  told: boolean;
  at_ms: Ms;
  reporter: Id;
  witness: Id | null;
  statement: string | null;
  state: string;
  decided_code: string | null;
  decision: string | null;
  decided_ms: Ms;
}

export interface ViolationCode {
  code: string;
  article: string;
  name: string;
  consequence: string;
  triggers: string[];
}

export interface ViolationCodes {
  source: string;
  process: string;
  codes: ViolationCode[];
}

export interface AsideEntry {
  epoch: number;
  seq: number;
  kind: number;
  item: number;
  client_ms: Ms;
  received_ms: Ms;
  payload: unknown;
}

export interface Duty {
  duty: string;
  label: string;
  room: Id | null;
}

export interface SessionRow {
  id: Id;
  batch: Id;
  component: string;
  title: string;
  starts_ms: Ms;
  ends_ms: Ms;
  minutes: number;
  late_limit_ms: number;
  earliest_hand_in_ms: number;
  state: string;
  state_label: string;
  version: number;
  duties?: Duty[];
}

export interface Candidate {
  entry: Id;
  name: string;
  level: number;
  level_name: string | null;
  direction: string;
  direction_name: string | null;
}

export interface Seat extends Partial<Candidate> {
  id: Id;
  number: number;
  row: number;
  col: number;
  taken: boolean;
  ticket?: string | null;
}

export interface SessionRoom {
  id: Id;
  no: number;
  name: string;
  site: Id;
  site_name: string;
  address: string;
  rows: number;
  columns: number;
  capacity: number;
  seats: Seat[];
}

export interface StaffRow {
  id: Id;
  account: Id;
  name: string;
  duty: string;
  label: string;
  room: Id | null;
}

export interface SessionView extends SessionRow {
  component_name: string;
  programme: string;
  tickets: number;
  rooms: SessionRoom[];
  staff: StaffRow[];
  waiting?: Candidate[];
}

export interface Finding {
  rule: string;
  blocks: boolean;
  where: string;
  where_id: Id | null;
  name: string | null;
  sentence: string;
  source: string | null;
}

export interface PapersState {
  prepared: boolean;
  papers: number;
  spares: number;
  officers: number;
  armed: number;
  released: boolean;
  open_at_ms: Ms;
  arm_from_ms: Ms;
  released_ms?: Ms;
  server_ms: Ms;
}
