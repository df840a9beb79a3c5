// What every page of the bank needs: words, programmes, areas and points of the programme chosen.
import { computed, ref, watch, type Ref } from 'vue';
import { useI18n } from 'vue-i18n';
import { useRoute, useRouter } from 'vue-router';

import { api, url, useApi, withQuery } from '../shared/api';
import { session } from '../shared/session';
import { areasOf, type ProgrammeFile } from './points';
import type { ItemRow, ProgrammeRow, Words } from './types';

let words: Promise<Words> | undefined;
let programmes: Promise<ProgrammeRow[]> | undefined;
const files = new Map<string, Promise<ProgrammeFile>>();
/** Kept for the page's life; a failure is asked again. */
function once<T>(kept: Promise<T> | undefined, ask: () => Promise<T>, keep: (p: Promise<T> | undefined) => void): Promise<T> {
  if (kept) return kept;
  const asked = ask();
  keep(asked);
  asked.catch(() => keep(undefined));
  return asked;
}
export const programmeRows = () =>
  once(
    programmes,
    () => api<{ programmes: ProgrammeRow[] }>('GET', '/api/programmes').then((r) => r.programmes),
    (p) => (programmes = p),
  );
export const programmeFile = (id: string) =>
  once(
    files.get(id),
    () => api<{ programme: ProgrammeFile }>('GET', `${url`/api/programmes/${id}`}?only=basic,functions`).then((r) => r.programme),
    (p) => (p ? files.set(id, p) : files.delete(id)),
  );

/** Words of kinds and states in the language shown. */
export function useWords() {
  const { t, te } = useI18n();
  const said = ref<Words>();
  void once(words, () => api<Words>('GET', '/api/item-words'), (p) => (words = p)).then(
    (w) => (said.value = w),
    () => {},
  );
  const word = (group: 'kind' | 'state', name: string) => {
    const own = `bank.${group}.${name}`;
    if (te(own)) return t(own);
    return said.value?.[group === 'kind' ? 'kinds' : 'states'].find((w) => w.name === name)?.label ?? name;
  };
  return { words: said, kind: (name: string) => word('kind', name), state: (name: string) => word('state', name) };
}

/** Names of levels, directions, areas and points of a programme. */
export function useProgramme(id: Ref<string>) {
  const rows = useApi(programmeRows);
  const file = useApi(() => (id.value ? programmeFile(id.value) : Promise.resolve({})));
  void rows.load();
  watch(id, () => void file.load(), { immediate: true });
  const row = computed(() => rows.data.value?.find((p) => p.id === id.value));
  const areas = computed(() => areasOf(file.data.value ?? {}));
  const areaName = (area: string) => areas.value.find((a) => a.id === area)?.name ?? area;
  const pointOf = (point: string) => areas.value.flatMap((a) => a.points).find((p) => p.id === point);
  return {
    rows,
    row,
    file,
    areas,
    areaName,
    pointOf,
    levelName: (level: number) => row.value?.levels.find((l) => l.level === level)?.name ?? String(level),
    directionName: (direction: string) => row.value?.levels.flatMap((l) => l.directions).find((d) => d.id === direction)?.name ?? direction,
  };
}

/** The programme in the address (?programme=); without one the widest that has items: with directions, else that of the first item. */
export function useChosenProgramme() {
  const route = useRoute();
  const router = useRouter();
  const home = route.path;
  const chosen = computed(() => (typeof route.query['programme'] === 'string' ? route.query['programme'] : ''));
  const choose = (id: string) => void router.replace({ query: { ...route.query, programme: id } });
  const first = useApi(async (signal) => {
    const rows = await programmeRows();
    const wide = rows.find((p) => p.levels.some((l) => l.directions.length))?.id ?? '';
    const firstOf = (programme: string) => api<{ items: ItemRow[] }>('GET', withQuery('/api/items', { programme, limit: 1 }), undefined, { signal }).then((r) => r.items[0]?.programme);
    const id = (wide && (await firstOf(wide))) || (await firstOf('')) || rows[0]?.id || '';
    if (!chosen.value && route.path === home) choose(id);
    return id;
  });
  if (!chosen.value) void first.load();
  return { chosen, choose, first };
}

export const may = (role: 'item_author' | 'item_reviewer'): boolean => !!session.account?.roles.includes(role);
