// Composing: what is asked for (in the address), what the bank has for it, the forms made.
import { computed, reactive, ref, shallowRef, watch } from 'vue';
import { useRoute, useRouter } from 'vue-router';

import { programmeRows } from '../bank/useBank';
import { api, asApiError, useApi, withQuery, type ApiError, type Id } from '../shared/api';
import { day, readMarks } from '../shared/format';
import type { FormRow, Life, Solved } from './types';
import { useItemCodes } from './useItemCodes';

export interface Part {
  kind: string;
  count: string;
  each: string;
  /** Of kinds that can be right in part; '' is all or nothing. */
  partial: string;
}

/** Several elements, so that the paper says what an answer is worth that is right in part. */
const IN_PARTS: readonly string[] = ['multiple', 'matching', 'ordering', 'blank', 'case'];
export const PARTIAL_RULES = ['half', 'each', 'minus'] as const;
export const inParts = (kind: string): boolean => IN_PARTS.includes(kind);

export const NAME_MAX = 56;

/** What was written, if it is a whole number. */
const whole = (text: string): number | undefined => (/^\d{1,4}$/.test(text.trim()) ? Number(text) : undefined);

export function useCompose() {
  const route = useRoute();
  const router = useRouter();
  const home = route.path;
  const query = (name: string) => (typeof route.query[name] === 'string' ? (route.query[name] as string) : '');
  const set = (values: Record<string, string>) => void router.replace({ query: { ...route.query, ...values } });
  const programmes = useApi(programmeRows);
  const forms = useApi((signal) => api<{ forms: FormRow[] }>('GET', '/api/forms', undefined, { signal }));
  void programmes.load();
  void forms.load();

  const usable = computed(() => (programmes.data.value ?? []).filter((p) => p.levels.some((l) => l.components.length)));
  const programme = computed(() => usable.value.find((p) => p.id === query('programme')) ?? usable.value.find((p) => p.levels.some((l) => l.directions.length && l.components.length)) ?? usable.value[0]);
  const level = computed(() => programme.value?.levels.find((l) => String(l.level) === query('level')) ?? programme.value?.levels[0]);
  const component = computed(() => level.value?.components.find((c) => c.id === query('component')) ?? level.value?.components[0]);
  const direction = computed(() => level.value?.directions.find((d) => d.id === query('direction')) ?? level.value?.directions[0]);

  const name = ref('');
  /** What forms are called that nobody names. */
  const suggested = computed(() => [day(Date.now()).slice(0, 7), level.value?.name, direction.value?.name].filter(Boolean).join(' ').slice(0, NAME_MAX));
  const copies = ref(1);
  const own = ref(false);
  const parts = reactive<Part[]>([]);
  const avoid = ref<Id[]>([]);
  const aim = ref<'balance' | 'information' | 'random'>('balance');
  /** Empty: no limit, as few as can be. */
  const exposure = ref('');
  const overlap = ref('');
  const ofProgramme = computed(() => programme.value?.id ?? '');
  const must = useItemCodes(ofProgramme);
  const mayNot = useItemCodes(ofProgramme);
  /** Each code that was written is an item: else the form would silently be another. */
  const named = computed(() => must.settled.value && mayNot.settled.value);
  const layout = computed(() => (own.value ? parts.map((p) => ({ kind: p.kind, count: Math.trunc(Number(p.count)) || 0, millimarks: readMarks(p.each) ?? 0, ...(p.partial && inParts(p.kind) ? { partial: p.partial } : {}) })) : undefined));
  const body = (title: string, also: Id[]) => ({
    name: title,
    programme: programme.value?.id ?? '',
    component: component.value?.id ?? '',
    level: level.value?.level ?? 0,
    ...(direction.value ? { direction: direction.value.id } : {}),
    ...(layout.value ? { layout: layout.value } : {}),
    ...(also.length ? { avoid: also.slice(0, 50) } : {}),
    ...(must.ids.value.length ? { must: must.ids.value } : {}),
    ...(mayNot.ids.value.length ? { may_not: mayNot.ids.value } : {}),
    forms: copies.value,
    aim: aim.value,
    ...(whole(exposure.value) ? { exposure: whole(exposure.value) } : {}),
    ...(whole(overlap.value) === undefined ? {} : { overlap: { items: whole(overlap.value) } }),
  });

  const solved = useApi((signal) => api<Solved>('POST', '/api/forms/solve', body('-', avoid.value), { signal }));
  const asked = computed(() => (programme.value && level.value && component.value ? JSON.stringify(body('', avoid.value)) : ''));
  let timer: ReturnType<typeof setTimeout> | undefined;
  watch(
    asked,
    (now) => {
      clearTimeout(timer);
      if (now && route.path === home) timer = setTimeout(() => void solved.load(), 200);
    },
    { immediate: true },
  );

  const others = computed(() => (forms.data.value?.forms ?? []).filter((f) => f.programme === programme.value?.id && f.level === level.value?.level && f.component === component.value?.id && (f.direction ?? '') === (direction.value?.id ?? '')));
  const failed = shallowRef<ApiError>();
  const making = ref(false);
  const made = ref<{ id: Id; name: string }[]>([]);
  /** All at once: they are balanced against each other. */
  async function compose() {
    if (making.value) return;
    failed.value = undefined;
    made.value = [];
    making.value = true;
    try {
      made.value = (await api<{ forms: { id: Id; name: string }[] }>('POST', '/api/forms', body(name.value.trim() || suggested.value, avoid.value))).forms;
    } catch (thrown) {
      failed.value = asApiError(thrown);
    } finally {
      making.value = false;
      void forms.load();
      void solved.load();
    }
  }
  /** What the bank bears without using an item twice. */
  const life = useApi((signal) => api<Life>('POST', '/api/forms/life', body('-', []), { signal }));
  /** The own layout starts as the programme has it. */
  function startOwn(on: boolean) {
    own.value = on;
    if (on && !parts.length) for (const p of solved.data.value?.blueprint.layout ?? []) parts.push({ kind: p.kind, count: String(p.count), each: String(p.millimarks / 1000), partial: p.partial ?? '' });
  }
  const bankQuery = (area: string, kind: string) => withQuery('/bank', { programme: programme.value?.id, level: level.value?.level, area, kind });
  return { programmes, usable, programme, level, component, direction, set, name, suggested, copies, own, startOwn, parts, avoid, others, solved, failed, making, made, compose, aim, exposure, overlap, must, mayNot, named, life, bankQuery };
}
