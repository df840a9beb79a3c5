// The road of the application that is on show; ?entry=… chooses among several.
import { computed } from 'vue';
import { useRoute } from 'vue-router';

import { api, useApi } from '../shared/api';
import type { Road } from './road';

export function useRoad() {
  const route = useRoute();
  const { data, error, loading, load } = useApi((signal) => api<Road>('GET', '/api/my/road', undefined, { signal }));
  const entry = computed(() => data.value?.entries.find((e) => e.id === route.query['entry']) ?? data.value?.entries[0]);
  const others = computed(() => (data.value?.entries ?? []).filter((e) => e !== entry.value));
  void load();
  return { road: data, entry, others, error, loading, load };
}
