// `npm test`: every check, announced and timed. Stops when the build or a check of the sources fails, but runs all
// test projects, so that one broken browser test does not hide a broken unit test. `--long` (`npm run test:long`):
// only the tests that try a sample in `npm test`, here with everything they have.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const [major = 0] = process.versions.node.split('.').map(Number);
if (major < 22) {
  console.error(
    `The tests need Node 22 or newer, this is ${process.version}. On Linux x64 \`npm ci\` installs Node 24 for ` +
      '`npm run`; elsewhere install Node 24 yourself (see .nvmrc).',
  );
  process.exit(1);
}

const checks = [
  { title: 'Build the functions and the site', command: 'npm', args: ['run', '-s', 'build'] },
  // All at once: formatting and dead code keep one processor busy each, and the other idle.
  { title: 'Types, lint, formatting, dead code', command: 'node', args: ['scripts/check.mjs'] },
];
/** @type {[name: string, title: string, args: string[]][]} */
const short = [
  [
    'unit',
    'Unit, property and template tests; of long histories a sample',
    ['run', '--project', 'unit', '--project', 'apart'],
  ],
  [
    'stack',
    'Integration tests on the local stack, and browser tests as coach and admin',
    ['run', '--project', 'stack'],
  ],
];
/** @type {[name: string, title: string, args: string[]][]} */
const long = [
  [
    'long',
    'All random histories, and workers killed at every call',
    ['related', 'test/support/effort.ts', '--run', '--project', 'unit', '--project', 'apart'],
  ],
  [
    'long-stack',
    'The local stack with every wait as long as it is deployed',
    ['related', 'test/support/effort.ts', '--run', '--project', 'stack'],
  ],
];
const isLong = process.argv.includes('--long');
if (isLong) process.env['TEST_EFFORT'] = 'full';

const reports = mkdtempSync(join(tmpdir(), 'coach-dashboard-tests-'));
const started = Date.now();
const seconds = (since) => `${((Date.now() - since) / 1000).toFixed(1)} s`;

/** Runs one command with its output shown; true when it ended well. */
function run(title, command, args) {
  const since = Date.now();
  console.log(`\n── ${title}`);
  const { status } = spawnSync(command, args, { stdio: 'inherit' });
  console.log(status === 0 ? `── done in ${seconds(since)}` : `── FAILED after ${seconds(since)}: ${title}`);
  return status === 0;
}

const brokenCheck = isLong
  ? undefined
  : checks.find(({ title, command, args }) => !run(title, command, args));
let passed = 0;
let failed = brokenCheck === undefined ? 0 : 1;
if (brokenCheck === undefined) {
  for (const [name, title, args] of isLong ? long : short) {
    const report = join(reports, `${name}.json`);
    const ok = run(title, 'vitest', [
      ...args,
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
    ]);
    try {
      const result = JSON.parse(readFileSync(report, 'utf8'));
      passed += result.numPassedTests;
      failed += result.numFailedTests;
      if (!ok && result.numFailedTests === 0) failed += 1;
    } catch {
      failed += 1;
    }
  }
}
rmSync(reports, { recursive: true, force: true });
console.log(`\nAll checks took ${seconds(started)}.`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
