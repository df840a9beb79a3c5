// An exam on paper: the sheets are printed, filled in, scanned; the machine reads, people decide what is doubtful
// beside its picture, others check; what was marked is scored.
import { printed, rightPlaces } from '../bank.mjs';
import { ok, same, truth, until } from '../check.mjs';
import { press, tabTo, walk } from '../keyboard.mjs';
import { fill, png, raster, rowsOf, scan, textOf, tiff } from '../paper.mjs';

const BUBBLES = 98;
const FEW = 20;
/** Of the first candidate: two bubbles, half a bubble. */
const [TWICE, HALF] = [1, 2];
const KINDS = ['single', 'multiple', 'true_false'];

const scansOf = (road) => `/desk/marking/sessions/${road.theory}/scans`;
const letter = (place) => String.fromCharCode(65 + place);
const rowOf = (page, person) => page.getByRole('row', { name: person.ticket });

export async function printSheets(road) {
  const registrar = await road.people.staff('registrar');
  const { page } = registrar;
  await registrar.go(scansOf(road));
  await page.getByText('2 份中 0 份已齐').waitFor();
  await rowOf(page, road.candidates[0]).getByText('还没有扫描').waitFor();
  await road.watch.look(page, '答题卡还没有扫描');
  const link = page.getByRole('link', { name: '打印全场答题卡' });
  const file = await registrar.context.request.get(registrar.url + (await link.getAttribute('href')));
  const pages = raster(await file.body());
  same(pages.length, 4, 'two sheets of two pages');
  road.sheets = [];
  for (const [at, [, i]] of (await bySeat(road)).entries()) road.sheets[i] = pages.slice(2 * at, 2 * at + 2);
  const words = textOf(await file.body());
  for (const { name, ticket } of road.candidates) truth(words.includes(name) && words.includes(ticket), `the sheet of ${name}`);
  ok('试卷封存后、启封前打印答题卡：每人两页，印有姓名和准考证号');
}

/** Whoever knows the bank reads the printed paper and marks what is right. */
async function knows(road, person) {
  const registrar = await road.people.staff('registrar');
  const { attempts } = await registrar.api('GET', `/api/sessions/${road.theory}/scans`);
  const { attempt } = truth(attempts.find((a) => a.ticket === person.ticket), 'the sheet');
  const paper = await registrar.context.request.get(`${registrar.url}/api/sessions/${road.theory}/typed/${attempt}/paper.pdf`);
  const items = printed(textOf(await paper.body()), KINDS);
  same(items.length, BUBBLES, 'questions found in the printed paper');
  const { places } = await registrar.api('GET', `/api/sessions/${road.theory}/typed/${attempt}`);
  person.attempt = attempt;
  person.right = items.map((item, i) => {
    same(places[i].kind, item.kind, `the kind of question ${i + 1}`);
    return rightPlaces({ stem: item.stem, options: (places[i].options ?? []).map((one) => one.text) });
  });
  person.kinds = places.map((place) => place.kind);
}

/** The candidates as the list has them, by seat, each with the number of whose sheet it is. */
async function bySeat(road) {
  const registrar = await road.people.staff('registrar');
  const { attempts } = await registrar.api('GET', `/api/sessions/${road.theory}/scans`);
  return attempts.map((a) => road.candidates.findIndex((person) => person.ticket === a.ticket)).map((i) => [road.candidates[i], i]);
}

