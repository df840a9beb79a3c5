// Two parallel forms with their proof: how alike they are, and how long the bank lasts. What the charts say is
// reckoned here once more, from the parameters, the items and the weight table.
import { readFileSync } from 'node:fs';

import { figures, near, number } from '../charts.mjs';
import { ok, same, truth } from '../check.mjs';

const PROGRAMME = 'national-2023';
const ROUNDED = 0.005 + 1e-9;
const THETA = Array.from({ length: 13 }, (_, i) => -3 + i / 2);

const idIn = (page) => page.url().match(/papers\/([0-9a-f]{32})/)[1];

/** Fisher's information of items of two or three parameters. */
const information = (items, theta) =>
  items.reduce((sum, { a, b, c }) => {
    const p = c + (1 - c) / (1 + Math.exp(-a * (theta - b)));
    return sum + (((a * (p - c)) / (1 - c)) ** 2 * (1 - p)) / p;
  }, 0);

export async function forms(road) {
  const reviewer = await road.people.staff('reviewer');
  const { page, go } = reviewer;
  await go('/desk/papers/new');
  await page.getByText('可以组卷').first().waitFor();
  await page.getByLabel('试卷名称').fill('平行卷');
  await page.getByLabel(/套数|几套/).selectOption('2');
  const [life] = await Promise.all([page.waitForResponse((r) => r.url().endsWith('/api/forms/life')), page.getByRole('button', { name: '推算' }).click()]);
  await page.getByText(/题库最多撑 \d+ 套/).waitFor();
  await lasts(reviewer, await life.json());
  await road.watch.look(page, '组卷与题库寿命');
  await page.getByRole('button', { name: '组 2 套' }).click();
  await page.getByText('已组成 2 套').waitFor();
  const made = page.locator('a.made');
  same(await made.count(), 2, 'forms that were composed');
  await made.first().click();
  await page.getByText('平行与证明').or(page.getByText(/证明/)).first().waitFor();
  const id = idIn(page);
  const view = await reviewer.api('GET', `/api/forms/${id}`);
  same(view.certificate.violations ?? 0, 0, `conditions broken by ${id}`);
  await alike(reviewer, view);
  await road.watch.look(page, '试卷与证明');
  await partial(reviewer, road, view.items[0]);
  ok('两套平行卷一次组成，各有证明；信息曲线、重叠、题库寿命与另算的一致');
  await stock(reviewer, road);
}

/** The heat map of rounds: what is there over what one paper takes, and no more papers than its poorest cell. */
async function lasts(reviewer, { forms: most, cells }) {
  const { page } = reviewer;
  const { kinds } = await reviewer.api('GET', '/api/item-words');
  const { head, rows } = await figures(page, /种题型的库存可组套数/);
  const shown = rows.flatMap(([area, ...texts]) => texts.map((text, i) => [`${area} ${head[i + 1]}`, text]).filter(([, text]) => text));
  const rounds = cells.map((c) => [`${c.name} ${kinds.find((k) => k.name === c.kind).label}`, String(Math.floor(c.have / c.needed))]);
  same(shown.sort(), rounds.sort(), 'rounds of the cells');
  const least = Math.min(...rounds.map(([, n]) => Number(n)));
  truth(most > 0 && most <= least, `papers without a common item: ${most}, the poorest cell bears ${least}`);
}

/** Every curve by the formula, every overlap by counting. */
async function alike(reviewer, view) {
  const { page } = reviewer;
  const { forms: all } = await reviewer.api('GET', `/api/forms?programme=${PROGRAMME}`);
  await page.getByRole('region', { name: '相同题数' }).waitFor();
  const curves = await figures(page, /份试卷在能力 −3 到 3 的信息量/);
  same(curves.head[1], view.form.name, 'the form itself comes first');
  same(curves.rows.map(([theta]) => number(theta)), THETA, 'abilities');
  const views = await Promise.all(curves.head.slice(1).map((name) => reviewer.api('GET', `/api/forms/${all.find((f) => f.name === name).id}`)));
  const exact = views.map((v) => THETA.map((theta) => information(v.items, theta)));
  exact.forEach((wanted, k) => near(curves.rows.map((row) => row[k + 1]), wanted, ROUNDED, `information of ${curves.head[k + 1]}`));
  const apart = await figures(page, /信息量与它们平均之差/);
  exact.forEach((curve, k) => near(apart.rows.map((row) => row[k + 1]), curve.map((v, i) => v - exact.reduce((sum, c) => sum + c[i], 0) / exact.length), ROUNDED, `difference of ${curves.head[k + 1]}`));
  const counted = views.map((x) => views.map((y) => y.items.filter((item) => x.items.some((other) => other.id === item.id)).length));
  const matrix = await page.getByRole('region', { name: '相同题数' }).locator('tbody tr').evaluateAll((rows) => rows.map((row) => [...row.querySelectorAll('td')].map((cell) => Number(cell.textContent))));
  same(matrix, counted, 'items in common');
  return counted;
}

