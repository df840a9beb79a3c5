// The name of the assessment body, which the texts of consent call the handler of the data.
import { ref, watch } from 'vue';

import { api } from '../shared/api';
import { session } from '../shared/session';

export function useBody() {
  const name = ref('');
  watch(
    () => session.account?.id,
    async (id) => {
      if (!id) {
        name.value = '';
        return;
      }
      try {
        const me = await api<{ body?: { name: string } }>('GET', '/api/me', undefined, { quiet401: true });
        name.value = me.body?.name ?? '';
      } catch {
        // The page under the bar says what is the matter; the bar does without.
      }
    },
    { immediate: true },
  );
  return name;
}
