// What the exam pages show. Changed by sitting.ts and useExam.ts, read by the components.
import { reactive } from 'vue';

import { hex, sealCode } from './bytes';
import type { CameraState } from './camera';
import type { Paper } from './paper';
import type { Plays } from './plays';
import type { AnswerRow, AttemptRow } from './store';
import type { Conduct, Entered, LedgerRow, Receipt, SessionFacts } from './wire';

export type Phase =
  | 'boot'
  | 'refused' // this browser cannot keep answers safe
  | 'sign_in'
  | 'waiting' // for admission
  | 'takeover' // another device holds the attempt: a code is asked for
  | 'second' // another tab of this browser writes
  | 'consent' // claimed; recording is agreed to first
  | 'before' // claimed, the exam has not begun
  | 'exam'
  | 'differ' // two answers to choose from
  | 'sealed' // handed in here, the receipt has not come
  | 'receipt'
  | 'superseded' // another device went on
  | 'closed' // by the invigilator
  | 'voided';

export type Pane = 'question' | 'check' | 'confirm';

export interface Notice {
  text: string;
  atMs: number;
}

const start = {
  phase: 'boot' as Phase,
  weak: false,
  /** Why this PC is refused: it cannot store, it cannot encrypt and this session asks for it, it is no
   * computer and the sitting is online. */
  refusedFor: 'store' as 'store' | 'weak' | 'device',
  /** Answers reach the server, but this PC's disk refuses them. */
  diskFailed: false,
  /** A sentence of the server, or a message key, about what was just tried. */
  refusal: '',
  busy: false,

  entered: undefined as Entered | undefined,
  session: undefined as SessionFacts | undefined,
  room: '',
  seat: '' as string | number,
  name: '',
  ticket: '',

  paper: undefined as Paper | undefined,
  paperState: 'none' as 'none' | 'sealed' | 'open' | 'broken',
  answers: new Map<number, AnswerRow>(),
  /** Begun plays of what may not be played at will, by question and sound. */
  plays: {} as Plays,
  /** Typed, not yet written. */
  drafts: new Map<number, string>(),
  /** Files on their way to the server, by question. */
  files: new Map<number, { name: string; size: number; kept: boolean; sent: number; refusal: string }>(),
  item: 1,
  pane: 'question' as Pane,

  nowMs: 0,
  begun: false,
  paused: false,
  pausedReason: '',
  closeReason: '',
  remainingMs: 0,
  deadlineMs: null as number | null,
  startedMs: null as number | null,
  /** The time was carried over a reload and must be compared with the server's. */
  timeUnsure: false,
  change: undefined as LedgerRow | undefined,

  keptMs: 0,
  savedMs: 0,
  waiting: 0,
  offlineMs: null as number | null,
  trouble: 'offline' as 'offline' | 'busy',
  pageKept: false,
  camera: 'off' as CameraState,
  /** What is asked before recording begins; undefined: nothing, or answered. */
  consent: undefined as Conduct['consent'],
  declined: false,
  notices: [] as Notice[],
  /** Read out by screen readers. */
  said: '',

  differ: [] as NonNullable<AttemptRow['differ']>,
  sealCode: '',
  sealHash: '',
  sealReason: '',
  sealedMs: 0,
  answeredAtSeal: 0,
  receipt: undefined as Receipt | undefined,
  receiptFits: true,
};

/** Its own type: Vue's would unfold the recursive type of JSON without end. */
export const view = reactive<object>(start) as typeof start;

export const zone = (): number => view.session?.zone_offset_ms ?? 28_800_000;

export function showSeal(sealed: NonNullable<AttemptRow['sealed']>): void {
  view.sealHash = hex(sealed.hash);
  view.sealCode = sealCode(sealed.hash);
  view.sealReason = sealed.reason;
  view.sealedMs = sealed.atMs;
  view.answeredAtSeal = sealed.answered;
  view.phase = 'sealed';
}

export function showReceipt(receipt: Receipt): void {
  view.receipt = receipt;
  view.receiptFits = !view.sealHash || receipt.head === view.sealHash;
  view.phase = 'receipt';
  view.savedMs = receipt.server_ms;
}
