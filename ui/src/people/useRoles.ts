// The roles of the person signed in, in words.
import { computed } from 'vue';
import { useI18n } from 'vue-i18n';

import { session } from '../shared/session';

export function useRoles() {
  const { t, te } = useI18n();
  const word = (role: string) => (te(`people.roles.${role}`) ? t(`people.roles.${role}`) : role);
  return computed(() => (session.account?.roles ?? []).map(word).join(' · '));
}
