// English for what is said about scanned answer sheets; see said.en.ts.
const said: [string, string][] = [
  // a page that does not count
  ['这一页的图片损坏，无法读取。', 'The picture of this page is broken and cannot be read.'],
  ['这一页的图片超过 6000 万像素：请用 150 至 300 dpi 扫描。', 'The picture of this page has more than 60 million pixels: scan at 150 to 300 dpi.'],
  ['文件不完整，其后的页没有读到：请重新保存或扫描。', 'The file is cut off and its further pages were not read: save or scan it again.'],
  ['PDF 里这一页不是 JPEG 图片：请让扫描仪存成 TIFF 或 JPEG。', 'This page of the PDF is no JPEG picture: let the scanner write TIFF or JPEG.'],
  ['找不到四个角上的黑块：请检查是否缺角、折角、没有扫全，或者不是答题卡。', 'The black squares in the four corners are not found: a corner is missing or folded, the page is not all there, or it is no answer sheet.'],
  ['读不出二维码：请检查二维码处是否被涂写、遮挡，再重新扫描。', 'The QR code cannot be read: see whether it is written on or covered, and scan again.'],
  ['这一页是空白的。', 'This page is empty.'],
  ['两侧的定位黑块缺损或被涂写，请重新扫描；仍不行的由人录入。', 'The timing marks at the sides are damaged or written on. Scan again; if that does not help, type the answers.'],
  ['这一页不是本场次的答题卡。', 'This page is no answer sheet of this session.'],
  ['这一页与本场次的答题卡不符。', 'This page does not match the answer sheets of this session.'],
  ['这一页与这份试卷的答题卡不符。', 'This page does not match the answer sheet of this paper.'],
  ['二维码的校验不对：不是本系统为这份试卷印的答题卡。', 'The check of the QR code is wrong: this sheet was not printed by us for this paper.'],
  ['这一页已经读过，这次不再计入。', 'This page was read before and does not count again.'],
  ['这份答卷已经阅卷，不能再录入。', 'This paper is marked; nothing can be entered any more.'],
  ['这一页的图片无法保存。', 'The picture of this page cannot be kept.'],
  // a file
  ['须为 JPEG、PNG、TIFF 图片，或扫描仪生成的 PDF。', 'A JPEG, PNG or TIFF picture or a scanner’s PDF is needed.'],
  ['一个文件最多 {} 页：请分几个文件上传。', 'A file has at most {} pages: send it in parts.'],
  ['同一个文件正在上传，请稍后查看。', 'The same file is being uploaded. Look again in a moment.'],
  // a doubtful place
  ['涂了不止一项', 'more than one is marked'],
  ['涂得浅、没涂满或没擦净', 'faint, not filled, or not fully erased'],
  ['涂写在选项框外', 'marked outside of the bubbles'],
  ['涂写范围过大', 'too much ink'],
  ['手写的答案', 'written by hand'],
  ['这一题没有待认定的涂写，可能别人刚刚认定过。', 'Nothing is to be decided here; somebody else may just have done so.'],
  ['试卷上没有这一题。', 'The paper has no such question.'],
  // who may
  ['您录入过这份答卷，存疑涂写须由另一人认定。', 'You typed this paper; another person decides its doubtful marks.'],
  ['这份答卷的存疑涂写由您认定过，须由另一人来做。', 'You decided doubtful marks of this paper; another person does this.'],
  ['还有页面没有读到，或有存疑涂写没有认定。', 'Pages are missing, or doubtful marks are not decided yet.'],
  ['这份答卷已有两份录入，不用再复核。', 'This paper has two entries; nothing is to be checked.'],
  ['另一人正在全部复核这份答卷。', 'Another person is reading all of this paper.'],
  ['这个场次还没有排好的试卷。', 'This session has no papers yet.'],
  ['这个场次没有这份答卷。', 'This session has no such paper.'],
  ['这名考生还没有试卷。', 'This candidate has no paper yet.'],
];
export default said;
