// The candidate portal, at /.
import './portal.css';

import type { Area } from '../shared/area';
import { startFace } from '../shared/face';
import App from './App.vue';

const areas = Object.values(import.meta.glob<Area>('../*/portal.ts', { eager: true, import: 'default' }));

startFace({
  base: '/',
  title: 'portal.title',
  root: App,
  areas,
  fallback: [{ path: '/:rest(.*)*', component: () => import('./pages/NotFound.vue'), meta: { open: true, title: 'portal.notFound.title' } }],
});
