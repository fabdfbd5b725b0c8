// Every command, when there is nothing and when there is much; and what is said about lines that are not understood.
import { expect } from 'vitest';
import { labels } from '#sandbox/telegram/index.ts';
import { story } from './story.ts';

const disk = (subject: string, usage: number) => ({ type: 'disk.usage', subject, data: { usage } });

story('nothing is there yet: every command says so, and what next', async (world) => {
  const { ana } = world;
  await world.enrols(ana);
  await ana.says('/alerts');
  const nothing = ana.expects(
    'Nothing burns, and no rule is watching yet: /subscribe makes the first. No event has come yet.',
  );
  expect(labels(nothing).flat()).toEqual(['Rules', 'New rule']);
  await ana.says('/rules');
  expect(labels(ana.expects('You have no rules yet.')).flat()).toEqual(['New rule']);
  await ana.says('/quiet');
  ana.expects('No quiet hours.');
  await ana.says('/silence');
  ana.expects('Nothing is muted.');
  await ana.says('/held');
  expect((await ana.presses('Look again')).text).toBe('Nothing new yet.');
  await ana.says('/settings');
  expect(ana.expects('Your clock: Europe/Berlin, 12:').text).toContain('Your morning: 9:00');
  await ana.says('/cancel');
  ana.expects('Nothing is open. /help says what I can do.');
  await ana.says('/subscribe');
  ana.expects('Nothing has arrived here yet.');
  await ana.says('/cancel');
  ana.expects('Closed. Nothing was saved.');
  await ana.says('/help');
  const help = ana.expects('I tell you when something you care about goes wrong');
  for (const name of [
    '/subscribe',
    '/watch',
    '/rules',
    '/alerts',
    '/quiet',
    '/silence',
    '/settings',
    '/cancel',
  ])
    expect(help.text).toContain(`${name}: `);
  await ana.presses('What burns');
  ana.expects('Nothing burns');
});

story('much is there: lists are short, worst first, and lead on', async (world) => {
  const { ana } = world;
  await world.enrols(ana);
  for (let i = 1; i <= 8; i++) await ana.says(`/watch disk.usage usage > ${80 + i} named "Limit ${80 + i}"`);
  await world.advance('1m');
  await world.post([disk('/home', 84.5), { ...disk('/sarc/cad', 99), severity: 'critical' }]);
  await world.advance('1m');
  await ana.says('/rules');
  const rules = ana.expects('8 rules, page 1 of 2:');
  expect(labels(rules).at(-2)).toEqual(['More']);
  await ana.presses('More');
  ana.expects('page 2 of 2');
  await ana.presses('Earlier');
  await ana.says('/alerts');
  const alerts = ana.expects('12 alerts burn, the worst 8:');
  expect(alerts.text.split('\n')[1]).toMatch(
    /^1\. 🔴 Limit 8\d: \/sarc\/cad · 99, limit 8\d · since 12:\d\d \(\d+ (s|min)\)/,
  );
  expect(labels(alerts)).toHaveLength(9);
  await ana.presses('Acknowledge 1: /sarc/cad');
  ana.expects('acknowledged by Ana');
  await ana.says('/quiet 22-7');
  await ana.presses('Nothing breaks through');
  ana.expects('Quiet from 22:00 to 7:00; nothing breaks through.');
  await ana.says('/settings');
  ana.expects('Quiet from 22:00 to 7:00; nothing breaks through.');
});

story(
  'a line is saved without waiting long for what it would have told',
  async (world) => {
    const { ana } = world;
    await world.enrols(ana);
    for (const usage of [95, 80]) await world.post(disk('/home', usage));
    await world.advance('10m');
    await ana.says('/watch disk.usage usage > 93');
    expect(ana.expects('Saved').text).not.toContain('would have told');
  },
  { countMs: 0, complaints: [/was not counted/] },
);

story('a line that is saved says what it would have told, where events are kept', async (world) => {
  const { ana } = world;
  await world.enrols(ana);
  await ana.says('/watch disk.usage usage > 90');
  expect(ana.expects('Saved').text).not.toContain('would have told');
  for (const usage of [95, 80, 96, 80]) await world.post(disk('/home', usage));
  await world.advance('10m');
  await ana.says('/watch disk.usage usage > 93');
  const saved = ana.expects('It would have told you twice in the one hour kept, never at night:');
  expect(labels(saved).flat()).toEqual(['Send me a sample', 'Pause', 'Delete']);
  await ana.says('/watch disk.usage usage > 97');
  ana.expects('It would have told you nothing in the one hour kept (4 events).');
});

