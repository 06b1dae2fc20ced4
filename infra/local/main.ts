/** `npm start`: the whole product on this machine, from its own CDK app. */
import { missingRequirement } from './requirements.ts';

// Before anything else is loaded: some libraries cannot even be read by an older Node.
const missing = missingRequirement();
if (missing === undefined) {
  const { run } = await import('./run.ts');
  await run(process.argv.slice(2));
} else {
  console.error(missing);
  process.exitCode = 1;
}
