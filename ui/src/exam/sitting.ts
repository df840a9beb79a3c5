// One attempt while it runs: journal, sender, event stream, clock and paper, and what they mean for
// the page. The wire and the bytes are in their own files; here is only what follows from what.
import type { Bytes } from './bytes';
import { lastChange, mergeRows, readClock, ServerTime } from './clock';
import { claim, differences, enterAgain, epochOf, rowsOf, stateOf } from './door';
import { Filming } from './filming';
import { HandedIn } from './handed';
import { HandIn } from './hand_in';
import { jcsText, type Json } from './jcs';
import { Line } from './line';
import { PaperDesk } from './paper_desk';
import { playKey, playsOf } from './plays';
import { Proof } from './proof';
import { Recorder } from './recorder';
import { Sender, backOff } from './sender';
import type { AttemptRow, Store } from './store';
import { Stream, type StreamEvent } from './stream';
import { t } from './text';
import { showReceipt, view } from './view';
import { Drafts } from './drafts';
import { asJson, asRefusal, get, pathOf, Refusal, request, type Answered, type Claimed, type Credential, type LedgerRow, type Saved, type State } from './wire';

const VERSION = '0.1.0';
const MINUTE_MS = 60_000;
/** A reload takes seconds: a longer gap may be a clock that was set, and seals nothing by itself. */
const GAP_TRUSTED_MS = 10 * MINUTE_MS;
const PERSIST_MS = 10_000;
/** A reviewer of these wants to see the moment itself (server: sitting/flags.def). */
const PICTURED = ['hidden', 'blur', 'fullscreen_left', 'paste', 'print', 'clock_jump'];

const mono = () => performance.now();
const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

export class Sitting {
  private readonly time = new ServerTime(mono);
  private readonly recorder: Recorder;
  private readonly sender: Sender;
  private readonly stream: Stream;
  private readonly paper: PaperDesk;
  private readonly handIn: HandIn;
  private readonly line: Line;
  private readonly proof: Proof;
  private readonly filming: Filming;
  private readonly handed: HandedIn;
  readonly drafts: Drafts;
  private rows: LedgerRow[] = [];
  private credential: Credential | undefined;
  private streamUp = false;
  private ticker: ReturnType<typeof setInterval> | undefined;
  private lastPersist = mono();
  private claiming = false;
  private over = false;

  constructor(
    private readonly store: Store,
    readonly row: AttemptRow,
    token: string,
    private readonly lostWriter: () => void,
  ) {
    this.recorder = new Recorder(store, row, token, {
      kept: (_entry, wallMs) => {
        view.keptMs = this.time.known ? this.time.now() : wallMs;
        view.waiting = this.recorder.waitingCount;
        this.sender.kick();
      },
      disk: (failed) => {
        if (view.diskFailed === failed) return;
        view.diskFailed = failed;
        view.waiting = this.recorder.waitingCount;
        this.sender.kick();
      },
      writerLost: () => this.writerLost(),
    }, () => this.rows[this.rows.length - 1]?.no ?? 0);
    this.sender = new Sender(this.recorder, {
      post: (body) => this.postSave(body),
      saved: (answer) => this.saved(answer),
      waiting: (why) => this.failed(why),
      lost: (why, epoch) => void this.epochLost(why, epoch),
    });
    this.stream = new Stream(() => this.credential, {
      event: (e) => this.event(e),
      up: () => {
        this.streamUp = true;
        this.line.touch();
        this.sender.hurry();
      },
      down: (why) => {
        this.streamUp = false;
        if (why.status === 401) void this.epochLost('unknown', this.row.epoch);
      },
    });
    this.paper = new PaperDesk(store, row, {
      who: () => this.who(),
      now: () => this.time.now(),
      streamUp: () => this.streamUp,
      over: () => this.over,
      keyed: () => this.persist(),
      opened: () => this.settlePhase(),
    });
    this.drafts = new Drafts(row.attempt, (item, response) => this.answer(item, response));
    this.line = new Line({ streamUp: () => this.streamUp, backingOff: () => this.sender.inBackOff, waiting: () => this.recorder.waitingCount, now: () => this.time.now(), note: (what) => this.note(what) });
    this.proof = new Proof(row, this.recorder, { note: (what, more) => this.note(what, more), refresh: () => this.refresh() });
    const host = { who: () => this.who(), now: () => this.time.now(), over: () => this.over, persist: () => this.persist() };
    this.filming = new Filming(row, { ...host, note: (what, more) => this.note(what, more), settlePhase: () => this.settlePhase() });
    this.handed = new HandedIn(store, row.attempt, { who: host.who, over: host.over, writable: () => this.writable, answer: (item, response) => this.answer(item, response) });
    this.handIn = new HandIn(store, row, this.recorder, this.paper, this.drafts, { ...host, rows: () => this.rows, touch: () => this.line.touch(), sealed: () => this.sealed() });
  }

