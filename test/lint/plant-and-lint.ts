import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CONFIG = '.oxlintrc.json';

const answerSchema = z.object({
  diagnostics: z.array(
    z.object({ code: z.string().default(''), message: z.string(), help: z.string().default('') }),
  ),
});

export interface Complaint {
  /** `no-restricted-imports`. */
  readonly rule: string;
  /** What the rule says, with the layer's own sentence. */
  readonly message: string;
}

/**
 * What the linter says about one file, at a path of the project where no such file needs to exist: the project's
 * configuration and the file are put into a folder of their own. Rules that need types are left out.
 */
export async function plantAndLint(path: string, source: string): Promise<readonly Complaint[]> {
  const folder = await mkdtemp(join(tmpdir(), 'coach-dashboard-lint-'));
  try {
    await cp(join(ROOT, CONFIG), join(folder, CONFIG));
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), source);
    const { diagnostics } = answerSchema.parse(JSON.parse(await lint(folder)));
    return diagnostics.map(({ code, message, help }) => ({
      rule: /\(([^)]+)\)/.exec(code)?.[1] ?? code,
      message: `${message} ${help}`.trim(),
    }));
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The linter's report. It ends with 1 where it found something, which is no failure here. */
const lint = (folder: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const command = join(ROOT, 'node_modules/.bin/oxlint');
    execFile(command, ['--config', CONFIG, '--format', 'json'], { cwd: folder }, (error, stdout, stderr) => {
      if (stdout.startsWith('{')) resolve(stdout);
      else reject(new Error(`The linter did not run. ${stderr}`, { cause: error }));
    });
  });
