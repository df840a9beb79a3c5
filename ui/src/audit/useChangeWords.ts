// What the members of a change and their values are called in the language shown.
import { useI18n } from 'vue-i18n';

import { count, day, marks, seconds } from '../shared/format';
import type { Words } from './change';

const FIRST_INSTANT_MS = 1e11; // less is a length of time
/** What people wrote or chose themselves is shown as it is. */
const OWN_WORDS = new Set(['name', 'login', 'title', 'text', 'reason', 'code', 'number', 'decision']);

/** ACT: what an act is called, where it is known. */
export function useChangeWords(act: (name: string) => string | undefined): Words {
  const { t, te } = useI18n();
  return {
    name: (key) => (te(`audit.names.${key}`) ? t(`audit.names.${key}`) : key),
    value(key, value) {
      if (typeof value === 'boolean') return t(value ? 'audit.yes' : 'audit.no');
      if (typeof value === 'number') {
        if (key === 'millimarks') return marks(value);
        if (key.endsWith('_ms') && value > FIRST_INSTANT_MS) return `${day(value)} ${seconds(value)}`;
        return key.endsWith('_ms') ? `${count(value)} ms` : String(value);
      }
      if (typeof value !== 'string') return JSON.stringify(value);
      if (OWN_WORDS.has(key)) return value;
      const keys = [`values.${key}_${value}`, `values.${value}`, ...(key === 'fields' ? [`names.${value}`] : [])].map((one) => `audit.${one}`);
      const known = keys.find((one) => te(one));
      return known ? t(known) : ((key === 'act' && act(value)) || value);
    },
  };
}
