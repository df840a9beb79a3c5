import type { Area } from '../shared/area';
import { account } from './account';

// Words of these pages are in desk/messages.*.ts: the portal does not load them.
const people: Area = {
  ...account,
  routes: [
    ...account.routes,
    { path: '/accounts', component: () => import('./pages/desk/Accounts.vue'), meta: { title: 'desk.accounts.title' } },
    { path: '/accounts/new', component: () => import('./pages/desk/AccountNew.vue'), meta: { title: 'desk.accounts.new' } },
    { path: '/accounts/:id([0-9a-f]{32})', component: () => import('./pages/desk/AccountOne.vue'), props: true, meta: { title: 'desk.accounts.one' } },
    { path: '/staff', component: () => import('./pages/desk/Staff.vue'), meta: { title: 'desk.staff.title' } },
    { path: '/staff/:id([0-9a-f]{32})', component: () => import('./pages/desk/StaffOne.vue'), props: true, meta: { title: 'desk.staff.one' } },
  ],
};

export default people;
