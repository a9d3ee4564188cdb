const queues = new Map<string, Promise<void>>();

/** Runs `work` when nobody else in this process works on `key`, in the order of asking. */
export async function withFileLock<Value>(key: string, work: () => Promise<Value>): Promise<Value> {
  const before = queues.get(key) ?? Promise.resolve();
  const running = before.then(work);
  const settled = running.then(
    () => {},
    () => {},
  );
  queues.set(key, settled);
  try {
    return await running;
  } finally {
    if (queues.get(key) === settled) queues.delete(key);
  }
}
