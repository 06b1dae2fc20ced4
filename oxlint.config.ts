import type { OxlintConfig } from 'oxlint';

/**
 * The folders of shared/, bottom floor first and each floor from left to right. A folder imports only those that stand
 * before it, types included, and by `#shared/…`; relative imports stay inside the folder. A folder that is not on this
 * list neither imports nor is imported.
 */
export const SHARED_FLOORS = [
  ['kernel', 'table'],
  ['identity', 'audit', 'settings', 'game-platform', 'jobs'],
  [
    'competitors',
    'onboarding',
    'teams',
    'score-sync',
    'alerts',
    'dashboard',
    'report-card',
    'coaches',
    'schedules',
    'dead-letters',
    'exports',
    'notices',
    'moves',
    'season',
  ],
  ['http'],
  ['composition'],
] as const;

/** What the site may import of shared/: nothing that needs Node or AWS. */
const BROWSER_SAFE = [
  '#shared/*/contract.ts',
  '#shared/kernel/**',
  '#shared/composition/tasks.ts',
  '#shared/jobs/task-definition.ts',
  '#shared/competitors/competitor-csv.ts',
  '#shared/competitors/division.ts',
  '#shared/competitors/state-names.ts',
  '#shared/competitors/import/import-file.ts',
  '#shared/competitors/import/import-teams.ts',
  '#shared/jobs/cancel-job.ts',
  '#shared/jobs/reopen-job.ts',
  '#shared/schedules/expression.ts',
  '#shared/schedules/firing-times.ts',
];

type Override = NonNullable<OxlintConfig['overrides']>[number];

/** Either gitignore-style patterns, of which the last that matches decides, or a regular expression. */
type Refusal = { readonly message: string } & ({ readonly group: string[] } | { readonly regex: string });

/** A later override replaces the refusals of an earlier one, so that each carries all of its own. */
const refuseImports = (
  files: readonly string[],
  refusals: readonly Refusal[],
  rules: Override['rules'] = {},
): Override => ({
  files: [...files],
  rules: { ...rules, 'no-restricted-imports': ['error', { patterns: [...refusals] }] },
});

const allBut = (allowed: readonly string[]): string[] => [
  '#shared/**',
  ...allowed.map((pattern) => `!${pattern}`),
];

/** Relative paths that leave a folder, from a file that lies `depth` folders inside it. */
const climbing = (depth: number): string => `^(\\./)?(\\.\\./){${depth + 1}}`;

/** The files of a folder by how deep they lie; from `deepest` on together. */
const byDepth = (folder: string, deepest: number): readonly { files: string; depth: number }[] =>
  Array.from({ length: deepest + 1 }, (_, depth) => ({
    files: `${folder}${'/*'.repeat(depth + 1)}${depth === deepest ? '*' : ''}`,
    depth,
  }));

const straightPath: Refusal = { regex: '[^./]/\\.\\./', message: 'Import by the straight path.' };

const sharedIsBottom: Refusal = {
  regex: '^(#(infra|test|web)/|(\\.\\./)+(infra|test|functions|web)/)',
  message: 'shared/ is the bottom layer: infra, functions and web import it, never the other way round.',
};

/** @param below the folders that stand before this one */
function floorOf(folder: string, below: readonly string[]): readonly Override[] {
  const message = `shared/${folder}/ imports ${below.length === 0 ? 'no other folder of shared/' : `only ${below.join(', ')}`}: those before it in oxlint.config.ts.`;
  return byDepth(`shared/${folder}`, 2).map(({ files, depth }) =>
    refuseImports(
      [files],
      [
        sharedIsBottom,
        straightPath,
        { group: allBut(below.map((name) => `#shared/${name}/**`)), message },
        {
          regex: climbing(depth),
          message: `Relative imports stay inside shared/${folder}/; another folder is imported as #shared/.`,
        },
      ],
    ),
  );
}

const folders: readonly string[] = SHARED_FLOORS.flat();

const shared: readonly Override[] = [
  refuseImports(
    ['shared/**'],
    [
      sharedIsBottom,
      straightPath,
      {
        regex: '^(#shared/|(\\./)?\\.\\./)',
        message: 'This folder of shared/ has no floor yet: give it one in oxlint.config.ts.',
      },
    ],
    // `import('…').Name` would get past the floors.
    { 'typescript/consistent-type-imports': 'error' },
  ),
  ...folders.flatMap((folder, index) => floorOf(folder, folders.slice(0, index))),
];

