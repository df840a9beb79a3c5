import type zh from './messages.zh';

const en: typeof zh = {
  title: 'Marking',
  note: 'marks, second marks, decisions',
  scripts: { title: 'Written answers', waiting: '{n} wait for you', none: 'No answer waits for you', noneText: 'Two people mark without seeing each other; where they differ too much a third does.', open: 'Begin', guide: 'Guide', key: 'Key', errors: 'Usual errors', response: 'Answer', empty: '(blank)', third: 'Third marker: the first two differ too much', marks: 'Marks', bad: 'From 0 to {full}, at most three decimals', comment: 'Comment', give: 'Give {n}, next', given: '{n} marked', left: '{n} left', full: 'of {n}', blind: 'Neither the candidate nor the marks of others are shown' },
  sessions: { sheets: 'Score', marks: 'Marks and decisions', score: 'Score by machine', scoreSure: 'Scores attempts that have ended. It can be repeated; what is scored stays.', scored: '{attempts} attempts ended, {scored} scored now; {open} still open; {scripts} written answers wait; {doubtful} should be looked at', none: 'No session concerns you', noneText: 'Sessions you are to score appear here.', session: 'Session', starts: 'Starts', act: 'Do', component: 'Component' },
  sheet: {
    list: 'Candidates',
    title: 'Score',
    empty: 'Nobody to score in this session',
    hidden: 'candidate hidden',
    level: 'level {n}',
    done: '{n} / {all} handed in',
    submitted: 'handed in',
    begun: 'begun',
    open: 'open',
    recused: 'recused',
    recusedText: 'You stand aside for this candidate and cannot score.',
    total: 'Total',
    left: '{n} points left',
    submit: 'Hand in for good',
    submitSure: 'It cannot be changed afterwards. Nobody sees others’ marks before all have handed in.',
    comment: 'Overall comment',
    reload: 'Load the sheet of the server',
    saving: { clean: 'unchanged', waiting: 'to be saved', saving: 'saving', saved: 'saved', failed: 'not saved' },
    minus: '0.5 less',
    plus: '0.5 more',
    keys: { point: 'point', band: 'band', step: '0.5 less or more', next: 'next candidate', submit: 'hand in' },
    blind: 'Blind: marks of others stay hidden until all have handed in',
  },
  marks: { candidate: 'Candidate', state: 'State', mark: 'Mark', sheets: 'Sheets', waiting: 'waiting', settled: 'settled', third: 'third marker needed', decides: 'head examiner decides', votes: 'Examiners', decide: 'Decide', decideTitle: 'Decide {label}', value: 'Mark', bad: 'A mark like 78.5', reason: 'Reason (4 characters or more)', done: '{label} decided', none: 'Nobody in this session', hidden: 'shown when all are in' },
};

export default en;
