import type { DeadLetterGroup, QueueList } from '#shared/dead-letters/contract.ts';
import {
  historyLabel,
  laidOut,
  messageSubject,
  outlook,
  queuesSentence,
  rateOf,
  redriveIn,
  redriveResult,
  trialEnd,
} from '#web/features/dead-letters/queue-labels.ts';
import { expect, test } from 'vitest';

const queue = (depth: number, deadLetters: number): QueueList['items'][number] => ({
  name: 'sync',
  depth,
  inFlight: 0,
  oldestAgeSeconds: null,
  oldestAge: 'Nothing waits.',
  deadLetters,
});

test('the head counts what waits and what is dead', () => {
  expect(queuesSentence([queue(112, 13), queue(4, 2)])).toBe('116 messages wait, 15 are dead');
  expect(queuesSentence([queue(1, 1)])).toBe('1 message waits, 1 is dead');
  expect(queuesSentence([queue(0, 0)])).toBe('0 messages wait, none is dead');
});

const group = (count: number, states: Partial<DeadLetterGroup['states']>) => ({
  count,
  states: { needed: 0, superseded: 0, later: 0, unknown: 0, ...states },
});

test('the outlook says what a redrive would come to', () => {
  expect(outlook(group(10, { needed: 6, superseded: 4 }))).toBe(
    'Each one’s record is read again before anything is done. 6 of 10 still have work to do; 4 were done or settled since and close themselves.',
  );
  expect(outlook(group(1, { needed: 1 }))).toContain('1 of 1 still has work to do.');
  expect(outlook(group(1, { later: 1 }))).toContain('1 waits for the end of the rest of the job.');
  expect(outlook(group(2, { unknown: 2 }))).toBe('We did not send these; they can only be discarded.');
});

test('a message is told by the id that it is about, or as not readable', () => {
  expect(messageSubject({ kind: 'job_part', jobId: 'job_a', part: 0 })).toEqual({
    id: 'job_a',
    words: 'part 1',
  });
  expect(messageSubject({ kind: 'plan_job', jobId: 'job_a' })).toEqual({ id: 'job_a', words: 'as a whole' });
  expect(messageSubject({ kind: 'roster', competitorId: 'cmp_1' })).toEqual({
    id: 'cmp_1',
    words: 'a member',
  });
  expect(messageSubject({ kind: 'unknown' })).toEqual({ id: null, words: 'Not readable' });
});

test.each([
  ['2', 2],
  ['0,5', 0.5],
  [' 20 ', 20],
  ['21', null],
  ['0', null],
  ['', null],
  ['a lot', null],
])('the rate “%s” is %s', (text, rate) => {
  expect(rateOf(text)).toBe(rate);
});

test('the result names what became of the messages', () => {
  expect(redriveResult({ result: { total: 10, redriven: 9, superseded: 1 } })).toBe(
    '9 were redriven, 1 was superseded and closed.',
  );
  expect(redriveResult({ result: { total: 0 } })).toBe('No message of that kind was left.');
  expect(redriveResult({ result: null })).toBe('No message of that kind was left.');
});

test('a record that was cut short is shown as it is', () => {
  expect(laidOut('{"a":1}')).toBe('{\n  "a": 1\n}');
  expect(laidOut('{"a":')).toBe('{"a":');
});

test.each([
  [undefined, { tone: 'ok', text: 'Its work was asked for again.' }],
  [{ status: 'succeeded' as const, error: null }, { tone: 'ok' }],
  [
    { status: 'failed' as const, error: 'The platform was away.' },
    { tone: 'error', text: 'Its job failed again: The platform was away.' },
  ],
  [{ status: 'running' as const, error: null }, { tone: 'accent' }],
  [{ status: 'cancelled' as const, error: null }, { tone: 'neutral' }],
])('a trial tells how its job stands: %j', (job, words) => {
  expect(trialEnd(job)).toMatchObject(words);
});

const ofAddress = (address: string) => redriveIn(new URLSearchParams(address));

test('a redrive is found again by the address, with what is known of it', () => {
  expect(ofAddress('queue=sync')).toBeNull();
  expect(ofAddress('redrive=job_1')).toEqual({ jobId: 'job_1', cause: null, of: null, trial: false });
  expect(ofAddress('redrive=job_1&cause=c&of=9&trial=yes')).toEqual({
    jobId: 'job_1',
    cause: 'c',
    of: 9,
    trial: true,
  });
  expect(ofAddress('redrive=job_1&of=many')?.of).toBeNull();
});

const day = (depth: (number | null)[]) =>
  historyLabel({ name: 'sync', depth, deadLetters: [] }, (index) => `${index} o’clock`);

test('the day of a queue is said by its highest figure, and what was not measured is no zero', () => {
  expect(day([null, 4, 140, 3])).toBe('sync: at most 140 messages waited at once, at 2 o’clock.');
  expect(day([null, 0])).toBe('sync: nothing waited.');
  expect(day([null, null])).toBe('sync: not measured yet.');
});