story('the same line again is said to be there already, at once and in another spelling', async (world) => {
  const { ana } = world;
  await world.enrols(ana);
  const again = 'You have this rule already; nothing was added.';
  for (const [line, same] of [
    ['app version < 1.4', ['app version < 1.4', 'app version < 1.4.0', 'app version < v1.4.0']],
    ['app every where version < 2', ['app every where version < v2.0']],
    ['app load > 1 where node = a', ['app load > 1.0 where node = "a"']],
  ] as const) {
    await ana.says(`/watch ${line}`);
    ana.expects('Saved');
    for (const one of same) {
      await ana.says(`/watch ${one}`);
      ana.expects(again);
    }
  }
  await ana.says('/watch app version < 1.4.1 for 5m');
  ana.expects('Saved');
  await ana.says('/watch app version < abc');
  ana.expects('“abc” is neither a number, such as 90, nor a version, such as 1.4.0.');
  await ana.says('/rules');
  expect(ana.expects('4 rules').text).toMatch(/^4\. app: version under 1\.4\.1 for 5 min$/m);
});

story(
  'a rule that is there already is said to be, and one beside it with another name, too',
  async (world) => {
    const { ana } = world;
    await world.enrols(ana);
    const line = 'disk.usage usage > 90 weekdays 9-18, otherwise 97';
    await ana.says(`/watch ${line}`);
    expect(ana.expects('over 97 otherwise').text.split('\n')[0]).toBe('Saved.');
    await world.advance('1m');
    await ana.says(`/watch ${line}`);
    ana.expects('You have this rule already; nothing was added.');
    await ana.says(`/watch ${line} named "My disks"`);
    ana.expects(
      'Your rule “disk.usage over 90 (Mon-Fri 9-18, otherwise 97)” says the same: you would be told by both.',
    );
    await ana.says('/watch disk.usage usage > 90');
    await ana.says('/rules');
    const rules = ana.expects('3 rules').text;
    expect(rules).toContain('disk.usage over 90 (Mon-Fri 9-18, otherwise 97)');
    expect(rules).toMatch(/disk\.usage over 90$/m);
    await world.post(disk('/home', 98));
    await world.advance('1m');
    ana.expects('disk.usage over 90 (Mon-Fri 9-18, otherwise 97): /home');
  },
);

story('a rule that tells only elsewhere, or is on trial, is not the one that is asked for', async (world) => {
  const { ana } = world;
  await world.enrols(ana);
  const { sql } = world.rooms.world.database;
  await ana.says('/watch disk.usage usage > 90');
  ana.expects('Saved');
  await sql`update rules set "to" = '["rc_elsewhere"]'`;
  await ana.says('/watch disk.usage usage > 90');
  ana.expects('Saved');
  await ana.says('/watch disk.usage usage > 90');
  ana.expects('You have this rule already');
  await ana.says('/watch disk.usage usage > 95 shadow');
  ana.expects('Saved');
  await ana.says('/watch disk.usage usage > 95');
  ana.expects('Saved');
});

story(
  'what was forgotten in a line, or in front of it, is named with a line that is right',
  async (world) => {
    const { ana } = world;
    await world.enrols(ana);
    await world.post(disk('/home', 71));
    await world.advance('1m');
    await ana.says('/watch usage > 90');
    const forgotten = ana.expects('Before “>” come a topic and a field').text;
    expect(forgotten).toContain('Did you mean: /watch disk.usage usage > 90 ?');
    await ana.says('/watch disk.usage > 90');
    ana.expects('Did you mean: /watch disk.usage usage > 90 ?');
    await ana.says('/watch disk.usage usage > 1.2.3');
    ana.expects('usage holds numbers, and “1.2.3” is a version.');
    await ana.says('watch disk.usage usage > 95');
    ana.expects('A command begins with a slash. Did you mean: /watch disk.usage usage > 95 ?');
    await ana.presses('Yes');
    ana.expects('Saved');
    await ana.says('/why banana');
    ana.expects('I know no topic, subject or rule called “banana”');
    await ana.says('/why disk');
    expect(ana.expects('disk').text).not.toContain('I know no topic');
    await ana.says('good morning to you');
    ana.expects('I don’t understand plain text here');
  },
);

