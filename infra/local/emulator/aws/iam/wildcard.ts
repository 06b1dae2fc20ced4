/**
 * Whether `text` matches an IAM pattern: `*` for any run of characters, `?` for one. The last star is the only one
 * that ever needs another try, so this is linear for the patterns that policies hold.
 */
export function matchesWildcard(pattern: string, text: string): boolean {
  let patternAt = 0;
  let textAt = 0;
  let star = -1;
  let starText = 0;
  while (textAt < text.length) {
    const wanted = pattern[patternAt];
    if (wanted === '*') {
      star = patternAt;
      starText = textAt;
      patternAt += 1;
    } else if (wanted === '?' || wanted === text[textAt]) {
      patternAt += 1;
      textAt += 1;
    } else if (star >= 0) {
      patternAt = star + 1;
      starText += 1;
      textAt = starText;
    } else {
      return false;
    }
  }
  while (pattern[patternAt] === '*') patternAt += 1;
  return patternAt === pattern.length;
}

/** ARN patterns are matched segment by segment, so that a star never reaches over a colon; the last may hold any. */
export function matchesArn(pattern: string, arn: string): boolean {
  const patternParts = arnParts(pattern);
  const parts = arnParts(arn);
  if (patternParts === undefined || parts === undefined) return false;
  return patternParts.every((part, index) => matchesWildcard(part, parts[index] ?? ''));
}

function arnParts(arn: string): readonly string[] | undefined {
  const parts = arn.split(':');
  return parts.length < 6 ? undefined : [...parts.slice(0, 5), parts.slice(5).join(':')];
}