  // --- begin and end ---

  /** From what this PC has; the network may be away. */
  async resume(): Promise<void> {
    await this.recorder.load();
    this.useEpoch();
    if (this.row.state) this.take(this.row.state);
    this.carryTime();
    view.item = this.recorder.lastItem ?? this.row.item ?? 1;
    view.savedMs = this.row.savedMs ?? 0;
    this.handIn.find();
    if (this.recorder.lastSeq > 0 && !this.row.sealed) this.note('reload');
    await this.go();
  }

  /** From the answer of a claim. */
  async begin(answer: Answered<Claimed>): Promise<void> {
    await this.recorder.load();
    await this.useClaim(answer);
    await this.go();
  }

  private async go(): Promise<void> {
    this.showAnswers();
    this.drafts.restore((item) => this.recorder.answers.get(item)?.response);
    this.ticker = setInterval(() => this.tick(), 250);
    this.stream.start();
    this.sender.hurry();
    view.waiting = this.recorder.waitingCount;
    this.settlePhase();
    if (this.row.receipt) showReceipt(this.row.receipt);
    else if (this.row.sealed) void this.handIn.fetchReceipt();
    if (!this.row.receipt) void this.paper.prepare();
    if (!this.row.sealed) void this.handed.resume();
    void this.refresh();
    void this.filming.record();
  }

  agree(): void {
    this.filming.agree();
  }

  decline(): void {
    this.filming.decline();
  }

  stop(): void {
    this.over = true;
    this.filming.stop();
    clearInterval(this.ticker);
    this.drafts.stop();
    this.recorder.end();
    this.sender.stop();
    this.stream.stop();
  }

  /** Everything typed is written: before this tab gives way, hides or seals. */
  async settle(): Promise<void> {
    this.drafts.flush();
    this.persist();
    await this.recorder.settled();
  }

  private writerLost(): void {
    this.stop();
    this.lostWriter();
  }

  /** Leaving now would lose something that the candidate entered. */
  get unwritten(): boolean {
    return this.recorder.unwritten || this.handed.unwritten;
  }

  get undelivered(): number {
    return this.recorder.waitingCount;
  }

  private persist(): void {
    this.lastPersist = mono();
    if (this.time.known && !this.time.rough) this.row.time = { serverMs: this.time.now(), wallMs: Date.now() };
    this.store.putAttempt(this.row).catch(() => {});
  }

  private carryTime(): void {
    const kept = this.row.time;
    if (!kept) return;
    const gap = Date.now() - kept.wallMs;
    view.timeUnsure = gap < 0 || gap > GAP_TRUSTED_MS;
    this.time.carry(kept.serverMs + Math.max(0, gap));
  }

  // --- epochs and claims ---

  private useEpoch(): void {
    const key = this.recorder.saveKey(this.row.epoch);
    this.credential = key ? { attempt: this.row.attempt, epoch: this.row.epoch, save: key } : undefined;
    if (this.credential) this.filming.use(this.credential);
  }

  private async useClaim({ value, sent, came }: Answered<Claimed>): Promise<void> {
    this.time.anchor(value.server_ms, came, sent);
    view.timeUnsure = false;
    const { row } = this;
    const again = row.epoch > 0 && !row.receipt;
    const there = rowsOf(row.attempt, value.answers ?? []);
    const differ = again ? differences(this.recorder.answers, there) : [];
    const epoch = await epochOf(row, value);
    row.epoch = value.epoch;
    row.state = stateOf(value);
    row.differ = differ;
    delete row.claim;
    delete row.signin;
    delete row.sealed;
    delete row.receipt;
    Object.assign(view, { receipt: undefined, receiptFits: true, sealHash: '', sealCode: '', sealReason: '', pane: 'question' });
    if (!again && value.last_item) row.item = view.item = value.last_item;
    for (const mine of again ? this.recorder.answers.values() : []) {
      const other = there.find((a) => a.item === mine.item);
      if (other) other.visited ||= mine.visited;
      else if (mine.visited) there.push({ attempt: row.attempt, item: mine.item, flagged: false, visited: true });
    }
    await this.recorder.begin(epoch, there);
    this.handIn.busy = false;
    this.useEpoch();
    this.take(value);
    this.showAnswers();
    void this.recorder.write('start', 0, { client: VERSION });
    this.sender.resume();
    this.stream.again();
  }

