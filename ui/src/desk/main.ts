// The staff desk, at /desk.
import './desk.css';

import type { Area } from '../shared/area';
import { startFace } from '../shared/face';
import App from './App.vue';

const areas = Object.values(import.meta.glob<Area>('../*/desk.ts', { eager: true, import: 'default' }));

startFace({
  base: '/desk',
  title: 'desk.title',
  root: App,
  areas,
  fallback: [{ path: '/:rest(.*)*', component: () => import('./pages/NotFound.vue'), meta: { title: 'desk.notFound.title' } }],
});
