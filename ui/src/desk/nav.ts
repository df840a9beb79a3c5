// The left side of the desk: the life cycle, top to bottom. The page at `path` comes from the
// desk.ts of an area; its words are desk.nav.<key>.
export interface NavItem {
  key: string;
  path: string;
}

export const nav: NavItem[] = [
  { key: 'batches', path: '/batches' },
  { key: 'review', path: '/review' },
  { key: 'bank', path: '/bank' },
  { key: 'papers', path: '/papers' },
  { key: 'sessions', path: '/sessions' },
  { key: 'rooms', path: '/rooms' },
  { key: 'marking', path: '/marking' },
  { key: 'results', path: '/results' },
  { key: 'certificates', path: '/certificates' },
  { key: 'archive', path: '/archive' },
  { key: 'audit', path: '/audit' },
  { key: 'accounts', path: '/accounts' },
  { key: 'programmes', path: '/programmes' },
];
