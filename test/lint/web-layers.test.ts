import { dirname, join, basename } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { plantAllAndLint, type Complaint } from './plant-and-lint.ts';

const importOf = (specifier: string): string =>
  `import { thing } from '${specifier}';\nexport const again = [thing];\n`;
const typeImportOf = (specifier: string): string =>
  `import type { Thing } from '${specifier}';\nexport type Again = readonly Thing[];\n`;

const LIST = 'web/src/features/teams/planted.tsx';
const INNER = 'web/src/features/teams/roster-plan/planted.ts';
const NEW = 'web/src/features/feature-of-tomorrow/planted.ts';
const BUTTON = 'web/src/shared/ui/planted.tsx';
const FEATURE = 'A feature imports itself and #web/shared/';
const SHARED = 'shared/ is the bottom layer of the site';
const SITE = 'The site imports shared/ only.';

const sources = new Map<string, string>();
let complaints: ReadonlyMap<string, readonly Complaint[]>;

/** Plants a file of its own in the folder of `path`, for the one run of the linter. */
function plant(path: string, source: string): string {
  const planted = join(dirname(path), `${sources.size}-${basename(path)}`);
  sources.set(planted, source);
  return planted;
}

const REFUSED = [
  ['a feature', 'another feature', LIST, '../jobs/job-labels.ts', FEATURE],
  ['a feature', 'another feature by its alias', LIST, '#web/features/jobs/job-labels.ts', FEATURE],
  ['a feature', 'a feature that does not exist yet', LIST, '../feature-of-tomorrow/thing.ts', FEATURE],
  ['a feature that does not exist yet', 'a feature', NEW, '../teams/team-labels.ts', FEATURE],
  ['a folder of a feature', 'another feature', INNER, '../../jobs/job-labels.ts', FEATURE],
  [
    'a deeper folder of a feature',
    'another feature',
    `${INNER}/deep.ts`,
    '../../../jobs/job-labels.ts',
    FEATURE,
  ],
  ['a feature', 'another feature by a detour', LIST, './x/../../jobs/job-labels.ts', 'straight path'],
  ['a feature', 'another feature by a dotted path', LIST, './../jobs/job-labels.ts', FEATURE],
  ['a feature', 'app/', LIST, '../../app/crash.tsx', FEATURE],
  ['a feature', 'app/ by its alias', LIST, '#web/app/crash.tsx', FEATURE],
  ['a feature', 'shared/ by a relative path', LIST, '../../shared/ui/button.tsx', FEATURE],
  ['shared/', 'a feature', BUTTON, '../../features/jobs/job-labels.ts', SHARED],
  ['shared/', 'a feature by its alias', BUTTON, '#web/features/jobs/job-labels.ts', SHARED],
  ['shared/', 'app/', BUTTON, '../../app/crash.tsx', SHARED],
  ['shared/', 'app/ by its alias', BUTTON, '#web/app/crash.tsx', SHARED],
  ['a file directly in shared/', 'app/', 'web/src/shared/planted.ts', '../app/crash.tsx', SHARED],
  ['app/', 'functions/', 'web/src/app/planted.ts', '../../../functions/jobs-api/jobs-api.ts', SITE],
  ['a feature', 'functions/', LIST, '../../../../functions/jobs-api/jobs-api.ts', SITE],
  ['shared/', 'functions/', BUTTON, '../../../../functions/jobs-api/jobs-api.ts', SITE],
  ['app/', 'infra/', 'web/src/app/planted.ts', '#infra/stages.ts', SITE],
  ['a feature', 'infra/', LIST, '#infra/stages.ts', SITE],
  ['shared/', 'infra/', BUTTON, '../../../../infra/stages.ts', SITE],
  ['a feature', 'tests', LIST, '#test/support/stack.ts', SITE],
] as const;

const ACCEPTED = [
  ['a feature', 'its own file', LIST, './team-labels.ts'],
  ['a folder of a feature', 'a file of the feature', INNER, '../team-labels.ts'],
  ['a feature', 'shared/ of the site', LIST, '#web/shared/ui/button.tsx'],
  ['a feature', 'shared/ of the product', LIST, '#shared/teams/contract.ts'],
  ['shared/', 'another folder of shared/', BUTTON, '../format/time.ts'],
  ['app/', 'a feature', 'web/src/app/planted.ts', '#web/features/jobs/jobs-page.tsx'],
] as const;

const refused = REFUSED.map(([from, to, path, specifier, sentence]) => ({
  from,
  to,
  sentence,
  file: plant(path, importOf(specifier) + typeImportOf(specifier)),
}));
const accepted = ACCEPTED.map(([from, to, path, specifier]) => ({
  from,
  to,
  files: [plant(path, importOf(specifier)), plant(path, typeImportOf(specifier))],
}));

beforeAll(async () => {
  complaints = await plantAllAndLint(sources);
});

test.each(refused)('$from that imports $to is refused, types as well', ({ file, sentence }) => {
  const said = complaints
    .get(file)
    ?.filter(({ rule, message }) => rule === 'no-restricted-imports' && message.includes(sentence));
  expect(said).toHaveLength(2);
});

test.each(accepted)('$from that imports $to is accepted', ({ files }) => {
  expect(files.map((file) => complaints.get(file))).toEqual([[], []]);
});
