/** Maps `domain` onto `range` in a straight line. A domain without extent maps to the middle of the range. */
export function linearScale(
  domain: readonly [number, number],
  range: readonly [number, number],
): (value: number) => number {
  const extent = domain[1] - domain[0];
  if (extent === 0) return () => (range[0] + range[1]) / 2;
  return (value) => range[0] + ((value - domain[0]) / extent) * (range[1] - range[0]);
}
