const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\/-]/g, String.raw`\$&`);

/** A pattern for whole texts that are made of these parts with anything between them. */
export const partsWithAnythingBetween = (parts: readonly string[]): RegExp =>
  new RegExp(`^${parts.map(escaped).join('.*')}$`);