export async function fillSheets(road) {
  const rows = rowsOf(BUBBLES);
  for (const [i, person] of road.candidates.entries()) {
    await knows(road, person);
    const mine = road.sheets[i];
    person.right.forEach((right, k) => {
      if (i === 1 && k >= FEW) return;
      for (const c of right) fill(mine, rows[k], c, i === 0 && k + 1 === HALF ? 'half' : 'whole');
    });
    if (i === 0) fill(mine, rows[TWICE - 1], (person.right[TWICE - 1][0] + 1) % 4);
  }
  const blank = { ...road.sheets[0][0], at: Buffer.alloc(road.sheets[0][0].at.length, 235) };
  const [[a, b], [c, d]] = road.sheets;
  road.files = [
    { name: '甲-1.png', mimeType: 'image/png', buffer: png(scan(a, 1.5)) },
    { name: '说明.pdf', mimeType: 'application/pdf', buffer: Buffer.from('这不是扫描件，只是一段文字。') },
    { name: '甲-2.png', mimeType: 'image/png', buffer: png(scan(b, -1)) },
    { name: '乙.tif', mimeType: 'image/tiff', buffer: tiff([scan(d, 180.8), blank, scan(c, 0.5)]) },
  ];
  ok('答题卡用铅笔涂好：有一题涂了两项，有一题只涂一半；扫描得歪、有一页倒放');
}

/** The blank page is nobody's: somebody says so, and it is no more to be seen to. */
async function setAside(road, page) {
  const refused = page.getByRole('region', { name: '不计入的页' });
  await refused.getByText('待处理 1 页').waitFor();
  await refused.getByRole('button', { name: '搁置', exact: true }).click();
  await refused.getByLabel('事由').fill('夹在里面的空白纸');
  await road.watch.look(page, '搁置不计入的页');
  await refused.getByRole('button', { name: '搁置这一页' }).click();
  await refused.getByText('待处理 0 页').waitFor();
  await refused.getByRole('button', { name: '显示已补齐或搁置的 1 页' }).click();
  await refused.getByText('已搁置：夹在里面的空白纸').waitFor();
  await refused.getByRole('button', { name: '收起已补齐或搁置的 1 页' }).click();
}

export async function uploadScans(road) {
  const invigilator = await road.people.staff('invigilator');
  const { page } = invigilator;
  await invigilator.go(`/desk/sessions/${road.theory}?part=lists`);
  await page.getByRole('link', { name: '答题卡：打印与扫描' }).click();
  await page.getByText('2 份中 0 份已齐').waitFor();
  road.watch.provoked.push(/status of 400 .*\/scans$/);
  await page.getByLabel('选择扫描件').setInputFiles(road.files);
  await press(page, page.getByRole('button', { name: '上传并识别' }));
  await page.getByText('已处理 4 个文件，共 4 个').waitFor({ timeout: 60_000 });
  await page.getByText('5 页：读到 4 页，不计入 1 页').waitFor();
  const failed = page.getByRole('listitem').filter({ hasText: '说明.pdf' });
  truth((await failed.innerText()).includes('须为 JPEG'), 'why the file was refused');
  await page.getByRole('region', { name: '不计入的页' }).getByRole('row', { name: /乙\.tif.*2.*空白/ }).waitFor();
  await rowOf(page, road.candidates[0]).getByText('存疑 4 处待认定').waitFor();
  await rowOf(page, road.candidates[1]).getByText('存疑 2 处待认定').waitFor();
  await road.watch.look(page, '扫描件上传');
  same(await page.getByRole('button', { name: /^认定/ }).count(), 0, 'what an invigilator may decide');
  await setAside(road, page);
  await walk(page, '扫描件上传');
  await page.getByLabel('选择扫描件').setInputFiles(road.files.slice(0, 1));
  await page.getByRole('button', { name: '上传并识别' }).click();
  await page.getByText('其中 1 个文件以前上传过，没有重复计入').waitFor();
  ok('扫描件逐个上传：坏文件说明原因、不耽误其余；空白页列出原因；同一文件不重复计入');
}

/** What the person who looks at question N sees on the paper, as they type it. */
function onPaper(person, i, n) {
  const right = person.right[n - 1];
  if (!right || (i === 0 && n === TWICE) || (i === 1 && n > FEW)) return '';
  return person.kinds[n - 1] === 'true_false' ? (right[0] === 0 ? '对' : '错') : right.map(letter).join('');
}

const numberOf = async (page) => Number(/第 (\d+) 题/.exec(await page.locator('form h2').innerText())[1]);

