import { beforeAll, describe, expect, test } from 'vitest';
import { SHARED_FLOORS } from '../../oxlint.config.ts';
import { plantAllAndLint, type Complaint } from './plant-and-lint.ts';

const folders: readonly string[] = SHARED_FLOORS.flat();
const DEPTHS = ['', 'inner/', 'inner/deep/', 'inner/deep/deeper/'];

interface Planted {
  readonly path: string;
  readonly line: number;
  readonly source: string;
}

const lines = new Map<string, string[]>();
let complaints: ReadonlyMap<string, readonly Complaint[]>;

/** Adds a line to the one planted file of a folder, so that the linter has few files to read. */
function plant(folder: string, sourceAt: (line: number) => string): Planted {
  const path = `${folder}/planted.ts`;
  const ofFile = lines.get(path) ?? [];
  lines.set(path, ofFile);
  const line = ofFile.length + 1;
  const source = sourceAt(line);
  ofFile.push(source);
  return { path, line, source };
}

/** A value and a type from the same place. */
const both = (folder: string, specifier: string): readonly Planted[] => [
  plant(folder, (line) => `import { thing as thing${line} } from '${specifier}';`),
  plant(folder, (line) => `import type { Thing as Thing${line} } from '${specifier}';`),
];

const specifiers = (names: readonly string[]) =>
  names.flatMap((name) => [`#shared/${name}/thing.ts`, `#shared/${name}/inner/thing.ts`]);

/** Each folder with what it must not and what it may import, at every depth. */
const cases = folders.map((folder, index) => {
  const at = DEPTHS.map((depth) => ({ folder: `shared/${folder}/${depth}`.replace(/\/$/, ''), depth }));
  const each = (all: readonly string[]) =>
    at.flatMap((place) => all.flatMap((specifier) => both(place.folder, specifier)));
  return {
    folder,
    toTheRight: each(specifiers(folders.slice(index + 1))),
    ownAlias: each([`#shared/${folder}/thing.ts`]),
    unknown: each(['#shared/folder-of-tomorrow/thing.ts', '#shared/thing.ts']),
    climbing: at.flatMap(({ folder: place, depth }) => {
      const up = '../'.repeat(depth.split('/').length);
      // The files of the third level on share a rule, which allows the climbing of the least deep of them.
      return depth === 'inner/deep/deeper/'
        ? []
        : [`${up}kernel/clock.ts`, `./${up}kernel/clock.ts`, `./x/../${up}kernel/clock.ts`].flatMap(
            (specifier) => both(place, specifier),
          );
    }),
    otherLayers: each(['#infra/stages.ts', '#test/support/stack.ts', '#web/app/crash.tsx']),
    allowed: [
      ...each(specifiers(folders.slice(0, index))),
      ...at.flatMap(({ folder: place, depth }) => both(place, depth === '' ? './thing.ts' : '../thing.ts')),
    ],
  };
});

const strangers = [
  '#shared/kernel/clock.ts',
  '#shared/folder-of-tomorrow/thing.ts',
  '../kernel/clock.ts',
].flatMap((specifier) => both('shared/folder-of-tomorrow', specifier));

const inlineType = plant('shared/kernel', () => "export type Again = import('#shared/teams/team.ts').Team;");

const COMPOSITION = '#shared/composition/api.ts';
const TASKS = '#shared/composition/tasks.ts';
const outside = {
  refused: [
    ...both('infra', COMPOSITION),
    ...both('infra/stacks', COMPOSITION),
    ...both('infra/constructs', COMPOSITION),
    ...both('infra/local', COMPOSITION),
    ...both('infra/local/product', COMPOSITION),
    ...both('infra/stacks', '../../shared/composition/api.ts'),
    ...both('web/src/app', COMPOSITION),
    ...both('web/src/features/teams', COMPOSITION),
    ...both('web/src/features/teams', '#shared/teams/team-repository.ts'),
    ...both('web/src/shared/ui', '#shared/table/table.ts'),
    ...both('web/src/shared', '#shared/http/routes.ts'),
  ],
  allowed: [
    ...both('functions/teams-api', COMPOSITION),
    ...both('infra/stacks', TASKS),
    ...both('infra/local', TASKS),
    ...both('infra/stacks', '#shared/teams/team-repository.ts'),
    ...both('web/src/features/jobs', TASKS),
    ...both('web/src/features/jobs', '#shared/jobs/task-definition.ts'),
    ...both('web/src/features/teams', '#shared/teams/contract.ts'),
    ...both('web/src/features/teams', '#shared/kernel/csv/write-csv.ts'),
  ],
};

beforeAll(async () => {
  complaints = await plantAllAndLint(
    new Map([...lines].map(([path, ofFile]) => [path, `${ofFile.join('\n')}\n`])),
  );
}, 60_000);

const isRefused = ({ path, line }: Planted, rule: string) =>
  complaints.get(path)?.some((complaint) => complaint.rule === rule && complaint.line === line);

const named = ({ path, source }: Planted) => `${path}: ${source}`;

/** What the linter lets pass. */
const accepted = (planted: readonly Planted[], rule = 'no-restricted-imports') =>
  planted.filter((one) => !isRefused(one, rule)).map(named);

/** What the linter refuses. */
const refused = (planted: readonly Planted[]) =>
  planted.filter((one) => isRefused(one, 'no-restricted-imports')).map(named);

describe.each(cases)('shared/$folder/', (of) => {
  test('an import of a folder to the right or above is refused, types as well', () => {
    expect(accepted(of.toTheRight)).toEqual([]);
  });

  test('an import of itself by its alias is refused', () => {
    expect(accepted(of.ownAlias)).toEqual([]);
  });

  test('a relative import that leaves the folder is refused', () => {
    expect(accepted(of.climbing)).toEqual([]);
  });

  test('an import of a folder without a floor is refused', () => {
    expect(accepted(of.unknown)).toEqual([]);
  });

  test('an import of infra/, web/ or tests is refused', () => {
    expect(accepted(of.otherLayers)).toEqual([]);
  });

  test('an import of every folder before it and of itself by a relative path is accepted', () => {
    expect(refused(of.allowed)).toEqual([]);
  });
});

test('a folder of shared/ that has no floor may import nothing of shared/', () => {
  expect(accepted(strangers)).toEqual([]);
});

test('a type named by an import in its place is refused in shared/', () => {
  expect(accepted([inlineType], 'consistent-type-imports')).toEqual([]);
});

test('infra/ and the site that import wiring or what is not safe in a browser are refused', () => {
  expect(accepted(outside.refused)).toEqual([]);
});

test('functions/, infra/ and the site that import declarations and contracts are accepted', () => {
  expect(refused(outside.allowed)).toEqual([]);
});
