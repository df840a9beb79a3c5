// An examiner's sheets of a session: kept as they are written, each with its version, handed in once.
import { computed, onScopeDispose, ref, shallowRef } from 'vue';

import { api, asApiError, url, useApi, type ApiError, type Id, type Millimarks } from '../shared/api';
import { missing, sum } from './scoring';
import type { Scores, Sheet } from './types';

const SAVE_MS = 900;
export type Saving = 'clean' | 'waiting' | 'saving' | 'saved' | 'failed';

export function useSheets(session: Id) {
  const { data, error, loading, load } = useApi((signal) => api<{ component: string; sheets: Sheet[] }>('GET', url`/api/sessions/${session}/sheets`, undefined, { signal }));
  const at = ref<Id>('');
  const scores = ref<Scores>({});
  const note = ref('');
  const version = ref(0);
  const saving = ref<Saving>('clean');
  const failed = shallowRef<ApiError>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let flight: Promise<boolean> | undefined;
  const sheets = computed(() => data.value?.sheets ?? []);
  const sheet = computed(() => sheets.value.find((s) => s.entry === at.value));
  const locked = computed(() => !sheet.value || sheet.value.submitted_ms > 0 || sheet.value.recused);

  function show(entry: Id) {
    const next = sheets.value.find((s) => s.entry === entry);
    at.value = next?.entry ?? '';
    scores.value = { ...(next?.scores ?? {}) };
    note.value = next?.note ?? '';
    version.value = next?.version ?? 0;
    saving.value = 'clean';
    failed.value = undefined;
  }

  /** Sends what is on the sheet; what is typed meanwhile goes with the next. */
  async function send(submit: boolean): Promise<boolean> {
    clearTimeout(timer);
    if (flight) await flight;
    const entry = at.value;
    if (locked.value || !entry) return false;
    saving.value = 'saving';
    const sent = JSON.stringify([scores.value, note.value]);
    const work = (async () => {
      try {
        const reply = await api<{ version: number }>('PUT', url`/api/sessions/${session}/sheets/${entry}`, {
          scores: scores.value,
          ...(note.value.trim() ? { note: note.value.trim() } : {}),
          version: version.value,
          ...(submit ? { submit: true } : {}),
        });
        const stored = JSON.parse(sent) as [Scores, string];
        if (data.value) {
          const total = sum(stored[0]);
          data.value = { ...data.value, sheets: sheets.value.map((s) => (s.entry === entry ? { ...s, scores: stored[0], note: stored[1], total, version: reply.version, submitted_ms: submit ? Date.now() : 0 } : s)) };
        }
        if (at.value === entry) {
          version.value = reply.version;
          failed.value = undefined;
          const same = JSON.stringify([scores.value, note.value]) === sent;
          saving.value = same ? 'saved' : 'waiting';
          if (!same) later();
        }
        return true;
      } catch (thrown) {
        failed.value = asApiError(thrown);
        saving.value = 'failed';
        return false;
      } finally {
        flight = undefined;
      }
    })();
    flight = work;
    return work;
  }

  function later() {
    saving.value = 'waiting';
    clearTimeout(timer);
    timer = setTimeout(() => void send(false), SAVE_MS);
  }

  function give(point: string, mark: Millimarks) {
    if (locked.value) return;
    scores.value = { ...scores.value, [point]: mark };
    later();
  }

  /** Nothing half-written is left behind. */
  async function leave(): Promise<boolean> {
    return saving.value === 'waiting' || saving.value === 'failed' ? send(false) : flight ? flight : true;
  }

  async function go(entry: Id) {
    if (entry !== at.value && (await leave())) show(entry);
  }

  async function reload() {
    await load();
    if (at.value) show(at.value);
  }

  void load().then(() => show((sheets.value.find((s) => !s.submitted_ms && !s.recused) ?? sheets.value[0])?.entry ?? ''));
  onScopeDispose(() => {
    if (saving.value === 'waiting') void send(false);
    clearTimeout(timer);
  });

  return {
    data, error, loading, load, reload, sheets, sheet, at, scores, note, saving, failed, locked, give, later, leave, go,
    submit: () => send(true),
    total: computed(() => sum(scores.value)),
    left: computed(() => (sheet.value ? missing(sheet.value.rubric, scores.value) : 0)),
    handedIn: computed(() => sheets.value.filter((s) => s.submitted_ms).length),
  };
}
