import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  ago,
  counted,
  dial,
  left,
  moment,
  since,
  spoken,
  timeOfDay,
  untilNextMinute,
  when,
} from '../../ui/core/times.js';
import { keyOf, nearest, sections, split } from '../../ui/parts/filter.js';

process.env.TZ = 'UTC';
const NOW = Date.UTC(2025, 10, 24, 10, 55) / 1000;

test('time left counts begun minutes', () => {
  const words = [
    [-5, 'no time'],
    [0, 'no time'],
    [1, 'under 1 min'],
    [60, '1 min'],
    [61, '2 min'],
    [3600, '60 min'],
    [7199, '2 h'],
    [7200, '2 h'],
    [11_100, '3 h 5 min'],
    [2 * 86_400, '2 days'],
  ];
  for (const [seconds, expected] of words) assert.equal(left(seconds), expected);
});

test('time passed counts whole minutes', () => {
  for (const [seconds, expected] of [
    [0, 'just now'],
    [59, 'just now'],
    [60, '1 min ago'],
    [13 * 60 + 59, '13 min ago'],
    [7200, '2 h ago'],
    [3 * 86_400, '3 days ago'],
  ])
    assert.equal(ago(seconds), expected);
});

test('the dial never shows less than nothing and says the same aloud', () => {
  assert.equal(dial(252), '4:12');
  assert.equal(dial(-3), '0:00');
  assert.equal(spoken(252), '4 minutes 12 seconds');
  assert.equal(spoken(60), '1 minute');
  assert.equal(spoken(0), '0 seconds');
});

test('a moment is named by its day', () => {
  assert.equal(timeOfDay(NOW), '10:55');
  assert.equal(moment(NOW - 780, NOW), 'today, 10:42');
  assert.equal(moment(Date.UTC(2025, 10, 23, 17, 20) / 1000, NOW), 'yesterday at 17:20');
  assert.equal(moment(Date.UTC(2025, 2, 12, 9, 14) / 1000, NOW), '12 March, 09:14');
  assert.equal(moment(Date.UTC(2024, 2, 12, 9, 14) / 1000, NOW), '12 March 2024, 09:14');
  assert.equal(since(NOW - 780, NOW), '10:42, 13 min ago');
  assert.equal(since(NOW - 20, NOW), 'just now');
});

test('the next change of a minute comes when a time is whole minutes away', () => {
  assert.equal(untilNextMinute(NOW, [NOW + 90]), 30);
  assert.equal(untilNextMinute(NOW, [NOW - 45]), 15);
  assert.equal(untilNextMinute(NOW, [NOW + 600]), 60);
  assert.equal(untilNextMinute(NOW, []), 60);
});

test('numbers agree with their nouns', () => {
  assert.equal(counted(1, 'role'), '1 role');
  assert.equal(counted(10_000, 'group'), '10,000 groups');
});

const entry = (value, context = null) => ({ value, context, sources: [] });

test('a filter finds values and contexts, capitals or not, and leaves out empty kinds', () => {
  const entitlements = {
    roles: [entry('Editor'), entry('viewer', 'EDITORIAL')],
    groups: [entry('Samples')],
    permissions: [],
  };
  const found = sections(entitlements, ' edit ');
  assert.deepEqual(
    found.map((section) => [section.kind, section.rows.map((row) => row.entry.value), section.all]),
    [
      ['role', ['Editor', 'viewer'], 2],
      ['group', [], 1],
    ],
  );
});

test('a hit is marked only where folding keeps the letters in place', () => {
  assert.deepEqual(split('Prod-EU-dba', 'prod-eu'), ['', 'Prod-EU', '-dba']);
  assert.equal(split('İzmir-dba', 'dba'), null);
  assert.equal(split('Editor', ''), null);
});

test('the same name for two clients makes two rows', () => {
  assert.notEqual(keyOf('role', entry('admin', 'a')), keyOf('role', entry('admin', 'b')));
});

test('a moment to come is named with how long it takes', () => {
  for (const [seconds, words] of [
    [35_220, 'Today at 20:42, in 9 h 47 min'],
    [-780, 'Today at 10:42, 13 min ago'],
    [30, 'Today at 10:55, in under 1 min'],
    [86_400, 'Tomorrow at 10:55, in 24 h'],
    [-86_400, 'Yesterday at 10:55, 24 h ago'],
    [10 * 86_400, '4 December at 10:55, in 10 days'],
    [107 * 86_400, '11 March 2026 at 10:55, in 107 days'],
  ])
    assert.equal(when(NOW + seconds, NOW), words);
});

test('a name that is nearly right is offered, and none that is not', () => {
  const entitlements = { roles: [entry('Editor'), entry('Viewer')], groups: [entry('Editors')], permissions: [] };
  assert.deepEqual(nearest(entitlements, 'Edtor'), ['Editor']);
  assert.deepEqual(nearest(entitlements, 'viever'), ['Viewer']);
  assert.deepEqual(nearest(entitlements, 'Publisher'), []);
  assert.deepEqual(nearest(entitlements, 'Ed'), []);
});
