// `npm run check`: all checks of the sources at once, each with its time, and the output of those that fail.
import { spawn } from 'node:child_process';
import { CHECKS } from './checks.mjs';

/** @returns {Promise<{ output: string, failed: boolean }>} */
function run({ command, args }) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const output = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => output.push(chunk));
    child.once('error', (error) => resolve({ output: `${error.message}\n`, failed: true }));
    child.once('close', (code) =>
      resolve({ output: Buffer.concat(output).toString('utf8'), failed: code !== 0 }),
    );
  });
}

const seconds = (since) => `${((performance.now() - since) / 1_000).toFixed(1).padStart(6)} s`;

const started = performance.now();
const results = await Promise.all(
  CHECKS.map(async (check) => {
    const result = await run(check);
    console.log(`${seconds(started)}  ${result.failed ? 'FAILED' : 'ok    '}  ${check.title}`);
    if (result.failed) console.log(result.output.trimEnd());
    return result;
  }),
);
const failed = results.filter((result) => result.failed).length;
console.log(
  `${seconds(started)}  ${failed === 0 ? 'All is well.' : `${failed} of ${results.length} failed.`}`,
);
process.exit(failed === 0 ? 0 : 1);
