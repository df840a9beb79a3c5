// The only place that talks to the server: adds our header, reads our errors.
import { shallowRef, type ShallowRef } from 'vue';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** 32 hexadecimal digits. */
export type Id = string;
/** UTC milliseconds. */
export type Ms = number;
/** Thousandths of a mark. */
export type Millimarks = number;
/** Hundredths of a yuan. */
export type Fen = number;

/** What went wrong. `code` is the server's name for it, or one of ours: `offline`, `garbled`. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    /** HTTP status; 0 when no answer came. */
    readonly status: number,
    readonly code: string,
    /** JSON pointer into the body that was sent, or "". */
    readonly field: string,
    /** The server's sentence as it said it, or "" – then the page speaks by code or status. */
    private readonly said: string,
    /** For the help desk. */
    readonly requestId: string,
    /** Seconds to wait when the server asks for it, else 0. */
    readonly retryAfter = 0,
  ) {
    super(said || code);
  }

  /** The server's sentence in the language shown now, or "". */
  get text(): string {
    return spoken(this.code, this.said);
  }
}

/** Makes any thrown value an ApiError, so that pages need to know one kind only. */
export function asApiError(thrown: unknown): ApiError {
  return thrown instanceof ApiError ? thrown : new ApiError(0, 'fault', '', '', '');
}

type Listener = (path: string) => void;
let unauthorised: Listener = () => {};

/** `shared/session.ts` listens here for the end of a sign-in. */
export function onUnauthorised(listener: Listener): void {
  unauthorised = listener;
}

let language = 'zh-CN';
/** As the server said it. */
const same = (text: string): string => text;
const plain = { sentence: (_code: string, text: string): string => text, reason: same, word: same };
const say = shallowRef(plain);

/** The language in which the server's sentences are shown: it speaks Chinese, and English is looked up. */
export async function speak(tag: string): Promise<void> {
  language = tag;
  if (tag !== 'en') {
    say.value = plain;
    return;
  }
  const { inEnglish, reasonInEnglish, wordInEnglish } = await import('./english');
  if (language === 'en') say.value = { sentence: inEnglish, reason: reasonInEnglish, word: wordInEnglish };
}

/** A sentence of the server in the language shown; `code` is that of its error, or "" where it is none. */
export const spoken = (code: string, text: string): string => say.value.sentence(code, text);
/** A label or title of the server in the language shown. */
export const spokenWord = (text: string): string => say.value.word(text);
/** A reason of a verdict in the language shown. */
export const spokenReason = (text: string): string => say.value.reason(text);

function readError(status: number, reply: unknown, headers: Headers): ApiError {
  const wait = Number(headers.get('Retry-After') ?? 0) || 0;
  const said = (reply as { error?: Record<string, unknown> } | null)?.error;
  const word = (key: string) => (typeof said?.[key] === 'string' ? said[key] : '');
  return new ApiError(status, word('code') || `http_${status}`, word('field'), word('text'), word('request'), wait);
}

export interface CallOptions {
  signal?: AbortSignal;
  /** The page handles 401 itself (sign-in, the first question who I am). */
  quiet401?: boolean;
}

/**
 * One call. A plain value goes as JSON, a Blob as it is. Throws ApiError, and the browser's
 * AbortError when `signal` fired. An answer without a body gives `undefined`.
 */
export async function api<T = unknown>(method: Method, path: string, body?: unknown, options: CallOptions = {}): Promise<T> {
  const { response, content } = await call(method, path, body, options, (answer) => answer.text());
  if (response.ok && content) {
    try {
      return JSON.parse(content) as T;
    } catch {
      throw new ApiError(response.status, 'garbled', '', '', '');
    }
  }
  return undefined as T;
}

/** A call that is answered with a file; its name as the server gives it. */
export async function apiFile(method: Method, path: string, body?: unknown, options: CallOptions = {}): Promise<{ blob: Blob; name: string }> {
  const { response, content } = await call(method, path, body, options, (answer) => answer.blob());
  const name = /filename\*=UTF-8''([^;]+)/i.exec(response.headers.get('Content-Disposition') ?? '')?.[1];
  return { blob: content, name: name ? decodeURIComponent(name) : '' };
}

async function call<C>(method: Method, path: string, body: unknown, options: CallOptions, read: (response: Response) => Promise<C>): Promise<{ response: Response; content: C }> {
  const headers: Record<string, string> = { Accept: 'application/json', 'Accept-Language': language, 'Heng-Request': '1' };
  let payload: BodyInit | undefined;
  if (body instanceof Blob) {
    payload = body;
    headers['Content-Type'] = body.type || 'application/octet-stream';
  } else if (body !== undefined) {
    payload = JSON.stringify(body);
    headers['Content-Type'] = 'application/json';
  }

  let response: Response;
  let text = '';
  try {
    response = await fetch(path, { method, headers, body: payload, signal: options.signal, credentials: 'same-origin', cache: 'no-store' });
    if (response.ok) return { response, content: await read(response) };
    text = await response.text();
  } catch (cause) {
    if (options.signal?.aborted) throw cause;
    throw new ApiError(0, 'offline', '', '', '');
  }

  let reply: unknown = null;
  try {
    reply = text ? JSON.parse(text) : undefined;
  } catch {
    /* no words of the server then */
  }
  if (response.status === 401 && !options.quiet401) unauthorised(path);
  throw readError(response.status, reply, response.headers);
}

/** `` url`/api/batches/${id}/results` `` – every inserted value is encoded. */
export function url(parts: TemplateStringsArray, ...values: (string | number)[]): string {
  return parts.reduce((path, part, i) => path + encodeURIComponent(String(values[i - 1])) + part);
}

/** Adds the filled-in ones of `values` as a query. */
export function withQuery(path: string, values: Record<string, string | number | undefined | null>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined && value !== null && value !== '') query.set(name, String(value));
  }
  const text = query.toString();
  return text ? `${path}${path.includes('?') ? '&' : '?'}${text}` : path;
}

export interface Load<T> {
  data: ShallowRef<T | undefined>;
  error: ShallowRef<ApiError | undefined>;
  loading: ShallowRef<boolean>;
  /** Loads (again). What is on the page stays there meanwhile; the last call wins. */
  load: () => Promise<void>;
}

/** State of one thing a page shows: `const { data, error, loading, load } = useApi(() => api('GET', …))`. */
export function useApi<T>(call: (signal: AbortSignal) => Promise<T>): Load<T> {
  const data = shallowRef<T>();
  const error = shallowRef<ApiError>();
  const loading = shallowRef(false);
  let current: AbortController | undefined;

  async function load() {
    current?.abort();
    const mine = new AbortController();
    current = mine;
    loading.value = true;
    try {
      const value = await call(mine.signal);
      if (current !== mine) return;
      data.value = value;
      error.value = undefined;
    } catch (thrown) {
      if (current === mine) error.value = asApiError(thrown);
    } finally {
      if (current === mine) loading.value = false;
    }
  }
  return { data, error, loading, load };
}
