// The texts of the exam client. It has its own small reader: a paper room's PC loads no i18n library.
import { watch } from 'vue';

import { language } from '../shared/prefs';
import en from './messages.en';
import zh from './messages.zh';

interface Tree {
  [key: string]: string | Tree;
}

function find(tree: Tree, path: string[]): string | undefined {
  let at: string | Tree | undefined = tree;
  for (const step of path) at = typeof at === 'object' ? at[step] : undefined;
  return typeof at === 'string' ? at : undefined;
}

export function t(key: string, values: Record<string, string | number> = {}): string {
  const path = key.split('.').slice(1);
  const text = find(language.value === 'en' ? en : zh, path) ?? key;
  return text.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''));
}

export function followLanguage(title: () => string): void {
  watch(
    [language, title],
    () => {
      document.documentElement.lang = language.value;
      document.title = title();
    },
    { immediate: true },
  );
}
