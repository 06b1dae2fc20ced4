import { attributeOf } from './attributes.ts';
import type { AssemblyStack, TemplateResource } from './cloud-assembly.ts';
import { AssemblyError, type Place } from './errors.ts';
import { resolveDynamicReferences, type SecretLookup } from './dynamic-references.ts';

/** `AWS::NoValue`: the property is as if it were not written. */
const NO_VALUE = Symbol('AWS::NoValue');

const PARTITION = 'aws';
const URL_SUFFIX = 'amazonaws.com';

export interface ResolverOptions {
  readonly stacks: readonly AssemblyStack[];
  /** Values of secrets for `{{resolve:secretsmanager:…}}`; undefined leaves such references as they are. */
  readonly secretLookup: SecretLookup | undefined;
}

type JsonObject = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Resolves CloudFormation's intrinsic functions over all stacks of an assembly. */
export class Resolver {
  private readonly stacks: ReadonlyMap<string, AssemblyStack>;
  /** What is being resolved right now, to tell a circle from a deep nest. */
  private readonly path = new Set<string>();

  constructor(private readonly options: ResolverOptions) {
    this.stacks = new Map(options.stacks.map((stack) => [stack.name, stack]));
  }

  /** True when the resource is in the template and its condition holds. */
  isPresent(stack: AssemblyStack, logicalId: string): boolean {
    const resource = this.resourceOf(stack, logicalId);
    if (resource === undefined) return false;
    if (resource.Condition === undefined) return true;
    return this.condition(stack, resource.Condition, {
      stack: stack.name,
      resource: logicalId,
      property: 'Condition',
    });
  }

  /** The value with every intrinsic function resolved; undefined for `AWS::NoValue`. */
  resolve(value: unknown, stack: AssemblyStack, place: Place): unknown {
    const resolved = this.value(value, stack, place);
    return resolved === NO_VALUE ? undefined : this.withSecrets(resolved, place);
  }