/** What an answer is worth that is right in part is chosen for each section of a paper; one item is MUST, so that two papers share it. */
async function partial(reviewer, road, must) {
  const { page, go } = reviewer;
  await go('/desk/papers/new');
  await page.getByText('可以组卷').first().waitFor();
  await page.getByRole('button', { name: '自定布局' }).click();
  await page.getByLabel('多项选择题：部分答对怎么算').selectOption('half');
  await page.getByLabel('试卷名称').fill('部分得分卷');
  await page.getByLabel(/^必选的题/).fill(must.code);
  await road.watch.look(page, '自定布局与部分得分');
  await page.getByText('可以组卷').first().waitFor();
  await page.getByRole('button', { name: '组 1 套' }).click();
  await page.getByText('已组成 1 套').waitFor();
  await page.locator('a.made').first().click();
  await page.getByText('选对但不全得一半分').waitFor();
  const view = await reviewer.api('GET', `/api/forms/${idIn(page)}`);
  const rules = Object.fromEntries(view.form.layout.map((part) => [part.kind, part.partial ?? 'none']));
  same(rules.multiple, 'half', 'rule of the multiple-choice section');
  same(rules.single, 'none', 'rule of the single-choice section');
  const [own, ...shared] = (await alike(reviewer, view))[0];
  same(own, view.items.length, 'its own number of items on the diagonal');
  truth(shared.some((n) => n > 0), `the form that has ${must.code} too shares it: ${shared}`);
}

/** The bank against the weight table: what a paper takes is the table's per cent of its hundred items. */
async function stock(reviewer, road) {
  const { page, go } = reviewer;
  await go(`/desk/bank/coverage?programme=${PROGRAMME}&column=4A`);
  const [table] = JSON.parse(readFileSync(new URL(`../../../data/programmes/${PROGRAMME}.json`, import.meta.url), 'utf8')).weights;
  const percent = new Map(table.rows.flatMap((row) => row.cells).filter((cell) => cell.columns.includes('4A') && cell.percent).map((cell) => [cell.area, cell.percent]));
  const region = page.getByRole('region', { name: '看法' });
  await region.getByRole('row').nth(1).waitFor();
  const rows = await region.locator('tbody tr').evaluateAll((all) => all.map((row) => ({ area: row.querySelector('th small').textContent.trim(), cells: [...row.querySelectorAll('td')].map((cell) => cell.textContent.trim()) })));
  same(rows.map(({ area, cells }) => [area, cells.reduce((sum, text) => sum + Number(/\/ (\d+)/.exec(text)?.[1] ?? 0), 0)]).sort(), [...percent].sort(), 'items of a paper, area by area');
  const kinds = ['single', 'multiple', 'true_false'];
  for (const area of ['B2.1', 'B2.2'])
    for (const [i, kind] of kinds.entries()) {
      let have = 0;
      for (const state of ['live', 'frozen']) have += (await reviewer.api('GET', `/api/items?programme=${PROGRAMME}&level=4&kind=${kind}&area=${area}&state=${state}&limit=1`)).total;
      const [shown, needed] = /(\d+) \/ (\d+)/.exec(rows.find((row) => row.area === area).cells[i]).slice(1).map(Number);
      same(shown, have, `items of ${area}, ${kind}`);
      truth(rows.find((row) => row.area === area).cells[i].includes(`够 ${Math.floor(have / needed)} 套`), `papers that ${area}, ${kind} feeds`);
    }
  await page.getByRole('img', { name: /^热力图/ }).locator('canvas').first().waitFor();
  await road.watch.look(page, '题库覆盖');
  ok('题库热力图：应取题数与权重表一致，库存与题库逐格数出的一致');
}