story('a wrong /watch line is answered with the nearest right one, and [Yes] makes it', async (world) => {
  const { ana } = world;
  await world.enrols(ana);
  await world.post(disk('/home', 71));
  const asked: [string, string, string][] = [
    ['usage >> 90', 'I don’t know “>>”.', '/watch disk.usage usage > 90'],
    ['usage > 9O', '“9O” is no number.', '/watch disk.usage usage > 90'],
    [
      'usage > 90 severity criticle',
      '“criticle” is no severity',
      '/watch disk.usage usage > 90 severity critical',
    ],
    ['usage > 90 fro 5m', 'I don’t know “fro”.', '/watch disk.usage usage > 90 for 5m'],
  ];
  for (const [line, fault, meant] of asked) {
    await ana.says(`/watch disk.usage ${line}`);
    const answer = ana.expects(fault);
    expect(answer.text).toContain(`Did you mean: ${meant}`);
    expect(labels(answer).flat()).toEqual(['Yes']);
  }
  const last = ana.last()!;
  await ana.presses('Yes');
  const saved = ana.expects('usage over 90 for 5 min; told to you here.');
  expect(saved.message_id).toBe(last.message_id);
  await ana.says('/watch disk.usgae usage > 95');
  ana.expects('Nothing was seen under disk.usgae yet. There is disk.usage.');
  await ana.presses('Take disk.usage');
  ana.expects('Any disk.usage: usage over 95');
  await ana.says('/watch disk.usage uasge > 96 where hots = cad1 tell telegarm');
  expect(ana.expects('There is no receiver “telegarm” here').text).toContain('tell Telegram');
  await ana.presses('Yes');
  ana.expects('No event of disk.usage had uasge yet. There is usage.');
  await ana.presses('Take usage');
  ana.expects('Any disk.usage: usage over 96');
  await ana.says('/watch');
  ana.expects('One line makes a rule, for example:');
  await ana.says('/watch disk.usage usage > 90 weekdays 9-18');
  ana.expects('usage over 90 (Mon–Fri 9–18), nothing otherwise');
  for (const [line, does] of [
    ['more than 3 different host within 1h where usage > 80 per source', 'more than 3 different host in 1 h'],
    ['absent for 5m', 'nothing for 5 min'],
    ['usage grows by 10 within 1h', 'usage grows by 10 or more in 1 h'],
    ['usage near 5 margin 1', 'usage below 5'],
    ['when "event.data.usage > 99.0"', 'event.data.usage > 99.0'],
    ['usage > 90 critical 95 for 5m emit alarms.disk shadow weekdays 9-18, otherwise 97', 'otherwise'],
  ]) {
    await ana.says(`/watch disk.usage ${line}`);
    ana.expects(does!);
  }
});

story('an unknown command is no answer to the open question, which stays open', async (world) => {
  const { ana } = world;
  await world.enrols(ana);
  await ana.says('/sources');
  await ana.presses('Wait for a job');
  ana.expects('A job calls an address when it is done');
  await ana.says('/xyzzy');
  const said = ana.expects('I don’t know /xyzzy.');
  expect(said.text).toContain('The question above is still open; /cancel closes it.');
  await ana.says('/alrets');
  expect(ana.expects('Did you mean /alerts?').text).toContain('The question above is still open');
  await ana.says('Import');
  ana.expects('Import');
  await ana.says('/cancel');
  ana.expects('Closed. Nothing was saved.');
});

story('unknown commands and plain words lead on', async (world) => {
  const { ana } = world;
  await world.enrols(ana);
  await ana.says('/alrets');
  const answer = ana.expects('I don’t know “/alrets”. Did you mean /alerts?');
  await ana.presses('/alerts', { messageId: answer.message_id });
  ana.expects('Nothing burns');
  await ana.says('/mute disk.usage 1h');
  ana.expects('I don’t know “/mute”. Did you mean /silence disk.usage 1h?');
  await ana.presses('/silence disk.usage 1h');
  ana.expects('Muted: disk.usage until 13:00.');
  await ana.says('/silence disk.usage tomorow 10-12');
  ana.expects('Did you mean: /silence disk.usage tomorrow 10-12 ?');
  await ana.presses('Yes');
  ana.expects('Will be muted: disk.usage from Tue 10:00');
  await ana.says('/erase');
  ana.expects('Did you mean /forget?');
  await ana.says('/xyzzy');
  ana.expects('I don’t know /xyzzy. /help says what I can do.');
  await ana.says('what is wrong with my disk?');
  ana.expects('I don’t understand plain text here.');
  await ana.says('/quiet whenever');
  ana.expects('I don’t understand “whenever”.');
  await ana.says('/watch@tocsin_bot disk.usage usage > 90');
  ana.expects('usage over 90; told to you here.');
});
