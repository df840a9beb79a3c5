// Watches every page for what no step asks about: console errors, violations of the
// Content-Security-Policy, requests elsewhere; and looks at accessibility and layout.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import { bad, ok } from './check.mjs';
import { English } from './english.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** Light and dark differ in colours only, so each width is looked at in one of them. */
const WIDTHS = [[375, 'light'], [1366, 'dark']];
/** Answers that a page asks for on purpose: who am I, is a code needed, is it open yet (where the start has come
 *  and no stream says so: on a slow machine before the room has opened). */
const ASKED = [/401.*\/api\/me$/, /401.*\/api\/sign-in$/, /409.*\/api\/sit\/[0-9a-f]{32}\/key$/];

export class Watch {
  constructor() {
    this.found = new Set();
    this.english = new English();
    this.origins = [];
    /** Refusals that a step provokes. */
    this.provoked = [];
    /** Pages that another road looks at already. */
    this.seen = false;
    /** While the server is away, failed connections are expected. */
    this.away = false;
  }

  async follow(context) {
    this.english.follow(context);
    await context.addInitScript(() => {
      addEventListener('securitypolicyviolation', (e) => console.error(`CSP ${e.effectiveDirective} ${e.blockedURI} ${e.sourceFile}:${e.lineNumber}`));
    });
    context.on('console', (message) => {
      if (message.type() !== 'error') return;
      const { url } = message.location();
      const text = `${message.text()} ${url}`;
      if ([...ASKED, ...this.provoked].some((one) => one.test(text))) return;
      if (this.away && /ERR_CONNECTION|ERR_SOCKET|ERR_EMPTY_RESPONSE|ERR_INCOMPLETE|ERR_NETWORK|ERR_INTERNET_DISCONNECTED/.test(text)) return;
      this.found.add(`${this.path(message.page()?.url() ?? '')}: ${text}`);
    });
    context.on('weberror', (e) => this.found.add(`${this.path(e.page()?.url() ?? '')}: ${e.error()?.stack}`));
    context.on('request', (request) => {
      const url = request.url();
      if (/^https?:/.test(url) && !this.origins.some((origin) => url.startsWith(`${origin}/`))) this.found.add(`asks elsewhere: ${url}`);
    });
  }

  path(url) {
    return this.origins.reduce((text, origin) => text.replace(origin, ''), url);
  }

  /** Serious findings of axe, and whether the page scrolls sideways at each width. */
  async look(page, what) {
    if (this.seen) return;
    const problems = [];
    const before = page.viewportSize();
    for (const [width, colorScheme] of WIDTHS) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.setViewportSize({ width, height: before.height });
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
      const wide = await page.evaluate(() => {
        const root = document.documentElement;
        if (root.scrollWidth <= root.clientWidth) return '';
        const out = [...document.querySelectorAll('body *')].filter((e) => e.getBoundingClientRect().right > root.clientWidth + 1);
        return `${root.scrollWidth} > ${root.clientWidth}: ${out.slice(0, 4).map((e) => `${e.tagName.toLowerCase()}.${e.className}`).join(', ')}`;
      });
      if (wide) problems.push(`scrolls sideways at ${width}: ${wide}`);
      if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe);
      const findings = await page.evaluate(async () => {
        const { violations, passes } = await window.axe.run(document);
        if (!passes.length) return ['nothing was looked at'];
        return violations
          .filter((v) => v.impact === 'serious' || v.impact === 'critical')
          .map((v) => `${v.impact} ${v.id}: ${v.help} – ${v.nodes.slice(0, 3).map((n) => `${n.target.join(' ')} ${n.any[0]?.message ?? ''}`).join(' | ')}`);
      });
      problems.push(...findings.map((one) => `at ${width}, ${colorScheme}: ${one}`));
      if (!process.env.SHOTS) continue;
      // Pictures are for people who look: light at both widths.
      await page.emulateMedia({ colorScheme: 'light' });
      await page.screenshot({ path: `${process.env.SHOTS}/${what.replace(/[^\p{L}\p{N}]+/gu, '-')}-${width}.png`, fullPage: true });
    }
    await page.emulateMedia({ colorScheme: null, reducedMotion: null });
    await page.setViewportSize(before);
    await this.english.look(page, what);
    if (problems.length) bad(`看得清、读得出：${what}`, problems.join('\n'));
    else ok(`看得清、读得出：${what}`);
  }

  tell() {
    const what = '没有控制台错误，没有违反内容安全策略，没有站外请求';
    if (this.found.size) bad(what, [...this.found].join('\n'));
    else ok(what);
    if (this.seen) return;
    const english = `英文界面除数据外没有中文（看过 ${this.english.pages} 页）`;
    if (this.english.found.size) bad(english, [...this.english.found].map(([page, texts]) => `${page}: ${texts.slice(0, 6).join(' | ')}`).join('\n'));
    else ok(english);
  }
}
