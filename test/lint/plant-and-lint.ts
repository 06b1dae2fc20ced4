import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CONFIG = 'oxlint.config.ts';

const answerSchema = z.object({
  diagnostics: z.array(
    z.object({
      code: z.string().default(''),
      message: z.string(),
      help: z.string().default(''),
      filename: z.string(),
      labels: z.array(z.object({ span: z.object({ line: z.number() }) })).default([]),
    }),
  ),
});

export interface Complaint {
  /** `no-restricted-imports`. */
  readonly rule: string;
  /** What the rule says, with the layer's own sentence. */
  readonly message: string;
  /** Where, from 1 on; 0 for the file as a whole. */
  readonly line: number;
}

/**
 * What the linter says about files, by their path in the project, where no such files need to exist: the project's
 * configuration and the files are put into a folder of their own. Rules that need types are left out.
 */
export async function plantAllAndLint(
  sources: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, readonly Complaint[]>> {
  const folder = await mkdtemp(join(tmpdir(), 'coach-dashboard-lint-'));
  try {
    await cp(join(ROOT, CONFIG), join(folder, CONFIG));
    await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
    for (const [path, source] of sources) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), source);
    }
    const { diagnostics } = answerSchema.parse(JSON.parse(await lint(folder)));
    const complaints = new Map<string, Complaint[]>([...sources.keys()].map((path) => [path, []]));
    for (const { code, message, help, filename, labels } of diagnostics) {
      complaints.get(filename)?.push({
        rule: /\(([^)]+)\)/.exec(code)?.[1] ?? code,
        message: `${message} ${help}`.trim(),
        line: labels[0]?.span.line ?? 0,
      });
    }
    return complaints;
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The linter's report. It ends with 1 where it found something, which is no failure here. */
const lint = (folder: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const command = join(ROOT, 'node_modules/.bin/oxlint');
    execFile(
      command,
      ['--config', CONFIG, '--format', 'json'],
      { cwd: folder, maxBuffer: 32 * 1024 * 1024 },
      (error, stdout, stderr) => {
        if (stdout.startsWith('{')) resolve(stdout);
        else reject(new Error(`The linter did not run. ${stderr} ${stdout}`, { cause: error }));
      },
    );
  });
