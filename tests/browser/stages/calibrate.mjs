// Too few candidates: the page says so with the numbers, still after a reload, and keeps nothing.
import { ok, same } from '../check.mjs';

export async function calibrate(road) {
  const reviewer = await road.people.staff('reviewer');
  const { page, go } = reviewer;
  await go('/desk/bank/calibration?programme=national-2023');
  await page.getByText('还没有估计过').waitFor();
  await page.getByRole('button', { name: '估计', exact: true }).click();
  await page.getByText(/已公布的考试中只有 \d+ 人，这个模型至少要 100 人/).waitFor();
  await road.watch.look(page, '参数估计');
  await page.reload();
  await page.getByText(/已公布的考试中只有 \d+ 人/).waitFor();
  const { work } = await reviewer.api('GET', '/api/desk-work?kind=calibrate');
  same(work.map((w) => w.state), ['failed'], 'how it ended is kept');
  const { runs } = await reviewer.api('GET', '/api/calibrations?programme=national-2023');
  same(runs, [], 'nothing is kept of what cannot be estimated');
  ok('考生不够时不估计，说明差多少');
}
