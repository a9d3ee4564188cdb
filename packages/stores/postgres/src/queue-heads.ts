/** So long may a ticket be passed over that another process gives back to the queue before the place we are at. */
const freshMs = 100;
/** Label sets that are remembered; agents have a few. */
const most = 100;

/** A place in the queues of some labels: by rank, which is the negative priority, then by ticket. */
export interface QueuePlace {
  readonly rank: number;
  readonly number: number;
}

/**
 * How far this process was in the queues of its agents, so that a claim need not step over all that was taken before it.
 * A place holds for 100 ms from the last look at the whole queue, and until this process queues something. Higher priorities
 * and new tickets, which stand behind it, are seen by every claim; only a ticket that another process gives back or retries
 * is passed over for that long, by a process that finds enough others to take.
 */
export class QueueHeads {
  readonly #places = new Map<string, QueuePlace & { readonly lookedAt: number }>();

  /** `queues`: as the request names them. */
  placeIn(queues: string): QueuePlace | undefined {
    const place = this.#places.get(queues);
    return place !== undefined && performance.now() < place.lookedAt + freshMs ? place : undefined;
  }

  /** `isWhole`: a look at the whole queue led there. */
  keep(queues: string, place: QueuePlace, { isWhole }: { readonly isWhole: boolean }): void {
    const lookedAt = isWhole ? performance.now() : this.#places.get(queues)?.lookedAt;
    if (lookedAt === undefined) return;
    if (this.#places.size >= most) this.#places.clear();
    this.#places.set(queues, { ...place, lookedAt });
  }

  /** This process queued something, perhaps before these places. */
  forget(): void {
    this.#places.clear();
  }
}
