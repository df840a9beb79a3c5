// Writing one item: the flat object, the server's opinion of it while it is written, saving.
import { computed, onBeforeUnmount, ref, shallowRef, watch } from 'vue';

import { ApiError, api, asApiError, url, type Id } from '../shared/api';
import { useForm, type FieldHost } from '../shared/form';
import { fresh, prepared, touched } from './itemForm';
import type { ItemObject, ItemView, Presented } from './types';

const PAUSE_MS = 400;

export function useEdit() {
  const programme = ref('');
  const version = ref(0);
  const id = ref<Id>('');
  /** Papers may be composed with the version that is edited: a new draft takes it out until it is reviewed. */
  const usable = ref(false);
  const form = useForm({ object: fresh('single') }, ({ object }) =>
    id.value
      ? api<{ id: Id; version: number }>('PUT', url`/api/items/${id.value}`, { version: version.value, object: prepared(object) })
      : api<{ id: Id; version: number }>('POST', '/api/items', { programme: programme.value, object: prepared(object) }),
  );
  const before = shallowRef({ object: fresh('single') });
  const preview = shallowRef<Presented>();
  /** What lint says of it: to be looked at, no hindrance. */
  const findings = shallowRef<string[]>([]);
  /** What the server would refuse now. */
  const live = shallowRef<ApiError>();
  const checking = ref(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let current: AbortController | undefined;

  async function check() {
    current?.abort();
    const mine = new AbortController();
    current = mine;
    checking.value = true;
    try {
      const reply = await api<{ preview?: Presented; findings?: string[]; refused?: { code: string; field: string; text: string } }>('POST', '/api/items/preview', { programme: programme.value, object: prepared(form.values.object) }, { signal: mine.signal });
      const { refused } = reply;
      if (reply.preview) preview.value = reply.preview;
      findings.value = reply.findings ?? [];
      live.value = refused && new ApiError(400, refused.code, refused.field, refused.text, '');
    } catch (thrown) {
      if (current === mine) live.value = asApiError(thrown);
    } finally {
      if (current === mine) checking.value = false;
    }
  }
  watch(
    () => [form.values, programme.value],
    () => {
      form.error.value = undefined; // the objection was against what stood there before
      clearTimeout(timer);
      if (programme.value) timer = setTimeout(() => void check(), PAUSE_MS);
    },
    { deep: true },
  );
  onBeforeUnmount(() => {
    clearTimeout(timer);
    current?.abort();
  });

  /** The fields of the page: what saving said, and of places worked on what checking says. */
  const host: FieldHost = {
    claim: form.claim,
    at: (pointer) => {
      const said = form.at(pointer);
      if (said || !live.value || live.value.field !== pointer) return said;
      return id.value || touched(before.value, form.values, pointer) ? live.value.text : '';
    },
  };
  function open(view: ItemView) {
    id.value = view.item.id;
    version.value = view.item.version;
    usable.value = view.item.state === 'live' || view.item.state === 'frozen';
    programme.value = view.item.programme;
    const object: ItemObject = { ...fresh(view.object.kind), ...view.object };
    before.value = { object: JSON.parse(JSON.stringify(object)) as ItemObject };
    form.reset({ object });
    preview.value = view.preview;
  }
  return { programme, usable, version, id, form, host, preview, findings, live, checking, open, changed: computed(() => form.changed.value) };
}
