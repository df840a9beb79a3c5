// Two parallel forms with their proof: how alike they are, and how long the bank lasts.
import { ok, same } from '../check.mjs';

export async function forms(road) {
  const reviewer = await road.people.staff('reviewer');
  const { page, go } = reviewer;
  await go('/desk/papers/new');
  await page.getByText('可以组卷').first().waitFor();
  await page.getByLabel('试卷名称').fill('平行卷');
  await page.getByLabel(/套数|几套/).selectOption('2');
  await page.getByRole('button', { name: '推算' }).click();
  await page.getByText(/题库最多撑 \d+ 套/).waitFor();
  await road.watch.look(page, '组卷与题库寿命');
  await page.getByRole('button', { name: '组 2 套' }).click();
  await page.getByText('已组成 2 套').waitFor();
  const made = page.locator('a.made');
  same(await made.count(), 2, 'forms that were composed');
  await made.first().click();
  await page.getByText('平行与证明').or(page.getByText(/证明/)).first().waitFor();
  await page.getByRole('region').or(page.locator('section')).filter({ hasText: '信息' }).first().waitFor();
  const id = page.url().match(/papers\/([0-9a-f]{32})/)[1];
  const view = await reviewer.api('GET', `/api/forms/${id}`);
  same(view.certificate.violations ?? 0, 0, `conditions broken by ${id}`);
  await road.watch.look(page, '试卷与证明');
  await partial(reviewer, road);
  ok('两套平行卷一次组成，各有证明');
}

/** What an answer is worth that is right in part is chosen for each section of a paper. */
async function partial(reviewer, road) {
  const { page, go } = reviewer;
  await go('/desk/papers/new');
  await page.getByText('可以组卷').first().waitFor();
  await page.getByRole('button', { name: '自定布局' }).click();
  await page.getByLabel('多项选择题：部分答对怎么算').selectOption('half');
  await page.getByLabel('试卷名称').fill('部分得分卷');
  await road.watch.look(page, '自定布局与部分得分');
  await page.getByText('可以组卷').first().waitFor();
  await page.getByRole('button', { name: '组 1 套' }).click();
  await page.getByText('已组成 1 套').waitFor();
  await page.locator('a.made').first().click();
  await page.getByText('选对但不全得一半分').waitFor();
  const id = page.url().match(/papers\/([0-9a-f]{32})/)[1];
  const view = await reviewer.api('GET', `/api/forms/${id}`);
  const rules = Object.fromEntries(view.form.layout.map((part) => [part.kind, part.partial ?? 'none']));
  same(rules.multiple, 'half', 'rule of the multiple-choice section');
  same(rules.single, 'none', 'rule of the single-choice section');
}
