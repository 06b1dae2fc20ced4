import type { AssemblyStack, Template } from '#infra/local/emulator/assembly/cloud-assembly.ts';
import { Resolver } from '#infra/local/emulator/assembly/resolver.ts';
import type { SecretLookup } from '#infra/local/emulator/assembly/dynamic-references.ts';

type Parts = Partial<Omit<Template, 'Resources'>> & {
  readonly Resources?: Record<
    string,
    { Type: string; Properties?: Record<string, unknown>; Condition?: string }
  >;
};

/** A stack as it comes out of the assembly reader. */
export function stackOf(
  name: string,
  parts: Parts,
  assets: Readonly<Record<string, string>> = {},
): AssemblyStack {
  const resources = Object.entries(parts.Resources ?? {}).map(
    ([id, resource]) => [id, { ...resource, Properties: resource.Properties ?? {} }] as const,
  );
  return {
    name,
    accountId: '111122223333',
    region: 'us-east-1',
    assets: new Map(Object.entries(assets)),
    template: {
      Parameters: {},
      Mappings: {},
      Conditions: {},
      Outputs: {},
      ...parts,
      Resources: Object.fromEntries(resources),
    },
  };
}

/** Resolves one value as the property `Value` of the resource `Subject` in the first stack. */
export function resolveIn(
  stacks: readonly AssemblyStack[],
  value: unknown,
  secretLookup?: SecretLookup,
): unknown {
  return new Resolver({ stacks, secretLookup }).resolve(value, stacks[0]!, {
    stack: stacks[0]!.name,
    resource: 'Subject',
    property: 'Properties.Value',
  });
}