  private async epochLost(why: 'aside' | 'unknown' | 'gap' | 'malformed', epoch: number): Promise<void> {
    if (why === 'malformed') this.recorder.park(epoch);
    if (epoch !== this.row.epoch || this.claiming || this.over) return;
    this.claiming = true;
    try {
      if (why === 'aside' && !(await this.askState())) return;
      await this.claimAgain();
    } finally {
      this.claiming = false;
    }
  }

  /** False where nothing is left to claim: handed in or closed. */
  private async askState(): Promise<boolean> {
    for (let n = 0; !this.over; n++) {
      try {
        const { value, sent, came } = await get<State>(this.who(), 'state', asJson<State>);
        this.anchored(value, came, sent);
        this.take(value);
        return value.state === 'open' || value.state === 'admitted';
      } catch (thrown) {
        const why = asRefusal(thrown);
        if (why.status === 401) return true;
        await sleep(backOff(n, Math.random(), why.retryMs));
      }
    }
    return false;
  }

  private who(): Credential {
    if (!this.credential) throw new Refusal(401, 'unauthenticated', '', '');
    return this.credential;
  }

  /** The same device asks for a new epoch; no person and no code is needed. */
  private async claimAgain(): Promise<void> {
    this.drafts.flush();
    for (let n = 0; !this.over; n++) {
      try {
        this.row.signin = await enterAgain(this.row.attempt, this.row.device);
        await this.useClaim(await claim(this.store, this.row));
        this.settlePhase();
        return;
      } catch (thrown) {
        const why = asRefusal(thrown);
        if (why.status === 403 || (why.status === 409 && why.field === '/takeover')) return this.superseded();
        if (why.status === 409) {
          await this.askState();
          return;
        }
        await sleep(backOff(n, Math.random(), why.retryMs));
      }
    }
  }

  private superseded(): void {
    if (view.phase === 'receipt' || view.phase === 'closed') return;
    this.drafts.flush();
    void this.recorder.settled().then(() => this.recorder.end());
    view.phase = 'superseded';
  }

  // --- what the server says ---

  private anchored(answer: { server_ms: number; batch?: number; batch_hash?: string }, came: number, sent?: number): void {
    this.time.anchor(answer.server_ms, came, sent);
    view.timeUnsure = false;
    if (answer.batch !== undefined && answer.batch_hash) {
      this.row.evidence = { batch: answer.batch, hash: answer.batch_hash, serverMs: answer.server_ms };
    }
    this.line.touch();
  }

  private take(state: State): void {
    if (state.epoch < this.row.epoch) return this.ledger(state.ledger); // said before our last claim
    const before = this.row.state?.state;
    this.row.state = stateOf(state);
    this.row.plays = view.plays = playsOf(this.row.plays, state.plays);
    this.rows = mergeRows(this.rows, state.ledger);
    this.row.state.ledger = this.rows;
    view.session = state.session;
    Object.assign(view, { room: state.room, seat: state.seat, name: state.name, ticket: state.ticket, weak: this.row.weak });
    if (state.state === 'closed' && view.phase !== 'closed') this.closed('closed');
    else if (state.state === 'voided') this.closed('voided');
    else if (state.state === 'admitted' && before !== 'admitted' && this.row.sealed && !this.claiming) void this.reopen();
    else if (state.state === 'sealed' && !this.row.sealed && !this.handIn.busy) this.handIn.elsewhere(state);
    this.persist();
  }

  /** Extra time after the automatic hand-in. */
  private async reopen(): Promise<void> {
    this.claiming = true;
    await this.claimAgain().finally(() => (this.claiming = false));
    void this.paper.prepare();
  }

  private closed(phase: 'closed' | 'voided'): void {
    view.closeReason = [...this.rows].reverse().find((r) => r.kind === 'close')?.reason ?? '';
    this.drafts.flush();
    void this.recorder.settled().then(() => {
      this.recorder.end();
      this.sender.hurry();
    });
    view.phase = phase;
  }

