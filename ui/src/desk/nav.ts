// The left side of the desk: the life cycle, top to bottom, and who works there. The page at
// `path` comes from the desk.ts of an area; its words are desk.nav.<key>. The server decides what
// may be seen; here it is only whether a door is shown.
import { computed } from 'vue';
import { useRouter } from 'vue-router';

import { here } from '../node/here';
import { session } from '../shared/session';

export interface NavItem {
  key: string;
  path: string;
  /** None: for everybody on the desk. */
  roles?: string[];
  /** Shown on room nodes: alone, or there too. */
  node?: 'only' | 'too';
}

export const nav: NavItem[] = [
  { key: 'batches', path: '/batches', roles: ['registrar', 'partner', 'head_examiner', 'issuer', 'quality_supervisor'] },
  { key: 'review', path: '/review', roles: ['registrar'] },
  { key: 'bank', path: '/bank', roles: ['item_author', 'item_reviewer'] },
  { key: 'papers', path: '/papers', roles: ['item_reviewer', 'registrar', 'release_officer'] },
  { key: 'cut', path: '/cut-panels', roles: ['item_author', 'item_reviewer', 'marker', 'examiner', 'head_examiner', 'panel_member'] },
  { key: 'sessions', path: '/sessions', roles: ['registrar', 'invigilator', 'examiner', 'head_examiner', 'panel_member', 'quality_supervisor', 'release_officer'] },
  { key: 'here', path: '/here', roles: ['invigilator', 'quality_supervisor'], node: 'only' },
  { key: 'rooms', path: '/rooms', roles: ['invigilator', 'quality_supervisor'], node: 'too' },
  { key: 'nodes', path: '/nodes', roles: ['registrar', 'system_admin'] },
  { key: 'marking', path: '/marking', roles: ['marker', 'examiner', 'head_examiner', 'panel_member', 'registrar', 'quality_supervisor'] },
  { key: 'results', path: '/results', roles: ['registrar', 'head_examiner', 'issuer', 'quality_supervisor'] },
  { key: 'certificates', path: '/certificates', roles: ['issuer'] },
  { key: 'archive', path: '/archive', roles: ['registrar', 'head_examiner', 'quality_supervisor', 'audit_admin'] },
  { key: 'staff', path: '/staff', roles: ['registrar'] },
  { key: 'partners', path: '/partners', roles: ['registrar'] },
  { key: 'audit', path: '/audit', roles: ['audit_admin'] },
  { key: 'accounts', path: '/accounts', roles: ['security_admin'] },
  { key: 'programmes', path: '/programmes' },
];

/** Whether somebody with these roles has work behind this door. */
export const isFor = (item: NavItem, roles: readonly string[]): boolean => !item.roles || item.roles.some((role) => roles.includes(role));

/** Whether a door belongs to a room node, or to a centre. */
export const isAt = (item: NavItem, isNode: boolean): boolean => (isNode ? !!item.node : item.node !== 'only');

/** The doors of the person signed in; one without a page is not shown. */
export function useNav() {
  const router = useRouter();
  const built = (item: NavItem) => router.resolve(item.path).matched.some((route) => !route.path.includes('(.*)'));
  const items = computed(() => nav.filter((item) => isFor(item, session.account?.roles ?? []) && isAt(item, here.value.is_node) && built(item)));
  /** Whether a link to this path leads anywhere for this person. */
  const leads = (path: string) => items.value.some((item) => path === item.path || path.startsWith(`${item.path}/`) || path.startsWith(`${item.path}?`));
  return { items, leads };
}
