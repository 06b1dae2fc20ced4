import { createHmac, randomBytes } from 'node:crypto';
import type { Documents } from '../state-database.ts';

interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/**
 * Access keys made from names with a seed that stays in the state folder: the same at every start, and not to be guessed
 * by another page or process. The gateway knows callers by the key id and checks no signatures.
 */
export function createCredentialIssuer(documents: Documents): (name: string) => Credentials {
  const kept = documents.get('gateway', 'credential-seed');
  const seed = typeof kept === 'string' ? kept : randomBytes(32).toString('base64');
  if (kept === undefined) documents.put('gateway', 'credential-seed', seed);
  const derive = (purpose: string, name: string): Buffer =>
    createHmac('sha256', seed).update(`${purpose}\n${name}`).digest();
  return (name) => ({
    accessKeyId: `AKIA${derive('id', name).toString('hex').slice(0, 16).toUpperCase()}`,
    secretAccessKey: derive('secret', name).toString('base64'),
  });
}
