// What must hold of the sources, apart from the tests: one list for `npm run check` and `npm test`.

/** @type {readonly { title: string, command: string, args: readonly string[] }[]} */
export const CHECKS = [
  { title: 'Types', command: 'tsc', args: [] },
  {
    title: 'Lint (type-aware, import layers, cycles)',
    command: 'oxlint',
    args: ['--type-aware', '--deny-warnings'],
  },
  {
    title: 'Formatting',
    command: 'prettier',
    args: ['--check', '--cache', '--log-level=warn', '.'],
  },
  { title: 'Dead code', command: 'knip', args: [] },
];
