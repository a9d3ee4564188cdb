/** Works numbers from 0 to `tickets - 1`, so many at once: what a hand-written program does instead of a queue. */
export async function eachOf(
  { tickets, concurrency }: { readonly tickets: number; readonly concurrency: number },
  work: (number: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < tickets) await work(next++);
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
}
