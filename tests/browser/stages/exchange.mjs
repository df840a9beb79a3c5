// Items from another system: what was not carried is named, then the items are stored; and the editor shows
// what the bank already has like the item being written.
import { ok, same, truth } from '../check.mjs';

const GIFT = '::gift-a::直播间复播当天先核对哪一项？{=库存与价格#对 ~主播的身高 ~弹幕的颜色 ####先核对库存与价格。}\n\n没有答案的说明文字。\n';

export async function exchange(road) {
  const author = await road.people.staff('author');
  const { page } = author;
  await author.go('/desk/bank/import?programme=national-2023');
  await page.getByLabel(/^格式/).selectOption('gift');
  await page.locator('input[type=file]').setInputFiles({ name: '题.gift', mimeType: 'text/plain', buffer: Buffer.from(GIFT) });
  await page.getByRole('button', { name: '先检查，不存' }).click();
  await page.getByText('没有存入任何一题').waitFor();
  const losses = page.getByRole('region', { name: '没有带入的内容' });
  await losses.getByText('说明文字不是试题').waitFor();
  await road.watch.look(page, '导入 GIFT：缺的项和没有带入的内容');
  await page.getByLabel(/^等级/).selectOption('4');
  await page.getByLabel(/^鉴定点/).fill('B2.1.1');
  await page.getByLabel(/^难度/).selectOption('3');
  await page.getByLabel(/^认知层次/).selectOption('recall');
  await page.getByLabel(/^重要性/).selectOption('Y');
  await page.getByRole('button', { name: '导入 题.gift' }).click();
  await page.getByText('已存入。').waitFor();
  same(await losses.getByRole('row').count(), 3, 'the heading, the feedback and the description');
  ok('别的系统的题（GIFT）：没有带入的逐条写明，补齐等级等项后存入');

  await author.go('/desk/bank/new?programme=national-2023');
  await page.getByLabel('题干', { exact: true }).fill('直播间复播当天，先核对哪一项？');
  const near = page.getByRole('region', { name: '题库里相近的题' });
  await near.getByRole('link', { name: 'gift-a' }).waitFor();
  truth(/相近 \d+%/.test(await near.innerText()), 'says how near it is');
  await road.watch.look(page, '命题时看到相近的题');
  page.once('dialog', (dialog) => dialog.accept());
  await author.go('/desk/bank');
  ok('命题时列出题库里相近的题');
}
