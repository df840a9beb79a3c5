// Types and calls of the exam protocol (doc/exam-protocol.md). No cookies: each request proves itself.
import { base64url, join, NONE, unhex, utf8, type Bytes } from './bytes';
import { hmac, sha256, type Key } from './keys';

export type Id = string;

export interface LedgerRow {
  no: number;
  kind: 'start' | 'pause' | 'resume' | 'extend' | 'close' | 'put_off';
  scope: 'session' | 'room' | 'attempt';
  at_ms: number;
  minutes?: number;
  reason?: string;
  server_ms: number;
}

export interface Reading {
  started_ms: number | null;
  allowed_ms: number;
  paused: boolean;
  remaining_ms: number;
  deadline_ms: number | null;
}

export interface SessionFacts {
  id?: Id;
  title: string;
  starts_ms: number;
  minutes: number;
  zone_offset_ms: number;
  earliest_hand_in_ms?: number;
  late_limit_ms?: number;
  weak_allowed?: boolean;
  /** Of a sign-in: taken at the candidate's own place; camera and microphone recorded. */
  online?: boolean;
  recorded?: boolean;
}

/** How this attempt's session is held, and the text that is agreed to before anything is recorded. */
export interface Conduct {
  online: boolean;
  recorded: boolean;
  consent?: { title: string; version: string; text: string };
}

export interface Entered {
  attempt: Id;
  challenge: string;
  until_ms: number;
  admitted: boolean;
  server_ms: number;
  session: SessionFacts;
  room: string;
  seat: string | number;
  name: string;
}

export type AttemptState = 'prepared' | 'admitted' | 'open' | 'sealed' | 'closed' | 'voided';

export interface ServedAnswer {
  item: number;
  response?: unknown;
  flagged?: boolean;
  visited?: boolean;
}

/** Of a sound or film whose plays are limited: begun so often, on whichever machine. */
export interface ServedPlays {
  item: number;
  media: string;
  begun: number;
}

export interface State {
  state: AttemptState;
  epoch: number;
  server_ms: number;
  session: SessionFacts;
  room: string;
  seat: string | number;
  name: string;
  ticket: string;
  ledger: LedgerRow[];
  clock?: Reading;
  paper: { id: Id; sha256: string; bytes: number; open_at_ms: number };
  main: { epoch: number; seq: number; hash: string };
  aside: number;
  answers?: ServedAnswer[];
  last_item?: number;
  plays?: ServedPlays[];
  batch: number;
  batch_hash: string;
}

export interface Claimed extends State {
  attempt: Id;
  weak: boolean;
  save: string;
  file: string;
  main_head: string;
}

export interface Saved {
  epoch: number;
  seq: number;
  hash: string;
  branch: 'main' | 'aside';
  server_ms: number;
  batch: number;
  batch_hash: string;
  ledger?: LedgerRow[];
}

export interface Receipt {
  attempt: Id;
  session: Id;
  epoch: number;
  seq: number;
  head: string;
  entries: number;
  answered: number;
  sealed_at: number;
  seal_code: string;
  batch: number;
  batch_hash: string;
  server_ms: number;
  at: number;
  kid: string;
  sig: string;
  [more: string]: unknown;
}

/** A refusal of the server, or `status` 0: no answer came. */
export class Refusal extends Error {
  override readonly name = 'Refusal';

  constructor(
    readonly status: number,
    readonly code: string,
    readonly field: string,
    readonly text: string,
    /** Milliseconds the server asks to wait, else 0. */
    readonly retryMs = 0,
    readonly expect = 0,
  ) {
    super(text || code || `http ${status}`);
  }
}

export function asRefusal(thrown: unknown): Refusal {
  return thrown instanceof Refusal ? thrown : new Refusal(0, 'offline', '', '');
}

/** Retry-After in seconds or as a date; longer than five minutes is not believed. */
export function retryAfter(header: string | null, nowMs: number): number {
  if (!header) return 0;
  const asked = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - nowMs;
  return Number.isFinite(asked) ? Math.min(Math.max(asked, 0), 300_000) : 0;
}

export async function refusalOf(response: Response): Promise<Refusal> {
  let said: Record<string, unknown> = {};
  try {
    const body = (await response.json()) as Record<string, unknown>;
    said = (body['error'] as Record<string, unknown> | undefined) ?? body;
  } catch {
    /* a proxy may answer with anything */
  }
  const word = (key: string) => (typeof said[key] === 'string' ? said[key] : '');
  const expect = typeof said['expect'] === 'number' ? said['expect'] : 0;
  return new Refusal(response.status, word('code'), word('field'), word('text'), retryAfter(response.headers.get('Retry-After'), Date.now()), expect);
}

export interface Answered<T> {
  value: T;
  /** Monotonic instants around the request, for the clock. */
  sent: number;
  came: number;
}

const TIMEOUT_MS = 10_000;

/** One request; throws Refusal. The body is read inside the time limit, too. */
export async function request<T>(path: string, init: RequestInit, read: (r: Response) => Promise<T>, timeout = TIMEOUT_MS): Promise<Answered<T>> {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), timeout);
  const sent = performance.now();
  try {
    const response = await fetch(path, { ...init, credentials: 'omit', cache: 'no-store', redirect: 'error', signal: abort.signal });
    const came = performance.now();
    if (!response.ok) throw await refusalOf(response);
    return { value: await read(response), sent, came };
  } catch (thrown) {
    throw asRefusal(thrown);
  } finally {
    clearTimeout(timer);
  }
}

export const asJson = <T>(response: Response): Promise<T> => response.json() as Promise<T>;
export const asBytes = async (response: Response): Promise<Bytes> => new Uint8Array(await response.arrayBuffer());

/** HEADERS: further ones, where an address is not of the exam protocol. */
export function post<T>(path: string, body: object, headers: Record<string, string> = {}): Promise<Answered<T>> {
  return request(path, { method: 'POST', headers: { 'Content-Type': 'application/json', ...headers }, body: JSON.stringify(body) }, asJson<T>);
}

/** Who asks: the attempt, its epoch and the key of that epoch. */
export interface Credential {
  attempt: Id;
  epoch: number;
  save: Key;
}

export async function authorization(who: Credential, method: string, path: string, body: Bytes = NONE): Promise<string> {
  const mac = await hmac(who.save, join(utf8('HNG1'), utf8(method), Uint8Array.of(0), utf8(path), Uint8Array.of(0), await sha256(body)));
  return `Heng ${who.attempt}.${who.epoch}.${base64url(mac)}`;
}

export const pathOf = (attempt: Id, what: string): string => `/api/sit/${attempt}/${what}`;

export async function get<T>(who: Credential, what: string, read: (r: Response) => Promise<T>, timeout = TIMEOUT_MS): Promise<Answered<T>> {
  const path = pathOf(who.attempt, what);
  return request(path, { headers: { Authorization: await authorization(who, 'GET', path) } }, read, timeout);
}

/** What a claim's signature covers. */
export async function claimText(attempt: Id, challenge: Bytes, claim: Id, pub: Bytes): Promise<Bytes> {
  return join(utf8('HNC0'), unhex(attempt), challenge, unhex(claim), await sha256(pub));
}