  private ledger(rows: LedgerRow[]): void {
    const known = this.rows;
    this.rows = mergeRows(known, rows);
    if (this.rows === known) return;
    if (this.row.state) this.row.state.ledger = this.rows;
    const last = this.rows[this.rows.length - 1];
    if (last?.kind === 'extend') view.said = t('exam.clock.extended', { minutes: last.minutes ?? 0, reason: last.reason ?? '' });
    if (last?.kind === 'resume') view.said = t('exam.pause.over');
    this.persist();
    this.tick();
  }

  private event({ name, data }: StreamEvent): void {
    const came = mono();
    if (typeof data['server_ms'] === 'number') this.anchored(data as unknown as State, came);
    this.line.touch();
    if (name === 'state') this.take(data as unknown as State);
    else if (name === 'ledger') this.ledger((data['rows'] as LedgerRow[] | undefined) ?? []);
    else if (name === 'key') void this.paper.useKey(String(data['key']));
    else if (name === 'superseded' && Number(data['epoch']) > this.row.epoch && !this.claiming) this.superseded();
    else if (name === 'notice') {
      view.notices.push({ text: String(data['text']), atMs: Number(data['server_ms']) || this.time.now() });
      view.said = String(data['text']);
    }
  }

  /** Time and state anew: after sleep, a hidden page, a new network. */
  async refresh(): Promise<void> {
    if (!this.credential || this.over) return;
    try {
      const { value, sent, came } = await get<State>(this.credential, 'state', asJson<State>);
      this.anchored(value, came, sent);
      this.take(value);
      this.sender.hurry();
    } catch (thrown) {
      if (asRefusal(thrown).status === 401) void this.epochLost('unknown', this.row.epoch);
    }
  }

  reconnect(): void {
    this.stream.again();
    this.sender.hurry();
    void this.refresh();
  }

  // --- saving ---

  private async postSave(body: Bytes): Promise<Saved> {
    const init = { method: 'POST', headers: { 'Content-Type': 'application/vnd.heng.journal' }, body };
    const { value, sent, came } = await request<Saved>(pathOf(this.row.attempt, 'journal'), init, asJson<Saved>);
    this.time.anchor(value.server_ms, came, sent);
    return value;
  }

  private saved(answer: Saved): void {
    view.savedMs = this.row.savedMs = answer.server_ms;
    view.waiting = this.recorder.waitingCount;
    view.trouble = 'offline';
    this.row.evidence = { batch: answer.batch, hash: answer.batch_hash, serverMs: answer.server_ms };
    view.timeUnsure = false;
    this.line.heard();
    if (view.offlineMs !== null) this.line.touch();
    this.ledger(answer.ledger ?? []);
    const { sealed } = this.row;
    if (sealed && answer.epoch === sealed.epoch && answer.seq >= sealed.seq && answer.branch === 'main') void this.handIn.fetchReceipt();
    else if (this.row.receipt && !this.recorder.waitingCount) void this.handIn.wipe();
  }

  private failed(why: Refusal): void {
    view.trouble = why.status === 0 ? 'offline' : 'busy';
  }

  // --- the clock ---

  private settlePhase(): void {
    if (['superseded', 'closed', 'voided'].includes(view.phase)) return;
    if (this.row.sealed) view.phase = this.row.receipt ? 'receipt' : 'sealed';
    else if (view.consent) view.phase = 'consent';
    else if (view.begun && view.paper) view.phase = this.row.differ?.length ? 'differ' : 'exam';
    else view.phase = 'before';
    view.differ = this.row.differ ?? [];
  }

  private tick(): void {
    const session = this.row.state?.session;
    if (!session || this.over) return;
    const now = this.time.now();
    const clock = readClock(this.rows, session.minutes, now);
    const was = { paused: view.paused, remaining: view.remainingMs, begun: view.begun };
    view.nowMs = now;
    view.begun = clock.begun;
    view.paused = clock.paused && clock.begun;
    view.remainingMs = clock.remainingMs;
    view.deadlineMs = clock.deadlineMs;
    view.startedMs = clock.startedMs;
    view.change = lastChange(this.rows);
    if (view.paused !== was.paused) this.pauseChanged();
    if (view.phase === 'exam' && was.remaining > 5 * MINUTE_MS && clock.remainingMs <= 5 * MINUTE_MS) view.said = t('exam.clock.lastFive');
    if (clock.closed && view.phase !== 'closed' && view.phase !== 'voided' && !this.row.sealed) this.closed('closed');
    if (view.phase === 'before' && clock.begun && view.paper) this.settlePhase();
    const running = view.phase === 'exam' || view.phase === 'differ' || ((view.phase === 'before' || view.phase === 'consent') && clock.begun);
    if (running && clock.remainingMs === 0 && !view.paused && !(view.timeUnsure && this.time.rough)) void this.seal('deadline');
    this.line.watch();
    this.proof.tick();
    if (mono() - this.lastPersist >= PERSIST_MS) this.persist();
  }

