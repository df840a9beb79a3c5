import type { Area } from '../shared/area';
import en from './messages.en';
import zh from './messages.zh';

const marking: Area = {
  name: 'marking',
  messages: { zh, en },
  routes: [
    { path: '/marking', component: () => import('./pages/Marking.vue'), meta: { title: 'marking.title' } },
    { path: '/marking/scripts', component: () => import('./pages/Scripts.vue'), meta: { title: 'marking.scripts.title' } },
    { path: '/marking/sessions/:id', component: () => import('./pages/Sheets.vue'), props: true, meta: { title: 'marking.sheet.title' } },
    { path: '/marking/sessions/:id/typed', component: () => import('./pages/Typed.vue'), props: true, meta: { title: 'marking.typed.title' } },
    { path: '/marking/sessions/:id/typed/:attempt', component: () => import('./pages/TypedSheet.vue'), props: true, meta: { title: 'marking.typed.sheet' } },
    { path: '/marking/sessions/:id/typed/:attempt/differences', component: () => import('./pages/TypedDifferences.vue'), props: true, meta: { title: 'marking.typed.differences' } },
    { path: '/marking/sessions/:id/scans', component: () => import('./pages/Scans.vue'), props: true, meta: { title: 'marking.scans.title' } },
    { path: '/marking/sessions/:id/scans/:attempt/doubts', component: () => import('./pages/ScanLooks.vue'), props: true, meta: { title: 'marking.scans.doubtsTitle' } },
    { path: '/marking/sessions/:id/scans/:attempt/check', component: () => import('./pages/ScanLooks.vue'), props: (route) => ({ ...route.params, check: true }), meta: { title: 'marking.scans.checkTitle' } },
    { path: '/marking/sessions/:id/items', component: () => import('./pages/Items.vue'), props: true, meta: { title: 'marking.items.title' } },
    { path: '/marking/sessions/:id/report', component: () => import('./pages/Report.vue'), props: true, meta: { title: 'marking.report.title' } },
    { path: '/marking/sessions/:id/raters', component: () => import('./pages/Raters.vue'), props: true, meta: { title: 'marking.raters.title' } },
    { path: '/marking/sessions/:id/marks', component: () => import('./pages/Marks.vue'), props: true, meta: { title: 'marking.sessions.marks' } },
  ],
};

export default marking;
