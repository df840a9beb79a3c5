// A calculation whose numbers are drawn, a hotspot on an uploaded picture, a question about a sound: written on the page, seen as a candidate
// would see them, stored.
import { readFileSync } from 'node:fs';

import { ok, same, truth, until } from '../check.mjs';

const CODE = 'browser-calc-1';
const ROWS = [
  ['曝光', '20000', '80000', '500'],
  ['点击', '200', '3200', '20'],
];
const COLUMNS = ['参数名', '下限', '上限', '步长'];

export async function kinds(road) {
  const author = await road.people.staff('author');
  const { page } = author;
  road.watch.provoked.push(/4\d\d.*\/api\/items\/pictures$/); // what is no picture
  await author.go('/desk/bank/new?programme=national-2023');
  await page.getByLabel(/^编号/).fill(CODE);
  await page.getByLabel(/^题型/).selectOption('calculation');
  await page.locator('label.chip', { hasText: '四级' }).click();
  await page.getByRole('combobox', { name: '鉴定点' }).fill('B2.2.3.3');
  await page.getByRole('option', { name: /^B2\.2\.3\.3 / }).click();
  await page.keyboard.press('Escape');
  await page.getByLabel('题干', { exact: true }).fill('点击率＝点击÷曝光×100%。某广告曝光 {曝光} 次，点击 {点击} 次。点击率是百分之多少？');
  await page.getByRole('button', { name: '加一个参数' }).click();
  for (const [i, row] of ROWS.entries()) for (const [k, text] of row.entries()) await page.getByLabel(`参数 ${i + 1} 的${COLUMNS[k]}`).fill(text);
  await page.getByLabel(/^条件/).fill('点击＜曝光\n点击÷曝光≥0.005');
  await page.getByLabel(/^算式/).fill('点击÷暴光×100');
  await page.getByLabel(/^单位/).fill('%');
  await page.getByLabel(/^解析/).fill('{点击}÷{曝光}×100%≈{答案}%。');
  await page.getByText('“暴光”不是参数').first().waitFor();
  await page.getByLabel(/^算式/).fill('点击÷曝光×100');
  const preview = page.getByRole('complementary', { name: '考生看到的' });
  await preview.getByText(/曝光 \d[\d ]+ 次，点击 \d[\d ]* 次/).waitFor();
  await road.watch.look(page, '抽取数据的计算题');
  await page.getByRole('button', { name: /^保存草稿/ }).click();
  await page.waitForURL(/\/bank\/[0-9a-f]{32}$/);
  const id = page.url().match(/bank\/([0-9a-f]{32})/)[1];
  const view = await author.api('GET', `/api/items/${id}`);
  same(view.object.key.formula, '点击÷曝光×100', 'the formula that was stored');
  truth(!/[{}]/.test(view.preview.stem), 'the preview has numbers');
  ok('抽取数据的计算题写得成，预览是考生所见');
  await hotspot(author, road);
  await sound(author, road);
  await leftBehind(author, road);
}

/** A picture is brought, and no item is written: who keeps things sees that it is there. */
async function leftBehind(author, road) {
  const { page } = author;
  await author.go('/desk/bank/new?programme=national-2023');
  await page.getByLabel('上传图片').first().waitFor();
  const drawn = await page.evaluate(
    () =>
      new Promise((done) => {
        const canvas = Object.assign(document.createElement('canvas'), { width: 90, height: 60 });
        const brush = canvas.getContext('2d');
        brush.fillStyle = '#a33';
        brush.fillRect(10, 10, 41, 23);
        canvas.toBlob(async (blob) => done([...new Uint8Array(await blob.arrayBuffer())]), 'image/png');
      }),
  );
  await page.getByLabel('上传图片').first().setInputFiles({ name: 'left.png', mimeType: 'image/png', buffer: Buffer.from(drawn) });
  await page.getByLabel('图片 p1 的说明').waitFor();
  const registrar = await road.people.staff('registrar');
  await registrar.go('/desk/archive');
  const left = registrar.page.getByRole('region', { name: '无人引用的文件' });
  await left.getByText('1 个，1 KiB').waitFor();
  await left.getByText('还没有清理过').waitFor();
  same(await left.locator('dd').nth(1).innerText(), '没有', 'files that were not finished');
  await road.watch.look(registrar.page, '无人引用的文件');
  ok('上传了没有用的图片：保存期页面写明有几个，满 30 天自动清理');
}