  private pauseChanged(): void {
    if (!view.paused) return;
    const row = [...this.rows].reverse().find((r) => r.kind === 'pause');
    view.pausedReason = row?.reason ?? '';
    view.pane = 'question';
    this.drafts.flush();
    view.said = t('exam.pause.said', { reason: view.pausedReason });
  }

  // --- what the candidate does ---

  private showAnswers(): void {
    view.answers = new Map(this.recorder.answers);
    view.waiting = this.recorder.waitingCount;
  }

  private changed(item: number): void {
    const row = this.recorder.answers.get(item);
    if (row) view.answers.set(item, row);
    view.waiting = this.recorder.waitingCount + 1; // on its way to the disk
    this.proof.change();
  }

  get writable(): boolean {
    return (view.phase === 'exam' || view.phase === 'differ') && !view.paused && !this.handIn.busy;
  }

  answer(item: number, response: Json | undefined): Promise<unknown> {
    if (!this.writable && !this.handIn.busy) return Promise.resolve();
    const plain = response === undefined ? undefined : (JSON.parse(jcsText(response)) as Json); // no proxy of the page goes to disk
    const done = plain === undefined ? this.recorder.write('clear', item, null, { response: undefined, visited: true }) : this.recorder.write('answer', item, plain, { response: plain, visited: true });
    this.changed(item);
    return done;
  }

  flag(item: number): void {
    if (!this.writable) return;
    const flagged = !this.recorder.answers.get(item)?.flagged;
    void this.recorder.write('flag', item, flagged, { flagged });
    this.changed(item);
  }

  visit(item: number): void {
    if (!this.writable) return;
    this.row.item = item;
    void this.recorder.write('visit', item, null, { visited: true });
    this.changed(item);
  }

  note(what: string, more: Record<string, number | string> = {}): void {
    if (this.row.sealed || view.phase === 'superseded' || !this.row.epoch) return;
    const at: Record<string, number> = this.time.known ? { at: Math.round(this.time.now()) } : {};
    void this.recorder.write('event', 0, { what, ...at, ...more });
    if (PICTURED.includes(what)) this.filming.snap();
  }

  /** A file as the answer to a question: it counts once the server has it on disk. */
  handFile(item: number, name: string, bytes: Bytes): Promise<void> {
    return this.writable ? this.handed.add(item, name, bytes) : Promise.resolve();
  }

  /** The address of a sound or film of the paper. */
  mediaUrl(sha256: string): Promise<string> {
    return this.paper.media.url(sha256);
  }

  /** One more play of what may not be played at will. It stands in the journal on this PC's disk before anything is
   *  heard, so that no reload and no second page gives it back; false where nothing may be written any more. */
  async played(item: number, id: string): Promise<boolean> {
    if (!this.writable) return false;
    const key = playKey(item, id);
    const play = (this.row.plays?.[key] ?? 0) + 1;
    this.row.plays = view.plays = { ...this.row.plays, [key]: play };
    this.persist();
    const at: Record<string, number> = this.time.known ? { at: Math.round(this.time.now()) } : {};
    return (await this.recorder.write('event', item, { what: 'play', ...at, media: id, play }).catch(() => undefined)) !== undefined;
  }

  /** Of two answers: the one of this PC becomes a new entry, the one of the server stands. */
  choose(item: number, here: boolean): void {
    const one = this.row.differ?.find((d) => d.item === item);
    if (one && here) void this.answer(item, one.here);
    this.row.differ = (this.row.differ ?? []).filter((d) => d.item !== item);
    this.persist();
    this.settlePhase();
  }

  // --- hand-in ---

  seal(reason: 'hand_in' | 'deadline'): Promise<void> {
    return this.handIn.seal(reason);
  }

  private sealed(): void {
    this.filming.end();
    view.phase = 'sealed';
    view.waiting = this.recorder.waitingCount;
    this.sender.kick();
    this.sender.hurry();
  }

  emergency(): Promise<{ name: string; bytes: Bytes }[]> {
    this.drafts.flush();
    return this.recorder.emergency();
  }
}
