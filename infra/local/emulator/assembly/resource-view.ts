import * as z from 'zod';
import type { AssemblyStack, TemplateResource } from './cloud-assembly.ts';
import { AssemblyError } from './errors.ts';
import type { Resolver } from './resolver.ts';

/** One resource of the assembly, read property by property, so that only what is needed has to resolve. */
export class ResourceView {
  constructor(
    private readonly resolver: Resolver,
    private readonly localise: (text: string) => string,
    readonly stack: AssemblyStack,
    readonly logicalId: string,
    readonly resource: TemplateResource,
  ) {}

  get type(): string {
    return this.resource.Type;
  }

  /** The path of the construct, without the leaf that only says "the resource itself". */
  get path(): string {
    const path = this.resource.Metadata?.['aws:cdk:path'];
    if (typeof path !== 'string') return `${this.stack.name}/${this.logicalId}`;
    return path.replace(/\/(Resource|Default)$/, '');
  }

  /** What `Ref` gives, with this machine's addresses. */
  ref(): string {
    return this.intrinsic({ Ref: this.logicalId });
  }

  /** What `Fn::GetAtt` gives, with this machine's addresses. */
  attribute(name: string): string {
    return this.intrinsic({ 'Fn::GetAtt': [this.logicalId, name] });
  }

  /**
   * Resolves and checks the properties of the shape, and no others.
   *
   * @throws {AssemblyError} naming stack, resource and property when one cannot be resolved or has another form
   */
  read<Shape extends z.ZodRawShape>(shape: Shape): z.output<z.ZodObject<Shape>> {
    const { Properties } = this.resource;
    const values = Object.fromEntries(
      Object.keys(shape)
        .filter((key) => Object.hasOwn(Properties, key))
        .map((key) => [key, this.resolved(key, Properties[key])] as const)
        .filter(([, value]) => value !== undefined),
    );
    const parsed = z.object(shape).safeParse(values);
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    const where = ['Properties', ...(issue?.path ?? [])].join('.');
    throw new AssemblyError(this.place(where), `cannot be read: ${issue?.message ?? 'wrong form'}.`);
  }

  /** Every property, resolved. */
  readAll(): Record<string, unknown> {
    return Object.fromEntries(
      Object.entries(this.resource.Properties).map(([key, value]) => [key, this.resolved(key, value)]),
    );
  }

  error(property: string, problem: string): AssemblyError {
    return new AssemblyError(this.place(`Properties.${property}`), problem);
  }

  private place(property: string) {
    return { stack: this.stack.name, resource: this.logicalId, property };
  }

  private resolved(key: string, value: unknown): unknown {
    return this.localised(this.resolver.resolve(value, this.stack, this.place(`Properties.${key}`)));
  }

  private intrinsic(value: Readonly<Record<string, unknown>>): string {
    return this.localise(z.string().parse(this.resolver.resolve(value, this.stack, this.place('itself'))));
  }

  private localised(value: unknown): unknown {
    if (typeof value === 'string') return this.localise(value);
    if (Array.isArray(value)) return value.map((item) => this.localised(item));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.localised(item)]));
  }
}

/** All present resources of an assembly. */
export class AssemblyResources {
  private readonly all: readonly ResourceView[];

  constructor(stacks: readonly AssemblyStack[], resolver: Resolver, localise: (text: string) => string) {
    this.all = stacks.flatMap((stack) =>
      Object.entries(stack.template.Resources)
        .filter(([logicalId]) => resolver.isPresent(stack, logicalId))
        .map(([logicalId, resource]) => new ResourceView(resolver, localise, stack, logicalId, resource)),
    );
  }

  ofType(...types: readonly string[]): ResourceView[] {
    return this.all.filter((view) => types.includes(view.type));
  }

  where(accepts: (view: ResourceView) => boolean): ResourceView[] {
    return this.all.filter(accepts);
  }

  /** The one resource of a type that this product has exactly once. */
  theOnly(type: string, without: string): ResourceView {
    const [first, ...others] = this.ofType(type);
    if (first === undefined) throw new Error(`The CDK app has no ${type}: ${without}.`);
    if (others.length > 0)
      throw new Error(`The CDK app has ${others.length + 1} ${type}; the local stack runs one.`);
    return first;
  }
}
