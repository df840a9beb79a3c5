// What portal and desk do alike at start: routes and messages of their areas, guard, titles.
import { createApp, watch, type Component } from 'vue';
import { START_LOCATION, createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router';

import type { Area } from './area';
import { makeI18n } from './i18n';
import { language } from './prefs';
import { duty, loadSession, session } from './session';

export interface Face {
  base: string;
  /** Message key of the face's name, the last part of each window title. */
  title: string;
  root: Component;
  areas: Area[];
  /** After the areas' own routes, so that they win. */
  fallback: RouteRecordRaw[];
}

/** An address inside this face, from the query of the sign-in page; never another site. */
export function safeNext(next: unknown): string {
  return typeof next === 'string' && /^\/(?![/\\])/.test(next) ? next : '/';
}

export function startFace(face: Face): void {
  const { i18n, t, use } = makeI18n(face.areas);
  const router = createRouter({
    history: createWebHistory(face.base),
    routes: [...face.areas.flatMap((area) => area.routes), ...face.fallback],
    scrollBehavior: (to, from, saved) => saved ?? (to.path === from.path ? false : { top: 0 }),
  });

  router.beforeEach(async (to) => {
    await loadSession();
    if (to.path === '/sign-in' && session.account) return safeNext(to.query['next']);
    if (session.error || to.meta.open) return true;
    if (!session.account) return { path: '/sign-in', query: to.fullPath === '/' ? {} : { next: to.fullPath } };
    const owed = duty();
    return owed && !to.meta.duty && to.path !== owed ? { path: owed, query: { next: to.fullPath } } : true;
  });

  const entitle = () => {
    const own = router.currentRoute.value.meta.title;
    document.title = own ? `${t(own)} · ${t(face.title)}` : t(face.title);
  };
  router.afterEach((to, from) => {
    if (to.path !== from.path || from === START_LOCATION) entitle();
  });
  watch(language, (lang) => {
    use(lang);
    entitle();
  });

  createApp(face.root).use(i18n).use(router).mount('#app');
}
