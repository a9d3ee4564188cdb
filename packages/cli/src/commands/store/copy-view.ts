import type { CopyProgress } from "@agentwerk/core/store-kit";
import { count, groupDigits } from "../../show/format.ts";
import { LiveRegion } from "../../show/live-region.ts";
import { sanitizeLine } from "../../show/sanitize.ts";
import type { Terminal } from "../../show/terminal.ts";

const drawEveryMs = 100;
/** Where lines cannot be drawn again, as in the log of a job. */
const tellEveryMs = 10_000;

/** How far a copy is, on standard error. */
export class CopyView implements Disposable {
  readonly #log: Terminal;
  readonly #region: LiveRegion;
  #shownAt: number = performance.now();
  #phase: CopyProgress["phase"] = "copying";

  constructor(log: Terminal) {
    this.#log = log;
    this.#region = new LiveRegion(log, process.stderr);
  }

  show(progress: CopyProgress): void {
    const isNew = progress.phase !== this.#phase;
    const now = performance.now();
    if (!isNew && now - this.#shownAt < (this.#log.isLive ? drawEveryMs : tellEveryMs)) return;
    this.#phase = progress.phase;
    this.#shownAt = now;
    const line = describe(progress);
    if (!this.#log.isLive) {
      this.#log.write(`${line}\n`);
      return;
    }
    this.#region.open(() => undefined);
    this.#region.draw([line.slice(0, Math.max(0, this.#log.columns() - 1))]);
  }

  close(): void {
    this.#region.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

function describe(progress: CopyProgress): string {
  if (progress.phase === "waiting") {
    const [first] = progress.held;
    const named = first === undefined ? "" : `: ${first.key} by ${first.worker}`;
    const more = progress.held.length > 1 ? " and others" : "";
    return sanitizeLine(
      `Waiting for ${count(progress.held.length, "ticket")} that workers hold${named}${more}`,
    );
  }
  const { copied, of } = progress;
  const part = (done: number, all: number, noun: string): string =>
    `${groupDigits(done)} of ${count(all, noun)}`;
  return [
    part(copied.tickets, of.tickets, "ticket"),
    part(copied.replies, of.replies, "message"),
    part(copied.events, of.events, "event"),
  ].join(", ");
}
