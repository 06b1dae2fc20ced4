import type { AssemblyStack } from './cloud-assembly.ts';
import { AssemblyError } from './errors.ts';

/**
 * Every `Ref` and `Fn::GetAtt` must name a resource or parameter of its own template, also in resources that the
 * local stack does not run: CloudFormation refuses the whole template otherwise.
 */
export function checkReferences(stacks: readonly AssemblyStack[]): void {
  for (const { name, template } of stacks) {
    const known = new Set([...Object.keys(template.Resources), ...Object.keys(template.Parameters)]);
    for (const [resource, { Properties }] of Object.entries(template.Resources)) {
      for (const { target, property } of referencesIn(Properties, 'Properties')) {
        if (target.startsWith('AWS::') || known.has(target)) continue;
        throw new AssemblyError(
          { stack: name, resource, property },
          `refers to ${target}, but the stack has no resource ${target}.`,
        );
      }
    }
  }
}

function* referencesIn(value: unknown, property: string): Generator<{ target: string; property: string }> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, item] of Object.entries(value)) {
    if (key === 'Ref' && typeof item === 'string') yield { target: item, property };
    else if (key === 'Fn::GetAtt' && Array.isArray(item)) yield { target: String(item[0]), property };
    else yield* referencesIn(item, `${property}.${key}`);
  }
}
