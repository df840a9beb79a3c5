// An area is one folder of the life cycle (entry, bank, sitting …). What it shows on the desk is
// in its desk.ts, what it shows on the portal in its portal.ts; both are found by themselves.
import type { RouteRecordRaw } from 'vue-router';

export interface MessageTree {
  [key: string]: string | MessageTree;
}

export interface Area {
  /** The folder; its messages are reached as t('<name>.…'). */
  name: string;
  messages: { zh: MessageTree; en: MessageTree };
  routes: RouteRecordRaw[];
}

declare module 'vue-router' {
  interface RouteMeta {
    /** May be seen without signing in. */
    open?: boolean;
    /** May be seen while a password change or a second factor is still owed. */
    duty?: boolean;
    /** Message key of the title of the window. */
    title?: string;
  }
}
