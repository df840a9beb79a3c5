import type { Area } from '../shared/area';
import en from './messages.en';
import zh from './messages.zh';

// The item bank: list, one item, writing, review, import, findings, coverage.
const bank: Area = {
  name: 'bank',
  messages: { zh, en },
  routes: [
    { path: '/bank', component: () => import('./pages/Bank.vue'), meta: { title: 'bank.title' } },
    { path: '/bank/new', component: () => import('./pages/Edit.vue'), meta: { title: 'bank.edit.new' } },
    { path: '/bank/review', component: () => import('./pages/Review.vue'), meta: { title: 'bank.review.title' } },
    { path: '/bank/import', component: () => import('./pages/Import.vue'), meta: { title: 'bank.import.title' } },
    { path: '/bank/bulk', component: () => import('./pages/Bulk.vue'), meta: { title: 'bank.bulk.title' } },
    { path: '/bank/export', component: () => import('./pages/Export.vue'), meta: { title: 'bank.export.title' } },
    { path: '/bank/findings', component: () => import('./pages/Findings.vue'), meta: { title: 'bank.lint.title' } },
    { path: '/bank/coverage', component: () => import('./pages/Coverage.vue'), meta: { title: 'bank.coverage.title' } },
    { path: '/bank/calibration', component: () => import('./pages/Calibration.vue'), meta: { title: 'bank.calibration.title' } },
    { path: '/bank/:id([0-9a-f]{32})', component: () => import('./pages/Item.vue'), props: true, meta: { title: 'bank.one.title' } },
    { path: '/bank/:id([0-9a-f]{32})/card', component: () => import('./pages/ItemCard.vue'), props: true, meta: { title: 'bank.card.title' } },
    { path: '/bank/:id([0-9a-f]{32})/edit', component: () => import('./pages/Edit.vue'), props: true, meta: { title: 'bank.edit.title' } },
  ],
};

export default bank;
