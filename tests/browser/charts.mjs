// The figures of a chart as its page tells them: the table below it, opened by the keyboard, which is read from the
// very option that is drawn (ui/src/desk/figures.ts).
import { same, truth } from './check.mjs';

/** What stands in a cell: a number with a minus sign of print, per cent as it is. */
export const number = (text) => Number(text.replace('−', '-').replace('%', ''));

/** Heading and rows, each a list of texts; LABEL: what the chart says it is. */
export async function figures(page, label) {
  const chart = page.locator('.chart').filter({ has: page.getByRole('img', { name: label }) });
  await chart.locator('canvas').first().waitFor();
  truth(await chart.locator('canvas').first().evaluate(inked), `something is drawn: ${label}`);
  await chart.locator('summary').focus();
  await page.keyboard.press('Enter');
  const table = chart.getByRole('region').locator('table');
  await table.waitFor();
  const [head, ...rows] = await table.evaluate((t) => [...t.rows].map((row) => [...row.cells].map((cell) => cell.textContent.trim())));
  return { head, rows };
}

/** Runs in the page: whether a canvas shows more than one colour. */
function inked(canvas) {
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  const seen = new Set();
  for (let i = 0; i < data.length; i += 4) if (data[i + 3] > 128) seen.add((data[i] << 16) | (data[i + 1] << 8) | data[i + 2]);
  return seen.size > 2;
}

/** Numbers of a chart beside those reckoned here, which it rounds. */
export function near(shown, wanted, within, what) {
  same(shown.length, wanted.length, `${what}: how many`);
  for (const [i, text] of shown.entries()) truth(Math.abs(number(text) - wanted[i]) <= within, `${what}, ${i + 1}: is ${text}, should be ${wanted[i]}`);
}
