// From opening the page to the sitting, and the acts of the pages. The sitting itself: sitting.ts.
import { hex, random } from './bytes';
import { claim, enter, isAdmitted, rowFor } from './door';
import type { Json } from './jcs';
import { Lease } from './lease';
import { keepPage } from './page_cache';
import { isHandHeld, movesToOnline } from './place';
import { Recorder } from './recorder';
import { Sender } from './sender';
import { Sitting } from './sitting';
import { Store, type AttemptRow } from './store';
import { saveFile } from './files';
import { view } from './view';
import { asJson, asRefusal, pathOf, request, type Refusal, type Saved } from './wire';

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

class Exam {
  private store!: Store;
  private row: AttemptRow | undefined;
  private lease: Lease | undefined;
  private readonly token = hex(random(16));
  sitting: Sitting | undefined;
  private asking = 0;

  async start(): Promise<void> {
    try {
      this.store = await Store.open();
    } catch {
      view.phase = 'refused';
      return;
    }
    void navigator.storage?.persist?.().catch(() => {});
    void keepPage().then((kept) => (view.pageKept = kept));
    this.listen();
    const rows = await this.store.attempts();
    for (const row of rows) if (row.left) void this.deliverLeft(row);
    const open = rows.filter((row) => !row.left);
    const row = open.find((r) => r.epoch > 0 && !r.receipt) ?? open.find((r) => r.receipt) ?? open.find((r) => (r.signin?.until_ms ?? 0) > Date.now());
    if (!row) {
      view.phase = 'sign_in';
      return;
    }
    this.row = row;
    if (!row.receipt && movesToOnline(row.recorded)) return;
    if (row.epoch > 0) await this.takeSeat();
    else void this.wait();
  }

  // --- sign-in ---

  async signIn(ticket: string, document: string): Promise<void> {
    if (view.busy) return;
    view.busy = true;
    view.refusal = '';
    try {
      const who = await enter(ticket, document);
      for (const old of await this.store.attempts()) if (old.attempt !== who.attempt && (old.epoch === 0 || old.receipt) && !old.left) await this.store.forget(old.attempt);
      this.row = await rowFor(this.store, who);
      if (this.row.weak && who.session.weak_allowed === false) {
        view.refusedFor = 'weak';
        view.phase = 'refused';
        return;
      }
      if (who.session.online && isHandHeld()) {
        view.refusedFor = 'device';
        view.phase = 'refused';
        return;
      }
      if (movesToOnline(this.row.recorded)) return;
      void this.wait();
    } catch (thrown) {
      this.refuse(asRefusal(thrown));
    } finally {
      view.busy = false;
    }
  }

  private refuse(why: Refusal): void {
    view.refusal = why.text || (why.status === 0 ? 'exam.refusal.offline' : why.status === 429 ? 'exam.refusal.tooMany' : 'exam.refusal.other');
  }

  backToSignIn(): void {
    this.asking++;
    view.refusal = '';
    view.phase = 'sign_in';
  }

  /** Asks until the invigilator has admitted, then claims. */
  private async wait(): Promise<void> {
    const row = this.row;
    const who = row?.signin;
    if (!row || !who) return this.backToSignIn();
    const mine = ++this.asking;
    view.entered = who;
    view.phase = 'waiting';
    for (let admitted = who.admitted; ; ) {
      if (admitted) return this.sitDown();
      let pause = 2000;
      try {
        const answer = await isAdmitted(who);
        admitted = answer.admitted;
        pause = answer.retry_ms;
        view.refusal = '';
      } catch (thrown) {
        const why = asRefusal(thrown);
        if (mine !== this.asking) return;
        if (why.status === 403) {
          this.backToSignIn();
          return this.refuse(why);
        }
        this.refuse(why);
        pause = Math.max(3000, why.retryMs);
      }
      if (!admitted) await sleep(pause * (0.75 + Math.random() / 2));
      if (mine !== this.asking) return;
    }
  }

  async claim(takeover?: string): Promise<void> {
    const row = this.row;
    if (!row || view.busy) return;
    view.busy = true;
    view.refusal = '';
    try {
      await this.claimUntilAnswered(row, takeover);
    } finally {
      view.busy = false;
    }
  }

  private async claimUntilAnswered(row: AttemptRow, takeover?: string): Promise<void> {
    for (let n = 0; ; n++) {
      try {
        await this.sitting?.begin(await claim(this.store, row, takeover));
        return;
      } catch (thrown) {
        const why = asRefusal(thrown);
        if (why.status === 409 && why.field === '/takeover') {
          if (takeover) view.refusal = why.text || 'exam.takeover.wrong';
          view.phase = 'takeover';
          return;
        }
        if (why.status === 409 || why.status === 403 || why.status === 400) {
          this.backToSignIn();
          return this.refuse(why);
        }
        this.refuse(why);
        if (takeover && why.status === 429) return;
        await sleep(Math.max(why.retryMs, Math.min(2 ** n, 15) * 1000 * (0.5 + Math.random())));
      }
    }
  }

  // --- which tab writes ---

