// The texts a candidate may agree to, and what has been agreed to.
import { computed, ref, shallowRef } from 'vue';

import { api, asApiError, url, useApi, type ApiError, type Ms } from '../shared/api';

export interface ConsentText {
  kind: string;
  title: string;
  version: string;
  needed: boolean;
  text: string;
}
export interface Consent {
  kind: string;
  title: string;
  version: string;
  at_ms: Ms;
  withdrawn_ms?: Ms;
  in_force: boolean;
}

export function useConsents() {
  const { data, error, loading, load } = useApi(async (signal) => {
    const [texts, mine] = await Promise.all([
      api<{ texts: ConsentText[] }>('GET', '/api/consent-texts', undefined, { signal }),
      api<{ consents: Consent[] }>('GET', '/api/my/consents', undefined, { signal }),
    ]);
    given.value = mine.consents;
    return texts.texts;
  });
  const given = shallowRef<Consent[]>([]);
  const busy = ref('');
  const actError = shallowRef<ApiError>();
  const failedKind = ref('');

  const inForce = (kind: string) => given.value.find((c) => c.kind === kind && c.in_force);
  const complete = computed(() => !!data.value && data.value.every((t) => !t.needed || inForce(t.kind)));

  async function act(kind: string, call: () => Promise<{ consents: Consent[] }>) {
    if (busy.value) return false;
    busy.value = kind;
    actError.value = undefined;
    try {
      given.value = (await call()).consents;
      return true;
    } catch (thrown) {
      actError.value = asApiError(thrown);
      failedKind.value = kind;
      return false;
    } finally {
      busy.value = '';
    }
  }
  const give = (t: { kind: string; version: string }) => act(t.kind, () => api('POST', '/api/my/consents', { kind: t.kind, version: t.version }));
  const withdraw = (kind: string) => act(kind, () => api('DELETE', url`/api/my/consents/${kind}`));

  void load();
  return { texts: data, error, loading, load, given, inForce, complete, busy, actError, failedKind, give, withdraw };
}
