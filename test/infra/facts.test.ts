import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { FACTS, type Fact } from './facts.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Titles of the tests of a file. */
function titlesOf(file: string): readonly string[] {
  if (!existsSync(ROOT + file)) return [];
  const source = readFileSync(ROOT + file, 'utf8');
  const titles = source.matchAll(
    /\b(?:it|test)(?:\.\w+(?:<[^;]*?>)?\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\))?\(\s*(?<quote>['"`])(?<title>(?:(?!\k<quote>)[^\\]|\\.)*)\k<quote>/g,
  );
  return [...titles].map(({ groups }) => groups?.['title'] ?? '');
}

const row = ({ id, summary, asserted, note }: Fact): string => {
  const tests = asserted.map(({ file, title }) => `\`${file}\`: “${title}”`);
  return `| ${id} | ${summary} | ${[...tests, ...(note === undefined ? [] : [note])].join('<br>')} |`;
};

const DOCUMENT = `# What AWS does that bites

Each line is something that a first deployment or a first month on AWS would teach, and the tests that notice when the
product forgets it. Made from \`test/infra/facts.ts\`: \`npx vitest run --project unit test/infra/facts.test.ts -u\`.

| # | Fact | Asserted by |
| --: | --- | --- |
${FACTS.map(row).join('\n')}
`;

describe('the facts about AWS', () => {
  it('are 52, each once and in order', () => {
    expect(FACTS.map(({ id }) => id)).toEqual(Array.from({ length: 52 }, (_, index) => index + 1));
  });

  it('are each asserted by a test, or say why none can tell', () => {
    const silent = FACTS.filter(({ asserted, note }) => asserted.length === 0 && note === undefined);
    expect(silent.map(({ id }) => id)).toEqual([]);
  });

  it('name tests that exist', () => {
    const missing = FACTS.flatMap(({ id, asserted }) =>
      asserted
        .filter(({ file, title }) => !titlesOf(file).some((found) => found.includes(title)))
        .map(({ file, title }) => `${id}: ${file} has no test “${title}”.`),
    );
    expect(missing).toEqual([]);
  });

  it('are written down for readers as they are here', async () => {
    await expect(DOCUMENT).toMatchFileSnapshot('../../docs/aws-facts.md');
  });
});
