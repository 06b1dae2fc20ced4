import { fork } from 'node:child_process';
import { cpus } from 'node:os';
import { benchArguments } from '#test/bench/arguments.ts';
import { writeResults } from '#test/bench/results.ts';
import { textTable } from '#test/bench/table.ts';
import { FINDINGS } from './judge.ts';
import { REACH } from './reach.ts';
import type { SeedResult } from './run-seed.ts';
import type { Task, Told } from './seed-worker.ts';

/**
 * `npm run chaos`: many small programs, each some hours of a life in which everything goes wrong that can, then
 * drained and compared with the platform. Ends with code 1 when anything was lost, doubled or wrong.
 */

const options = benchArguments({
  /** The first seed. */
  seed: 1,
  seeds: 1_000,
  /** People of a program, two more or fewer. */
  competitors: 6,
  /** Things that happen in a history, two fifths more or fewer. */
  acts: 30,
  workers: cpus().length,
  /** No seed is begun after so many minutes; 0: there is no end but the last seed. */
  minutes: 0,
});

/** From so many seeds on, everything that can happen has to have happened. */
const REACH_FROM = 1_000;
/** Failures whose histories are made shorter, and with how many tries each. */
const SHORTENED = 3;
const TRIES = 24;
const STORIES = 5;

/** Tells a process that there are no more seeds. */
const END = 'end';
const size = { people: options.competitors, acts: options.acts };
const last = options.seed + options.seeds - 1;
const results: SeedResult[] = [];
const broken: { readonly seed: number; readonly error: string }[] = [];
const times: number[] = [];
let next = options.seed;
let failures = 0;
const begun = performance.now();

function take(): Task | null {
  const late = options.minutes > 0 && performance.now() - begun > options.minutes * 60_000;
  if (next > last || late) return null;
  const seed = next;
  next += 1;
  return { seed, size, tries: failures < SHORTENED ? TRIES : 0 };
}

function hear(told: Told): void {
  if (told.kind === 'broken') broken.push({ seed: told.seed, error: told.error });
  if (told.kind !== 'done') return;
  results.push(told.result);
  times.push(told.ms);
  const { seed, findings } = told.result;
  if (findings.length > 0) {
    failures += 1;
    console.log(
      `Seed ${seed}: ${findings.map(({ about, text }) => `${about} ${text}`).join('; ')}`.slice(0, 400),
    );
  }
  if (results.length % 100 === 0) {
    const seconds = Math.round((performance.now() - begun) / 1_000);
    console.log(`${results.length} of ${options.seeds} seeds after ${seconds} s, ${failures} failed`);
  }
}

await Promise.all(
  Array.from({ length: options.workers }, async () => {
    const child = fork(new URL('seed-worker.ts', import.meta.url));
    const ended = Promise.withResolvers<void>();
    child.on('message', (told: Told) => {
      hear(told);
      child.send(take() ?? END);
    });
    child.on('exit', (code) => {
      if (code === 0) ended.resolve();
      else ended.reject(new Error(`A process that lives seeds ended with ${code}.`));
    });
    await ended.promise;
  }),
);

const seconds = (performance.now() - begun) / 1_000;
const counts = new Map<string, number>();
for (const result of results)
  for (const [what, count] of Object.entries(result.counts))
    counts.set(what, (counts.get(what) ?? 0) + count);
const sum = (of: (result: SeedResult) => number) => results.reduce((total, result) => total + of(result), 0);
const found = (kind: string) =>
  sum(({ findings }) => findings.filter((finding) => finding.kind === kind).length);
const failed = results.filter(({ findings }) => findings.length > 0).toSorted((a, b) => a.seed - b.seed);
const places = (of: (result: SeedResult) => readonly string[]) => new Set(results.flatMap(of));
const awaits = places(({ waitedAt }) => waitedAt);
const killedBefore = places(({ killedAt }) => killedAt.before);
const killedAfter = places(({ killedAt }) => killedAt.after);
const missing = results.length < REACH_FROM ? [] : REACH.filter((what) => !counts.has(what));

const sorted = [...counts].toSorted(([a], [b]) => a.localeCompare(b));
console.log(
  textTable(
    ['what happened', 'times'],
    sorted.map(([what, count]) => [what, String(count)]),
  ),
);
console.log(
  textTable(
    ['compared in the end', ''],
    [
      ['seeds', String(results.length)],
      ['people', String(sum(({ people }) => people))],
      ['solves', String(sum(({ solves }) => solves))],
      ['calls of the table', String(sum(({ tableCalls }) => tableCalls))],
      ['calls of the platform', String(sum(({ platformCalls }) => platformCalls))],
      ['places where a process waits', String(awaits.size)],
      ['of those, killed before the call', String(killedBefore.size)],
      ['of those, killed after the call', String(killedAfter.size)],
      ['seconds', seconds.toFixed(0)],
      ...FINDINGS.map((kind) => [kind, String(found(kind))]),
    ],
  ),
);
for (const { seed, findings, story } of failed.slice(0, STORIES)) {
  console.log(`\nSeed ${seed}: npm run chaos -- --seed ${seed} --seeds 1`);
  for (const { kind, about, text } of findings.slice(0, 10)) console.log(`  ${kind}: ${about}: ${text}`);
  if (failed.length <= SHORTENED || story.length < 80) console.log(story.join('\n'));
}
for (const { seed, error } of broken.slice(0, STORIES)) console.log(`\nSeed ${seed} broke off: ${error}`);
if (failed.length > 0) console.log(`\nFailed seeds: ${failed.map(({ seed }) => seed).join(' ')}`);
if (missing.length > 0) console.log(`\nNever happened: ${missing.join('; ')}`);

const path = writeResults('chaos', {
  options,
  seconds,
  seeds: results.length,
  people: sum(({ people }) => people),
  solves: sum(({ solves }) => solves),
  tableCalls: sum(({ tableCalls }) => tableCalls),
  platformCalls: sum(({ platformCalls }) => platformCalls),
  happened: Object.fromEntries(sorted),
  findings: Object.fromEntries(FINDINGS.map((kind) => [kind, found(kind)])),
  failed: failed.map(({ seed, findings, story }) => ({ seed, findings, story })),
  awaits: { all: awaits.size, killedBefore: killedBefore.size, killedAfter: killedAfter.size },
  neverKilled: [...awaits].filter((place) => !killedBefore.has(place) && !killedAfter.has(place)),
  broken,
  missing,
});
console.log(`\nWritten to ${path}`);
process.exitCode = failed.length + broken.length + missing.length > 0 ? 1 : 0;
