// Loads again every few seconds while somebody is there: the page is visible and was touched in the
// last ten minutes. A timer alone would keep an abandoned desk signed in.
import { onBeforeUnmount, onMounted } from 'vue';

const IDLE_MS = 600_000;

export function usePoll(load: () => Promise<void>, everyMs: number): void {
  let touched = Date.now();
  let timer: ReturnType<typeof setInterval> | undefined;
  const touch = () => (touched = Date.now());
  const tick = () => {
    if (!document.hidden && Date.now() - touched < IDLE_MS) void load();
  };
  onMounted(() => {
    timer = setInterval(tick, everyMs);
    for (const name of ['pointerdown', 'keydown']) document.addEventListener(name, touch, true);
  });
  onBeforeUnmount(() => {
    clearInterval(timer);
    for (const name of ['pointerdown', 'keydown']) document.removeEventListener(name, touch, true);
  });
}
