const grouped = new Intl.NumberFormat('en-US');

/** `31,590`. */
export const count = (value: number): string => grouped.format(value);

/** `1 team`, `3 teams`. */
export const counted = (value: number, one: string, many = `${one}s`): string =>
  `${count(value)} ${value === 1 ? one : many}`;
