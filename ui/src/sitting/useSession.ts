// One session: its arrangement, and acts that load it again.
import { computed, ref, shallowRef } from 'vue';

import { api, asApiError, url, useApi, type ApiError, type Id, type Method } from '../shared/api';
import { session as me } from '../shared/session';
import type { SessionView } from './types';

export function useSession(id: Id) {
  const { data, error, loading, load } = useApi((signal) => api<SessionView>('GET', url`/api/sessions/${id}`, undefined, { signal }));
  const failed = shallowRef<ApiError>();
  const done = ref('');
  const busy = ref('');

  /** `name` marks the button; true when it went through. */
  async function act<T>(name: string, method: Method, path: string, body?: unknown, say?: (reply: T) => string): Promise<boolean> {
    if (busy.value) return false;
    busy.value = name;
    failed.value = undefined;
    done.value = '';
    try {
      const reply = await api<T>(method, `${url`/api/sessions/${id}`}${path}`, body);
      done.value = say?.(reply) ?? '';
      await load();
      return true;
    } catch (thrown) {
      failed.value = asApiError(thrown);
      return false;
    } finally {
      busy.value = '';
    }
  }

  void load();
  const roles = computed(() => me.account?.roles ?? []);
  return {
    id,
    data,
    error,
    loading,
    load,
    act,
    failed,
    done,
    busy,
    /** May arrange, and the arrangement is open. */
    arranges: computed(() => roles.value.includes('registrar')),
    draft: computed(() => data.value?.state === 'draft'),
    may: (role: string) => roles.value.includes(role),
  };
}

export type OneSession = ReturnType<typeof useSession>;