const siteImportsShared: readonly Refusal[] = [
  { regex: '^(#(infra|test)/|(\\.\\./)+(infra|test|functions)/)', message: 'The site imports shared/ only.' },
  straightPath,
  {
    group: allBut(BROWSER_SAFE),
    message: 'The site imports contracts and what is safe in a browser: the list in oxlint.config.ts.',
  },
];

/** A folder of the site that imports itself and #web/shared/ only. */
const siteFolder = (files: string, depth: number, message: string): Override =>
  refuseImports(
    [files],
    [...siteImportsShared, { regex: '^#web/(app|features)/', message }, { regex: climbing(depth), message }],
  );

const web: readonly Override[] = [
  refuseImports(['web/**'], siteImportsShared, { 'jsx-a11y/control-has-associated-label': 'off' }),
  ...byDepth('web/src/features/*', 2).map(({ files, depth }) =>
    siteFolder(
      files,
      depth,
      'A feature imports itself and #web/shared/; what two features need goes to shared/.',
    ),
  ),
  ...byDepth('web/src/shared', 1).map(({ files, depth }) =>
    siteFolder(
      files,
      depth,
      'shared/ is the bottom layer of the site: it imports neither app/ nor a feature.',
    ),
  ),
];

const declarationsOnly: readonly Refusal[] = [
  {
    group: ['#shared/composition/**', '!#shared/composition/tasks.ts'],
    message: 'Functions are composed of shared/composition/; infra reads only the declarations in tasks.ts.',
  },
  {
    regex: '^(\\.\\./)+shared/',
    message: 'shared/ is imported as #shared/.',
  },
];

const LOCAL_STACK_FILES =
  '(command-line|local-stack|main|open-aws|processes|report|run|stack-events|build-app|stages)\\.ts$';

const infra: readonly Override[] = [
  refuseImports(['infra/**'], declarationsOnly),
  refuseImports(
    ['infra/stacks/**', 'infra/constructs/**', 'infra/*.ts'],
    [
      ...declarationsOnly,
      {
        regex: '^(#test/|(\\.\\./)+(test|functions|web)/|(\\./|\\.\\./)+local/|#infra/local/)',
        message:
          'The CDK app imports shared/ only; the local stack reads its templates, never the other way round.',
      },
    ],
    { 'no-new': 'off' },
  ),
  refuseImports(
    ['infra/local/emulator/**'],
    [
      {
        regex: `^(#|(\\.\\./)+(product|build|state|dev|local|infra|constructs|stacks|shared|functions|web|test)/|(\\.\\./)+${LOCAL_STACK_FILES})`,
        message:
          'The emulator stands in for AWS and knows nothing of the product: what it needs to know is given to it.',
      },
    ],
  ),
  refuseImports(
    ['infra/local/product/**'],
    [
      ...declarationsOnly,
      {
        regex: `^(#infra/|(\\.\\./)+(build|state|dev|infra|constructs|stacks|functions|web)/|(\\.\\./)+${LOCAL_STACK_FILES})`,
        message:
          'What the local stack knows of the product is used by what composes it, never the other way round.',
      },
    ],
  ),
];

export default {
  plugins: ['typescript', 'unicorn', 'oxc', 'import', 'react', 'jsx-a11y', 'promise', 'vitest'],
  categories: { correctness: 'error', suspicious: 'error', perf: 'error' },
  env: { builtin: true },
  rules: {
    'typescript/no-explicit-any': 'error',
    'typescript/no-floating-promises': 'error',
    'typescript/no-misused-promises': 'error',
    'typescript/await-thenable': 'error',
    'typescript/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    'typescript/no-non-null-assertion': 'error',
    'typescript/consistent-type-assertions': ['error', { assertionStyle: 'never' }],
    'typescript/no-unsafe-type-assertion': 'off',
    'import/no-cycle': 'error',
    'no-console': 'error',
    eqeqeq: 'error',
    'no-await-in-loop': 'off',
    'react/react-in-jsx-scope': 'off',
    'import/no-unassigned-import': 'off',
  },
  overrides: [
    ...shared,
    refuseImports(
      ['functions/**'],
      [
        {
          regex: '^(#(infra|test)/|(\\.\\./)+(infra|test|web)/)',
          message: 'Functions import shared/ only.',
        },
      ],
    ),
    ...web,
    ...infra,
    { files: ['test/**', 'infra/local/**', 'scripts/**', '*.mjs'], rules: { 'no-console': 'off' } },
    {
      files: ['test/**'],
      rules: {
        'typescript/consistent-type-assertions': 'off',
        'typescript/no-non-null-assertion': 'off',
        'vitest/valid-expect': ['error', { maxArgs: 2 }],
      },
    },
  ],
  ignorePatterns: ['dist', 'cdk.out', '.local'],
} satisfies OxlintConfig;
