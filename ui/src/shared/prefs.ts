// Choices kept in this browser: language and theme.
import { ref, watch } from 'vue';

import type { Lang } from './format';

export type Theme = 'system' | 'light' | 'dark';

function read<T extends string>(name: string, allowed: readonly T[], otherwise: T): T {
  try {
    const value = localStorage.getItem(name) as T | null;
    return value && allowed.includes(value) ? value : otherwise;
  } catch {
    return otherwise; // storage may be closed to us
  }
}

function keep(name: string, value: string) {
  try {
    localStorage.setItem(name, value);
  } catch {
    /* then it lasts until the page is left */
  }
}

export const language = ref<Lang>(read('heng-language', ['zh-CN', 'en'], 'zh-CN'));
export const theme = ref<Theme>(read('heng-theme', ['system', 'light', 'dark'], 'system'));

watch(language, (value) => keep('heng-language', value));
// Another tab of this browser has chosen: all of them speak one language.
addEventListener('storage', ({ key }) => {
  if (key === 'heng-language') language.value = read('heng-language', ['zh-CN', 'en'], 'zh-CN');
});
watch(
  theme,
  (value) => {
    keep('heng-theme', value);
    if (value === 'system') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = value;
  },
  { immediate: true },
);
