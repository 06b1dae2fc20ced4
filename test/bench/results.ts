import { mkdirSync, writeFileSync } from 'node:fs';
import { arch, cpus, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';

const DIRECTORY = fileURLToPath(new URL('../../bench-results', import.meta.url));

/** The machine in words, without its name. */
export function machine(): string {
  const [first] = cpus();
  const gigabytes = Math.round(totalmem() / 2 ** 30);
  return `${cpus().length} × ${first?.model.trim() ?? arch()}, ${gigabytes} GB, Node ${process.versions.node}`;
}

/** Writes `bench-results/<name>.json`; answers its path. */
export function writeResults(name: string, results: Readonly<Record<string, unknown>>): string {
  mkdirSync(DIRECTORY, { recursive: true });
  const path = `${DIRECTORY}/${name}.json`;
  const at = new Date().toISOString();
  writeFileSync(
    path,
    `${JSON.stringify({ benchmark: name, at, machine: machine(), ...results }, null, 2)}\n`,
  );
  return path;
}
