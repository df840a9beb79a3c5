// The pages about oneself, the same on portal and desk.
import type { Area } from '../shared/area';
import en from './messages.en';
import zh from './messages.zh';

export const account: Area = {
  name: 'people',
  messages: { zh, en },
  routes: [
    { path: '/sign-in', component: () => import('./pages/SignIn.vue'), meta: { open: true, title: 'people.signIn.title' } },
    { path: '/password', component: () => import('./pages/Password.vue'), meta: { duty: true, title: 'people.password.title' } },
    { path: '/totp', component: () => import('./pages/Totp.vue'), meta: { duty: true, title: 'people.totp.title' } },
    { path: '/me', component: () => import('./pages/Me.vue'), meta: { title: 'people.me.title' } },
  ],
};
