// Looks at pages once more in English: what is still Chinese there must be data, or be marked as Chinese. Data are
// strings that an answer of the API gave under a key that is no speech of the program's.
const HAN = /[\u3400-\u9fff]/;
const RUNS = /[\u3400-\u9fff]+/g;
/** Where the API speaks: what it says here is shown in English. */
const SPEECH = /\/(label|sentence|due_note|law_problem|why|what|action|summary|because\[\]|missing\[\])$|\/next\/(title|text)$|\/photo\/findings\[\]\/text$|\/error\/text$|\/problems\[\]\/text$/;
/** How long the page may take to fetch its English and to show it. */
const PATIENCE_MS = 3000;

export class English {
  constructor() {
    /** Text of the API's answers: is it told as data anywhere? */
    this.told = new Map();
    this.found = new Map();
    this.pages = 0;
  }

  follow(context) {
    context.on('response', async (response) => {
      const { pathname } = new URL(response.url());
      if (!pathname.startsWith('/api/') || !/json/.test(response.headers()['content-type'] ?? '')) return;
      this.take(await response.json().catch(() => null), pathname);
    });
  }

  take(value, key) {
    if (typeof value === 'string') {
      if (HAN.test(value)) this.told.set(value, this.told.get(value) || !SPEECH.test(key));
    } else if (Array.isArray(value)) for (const one of value) this.take(one, `${key}[]`);
    else if (value && typeof value === 'object') for (const [name, one] of Object.entries(value)) this.take(one, `${key}/${name}`);
  }

  /** Chinese that stands on the page now without being data. */
  judge({ texts, files }) {
    const data = [...[...this.told].filter(([, isData]) => isData).map(([text]) => text), ...files].join('\n');
    const speech = [...this.told].filter(([text, isData]) => !isData && text.length > 1 && !data.includes(text)).map(([text]) => text);
    return texts.filter((text) => speech.some((one) => text.includes(one)) || text.match(RUNS).some((run) => !data.includes(run)));
  }

  async look(page, what) {
    const served = await page.evaluate(() => !document.querySelector('script[type=module]'));
    // Pages of the server have an address for each language.
    if (served && (await page.evaluate(() => document.documentElement.lang)) !== 'en') return;
    if (!served) await speak(page, 'en');
    const end = Date.now() + PATIENCE_MS;
    let left = this.judge(await chinese(page));
    while (left.length && Date.now() < end) {
      await page.waitForTimeout(50);
      left = this.judge(await chinese(page));
    }
    if (!served) await speak(page, 'zh-CN');
    this.pages++;
    if (left.length) this.found.set(what, left);
  }
}

/** As another tab of the same browser would choose it. */
async function speak(page, tag) {
  await page.evaluate((value) => {
    localStorage.setItem('heng-language', value);
    dispatchEvent(new StorageEvent('storage', { key: 'heng-language', newValue: value }));
  }, tag);
  await page.waitForFunction((value) => document.documentElement.lang === value, tag);
}

/** Every text with Chinese in it that is not marked as Chinese; what was announced before the change of language is left out. */
const chinese = (page) =>
  page.evaluate(() => {
    const HAN = /[\u3400-\u9fff]/;
    const said = (element) => !['SCRIPT', 'STYLE', 'NOSCRIPT'].includes(element.tagName) && !element.closest('.notice.ok, .sr, [aria-live]') && !element.closest('[lang]:not(html)')?.lang.startsWith('zh');
    const out = new Set();
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) if (HAN.test(texts.currentNode.data) && said(texts.currentNode.parentElement)) out.add(texts.currentNode.data.trim());
    for (const name of ['aria-label', 'title', 'placeholder', 'alt'])
      for (const element of document.querySelectorAll(`[${name}]`)) if (HAN.test(element.getAttribute(name)) && said(element)) out.add(element.getAttribute(name));
    const files = [...document.querySelectorAll('input[type=file]')].flatMap((input) => [...input.files].map((file) => file.name));
    return { texts: [...out], files };
  });
