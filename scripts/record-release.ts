import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { STAGE_NAMES } from '#infra/stages.ts';
import { recordRelease } from '#test/infra/releases/release.ts';
import { synthesizeStages } from '#test/infra/support/synthesized-stage.ts';

/** `npm run release:record`: what the next release is compared with, by the version of package.json. */

const inProject = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));

const { version } = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(inProject('package.json'), 'utf8')));
const { stages } = synthesizeStages(STAGE_NAMES, { checked: false });
const recorded = Object.fromEntries(
  stages.map(({ name, stacks, settings }) => [name, recordRelease(stacks, settings.account)]),
);
const file = `test/infra/releases/${version}.json`;
writeFileSync(inProject(file), `${JSON.stringify(recorded, undefined, 2)}\n`);
console.log(`${file} is what the next release will be compared with.`);
