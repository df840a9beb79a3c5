// What was tried and how it went: a line for each, "✓ what" or "✕ what".
let failures = 0;

export const failed = () => failures;

export function ok(what) {
  console.log(`  ✓ ${what}`);
}

export function bad(what, why = '') {
  failures++;
  const text = String(why?.stack ?? why).replace(/\u001b\[[0-9;]*m/g, '');
  console.log(`  ✕ ${what}`);
  if (text) console.log(text.split('\n').slice(0, 24).map((line) => `      ${line}`).join('\n'));
}

export class Failed extends Error {}

/** Throws with both values when they differ. */
export function same(is, wanted, what) {
  const [a, b] = [JSON.stringify(is), JSON.stringify(wanted)];
  if (a !== b) throw new Failed(`${what}: is ${a}, should be ${b}`);
}

export function truth(value, what) {
  if (!value) throw new Failed(what);
  return value;
}

/** Asks again until the answer is true; time alone proves nothing. */
export async function until(ask, what, limitMs = 30_000) {
  const end = Date.now() + limitMs;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > end) throw new Failed(`did not happen within ${limitMs / 1000} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
