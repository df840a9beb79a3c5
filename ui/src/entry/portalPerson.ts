// Personal data, saved field by field. Masks come back from the server; a mask is never sent.
import { reactive, ref, shallowRef } from 'vue';

import { api, asApiError, useApi, type ApiError, type Ms } from '../shared/api';

export interface Person {
  id: string;
  name: string | null;
  sex: 'male' | 'female' | null;
  birth: string | null;
  document_kind: string | null;
  document_country: string | null;
  document_number: string | null;
  phone: string | null;
  email: string | null;
  has_photo: boolean;
  identity_checked: boolean;
  version: number;
}

export const DOCUMENT_KINDS = ['resident_id', 'hk_mo_permit', 'tw_permit', 'hk_mo_residence', 'tw_residence', 'foreign_permanent', 'passport'] as const;

/** Numbers of these say birth and sex by themselves. */
export const SAYS_BIRTH = ['resident_id', 'hk_mo_residence', 'tw_residence'];

export interface PersonChange {
  name?: string;
  sex?: string;
  birth?: string;
  document_kind?: string;
  document_number?: string;
  document_country?: string;
  phone?: string;
  email?: string;
}

/** What an application cannot be handed in without. */
export const personReady = (p: { name: string | null; document_number: string | null; phone: string | null } | undefined): boolean => !!(p?.name && p.document_number && p.phone);

export function usePerson() {
  const { data: reply, error: loadError, loading, load } = useApi((signal) => api<{ person: Person }>('GET', '/api/my/person', undefined, { signal }));
  const person = shallowRef<Person>();
  const errors = reactive<Record<string, string>>({});
  const error = shallowRef<ApiError>();
  const saving = ref(false);
  const savedAt = ref<Ms>(0);
  let queue: Promise<unknown> = Promise.resolve();

  async function start() {
    await load();
    person.value = reply.value?.person;
  }

  async function send(change: PersonChange): Promise<boolean> {
    saving.value = true;
    for (const key of Object.keys(change)) delete errors[`/${key}`];
    try {
      const done = await api<{ person: Person }>('PUT', '/api/my/person', { ...change, version: person.value?.version });
      person.value = done.person;
      savedAt.value = Date.now();
      error.value = undefined;
      return true;
    } catch (thrown) {
      const said = asApiError(thrown);
      if (said.status === 409 && said.field === '/version') {
        await start();
        error.value = said;
      } else if (said.field) {
        errors[said.field] = said.text;
        error.value = undefined;
      } else error.value = said;
      return false;
    } finally {
      saving.value = false;
    }
  }
  /** One after the other, so that versions follow one another. */
  function put(change: PersonChange): Promise<boolean> {
    const mine = queue.then(() => send(change));
    queue = mine;
    return mine;
  }

  void start();
  return { person, loadError, loading, load: start, errors, error, saving, savedAt, put };
}
