// State of a list page. Filter, order and page live in the address, so that a list can be shared
// and reopened. Asks the server for ?<filters>&sort&limit&offset and reads {<key>: […], total};
// with `local` the whole list is loaded once and filtered here.
import { computed, onScopeDispose, ref, watch, type ComputedRef, type Ref } from 'vue';
import { useRoute, useRouter } from 'vue-router';

import { api, useApi, withQuery, type ApiError } from '../shared/api';

export interface ListOptions<Row> {
  path: string | (() => string);
  /** Name of the array in the reply. */
  key: string;
  /** Names of the filters besides `q`. */
  filters?: string[];
  size?: number;
  /** The reply is the whole list: the text of a row in which `q` is sought, by filter name its value. */
  local?: { text: (row: Row) => string; value?: (row: Row, name: string) => string | number };
}

export interface List<Row> {
  rows: ComputedRef<Row[]>;
  total: ComputedRef<number>;
  /** From 1. */
  page: ComputedRef<number>;
  size: number;
  loading: Ref<boolean>;
  error: Ref<ApiError | undefined>;
  /** Nothing has been loaded yet. */
  fresh: ComputedRef<boolean>;
  filtered: ComputedRef<boolean>;
  /** `key` ascending, `-key` descending, "" as the server has it. */
  sort: ComputedRef<string>;
  get: (name: string) => string;
  /** `hold`: still being composed (IME); the address waits. */
  set: (name: string, value: string, hold?: boolean) => void;
  clear: () => void;
  go: (page: number) => void;
  order: (key: string) => void;
  load: () => Promise<void>;
}

export function useList<Row>(options: ListOptions<Row>): List<Row> {
  const route = useRoute();
  const router = useRouter();
  const size = options.size ?? 50;
  const names = ['q', ...(options.filters ?? [])];
  const home = route.path;

  const text = (name: string) => {
    const value = route.query[name];
    return typeof value === 'string' ? value : '';
  };
  const page = computed(() => Math.max(1, Math.trunc(Number(text('page'))) || 1));
  const sort = computed(() => text('sort'));
  const path = () => (typeof options.path === 'string' ? options.path : options.path());

  const wanted = computed(() => {
    if (options.local) return path();
    const values: Record<string, string | number> = { limit: size, offset: (page.value - 1) * size, sort: sort.value };
    for (const name of names) values[name] = text(name);
    return withQuery(path(), values);
  });
  const { data, error, loading, load } = useApi((signal) => api<Record<string, unknown>>('GET', wanted.value, undefined, { signal }));
  const all = computed(() => (data.value?.[options.key] ?? []) as Row[]);

  const matching = computed(() => {
    const local = options.local;
    if (!local) return all.value;
    const words = text('q').toLowerCase().split(/\s+/).filter(Boolean);
    let rows = all.value.filter((row) => words.every((word) => local.text(row).toLowerCase().includes(word)));
    for (const name of options.filters ?? []) {
      const value = text(name);
      if (value && local.value) rows = rows.filter((row) => String(local.value?.(row, name)) === value);
    }
    const key = sort.value.replace(/^-/, '');
    if (key && local.value) {
      const sign = sort.value.startsWith('-') ? -1 : 1;
      const value = local.value;
      rows = [...rows].sort((a, b) => {
        const [x, y] = [value(a, key), value(b, key)];
        return sign * (typeof x === 'number' && typeof y === 'number' ? x - y : String(x).localeCompare(String(y), 'zh-CN'));
      });
    }
    return rows;
  });
  const total = computed(() => {
    if (options.local) return matching.value.length;
    const said = data.value?.['total'];
    return typeof said === 'number' ? said : (page.value - 1) * size + all.value.length;
  });
  const rows = computed(() => (error.value ? [] : options.local ? matching.value.slice((page.value - 1) * size, page.value * size) : matching.value));

  // While somebody types, the address follows after a pause; `draft` is what the field shows.
  const draft = ref<Record<string, string>>({});
  let timer: ReturnType<typeof setTimeout> | undefined;
  function write(changes: Record<string, string>) {
    const query = { ...route.query };
    for (const [name, value] of Object.entries(changes)) {
      if (value) query[name] = value;
      else delete query[name];
    }
    return router.replace({ query });
  }
  function set(name: string, value: string, hold = false) {
    draft.value = { ...draft.value, [name]: value };
    clearTimeout(timer);
    if (hold) return;
    const send = () => {
      const sent = draft.value;
      void write({ ...sent, page: '' }).then(() => {
        // What was typed in the meantime stays.
        draft.value = Object.fromEntries(Object.entries(draft.value).filter(([key, text]) => sent[key] !== text));
      });
    };
    if (name === 'q') timer = setTimeout(send, options.local ? 60 : 220);
    else send();
  }

  // The page may still be alive while the address already belongs to the next one.
  watch(wanted, () => {
    if (route.path === home) void load();
  });
  onScopeDispose(() => clearTimeout(timer));
  void load();

  return {
    rows,
    total,
    page,
    size,
    loading,
    error,
    sort,
    fresh: computed(() => data.value === undefined),
    filtered: computed(() => names.some((name) => text(name))),
    get: (name) => draft.value[name] ?? text(name),
    set,
    clear: () => {
      draft.value = {};
      void write(Object.fromEntries([...names, 'page'].map((name) => [name, ''])));
    },
    go: (n) => void write({ page: n > 1 ? String(n) : '' }),
    order: (key) => void write({ sort: sort.value === key ? `-${key}` : sort.value === `-${key}` ? '' : key, page: '' }),
    load,
  };
}
