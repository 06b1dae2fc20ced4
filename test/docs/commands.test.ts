import { execFile } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '../..');
const read = (name: string) => readFileSync(path.join(ROOT, name), 'utf8');

const manifest: { readonly scripts: Readonly<Record<string, string>> } = JSON.parse(read('package.json'));
const workflows = globSync('.github/workflows/*.yml', { cwd: ROOT }).toSorted();
const documents = globSync('{*.md,docs/*.md,web/*.md,infra/local/*.md}', { cwd: ROOT }).toSorted();

/** Names of the scripts that a text runs; options before them, as `-s`, aside. */
const scriptsIn = (text: string): string[] =>
  [...text.matchAll(/\bnpm run (?:-\S+ )*([\w:-]+)/g)].map(([, name = '']) => name);

interface CdkCall {
  readonly subcommand: string;
  readonly options: readonly string[];
}

/** Calls of the CDK's command line, up to the end of the line or the code. */
const cdkCallsIn = (text: string): CdkCall[] =>
  [...text.matchAll(/\b(?:npx cdk|^cdk) +([a-z-]+)([^\n`#|]*)/gm)].map(([, subcommand = '', rest = '']) => ({
    subcommand,
    options: [...rest.matchAll(/(?:^|\s)(--?[a-zA-Z][\w-]*)/g)].map(([, option = '']) => option),
  }));

const CDK = path.join(ROOT, 'node_modules/aws-cdk/bin/cdk');

/** What a subcommand takes, by its own help. */
async function optionsOf(subcommand: string): Promise<ReadonlySet<string>> {
  const { stdout } = await promisify(execFile)(process.execPath, [CDK, subcommand, '--help'], { cwd: ROOT });
  return new Set([...stdout.matchAll(/(?<=^ +(?:-\S+, )*)--?[a-zA-Z][\w-]*/gm)].map(([name]) => name));
}

let options: ReadonlyMap<string, ReadonlySet<string>>;
beforeAll(async () => {
  const called = [...documents, ...workflows].flatMap((name) => cdkCallsIn(read(name)));
  const subcommands = [...new Set(called.map(({ subcommand }) => subcommand))];
  options = new Map(await Promise.all(subcommands.map(async (one) => [one, await optionsOf(one)] as const)));
});

describe('commands', () => {
  it.each([...documents, ...workflows])('of %s are scripts of the package', (name) => {
    const unknown = scriptsIn(read(name)).filter((script) => !Object.hasOwn(manifest.scripts, script));
    expect(unknown).toEqual([]);
  });

  it.each([...documents, ...workflows])('of %s ask the CDK for what it knows', (name) => {
    const unknown = cdkCallsIn(read(name)).flatMap((call) =>
      call.options
        .filter((option) => options.get(call.subcommand)?.has(option) !== true)
        .map((option) => `${call.subcommand} ${option}`),
    );
    expect(unknown).toEqual([]);
  });

  it('are found, and what is wrong with them too', () => {
    const text = 'Run `npm run -s nonsense` or\nnpx cdk deploy -c stage=dev --all --nothing # --else';
    expect(scriptsIn(text)).toEqual(['nonsense']);
    expect(cdkCallsIn(text)).toEqual([{ subcommand: 'deploy', options: ['-c', '--all', '--nothing'] }]);
    const ofDeploy = [...(options.get('deploy') ?? [])];
    expect(ofDeploy).toEqual(expect.arrayContaining(['-c', '--context', '--all', '-e']));
    expect(ofDeploy).not.toContain('--nothing');
  });
});

describe('the workflows', () => {
  it.each(workflows)('%s: actions are pinned, rights are named, and no key is kept', (name) => {
    const text = read(name);
    const used = [...text.matchAll(/uses: (\S+)/g)].map(([, action = '']) => action);
    expect(used.length).toBeGreaterThan(0);
    for (const action of used) expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
    expect(text).toMatch(/^permissions:\n {2}contents: read$/m);
    expect(text).not.toMatch(/secrets\.|AWS_SECRET_ACCESS_KEY|write-all/);
    // What somebody typed in a form never becomes a part of a command.
    const runs = [...text.matchAll(/run: (.*)$/gm)].map(([, command = '']) => command);
    expect(runs.filter((command) => command.includes('${{'))).toEqual([]);
  });

  it('deploys from main only, one at a time for a stage, seen before it is done', () => {
    const text = read('.github/workflows/deploy.yml');
    expect(text).toContain("if: github.ref == 'refs/heads/main'");
    expect(text).toContain('group: deploy-${{ inputs.stage }}');
    const order = ['synth', 'preflight', 'cdk diff', 'needs: plan', 'run deploy', 'smoke'];
    const places = order.map((step) => text.lastIndexOf(step));
    expect(places).toEqual(places.toSorted((one, other) => one - other));
    expect(places[0]).toBeGreaterThan(0);
    expect(text).toMatch(/options: \[dev, staging, prod\]/);
  });
});
