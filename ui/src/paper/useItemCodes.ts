// Items written by their codes, looked up one by one: those that can be in a form, and those that cannot.
import { onScopeDispose, ref, shallowRef, watch, type Ref } from 'vue';

import type { ItemRow } from '../bank/types';
import { api, asApiError, withQuery, type ApiError, type Id } from '../shared/api';

/** The codes of a line, each once. */
export const codesOf = (text: string): string[] => [...new Set(text.split(/[\s,，、;；]+/).filter(Boolean))];

export function useItemCodes(programme: Ref<string>) {
  const text = ref('');
  const ids = ref<Id[]>([]);
  const missing = ref<string[]>([]);
  /** What is in `ids` is all of what was written. */
  const settled = ref(true);
  /** The look-up itself failed: nothing is known of the items then. */
  const failed = shallowRef<ApiError>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let round = 0;

  async function find(code: string): Promise<Id | undefined> {
    const { items } = await api<{ items: ItemRow[] }>('GET', withQuery('/api/items', { programme: programme.value, search: code, limit: 200 }));
    return items.find((item) => item.code === code && (item.state === 'live' || item.state === 'frozen'))?.id;
  }
  async function look() {
    const mine = ++round;
    const codes = codesOf(text.value);
    failed.value = undefined;
    let found: (Id | undefined)[];
    try {
      found = await Promise.all(codes.map(find));
    } catch (thrown) {
      if (mine === round) failed.value = asApiError(thrown);
      return;
    }
    if (mine !== round) return;
    ids.value = found.filter((id) => id !== undefined);
    missing.value = codes.filter((_, i) => found[i] === undefined);
    settled.value = missing.value.length === 0;
  }
  watch([text, programme], () => {
    settled.value = false;
    round++;
    clearTimeout(timer);
    timer = setTimeout(() => void look(), 400);
  });
  onScopeDispose(() => clearTimeout(timer));
  return { text, ids, missing, settled, failed, look };
}
