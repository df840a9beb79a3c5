// The offline page: one HTML file, no network (its policy allows none), for whoever holds a receipt.
import { verifyReceipt, type Verdict, type Why } from './verify';

const WHY: Record<Why, [string, string]> = {
  not_json: ['这不是回执的文字：应以 { 开头，以 } 结尾。', 'This is not the text of a receipt: it begins with { and ends with }.'],
  shape: ['回执缺少一项，或这一项读不出来：', 'Something of the receipt is missing or cannot be read: '],
  code: ['封存码与答卷指纹不符。', 'The seal code is not that of the head.'],
  type: ['这不是交卷回执。', 'This is not a hand-in receipt.'],
  key: ['公钥表中没有这把钥匙，或它不能签回执。请下载新的核对页。', 'No such key is in the table, or it may not sign receipts. Please download a new page.'],
  compromised: ['这把钥匙已宣布泄露，签名不足为凭。', 'This key was declared compromised; its signature is not sufficient.'],
  signature: ['签名不成立：内容被改动，或不是这把钥匙所签。', 'The signature is not true: something was changed, or another key signed.'],
};
const ROWS: [string, string][] = [
  ['seal_code', '封存码 Seal code'],
  ['sealed_at', '封卷时间 Sealed at'],
  ['server_ms', '收存时间 Stored at'],
  ['entries', '操作记录 Entries'],
  ['answered', '已作答题数 Answered'],
  ['head', '答卷指纹 Head'],
  ['paper_sha256', '试卷指纹 Paper'],
  ['attempt', '答卷编号 Attempt'],
  ['session', '场次编号 Session'],
  ['kid', '签名公钥编号 Key'],
];

const at = <T extends HTMLElement>(id: string) => document.getElementById(id) as T;

function element(name: string, text: string): HTMLElement {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}

function instant(ms: number): string {
  return new Date(ms + 28_800_000).toISOString().slice(0, 19).replace('T', ' ') + ' +08:00';
}

function show(verdict: Verdict): void {
  const out = at('out');
  out.className = verdict.valid ? 'good' : 'bad';
  const parts: HTMLElement[] = [element('h2', verdict.valid ? '✓ 回执为真 · True' : '✕ 回执不成立 · Not true')];
  if (verdict.valid) {
    parts.push(element('p', '这份作答日志在所写的时间已由系统收存，此后没有改动。This journal was stored at the time written and has not changed since.'));
    const list = document.createElement('dl');
    for (const [name, label] of ROWS) {
      const value = verdict.receipt[name];
      list.append(element('dt', label), element('dd', name === 'sealed_at' || name === 'server_ms' ? instant(Number(value)) : String(value)));
    }
    parts.push(list);
  } else {
    const [chinese, english] = WHY[verdict.why];
    const field = verdict.why === 'shape' ? verdict.field : '';
    parts.push(element('p', chinese + field), element('p', english + field));
  }
  out.replaceChildren(...parts);
}

const table = JSON.parse(at('keys').textContent ?? 'null') as unknown;
const text = at<HTMLTextAreaElement>('text');
const check = () => void verifyReceipt(text.value, table).then(show);
at('go').addEventListener('click', check);
at<HTMLInputElement>('file').addEventListener('change', (event) => {
  const file = (event.target as HTMLInputElement).files?.[0];
  if (!file) return;
  const reader = new FileReader();
  reader.onload = () => {
    text.value = String(reader.result);
    check();
  };
  reader.readAsText(file);
});
