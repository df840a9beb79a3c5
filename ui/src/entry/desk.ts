import type { Area } from '../shared/area';
import en from './messages.en';
import zh from './messages.zh';

// Batches, the review of applications, the registration table, partners.
const entry: Area = {
  name: 'entry',
  messages: { zh, en },
  routes: [
    { path: '/batches', component: () => import('./pages/desk/Batches.vue'), meta: { title: 'entry.batches.title' } },
    { path: '/batches/new', component: () => import('./pages/desk/BatchNew.vue'), meta: { title: 'entry.new.title' } },
    { path: '/batches/:id([0-9a-f]{32})', component: () => import('./pages/desk/Batch.vue'), props: true, meta: { title: 'entry.batch.title' } },
    { path: '/batches/:id([0-9a-f]{32})/import', component: () => import('./pages/desk/Import.vue'), props: true, meta: { title: 'entry.import.title' } },
    { path: '/review', component: () => import('./pages/desk/Review.vue'), meta: { title: 'entry.review.title' } },
    { path: '/review/:id([0-9a-f]{32})', component: () => import('./pages/desk/ReviewOne.vue'), props: true, meta: { title: 'entry.one.title' } },
    { path: '/partners', component: () => import('./pages/desk/Partners.vue'), meta: { title: 'entry.partners.title' } },
  ],
};

export default entry;