/** A sound of one of the bank's items, under an item of its own. */
async function sound(author, road) {
  const { page } = author;
  const line = readFileSync(new URL('../../../data/banks/national-2023/media.jsonl', import.meta.url), 'utf8').split('\n')[3];
  const { media } = JSON.parse(line);
  road.watch.provoked.push(/4\d\d.*\/api\/items\/media$/); // what is no sound
  await author.go('/desk/bank/new?programme=national-2023');
  await page.getByLabel(/^编号/).fill('browser-sound-1');
  await page.getByLabel(/^题型/).selectOption('true_false');
  await page.locator('label.chip', { hasText: '四级' }).click();
  await page.getByRole('combobox', { name: '鉴定点' }).fill('B2.2.6.4');
  await page.getByRole('option', { name: /^B2\.2\.6\.4 / }).click();
  await page.keyboard.press('Escape');
  await page.getByLabel('题干', { exact: true }).fill('听一段口播：口播说明了优惠券的有效期。');
  const upload = page.getByLabel('上传音频或视频').first();
  await upload.setInputFiles({ name: 'page.mp3', mimeType: 'audio/mpeg', buffer: Buffer.from('<html></html>') });
  await page.getByText(/只接受 MP3、M4A/).waitFor();
  await upload.setInputFiles({ name: 'coupon.mp3', mimeType: 'audio/mpeg', buffer: Buffer.from(media[0].data, 'base64') });
  await page.getByLabel('a1 的说明').fill('发放优惠券的口播');
  await page.getByRole('group', { name: '音频和视频' }).getByRole('button', { name: '插入到题干末尾' }).click();
  await page.locator('label.chip', { hasText: '正确' }).locator('input[type=radio]').first().check();
  await page.getByLabel(/^解析/).fill('有效期到今晚十二点。');
  const preview = page.getByRole('complementary', { name: '考生看到的' });
  const findings = preview.getByRole('region', { name: '查错' });
  await findings.getByText('音频 a1 没有文字稿').waitFor(); // it may be saved as it is
  await road.watch.look(page, '有声题的查错');
  await page.getByLabel('a1 可播放次数').selectOption('2');
  await preview.getByText('考生可播放 2 次').waitFor();
  await until(async () => (await findings.count()) === 0, 'nothing more is found');
  await preview.getByRole('button', { name: /播放/ }).click();
  await until(() => preview.locator('audio').evaluate((e) => e.currentTime > 0.2 && e.src.startsWith('blob:')), 'the sound plays on the desk');
  await preview.getByRole('button', { name: '暂停' }).click();
  await road.watch.look(page, '有声题的编写');
  await page.getByRole('button', { name: /^保存草稿/ }).click();
  await page.waitForURL(/\/bank\/[0-9a-f]{32}$/);
  const view = await author.api('GET', `/api/items/${page.url().match(/bank\/([0-9a-f]{32})/)[1]}`);
  same(view.object.media[0].sha256, media[0].sha256, 'the sound that was stored');
  same(view.object.media[0].plays, 2, 'its plays');
  ok('有声题写得成：声音上传一次，预览能播放，写明可播放次数');
}

/** The picture of one of the bank's items; that item is there already, and its bytes are the same. */
async function hotspot(author, road) {
  const { page } = author;
  const line = readFileSync(new URL('../../../data/banks/national-2023/hotspot.jsonl', import.meta.url), 'utf8').split('\n')[3];
  const { pictures } = JSON.parse(line);
  await author.go('/desk/bank/new?programme=national-2023');
  await page.getByLabel(/^编号/).fill('browser-hotspot-1');
  await page.getByLabel(/^题型/).selectOption('hotspot');
  await page.locator('label.chip', { hasText: '四级' }).click();
  await page.getByRole('combobox', { name: '鉴定点' }).fill('B2.2.3.3');
  await page.getByRole('option', { name: /^B2\.2\.3\.3 / }).click();
  await page.keyboard.press('Escape');
  await page.getByLabel('题干', { exact: true }).fill('点出人数最少的一级。');
  await page.getByLabel('上传图片').first().setInputFiles({ name: 'funnel.svg', mimeType: 'image/png', buffer: Buffer.from('<svg/>') });
  await page.getByText('只接受 JPEG 或 PNG 图片').waitFor();
  await page.getByLabel('上传图片').first().setInputFiles({ name: 'funnel.png', mimeType: 'image/png', buffer: Buffer.from(pictures[0].data, 'base64') });
  await page.getByLabel('图片 p1 的说明').fill('五级漏斗');
  const draw = page.locator('.draw');
  const box = await draw.boundingBox();
  const at = (x, y) => [box.x + (x * box.width) / pictures[0].width, box.y + (y * box.height) / pictures[0].height];
  await draw.scrollIntoViewIfNeeded();
  Object.assign(box, await draw.boundingBox());
  await page.mouse.move(...at(170, 380));
  await page.mouse.down();
  await page.mouse.move(...at(390, 430), { steps: 3 });
  await page.mouse.up();
  await page.getByLabel('A 正确').check();
  await page.getByLabel('区域 A 的名称').fill('支付成功');
  await page.getByLabel(/^解析/).fill('支付成功 324 人，最少。');
  await page.getByRole('complementary', { name: '考生看到的' }).locator('img').waitFor();
  await page.getByText('可以保存').or(page.getByRole('status').getByText(/✓/)).first().waitFor();
  await road.watch.look(page, '热点题');
  await page.getByRole('button', { name: /^保存草稿/ }).click();
  await page.waitForURL(/\/bank\/[0-9a-f]{32}$/);
  const view = await author.api('GET', `/api/items/${page.url().match(/bank\/([0-9a-f]{32})/)[1]}`);
  same(view.object.pictures[0].sha256, pictures[0].sha256, 'the picture that was stored');
  same(view.object.areas[0].shape, 'rect', 'the area that was drawn');
  truth(!JSON.stringify(view.preview).includes('coords'), 'the preview has no areas');
  ok('热点题写得成：图片上传一次，区域画在图上');
}
