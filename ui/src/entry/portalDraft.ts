// An application that saves as it goes: one queue of calls, so that versions follow one another;
// what another device changed meanwhile is shown, never overwritten without asking.
import { onScopeDispose, reactive, ref, shallowRef, watch } from 'vue';

import { api, asApiError, url, withQuery, type ApiError, type Id, type Ms } from '../shared/api';
import { session } from '../shared/session';
import { adoptRulings, factsToSave, readFacts, type Facts } from './portalFacts';
import type { EntryPerson, EntryReply, Evidence } from './portalTypes';

/** quiet: as the server has it; waiting: typed, not sent; conflict: changed elsewhere. */
export type Saving = 'quiet' | 'waiting' | 'saving' | 'failed' | 'conflict';

export interface PhotoFinding {
  code: string;
  text: string;
  refused: boolean;
}
export interface PhotoAnswer {
  source_width: number;
  source_height: number;
  refused: boolean;
  findings: PhotoFinding[];
}

const TYPING_MS = 700;
const RETRY_MS = 5000;

export function useDraft(id: () => Id) {
  const reply = shallowRef<EntryReply>();
  const loadError = shallowRef<ApiError>();
  const loading = ref(false);
  const facts = reactive<Facts>(readFacts(undefined));
  const saving = ref<Saving>('quiet');
  const savedAt = ref<Ms>(0);
  const error = shallowRef<ApiError>();
  let version = 0;
  let sent = '';
  let timer: ReturnType<typeof setTimeout> | undefined;
  let queue: Promise<unknown> = Promise.resolve();

  const now = () => JSON.stringify(factsToSave(facts));
  const dirty = () => reply.value !== undefined && now() !== sent;

  /** Calls run one after the other. */
  function inTurn<T>(call: () => Promise<T>): Promise<T> {
    const mine = queue.then(call, call);
    queue = mine.catch(() => {});
    return mine;
  }

  function take(next: EntryReply, withFacts: boolean) {
    reply.value = next;
    version = next.entry.version;
    if (withFacts) {
      Object.assign(facts, readFacts(next.entry.facts));
      sent = now();
    }
  }

  async function load() {
    loading.value = true;
    try {
      take(await api<EntryReply>('GET', url`/api/entries/${id()}`), true);
      savedAt.value = reply.value?.entry.changed_ms ?? 0;
      saving.value = 'quiet';
      error.value = undefined;
      loadError.value = undefined;
    } catch (thrown) {
      loadError.value = asApiError(thrown);
    } finally {
      loading.value = false;
    }
  }

  function failed(thrown: unknown) {
    const said = asApiError(thrown);
    error.value = said;
    saving.value = said.status === 409 && said.field === '/version' ? 'conflict' : 'failed';
    if (said.status === 0 || said.status >= 500 || said.status === 429) later(Math.max(RETRY_MS, said.retryAfter * 1000));
  }

  function later(ms: number) {
    clearTimeout(timer);
    timer = setTimeout(() => void flush(), ms);
  }

  async function save(extra: { level?: number; direction?: string } = {}): Promise<boolean> {
    clearTimeout(timer);
    if (saving.value === 'conflict') return false;
    if (!dirty() && !Object.keys(extra).length) {
      if (saving.value === 'waiting') saving.value = 'quiet';
      return true;
    }
    saving.value = 'saving';
    const text = now();
    try {
      const next = await api<EntryReply>('PATCH', url`/api/entries/${id()}`, { version, facts: JSON.parse(text) as Facts, ...extra });
      take(next, false);
      sent = text;
      adoptRulings(facts, next.entry.facts);
      savedAt.value = next.now;
      error.value = undefined;
      saving.value = dirty() ? 'waiting' : 'quiet';
      if (dirty()) later(TYPING_MS);
      return true;
    } catch (thrown) {
      failed(thrown);
      return false;
    }
  }
  const flush = () => inTurn(() => save());

  watch(now, (text) => {
    if (!reply.value || text === sent || saving.value === 'conflict') return;
    if (saving.value !== 'saving') saving.value = 'waiting';
    later(TYPING_MS);
  });
  watch(
    () => session.expired,
    (expired) => {
      if (!expired && saving.value === 'failed') void flush();
    },
  );

  /** The other device's version wins. */
  const takeTheirs = () => inTurn(load);
  /** This page's facts win: they are saved on top of what is there now. */
  const keepMine = () =>
    inTurn(async () => {
      try {
        take(await api<EntryReply>('GET', url`/api/entries/${id()}`), false);
        sent = '';
        saving.value = 'waiting';
        return await save();
      } catch (thrown) {
        failed(thrown);
        return false;
      }
    });

  const choose = (level: number, direction: string) => inTurn(() => save({ level, direction }));

  /** Uploads and removals make a new version; the rest of the page stays. */
  async function touched<T extends { version: number }>(call: () => Promise<T>): Promise<T> {
    const done = await call();
    version = done.version;
    return done;
  }
  async function refresh() {
    take(await api<EntryReply>('GET', url`/api/entries/${id()}`), false);
    savedAt.value = reply.value?.now ?? 0;
  }

  /** What the page about oneself has just saved. */
  function setPerson(person: EntryPerson) {
    if (reply.value) reply.value = { ...reply.value, person: { ...reply.value.person, ...person } };
  }

  const putPhoto = (file: Blob) =>
    inTurn(async () => {
      const done = await touched(() => api<{ photo: PhotoAnswer; version: number }>('POST', url`/api/entries/${id()}/photo`, file));
      if (!done.photo.refused) await refresh();
      return done.photo;
    });

  const addEvidence = (file: File, kind: string, fact: string) =>
    inTurn(async () => {
      if (!(await save())) throw error.value;
      const path = withQuery(url`/api/entries/${id()}/evidence`, { kind, fact, name: file.name });
      const done = await touched(() => api<{ evidence: Evidence; version: number }>('POST', path, file));
      await refresh();
      return done.evidence;
    });

  const removeEvidence = (evidence: Id) =>
    inTurn(async () => {
      await touched(() => api<{ version: number }>('DELETE', url`/api/entries/${id()}/evidence/${evidence}`));
      await refresh();
    });

  /** After everything typed is saved. */
  const act = (word: 'submit' | 'withdraw', reason?: string) =>
    inTurn(async () => {
      if (!(await save())) throw error.value;
      take(await api<EntryReply>('POST', url`/api/entries/${id()}/${word}`, reason ? { version, reason } : { version }), true);
      savedAt.value = reply.value?.now ?? 0;
    });

  const back = () => {
    if (saving.value === 'failed') void flush();
  };
  const guard = (event: BeforeUnloadEvent) => {
    if (dirty()) event.preventDefault();
  };
  const hidden = () => {
    if (document.visibilityState === 'hidden' && dirty()) void flush();
  };
  window.addEventListener('online', back);
  window.addEventListener('beforeunload', guard);
  document.addEventListener('visibilitychange', hidden);
  onScopeDispose(() => {
    window.removeEventListener('online', back);
    window.removeEventListener('beforeunload', guard);
    document.removeEventListener('visibilitychange', hidden);
    clearTimeout(timer);
    if (dirty() && saving.value !== 'conflict') void flush();
  });

  return { reply, loadError, loading, load, facts, saving, savedAt, error, flush, takeTheirs, keepMine, choose, setPerson, putPhoto, addEvidence, removeEvidence, act };
}

export type Draft = ReturnType<typeof useDraft>;
