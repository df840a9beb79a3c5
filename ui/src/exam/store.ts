// What the exam client keeps in IndexedDB. A change is one transaction with durability "strict",
// which also checks that this tab still is the writer and that nobody wrote in between.
import type { Bytes } from './bytes';
import type { Entry } from './journal';
import type { Device, Key } from './keys';
import type { Plays } from './plays';
import type { Json } from './jcs';
import type { Entered, Id, Receipt, State } from './wire';

/** An attempt on this PC: the device key, the sign-in while it lasts, the last state the server told. */
export interface AttemptRow {
  attempt: Id;
  weak: boolean;
  device: Device;
  /** 0 until the first claim has been answered. */
  epoch: number;
  /** Kept until its answer has come: the same claim again gives the same epoch. */
  claim?: { id: Id; challenge: string };
  signin?: Entered;
  state?: State;
  paperKey?: Key;
  /** Server time when it was last known, and the wall clock at that moment. */
  time?: { serverMs: number; wallMs: number };
  evidence?: { batch: number; hash: string; serverMs: number };
  item?: number;
  /** How often a sound or film was begun, by "item/id". */
  plays?: Plays;
  savedMs?: number;
  /** Camera and microphone are recorded: only the online address may use them. */
  recorded?: boolean;
  /** The version of the recording's consent that was agreed to on this PC. */
  agreed?: string;
  sealed?: { epoch: number; seq: number; hash: Bytes; reason: string; answered: number; atMs: number };
  receipt?: Receipt;
  /** The candidate has gone; what waits is still delivered, then the row goes, too. */
  left?: boolean;
  /** What the claim's answer had that differs from what this PC has; open until the candidate chose. */
  differ?: { item: number; here: Json | undefined; there: Json | undefined }[];
}

export interface EpochRow {
  attempt: Id;
  epoch: number;
  save: Key;
  file: Key;
  seq: number;
  hash: Bytes;
  /** Of the last entry; the monotonic clock goes on from there. */
  monoMs: number;
  wallMs: number;
  /** The question the candidate was at. */
  item?: number;
  /** Nothing of it is sent any more by itself: the server called it malformed. */
  parked?: boolean;
}

/** A file that the server has not got yet. */
export interface PendingFile {
  item: number;
  name: string;
  bytes: Bytes;
  sha256: string;
}

export interface EntryRow extends Entry {
  attempt: Id;
}

export interface AnswerRow {
  attempt: Id;
  item: number;
  response?: Json;
  flagged: boolean;
  visited: boolean;
}

/** IndexedDB is missing, closed to us or full. */
export class StoreFailed extends Error {
  override readonly name = 'StoreFailed';
}

/** Another tab has become the writer. */
export class WriterLost extends Error {
  override readonly name = 'WriterLost';
}

const NAME = 'heng-exam';
const TABLES = ['attempts', 'epochs', 'entries', 'answers', 'writers', 'papers'] as const;
type Table = (typeof TABLES)[number];

const KEYS: Record<Table, string | string[]> = {
  attempts: 'attempt',
  epochs: ['attempt', 'epoch'],
  entries: ['attempt', 'epoch', 'seq'],
  answers: ['attempt', 'item'],
  writers: 'attempt',
  papers: 'attempt', // only where there is no Cache Storage
};

function ask<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new StoreFailed());
  });
}

/** All keys that begin with the attempt. */
const of = (attempt: Id) => IDBKeyRange.bound([attempt], [attempt, []]);

export class Store {
  private constructor(private readonly db: IDBDatabase) {}

  static async open(): Promise<Store> {
    try {
      const opening = indexedDB.open(NAME, 1);
      opening.onupgradeneeded = () => {
        for (const table of TABLES) opening.result.createObjectStore(table, { keyPath: KEYS[table] });
      };
      return new Store(await ask(opening));
    } catch (cause) {
      throw new StoreFailed(String(cause));
    }
  }

