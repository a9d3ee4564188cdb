import { type Interrupts, listenForInterrupts } from "./interrupts.ts";

export interface InterruptibleRun<Opened> {
  /** Tells that the first signal came; called once at most. */
  readonly onInterrupt?: () => void;
  /** Loads what the work needs, such as a model; it is closed at the end. */
  readonly open: () => Promise<Opened>;
  /** Resolves with the exit code; once a signal came, the code of that counts. */
  readonly work: (opened: Opened, interrupts: Interrupts) => Promise<number>;
  /** What is shown ends, also when the work failed; called before what was opened is closed. */
  readonly stop: () => void;
}

/** Runs work that signals end in order, and not at all when one came while it was opened; resolves with the exit code. */
export async function runInterruptible<Opened extends { close(): Promise<void> } | undefined>(
  run: InterruptibleRun<Opened>,
): Promise<number> {
  using interrupts = listenForInterrupts(() => run.onInterrupt?.());
  const opened = await run.open();
  try {
    const code = interrupts.exitCode ?? (await run.work(opened, interrupts));
    return interrupts.exitCode ?? code;
  } finally {
    run.stop();
    await opened?.close();
  }
}
