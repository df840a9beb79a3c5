// A form: its values, the server's objection, and which field it belongs to.
import { computed, nextTick, reactive, shallowRef, type ComputedRef, type ShallowRef } from 'vue';

import { asApiError, type ApiError } from './api';

/** The part a field component needs. */
export interface FieldHost {
  /** A field announces its JSON pointer; returns the function that takes it back. */
  claim: (at: string) => () => void;
  /** The objection against exactly this field, or "". */
  at: (pointer: string) => string;
}

export interface Form<V extends object, R> extends FieldHost {
  values: V;
  busy: ShallowRef<boolean>;
  error: ShallowRef<ApiError | undefined>;
  /** An objection no visible field has taken: shown above the form. */
  general: ComputedRef<ApiError | undefined>;
  changed: ComputedRef<boolean>;
  /** Sends; undefined when it failed or is already on its way. */
  submit: () => Promise<R | undefined>;
  /** Takes new values as the unchanged state. */
  reset: (values?: V) => void;
}

export function useForm<V extends object, R = unknown>(initial: V, send: (values: V) => Promise<R>): Form<V, R> {
  const copy = (v: V): V => JSON.parse(JSON.stringify(v)) as V;
  const values = reactive(copy(initial)) as V;
  const saved = shallowRef(JSON.stringify(initial));
  const claimed = reactive(new Map<string, number>());
  const busy = shallowRef(false);
  const error = shallowRef<ApiError>();

  function claim(at: string) {
    claimed.set(at, (claimed.get(at) ?? 0) + 1);
    return () => {
      const left = (claimed.get(at) ?? 1) - 1;
      if (left) claimed.set(at, left);
      else claimed.delete(at);
    };
  }

  async function submit() {
    if (busy.value) return undefined;
    busy.value = true;
    error.value = undefined;
    try {
      const reply = await send(copy(values));
      saved.value = JSON.stringify(values);
      return reply;
    } catch (thrown) {
      error.value = asApiError(thrown);
      void nextTick(() => document.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
      return undefined;
    } finally {
      busy.value = false;
    }
  }

  return {
    values,
    busy,
    error,
    general: computed(() => (error.value && !claimed.has(error.value.field) ? error.value : undefined)),
    changed: computed(() => JSON.stringify(values) !== saved.value),
    claim,
    at: (pointer) => (error.value && error.value.field === pointer ? error.value.text || error.value.code : ''),
    submit,
    reset(next) {
      if (next) Object.assign(values, copy(next));
      else Object.assign(values, JSON.parse(saved.value) as V);
      saved.value = JSON.stringify(values);
      error.value = undefined;
    },
  };
}