/** The picture beside the question shows the page, cut to the place. */
async function pictureIsThere(page) {
  const { href, box } = await page.locator('svg.cut').evaluate((svg) => ({ href: svg.querySelector('image').href.baseVal, box: svg.viewBox.baseVal.width }));
  truth(box > 40 && box < 200, `the cut: ${box} mm`);
  const size = await page.evaluate(async (from) => {
    const img = new Image();
    img.src = from;
    await img.decode();
    return [img.naturalWidth, img.naturalHeight];
  }, href);
  truth(size[0] > 500 && size[1] > size[0], `the picture: ${size}`);
}

/** Types or presses what is on the paper and goes on by Enter, until the sheet is through. Keys alone. */
async function readOn(road, page, person, i, what) {
  const seen = [];
  for (;;) {
    const heading = page.locator('form h2');
    const over = page.locator('#scan-next');
    await heading.or(over).first().waitFor();
    if (await over.count()) return seen;
    const text = await heading.innerText();
    const n = await numberOf(page);
    await pictureIsThere(page);
    await until(() => page.evaluate(() => document.activeElement?.id === 'scan-answer'), 'the answer has the focus');
    if (!seen.length) await road.watch.look(page, `${what}${i + 1}`);
    if (!seen.length) await page.locator('#scan-answer').focus();
    const answer = onPaper(person, i, n);
    const kind = person.kinds[n - 1];
    if (kind === 'single' || kind === 'multiple') for (const c of answer) await page.keyboard.press(String(c.charCodeAt(0) - 64));
    else if (kind === 'true_false') await page.keyboard.press(answer === '错' ? '2' : answer === '对' ? '1' : 'Space');
    same(await page.locator('#scan-answer').inputValue(), answer, `what stands for question ${n}`);
    await page.keyboard.press('Enter');
    await until(async () => (await over.count()) || (await heading.innerText().catch(() => text)) !== text, `on from ${text}`);
    seen.push(n);
  }
}

export async function decideScans(road) {
  const marker = await road.people.staff('marker');
  const { page } = marker;
  await marker.go(scansOf(road));
  await press(page, page.getByRole('link', { name: '认定下一份存疑' }));
  await page.locator('#scan-answer').waitFor();
  await walk(page, '认定存疑涂写');
  await page.locator('#scan-answer').focus();
  for (const [at, [person, i]] of (await bySeat(road)).entries()) {
    same(await readOn(road, page, person, i, '认定存疑'), i === 0 ? [TWICE, HALF, 99, 100] : [99, 100], 'what was doubtful');
    await until(() => page.evaluate(() => document.activeElement?.id === 'scan-next'), 'the next sheet has the focus');
    if (at === 0) await road.watch.look(page, '这一份认定完了');
    if (at === 0) await page.locator('#scan-next').focus();
    await page.keyboard.press('Enter');
    if (at === 0) await page.locator('#scan-answer').waitFor();
  }
  await page.getByText('2 份中 0 份已齐').waitFor();
  await rowOf(page, road.candidates[0]).getByText('待另一人抽查').waitFor();
  same(await page.getByRole('link', { name: '抽查' }).count(), 0, 'who decided does not check');
  ok('存疑的由人对着图认定，只用键盘，一份接一份；认定的人不能抽查');
}

export async function checkScans(road) {
  const marker = await road.people.staff('marker2');
  const { page } = marker;
  await marker.go(scansOf(road));
  await press(page, page.getByRole('link', { name: '抽查下一份' }));
  for (const [at, [person, i]] of (await bySeat(road)).entries()) {
    await page.locator('#scan-answer').waitFor();
    const seen = await readOn(road, page, person, i, '抽查');
    same(seen.length, i === 0 ? 14 : 12, `a tenth and the doubtful ones: ${seen}`);
    await until(() => page.evaluate(() => document.activeElement?.id === 'scan-next'), 'the next sheet has the focus');
    await page.keyboard.press('Enter');
    if (at === 0) await page.locator('#scan-next').waitFor({ state: 'detached' });
  }
  await page.getByText('2 份中 2 份已齐').waitFor();
  await road.watch.look(page, '答题卡都已齐');
  const registrar = await road.people.staff('registrar');
  const { attempts } = await registrar.api('GET', `/api/sessions/${road.theory}/typed`);
  same(attempts.map((a) => a.state), ['settled', 'settled'], 'the entries');
  ok('另一人抽查十分之一和存疑的，两份录入一致');
}