  private withSecrets(value: unknown, place: Place): unknown {
    if (typeof value === 'string') return resolveDynamicReferences(value, this.options.secretLookup, place);
    if (Array.isArray(value))
      return value.map((item, index) => this.withSecrets(item, at(place, String(index))));
    if (!isObject(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, this.withSecrets(item, at(place, key))]),
    );
  }

  private resourceOf(stack: AssemblyStack, logicalId: string): TemplateResource | undefined {
    const { Resources } = stack.template;
    return Object.hasOwn(Resources, logicalId) ? Resources[logicalId] : undefined;
  }

  private value(value: unknown, stack: AssemblyStack, place: Place): unknown {
    if (Array.isArray(value)) {
      return value
        .map((item, index) => this.value(item, stack, at(place, String(index))))
        .filter((item) => item !== NO_VALUE);
    }
    if (!isObject(value)) return value;
    const [[name, argument] = [], ...others] = Object.entries(value);
    if (
      others.length === 0 &&
      name !== undefined &&
      (name === 'Ref' || name === 'Condition' || name.startsWith('Fn::'))
    ) {
      if (name !== 'Condition' || typeof argument === 'string')
        return this.call(name, argument, stack, place);
    }
    return Object.fromEntries(
      Object.entries(value)
        .map(([key, item]) => [key, this.value(item, stack, at(place, key))] as const)
        .filter(([, item]) => item !== NO_VALUE),
    );
  }

  private call(name: string, argument: unknown, stack: AssemblyStack, place: Place): unknown {
    const resolved = (part: unknown) => this.value(part, stack, place);
    switch (name) {
      case 'Ref':
        return this.reference(this.string(argument, place, name), stack, place);
      case 'Condition':
        return this.condition(stack, this.string(argument, place, name), place);
      case 'Fn::GetAtt': {
        const [target, ...attribute] =
          typeof argument === 'string' ? argument.split('.') : this.list(argument, place, name).map(resolved);
        return this.attribute(this.string(target, place, name), attribute.join('.'), stack, place);
      }
      case 'Fn::Join': {
        const [delimiter, parts] = this.list(argument, place, name);
        return this.strings(resolved(parts), place, name).join(this.string(resolved(delimiter), place, name));
      }
      case 'Fn::Sub':
        return this.substitute(argument, stack, place);
      case 'Fn::Select': {
        const [index, list] = this.list(argument, place, name).map(resolved);
        const chosen = this.list(list, place, name)[Number(index)];
        if (chosen === undefined)
          throw new AssemblyError(place, `selects item ${String(index)}, which is not there.`);
        return chosen;
      }
      case 'Fn::Split': {
        const [delimiter, source] = this.list(argument, place, name).map(resolved);
        return this.string(source, place, name).split(this.string(delimiter, place, name));
      }
      case 'Fn::FindInMap':
        return this.inMap(this.list(argument, place, name).map(resolved), stack, place);
      case 'Fn::ImportValue':
        return this.importValue(this.string(resolved(argument), place, name), place);
      case 'Fn::GetStackOutput':
        return this.stackOutput(resolved(argument), place);
      case 'Fn::If': {
        const [condition, whenTrue, whenFalse] = this.list(argument, place, name);
        return resolved(
          this.condition(stack, this.string(condition, place, name), place) ? whenTrue : whenFalse,
        );
      }
      case 'Fn::Equals': {
        const [left, right] = this.list(argument, place, name).map(resolved);
        return String(left) === String(right);
      }
      case 'Fn::And':
        return this.list(argument, place, name).every((part) => resolved(part) === true);
      case 'Fn::Or':
        return this.list(argument, place, name).some((part) => resolved(part) === true);
      case 'Fn::Not':
        return resolved(this.list(argument, place, name)[0]) !== true;
      case 'Fn::Base64':
        return Buffer.from(this.string(resolved(argument), place, name)).toString('base64');
      case 'Fn::ToJsonString':
        return JSON.stringify(resolved(argument));
      default:
        throw new AssemblyError(place, `uses ${name}, which the local stack cannot resolve.`);
    }
  }

  private reference(logicalId: string, stack: AssemblyStack, place: Place): unknown {
    switch (logicalId) {
      case 'AWS::NoValue':
        return NO_VALUE;
      case 'AWS::Region':
        return stack.region;
      case 'AWS::AccountId':
        return stack.accountId;
      case 'AWS::Partition':
        return PARTITION;
      case 'AWS::URLSuffix':
        return URL_SUFFIX;
      case 'AWS::StackName':
        return stack.name;
      case 'AWS::StackId':
        return `arn:aws:cloudformation:${stack.region}:${stack.accountId}:stack/${stack.name}/local`;
      default: {
        const parameter = Object.hasOwn(stack.template.Parameters, logicalId)
          ? stack.template.Parameters[logicalId]
          : undefined;
        if (parameter === undefined) return this.attribute(logicalId, undefined, stack, place);
        if (parameter.Default === undefined) {
          throw new AssemblyError(place, `refers to the parameter ${logicalId}, which has no default.`);
        }
        return parameter.Default;
      }
    }
  }

  private attribute(
    logicalId: string,
    attribute: string | undefined,
    stack: AssemblyStack,
    place: Place,
  ): string {
    const wanted = attribute === undefined ? logicalId : `${logicalId}.${attribute}`;
    const resource = this.resourceOf(stack, logicalId);
    if (resource === undefined || !this.isPresent(stack, logicalId)) {
      throw new AssemblyError(place, `refers to ${wanted}, but the stack has no resource ${logicalId}.`);
    }
    const key = `${stack.name}/${wanted}`;
    if (this.path.has(key)) throw new AssemblyError(place, `refers to ${wanted} in a circle.`);
    this.path.add(key);
    try {
      const result = attributeOf(resource.Type, attribute, {
        stackName: stack.name,
        accountId: stack.accountId,
        region: stack.region,
        logicalId,
        text: (property) => {
          const where = { stack: stack.name, resource: logicalId, property: `Properties.${property}` };
          const value = this.resolve(resource.Properties[property], stack, where);
          return value === undefined ? undefined : this.string(value, where, property);
        },
      });
      if (result !== undefined) return result;
    } finally {
      this.path.delete(key);
    }
    throw new AssemblyError(place, `refers to ${wanted}, which a ${resource.Type} does not have here.`);
  }

  private condition(stack: AssemblyStack, name: string, place: Place): boolean {
    if (!Object.hasOwn(stack.template.Conditions, name)) {
      throw new AssemblyError(place, `refers to the condition ${name}, which is not in the template.`);
    }
    return (
      this.value(stack.template.Conditions[name], stack, { ...place, property: `Conditions.${name}` }) ===
      true
    );
  }

  private substitute(argument: unknown, stack: AssemblyStack, place: Place): string {
    const [pattern, variables] =
      typeof argument === 'string' ? [argument, {}] : this.list(argument, place, 'Fn::Sub');
    const own = isObject(variables) ? variables : {};
    return this.string(pattern, place, 'Fn::Sub').replaceAll(
      /\$\{(!?)([^}]+)\}/g,
      (_match, literal: string, name: string) => {
        if (literal !== '') return `\${${name}}`;
        if (Object.hasOwn(own, name))
          return this.string(this.value(own[name], stack, place), place, 'Fn::Sub');
        const [target = '', ...attribute] = name.split('.');
        return attribute.length === 0
          ? this.string(this.reference(target, stack, place), place, 'Fn::Sub')
          : this.attribute(target, attribute.join('.'), stack, place);
      },
    );
  }

  private inMap(argument: readonly unknown[], stack: AssemblyStack, place: Place): unknown {
    const [map, first, second, otherwise] = argument;
    const found = stack.template.Mappings[String(map)]?.[String(first)]?.[String(second)];
    if (found !== undefined) return found;
    if (isObject(otherwise) && 'DefaultValue' in otherwise) return otherwise['DefaultValue'];
    throw new AssemblyError(
      place,
      `looks up ${[map, first, second].join('.')}, which is not in the mappings.`,
    );
  }

  private importValue(name: string, place: Place): unknown {
    for (const stack of this.options.stacks) {
      for (const [output, { Value, Export }] of Object.entries(stack.template.Outputs)) {
        if (Export === undefined) continue;
        const where = { stack: stack.name, resource: output, property: 'Outputs' };
        if (this.value(Export.Name, stack, where) === name) return this.value(Value, stack, where);
      }
    }
    throw new AssemblyError(place, `imports ${name}, which no stack exports.`);
  }

  /** A weak reference: another stack's output, read at deploy time. */
  private stackOutput(argument: unknown, place: Place): unknown {
    const { StackName: stackName, OutputName: outputName } = isObject(argument) ? argument : {};
    const stack = this.stacks.get(String(stackName));
    const output = stack?.template.Outputs[String(outputName)];
    if (stack === undefined || output === undefined) {
      throw new AssemblyError(
        place,
        `reads the output ${String(outputName)} of ${String(stackName)}, which is not there.`,
      );
    }
    return this.value(output.Value, stack, {
      stack: stack.name,
      resource: String(outputName),
      property: 'Outputs',
    });
  }

  private string(value: unknown, place: Place, what: string): string {
    if (typeof value === 'string') return value;
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
    throw new AssemblyError(place, `gives ${what} something that is not text: ${JSON.stringify(value)}`);
  }

  private list(value: unknown, place: Place, what: string): readonly unknown[] {
    if (Array.isArray(value)) return value;
    throw new AssemblyError(place, `gives ${what} something that is not a list: ${JSON.stringify(value)}`);
  }

  private strings(value: unknown, place: Place, what: string): string[] {
    return this.list(value, place, what).map((item) => this.string(item, place, what));
  }
}

const at = (place: Place, key: string): Place => ({ ...place, property: `${place.property}.${key}` });
