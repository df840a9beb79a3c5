import type zh from './messages.zh';

const en: typeof zh = {
  title: 'Heng',
  home: {
    title: 'My applications',
    next: 'What comes next',
    by: 'by {at}',
    over: 'overdue',
    today: 'today',
    tomorrow: '1 day left',
    daysLeft: '{n} days left',
    road: 'The whole road',
    span: '{from} to {to}',
    before: 'by {at}',
    others: 'Other applications',
    none: 'You have not applied yet',
    noneText: 'Choose the occupation and the level; we tell you clause by clause whether you may apply.',
    apply: 'Apply',
    help: 'Questions: {phone}, {hours}.',
  },
  next: {
    wait: 'Nothing for you to do now',
    apply: 'Finish your application',
    supplement: 'Hand in missing papers',
    pay: 'Pay the fee',
    training: 'Complete your learning hours',
    confirm: 'Confirm your exam dates',
    ticket: 'Print your admission ticket',
    sit: 'Sit the exam',
    result: 'See your results',
    certificate: 'Collect your certificate',
  },
  stage: {
    apply: 'Application',
    review: 'Review',
    pay: 'Fee',
    training: 'Learning hours',
    confirm: 'Exam dates confirmed',
    ticket: 'Admission ticket',
    sit: 'Exam',
    panel: 'Panel review',
    result: 'Results',
    certificate: 'Certificate',
  },
  notFound: { title: 'No such page', text: 'The address may be mistyped, or the page has moved.', home: 'To the start' },
};

export default en;
