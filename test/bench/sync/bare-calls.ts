/** Calls a second that the platform answers when so many are always in flight and nothing else is done: the baseline. */
export async function bareCallsPerSecond(
  url: string,
  token: string,
  ids: readonly string[],
  { inFlight, calls }: { readonly inFlight: number; readonly calls: number },
): Promise<number> {
  let left = calls;
  const start = performance.now();
  const one = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const id = ids[left % ids.length] ?? '';
      const response = await fetch(`${url}/scores/get_odl_scores?syned_user_id=${encodeURIComponent(id)}`, {
        headers: { authorization: `Bearer ${token}` },
      });
      await response.text();
    }
  };
  await Promise.all(Array.from({ length: inFlight }, one));
  return (calls * 1_000) / (performance.now() - start);
}