/** A page turns out to be somebody else's: two people withdraw it, it is scanned again and read from the beginning. */
export async function withdrawScan(road) {
  const marker = await road.people.staff('marker');
  const { page } = marker;
  const [person, i] = (await bySeat(road)).find(([, at]) => at === 0);
  await marker.go(scansOf(road));
  await page.getByRole('button', { name: /答题卡的各页/ }).nth((await bySeat(road)).findIndex(([, at]) => at === 0)).click();
  await page.getByRole('button', { name: '撤回第 1 页' }).click();
  await page.getByLabel('事由').fill('两名考生拿错了答题卡');
  await road.watch.look(page, '撤回一页答题卡');
  await page.getByRole('button', { name: '提请撤回' }).click();
  await page.getByText('已提出，等第二人确认').first().waitFor();
  await road.people.confirm('marker2', /撤回.*第 1 页/);
  await marker.go(scansOf(road));
  await rowOf(page, person).getByText('读到 1 页，共 2 页').waitFor();
  const invigilator = await road.people.staff('invigilator');
  await invigilator.go(scansOf(road));
  await invigilator.page.getByLabel('选择扫描件').setInputFiles([{ name: '甲-1-补.png', mimeType: 'image/png', buffer: png(scan(road.sheets[0][0], 0.8)) }]);
  await invigilator.page.getByRole('button', { name: '上传并识别' }).click();
  await invigilator.page.getByText('1 页：读到 1 页').waitFor({ timeout: 60_000 });
  await marker.go(scansOf(road));
  await rowOf(page, person).getByText('存疑 4 处待认定').waitFor();
  await page.getByRole('link', { name: '认定下一份存疑' }).click();
  await page.locator('#scan-answer').waitFor();
  same(await readOn(road, page, person, i, '再认定'), [TWICE, HALF, 99, 100], 'what is doubtful once more');
  const checker = await road.people.staff('marker2');
  await checker.go(scansOf(road));
  await checker.page.getByRole('link', { name: '抽查下一份' }).click();
  await checker.page.locator('#scan-answer').waitFor();
  await readOn(road, checker.page, person, i, '再抽查');
  await marker.go(scansOf(road));
  await page.getByText('2 份中 2 份已齐').waitFor();
  await page.getByRole('button', { name: /答题卡的各页/ }).nth((await bySeat(road)).findIndex(([, at]) => at === 0)).click();
  await page.getByText(/撤回：两名考生拿错了答题卡/).waitFor();
  ok('误计的一页由两人撤回：认定、录入重新来过，补扫后再认定、抽查');
}

/** Nobody came to a computer: two invigilators close the seats. */
export async function closeOnPaper(road) {
  const invigilator = await road.people.staff('invigilator');
  const { rooms } = await invigilator.api('GET', '/api/rooms');
  road.room = truth(rooms[0]?.id, 'a room');
  for (const person of road.candidates) {
    await invigilator.api('POST', `/api/rooms/${road.room}/close`, { attempt: person.attempt, reason: '纸笔考试，答题卡已收齐' });
    await road.people.confirm('invigilator2', /收卷/);
  }
  const registrar = await road.people.staff('registrar');
  const states = async () => (await registrar.api('GET', `/api/sessions/${road.theory}/typed`)).attempts.map((a) => a.attempt_state);
  await until(async () => (await states()).every((state) => state !== 'prepared' && state !== 'admitted'), 'both are closed');
  // All but the one with two marks and the two that were left open; the few of the second.
  road.theoryMarks = [String(BUBBLES - 1), String(FEW)];
  ok('两名监考员收卷');
}
