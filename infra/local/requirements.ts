import { createRequire } from 'node:module';

const OLDEST_NODE = 22;

/** What the local stack needs and this machine does not have, as a sentence; undefined when nothing is missing. */
export function missingRequirement(
  version: string = process.versions.node,
  system = `${process.platform}-${process.arch}`,
  isInstalled: (packageName: string) => boolean = canResolve,
): string | undefined {
  const [major = 0] = version.split('.').map(Number);
  if (major < OLDEST_NODE) {
    return (
      `The local stack needs Node ${OLDEST_NODE} or newer, this is ${version}. On Linux x64, \`npm ci\` installs ` +
      'Node 24 and `npm start` uses it (check that optional dependencies were not left out); elsewhere install Node 24 ' +
      '(see .nvmrc).'
    );
  }
  if (!isInstalled(`@dynoxide/${system}`)) {
    return (
      `The local stack keeps its table in dynoxide, and the package @dynoxide/${system} is not installed. Run \`npm ci\` ` +
      'with optional dependencies; if there is no such package for this machine, use Linux x64 (a container will do).'
    );
  }
  return undefined;
}

function canResolve(packageName: string): boolean {
  try {
    createRequire(import.meta.url).resolve(`${packageName}/package.json`);
    return true;
  } catch {
    return false;
  }
}
