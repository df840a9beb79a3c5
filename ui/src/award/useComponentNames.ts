// Names of the components, levels and directions of a programme.
import { computed } from 'vue';

import { api, useApi } from '../shared/api';

interface Programme {
  id: string;
  levels: { level: number; name: string; components: { id: string; name: string }[]; directions: { id: string; name: string }[] }[];
}

export function useComponentNames(programme: () => string | undefined) {
  const { data, load } = useApi((signal) => api<{ programmes: Programme[] }>('GET', '/api/programmes', undefined, { signal }));
  void load();
  const own = computed(() => data.value?.programmes.find((p) => p.id === programme()));
  return {
    component: (id: string) => own.value?.levels.flatMap((l) => l.components).find((c) => c.id === id)?.name ?? id,
    /** Of a direction as its letter stands in a result; empty for none. */
    direction: (id: string) => own.value?.levels.flatMap((l) => l.directions).find((d) => d.id === id)?.name ?? id,
    level: (level: number) => own.value?.levels.find((l) => l.level === level)?.name ?? String(level),
  };
}
