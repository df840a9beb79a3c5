// What the server computes behind the desk: asked for here or found running after a reload, watched to its end.
import { computed, onBeforeUnmount, ref } from 'vue';

import { api, asApiError, url, withQuery, type ApiError, type Id, type Ms } from '../shared/api';

export interface Work {
  id: Id;
  kind: string;
  argument: Record<string, string>;
  account: string;
  state: 'waiting' | 'running' | 'done' | 'failed' | 'cancelled' | 'interrupted';
  step: string;
  done: number;
  total: number;
  result: Id | null;
  field: string;
  sentence: string;
  asked_ms: Ms;
  cancelling: boolean;
}
const LOOK_MS = 700;

/** `which`: the kind and what it is about; `over` hears of one that was watched to its end. */
export function useWork(which: () => { kind: string; object?: Id }, over: (w: Work) => void) {
  const now = ref<Work>();
  const error = ref<ApiError>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let gone = false;
  const going = computed(() => now.value?.state === 'waiting' || now.value?.state === 'running');

  async function look(id: Id) {
    clearTimeout(timer);
    try {
      now.value = await api<Work>('GET', url`/api/desk-work/${id}`);
      error.value = undefined;
    } catch (thrown) {
      error.value = asApiError(thrown);
    }
    if (gone) return;
    if (going.value || error.value) timer = setTimeout(() => void look(id), LOOK_MS);
    else if (now.value) over(now.value);
  }
  /** The latest there is: one that runs is watched on; how the last one ended stays to be read. */
  async function load() {
    try {
      const { work } = await api<{ work: Work[] }>('GET', withQuery('/api/desk-work', which()));
      now.value = work[0];
      if (work[0] && going.value) await look(work[0].id);
    } catch (thrown) {
      error.value = asApiError(thrown);
    }
  }
  async function stop() {
    if (!now.value) return;
    const { id } = now.value;
    try {
      await api('POST', url`/api/desk-work/${id}/cancel`);
      await look(id);
    } catch (thrown) {
      error.value = asApiError(thrown);
    }
  }
  onBeforeUnmount(() => {
    gone = true;
    clearTimeout(timer);
  });
  return { now, going, error, load, look, stop };
}
