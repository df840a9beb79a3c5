// Without a mouse: where Tab leads, whether one sees where one is, and that one gets away again.
import { Failed, truth } from './check.mjs';

/** Runs in the page: what has the focus, and what is wrong with that. */
function place() {
  const at = document.activeElement;
  if (!at || at === document.body || at === document.documentElement) return { top: true };
  const name = (at.getAttribute('aria-label') || at.labels?.[0]?.innerText || at.innerText || at.getAttribute('placeholder') || at.tagName).trim().slice(0, 40);
  const drawn = (el) => {
    const s = getComputedStyle(el);
    return s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0;
  };
  // A hidden radio or file field is drawn by the label around it or beside it.
  const around = [at, at.parentElement, at.parentElement?.parentElement, at.nextElementSibling].filter(Boolean);
  const box = at.getBoundingClientRect();
  const holder = around.find((el) => el.getBoundingClientRect().width > 4) ?? at;
  const seen = holder.getBoundingClientRect();
  const faults = [];
  if (!around.some(drawn)) faults.push('focus is not drawn');
  if (seen.bottom <= 0 || seen.top >= innerHeight || seen.right <= 0 || seen.left >= innerWidth) faults.push(`focus is out of sight (${Math.round(seen.left)}, ${Math.round(seen.top)})`);
  window.keyboardSeen ??= new Map();
  if (!window.keyboardSeen.has(at)) window.keyboardSeen.set(at, window.keyboardSeen.size + 1);
  return { name: `${at.tagName.toLowerCase()} “${name}”`, key: window.keyboardSeen.get(at), faults, width: box.width };
}

const told = (stop) => `${stop.name}: ${stop.faults.join(', ')}`;

/** Presses Tab until LOCATOR has the focus. Each stop on the way is seen. */
export async function tabTo(page, locator, limit = 60, key = 'Tab') {
  const names = [];
  for (let i = 0; i <= limit; i++) {
    if (await locator.evaluate((el) => el === document.activeElement).catch(() => false)) return;
    await page.keyboard.press(key);
    const stop = await page.evaluate(place);
    if (stop.top) continue;
    if (stop.faults.length) throw new Failed(told(stop));
    names.push(stop.name);
  }
  throw new Failed(`${locator} is not reached by Tab; stops: ${names.join(' → ')}`);
}

/** Walks a whole page by Tab from its top to its top: no stop without a mark, no trap. The stops, by name. */
export async function walk(page, what, limit = 400) {
  await page.evaluate(() => {
    // From the top, wherever the page has put the focus.
    document.body.tabIndex = -1;
    document.body.focus();
    document.body.removeAttribute('tabindex');
    scrollTo(0, 0);
    window.keyboardSeen = new Map();
  });
  const names = [];
  let last = 0;
  for (let i = 0; i < limit; i++) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate(place);
    if (stop.top || stop.key < last) return names; // around
    if (stop.faults.length) throw new Failed(`${what}: ${told(stop)}`);
    if (stop.key === last) throw new Failed(`${what}: Tab stays at ${stop.name}`);
    last = stop.key;
    names.push(stop.name);
  }
  truth(false, `${what}: Tab does not come around; last ${names.at(-1)}`);
}

/** Tab to a button or link, then Enter. */
export async function press(page, locator) {
  await tabTo(page, locator);
  await page.keyboard.press('Enter');
}

/** Tab to a field, then what stands there is written over. */
export async function type(page, locator, text) {
  await tabTo(page, locator);
  await page.keyboard.press('Control+A');
  await page.keyboard.type(text);
}
