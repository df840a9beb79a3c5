// The live room: its state by an event stream, a clock on the server's time, and the acts.
import { computed, onScopeDispose, ref, shallowRef } from 'vue';

import { here, knowHere } from '../node/here';
import { api, asApiError, url, type ApiError, type Id, type Ms } from '../shared/api';
import { look, nextAlert, tally } from './roomTile';
import type { RoomView, SessionView, Tile } from './types';

const RETRY_MS = 3000;
const RELOAD_MS = 300;

export interface Place {
  row: number;
  col: number;
}

export function useRoom(id: Id) {
  const view = shallowRef<RoomView>();
  const error = shallowRef<ApiError>();
  const live = ref(false);
  const lost = ref<Ms>();
  const now = ref<Ms>(Date.now());
  const step = ref<Ms>(0); // by how much somebody has set the server's clock
  const layout = shallowRef<{ columns: number; at: Map<number, Place> }>();
  let ahead = 0; // the server's clock before ours
  let source: EventSource | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let again: ReturnType<typeof setTimeout> | undefined;

  function take(next: RoomView) {
    ahead = next.server_ms - Date.now();
    now.value = next.server_ms;
    view.value = next;
    error.value = undefined;
    if (!layout.value) void loadLayout(next);
  }

  async function loadLayout(of: RoomView) {
    await knowHere();
    if (here.value.is_node) return; // which has no plan of the room: the seats stand in their order
    try {
      const session = await api<SessionView>('GET', url`/api/sessions/${of.session.id}`);
      const room = session.rooms.find((r) => r.id === id);
      if (room) layout.value = { columns: room.columns, at: new Map(room.seats.map((s) => [s.number, { row: s.row, col: s.col }])) };
    } catch {
      /* without the plan the seats stand in their order */
    }
  }

  async function load() {
    try {
      take(await api<RoomView>('GET', url`/api/rooms/${id}`));
    } catch (thrown) {
      error.value = asApiError(thrown);
    }
  }

  function takeTile(tile: Tile) {
    const was = view.value;
    if (!was) return;
    const old = was.tiles.find((t) => t.attempt === tile.attempt);
    view.value = { ...was, tiles: was.tiles.map((t) => (t.attempt === tile.attempt ? tile : t)) };
    // A changed clock came from an act whose line in the ledger is not in the event.
    if (old && (old.clock.allowed_ms !== tile.clock.allowed_ms || old.clock.paused !== tile.clock.paused || old.clock.started_ms !== tile.clock.started_ms)) {
      clearTimeout(again);
      again = setTimeout(() => void load(), RELOAD_MS);
    }
  }

  function read<T>(event: Event): T | undefined {
    try {
      return JSON.parse(String((event as MessageEvent).data)) as T;
    } catch {
      return undefined;
    }
  }

  function connect() {
    source?.close();
    const mine = new EventSource(url`/api/rooms/${id}/live`);
    source = mine;
    const up = () => {
      live.value = true;
      lost.value = undefined;
    };
    mine.addEventListener('open', up);
    mine.addEventListener('state', (event) => {
      const state = read<RoomView>(event);
      if (state) take(state);
    });
    mine.addEventListener('tile', (event) => {
      const tile = read<Tile>(event);
      if (tile) takeTile(tile);
    });
    mine.addEventListener('beat', (event) => {
      const beat = read<{ server_ms: Ms; clock_step_ms: Ms }>(event);
      if (!beat) return;
      ahead = beat.server_ms - Date.now();
      step.value = beat.clock_step_ms;
    });
    mine.addEventListener('error', () => {
      if (live.value || lost.value === undefined) lost.value = Date.now() + ahead;
      live.value = false;
      if (mine.readyState !== EventSource.CLOSED) return;
      clearTimeout(retry);
      retry = setTimeout(() => void load().then(connect), RETRY_MS);
    });
  }

  void load().then(() => {
    if (!error.value) connect();
  });
  const ticking = setInterval(() => (now.value = Date.now() + ahead), 1000);
  onScopeDispose(() => {
    source?.close();
    clearInterval(ticking);
    clearTimeout(retry);
    clearTimeout(again);
  });

  /** An act on the room; those on time answer with the room as it is then. */
  async function act<T = unknown>(name: string, body: unknown): Promise<T> {
    const reply = await api<T & Partial<RoomView>>('POST', `${url`/api/rooms/${id}`}/${name}`, body);
    if (reply && typeof reply === 'object' && Array.isArray(reply.tiles)) take(reply as unknown as RoomView);
    else void load();
    return reply as T;
  }

  const late = computed(() => view.value?.session.late_limit_ms ?? Infinity);
  const tiles = computed(() => [...(view.value?.tiles ?? [])].sort((a, b) => a.seat - b.seat));
  return {
    view,
    /** Acts of an invigilator can be taken here. */
    acts: computed(() => !!view.value?.acts && !view.value.away),
    /** Who looks only may write notes. */
    supervises: computed(() => !!view.value && !view.value.acts),
    tiles,
    error,
    live,
    lost,
    now,
    late,
    step,
    layout,
    counts: computed(() => tally(tiles.value, now.value, late.value)),
    waiting: computed(() => tiles.value.filter((tile) => look(tile, now.value, late.value).state === 'waiting')),
    load: async () => {
      await load();
      if (!error.value && !source) connect();
    },
    act,
    next: (from: number) => nextAlert(tiles.value, from, now.value, late.value),
  };
}

export type LiveRoom = ReturnType<typeof useRoom>;