  private async makeSeat(row: AttemptRow): Promise<boolean> {
    this.lease?.end();
    this.lease = new Lease(row.attempt, {
      yielding: async () => this.sitting?.settle(),
      refused: () => this.sitting?.note('tab_refused'),
      lost: () => this.leaseLost(),
    });
    if (!(await this.lease.take())) {
      view.phase = 'second';
      return false;
    }
    await this.store.takeWriter(row.attempt, this.token);
    this.sitting = new Sitting(this.store, row, this.token, () => this.leaseLost());
    return true;
  }

  private async takeSeat(): Promise<void> {
    const { row } = this;
    if (row && (await this.makeSeat(row))) await this.sitting?.resume();
  }

  /** Admitted. This browser may already hold the attempt: then it goes on, without a claim. */
  private async sitDown(): Promise<void> {
    const { row } = this;
    if (!row) return;
    if (row.epoch > 0 && !row.receipt) return this.takeSeat();
    if (await this.makeSeat(row)) await this.claim();
  }

  private leaseLost(): void {
    this.sitting?.stop();
    this.sitting = undefined;
    view.phase = 'second';
  }

  /** The person chose this tab. */
  async writeHere(): Promise<void> {
    const id = this.row?.attempt;
    if (!id || view.busy) return;
    view.busy = true;
    await this.lease?.steal();
    const row = await this.store.attempt(id); // the other tab may have gone further
    if (row) {
      this.row = row;
      await this.store.takeWriter(id, this.token);
      this.sitting = new Sitting(this.store, row, this.token, () => this.leaseLost());
      if (row.epoch > 0) await this.sitting.resume();
    }
    view.busy = false;
    if (row?.epoch === 0) await this.claim();
  }

  // --- the end ---

  /** The next candidate. What is not delivered stays on this PC and goes on being sent. */
  async next(): Promise<void> {
    const { row } = this;
    if (row) {
      if (this.sitting?.undelivered) {
        row.left = true;
        await this.store.putAttempt(row);
      } else await this.store.forget(row.attempt);
    }
    location.reload();
  }

  private async deliverLeft(row: AttemptRow): Promise<void> {
    const idle = { kept: () => {}, disk: () => {}, writerLost: () => {} };
    const recorder = new Recorder(this.store, row, this.token, idle, () => 0);
    await recorder.load();
    recorder.end();
    const done = () => !recorder.waitingCount && void this.store.forget(row.attempt);
    done();
    const sender = new Sender(recorder, {
      post: async (body) => {
        const init = { method: 'POST', headers: { 'Content-Type': 'application/vnd.heng.journal' }, body };
        return (await request<Saved>(pathOf(row.attempt, 'journal'), init, asJson<Saved>)).value;
      },
      saved: () => setTimeout(done, 1000),
      waiting: () => {},
      lost: (_why, epoch) => recorder.park(epoch),
    });
    sender.kick();
  }

  /** Saves the files to this PC; the invigilator imports them. */
  async saveEmergency(): Promise<void> {
    for (const file of (await this.sitting?.emergency()) ?? []) {
      saveFile(file.name, file.bytes);
      await sleep(400); // several files: browsers drop the second of two at once
    }
  }

  // --- what the browser tells ---

  private listen(): void {
    const note = (what: string) => this.sitting?.note(what);
    document.addEventListener('visibilitychange', () => {
      note(document.hidden ? 'hidden' : 'shown');
      if (document.hidden) this.sitting?.drafts.flush();
      else void this.sitting?.refresh();
    });
    window.addEventListener('beforeunload', (event) => {
      if (!this.sitting?.unwritten) return;
      event.preventDefault();
      event.returnValue = true; // browsers before Chrome 119 ask only for this
    });
    window.addEventListener('pagehide', () => void this.sitting?.settle());
    window.addEventListener('blur', () => note('blur'));
    window.addEventListener('focus', () => note('focus'));
    window.addEventListener('online', () => this.sitting?.reconnect());
    window.addEventListener('beforeprint', () => note('print'));
    document.addEventListener('paste', () => note('paste'));
    document.addEventListener('fullscreenchange', () => !document.fullscreenElement && note('fullscreen_left'));
  }

  // --- what the candidate does ---

  go(item: number): void {
    const { paper } = view;
    if (!paper?.items.has(item)) return;
    if (view.item !== item) this.sitting?.drafts.flush();
    view.item = item;
    view.pane = 'question';
  }

  /** One screen on or back; a case is one screen. */
  step(by: 1 | -1): void {
    const { paper } = view;
    if (!paper) return;
    const at = (paper.screenOf.get(view.item) ?? 0) + by;
    const first = paper.screens[at]?.items[0];
    if (first) this.go(first.n);
  }

  visited(item: number): void {
    if (this.sitting?.writable) this.sitting.visit(item);
  }

  answer(item: number, response: Json | undefined): void {
    this.sitting?.answer(item, response);
  }

  clear(item: number): void {
    const had = view.answers.get(item)?.response !== undefined || view.drafts.has(item);
    this.sitting?.drafts.clear(item);
    if (had) this.sitting?.answer(item, undefined);
  }

  flag(item: number): void {
    this.sitting?.flag(item);
  }

  agreeToRecording(): void {
    this.sitting?.agree();
  }

  declineRecording(): void {
    this.sitting?.decline();
  }

  handIn(): void {
    void this.sitting?.seal('hand_in');
  }
}


export const exam = new Exam();