  /** Runs `work` in one transaction and resolves when it is on disk. */
  private write(tables: readonly Table[], work: (tx: IDBTransaction) => void, judge?: (tx: IDBTransaction, refuse: (e: Error) => void) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      let why: Error | undefined;
      try {
        const tx = this.db.transaction(tables, 'readwrite', { durability: 'strict' });
        tx.oncomplete = () => resolve();
        tx.onabort = tx.onerror = () => reject(why ?? new StoreFailed(String(tx.error)));
        judge?.(tx, (e) => {
          why = e;
          tx.abort();
        });
        if (!judge) work(tx);
      } catch (cause) {
        reject(new StoreFailed(String(cause)));
      }
    });
  }

  private read<T>(table: Table, how: (s: IDBObjectStore) => IDBRequest<T>): Promise<T> {
    return ask(how(this.db.transaction(table).objectStore(table)));
  }

  /** Fails where keys cannot be stored: then only weak mode is left. */
  putAttempt(row: AttemptRow): Promise<void> {
    return this.write(['attempts'], (tx) => tx.objectStore('attempts').put(row));
  }

  attempts(): Promise<AttemptRow[]> {
    return this.read('attempts', (s) => s.getAll() as IDBRequest<AttemptRow[]>);
  }

  attempt(id: Id): Promise<AttemptRow | undefined> {
    return this.read('attempts', (s) => s.get(id) as IDBRequest<AttemptRow | undefined>);
  }

  epochs(id: Id): Promise<EpochRow[]> {
    return this.read('epochs', (s) => s.getAll(of(id)) as IDBRequest<EpochRow[]>);
  }

  entries(id: Id): Promise<EntryRow[]> {
    return this.read('entries', (s) => s.getAll(of(id)) as IDBRequest<EntryRow[]>);
  }

  answers(id: Id): Promise<AnswerRow[]> {
    return this.read('answers', (s) => s.getAll(of(id)) as IDBRequest<AnswerRow[]>);
  }

  /** This tab writes from now on; whoever did before is refused by its next append. */
  takeWriter(attempt: Id, token: string): Promise<void> {
    return this.write(['writers'], (tx) => tx.objectStore('writers').put({ attempt, token }));
  }

  /** A new epoch with the answers it starts from. `fresh` replaces the answers of this PC. */
  putEpoch(row: AttemptRow, epoch: EpochRow, fresh: AnswerRow[] | undefined): Promise<void> {
    return this.write(['attempts', 'epochs', 'answers'], (tx) => {
      tx.objectStore('attempts').put(row);
      tx.objectStore('epochs').put(epoch);
      if (!fresh) return;
      tx.objectStore('answers').delete(of(row.attempt));
      for (const answer of fresh) tx.objectStore('answers').put(answer);
    });
  }

  putEpochRow(epoch: EpochRow): Promise<void> {
    return this.write(['epochs'], (tx) => tx.objectStore('epochs').put(epoch));
  }

  /**
   * Entries and what they change, all or nothing. `from` is the last seq of the epoch that is on
   * disk; another one there means another tab wrote, and so does another token.
   */
  append(token: string, from: number, next: EpochRow, entries: Entry[], answers: AnswerRow[]): Promise<void> {
    const tables = ['writers', 'epochs', 'entries', 'answers'] as const;
    return this.write(tables, () => {}, (tx, refuse) => {
      const writer = tx.objectStore('writers').get(next.attempt) as IDBRequest<{ token: string } | undefined>;
      writer.onsuccess = () => {
        if (writer.result?.token !== token) return refuse(new WriterLost());
        const head = tx.objectStore('epochs').get([next.attempt, next.epoch]) as IDBRequest<EpochRow | undefined>;
        head.onsuccess = () => {
          if (head.result?.seq !== from) return refuse(new WriterLost());
          try {
            tx.objectStore('epochs').put(next);
            for (const e of entries) tx.objectStore('entries').put({ attempt: next.attempt, epoch: e.epoch, seq: e.seq, hash: e.hash, bytes: e.bytes });
            for (const a of answers) tx.objectStore('answers').put(a);
          } catch (cause) {
            refuse(new StoreFailed(String(cause)));
          }
        };
      };
    });
  }

  /** The server has them on disk. */
  drop(attempt: Id, epoch: number, upTo: number): Promise<void> {
    return this.write(['entries'], (tx) => tx.objectStore('entries').delete(IDBKeyRange.bound([attempt, epoch, 0], [attempt, epoch, upTo])));
  }

  putPaper(attempt: Id, blob: Bytes): Promise<void> {
    return this.write(['papers'], (tx) => tx.objectStore('papers').put({ attempt, blob }));
  }

  async paper(attempt: Id): Promise<Bytes | undefined> {
    const row = await this.read('papers', (s) => s.get(attempt) as IDBRequest<{ blob: Bytes } | undefined>);
    return row?.blob;
  }

  /** Beside the paper of the attempt, under "attempt/item". */
  putFile(attempt: Id, file: PendingFile): Promise<void> {
    return this.write(['papers'], (tx) => tx.objectStore('papers').put({ attempt: `${attempt}/${file.item}`, file }));
  }

  async files(attempt: Id): Promise<PendingFile[]> {
    const rows = await this.read('papers', (s) => s.getAll(IDBKeyRange.bound(`${attempt}/`, `${attempt}/\uffff`)) as IDBRequest<{ file: PendingFile }[]>);
    return rows.map((row) => row.file);
  }

  dropFile(attempt: Id, item: number): Promise<void> {
    return this.write(['papers'], (tx) => tx.objectStore('papers').delete(`${attempt}/${item}`));
  }

  /** After the receipt: journal, answers and paper go; the row stays, with keys that open nothing any more. */
  wipe(row: AttemptRow): Promise<void> {
    return this.write(['attempts', 'entries', 'answers', 'papers'], (tx) => {
      tx.objectStore('attempts').put(row);
      for (const table of ['entries', 'answers'] as const) tx.objectStore(table).delete(of(row.attempt));
      tx.objectStore('papers').delete(IDBKeyRange.bound(row.attempt, `${row.attempt}/\uffff`));
    });
  }

  /** Before the next candidate: nothing of this attempt remains. */
  forget(attempt: Id): Promise<void> {
    return this.write(TABLES, (tx) => {
      for (const table of TABLES) tx.objectStore(table).delete(Array.isArray(KEYS[table]) ? of(attempt) : table === 'papers' ? IDBKeyRange.bound(attempt, `${attempt}/\uffff`) : attempt);
    });
  }
}
