// Language: zh-CN unless the person chose English. Every area brings its own message files.
import { computed, type App, type ComputedRef } from 'vue';
import { createI18n, useI18n } from 'vue-i18n';

import { speak } from './api';
import type { Area, MessageTree } from './area';
import type { Lang } from './format';
import en from './messages.en';
import zh from './messages.zh';
import { language } from './prefs';

export { useI18n };

export function makeI18n(areas: Area[]) {
  const messages: Record<Lang, MessageTree> = { 'zh-CN': { shared: zh }, en: { shared: en } };
  for (const area of areas) {
    messages['zh-CN'][area.name] = area.messages.zh;
    messages.en[area.name] = area.messages.en;
  }
  const i18n = createI18n({ legacy: false, locale: language.value, fallbackLocale: 'zh-CN', messages: messages as never });

  // The generic types of vue-i18n do not end on an open message tree.
  const global = i18n.global as unknown as { locale: { value: Lang }; t: (key: string, values: Record<string, unknown>) => string };

  function use(lang: Lang) {
    global.locale.value = lang;
    document.documentElement.lang = lang;
    void speak(lang);
  }
  use(language.value);

  return {
    i18n,
    use,
    t: (key: string, values: Record<string, unknown> = {}): string => global.t(key, values),
    install: (app: App) => app.use(i18n),
  };
}

export type I18n = ReturnType<typeof makeI18n>;

/** The language now shown, for the functions of format.ts. */
export function useLang(): ComputedRef<Lang> {
  const { locale } = useI18n();
  return computed(() => (locale.value === 'en' ? 'en' : 'zh-CN'));
}

/** What the server calls by a word, in the language shown; its own label where the word is not known here. */
export function useWord(): (group: 'batch' | 'entry' | 'session' | 'stage' | 'duty', word: string, label: string) => string {
  const { t, te } = useI18n();
  return (group, word, label) => (te(`shared.words.${group}.${word}`) ? t(`shared.words.${group}.${word}`) : label);
}
