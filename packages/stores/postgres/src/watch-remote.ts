import { systemClock } from "@agentwerk/core";
import type pg from "pg";
import type { Database } from "./database.ts";
import { LogFront } from "./log-front.ts";

/** Own writes are told to others at most this often: one notification at once, the next ones gathered. */
const gatherMs = 5;
/** After so long without a word the next one rides in the transaction it tells of, which is sooner; see `rider`. */
const quietMs = 250;
/** Looks that catch what a notification that got lost would have told. */
const safetyMs = 5_000;
/** How long a notification of ours may take to come back before the way is taken for one that drops them. */
const echoMs = 2_000;
const reconnectMs = 1_000;

export interface RemoteWatchOptions {
  readonly database: Database;
  readonly namespace: () => Promise<number>;
  /** Names this store object, so that it knows its own notifications. */
  readonly origin: string;
  /** Nothing can be listened for: looks are all there is. */
  readonly isDeaf: boolean;
  readonly pollMs: number;
  /** Resolves when the step that is on its way has been answered. */
  readonly settled: () => Promise<void>;
  readonly onRemote: () => void;
}

/** A notification that a step sends as it commits. */
export interface Rider {
  readonly channel: string;
  readonly payload: string;
}

/**
 * Tells that others wrote. off → connecting → listening, where a notification tells at once; or deaf, where the log's
 * newest ids are looked at every `pollMs`: without LISTEN, while the connection is down, and when a notification of our own
 * does not come back, as behind a pooler that drops them. While listening they are looked at every 5 s all the same.
 */
export class RemoteWatch {
  readonly #options: RemoteWatchOptions;
  #isOn = false;
  #listener: pg.Client | undefined;
  #isHearing = false;
  #cancelLook: (() => void) | undefined;
  #cancelReconnect: (() => void) | undefined;
  #cancelEcho: (() => void) | undefined;
  #cancelTell: (() => void) | undefined;
  #toldAt = Number.NEGATIVE_INFINITY;
  #isLooking = false;
  readonly #front: LogFront;

  constructor(options: RemoteWatchOptions) {
    this.#options = options;
    this.#front = new LogFront(options.database);
  }

  start(): void {
    this.#isOn = true;
    void this.#look();
    if (!this.#options.isDeaf) void this.#listen();
  }

  stop(): void {
    this.#isOn = false;
    this.#cancelLook?.();
    this.#cancelReconnect?.();
    this.#drop();
  }

  /**
   * What a step that writes says to others as it commits, if nothing was said for a while: they hear of it a round trip
   * sooner. Under load it would make commits wait for each other's disk.
   */
  rider(namespace: number): Rider | undefined {
    const now = performance.now();
    if (this.#cancelTell !== undefined || now < this.#toldAt + quietMs) return undefined;
    this.#toldAt = now;
    const { database, origin } = this.#options;
    return { channel: channelOf(database, namespace), payload: origin };
  }

  /** This process wrote events with these ids. `isTold`: a rider said so. */
  tellOthers(ids: readonly number[], { isTold }: { readonly isTold: boolean }): void {
    if (this.#isOn) this.#front.add(ids);
    if (isTold || this.#cancelTell !== undefined) return;
    const wait = this.#toldAt + gatherMs - performance.now();
    if (wait <= 0) this.#tell();
    else {
      this.#cancelTell = systemClock.setTimer(() => {
        this.#cancelTell = undefined;
        this.#tell();
      }, wait);
    }
  }

  /** After the commit and in a transaction of its own: a NOTIFY takes a lock of the whole server until its commit is on the disk. */
  #tell(): void {
    this.#toldAt = performance.now();
    const { database, namespace, origin } = this.#options;
    const send = async (): Promise<void> => {
      const channel = channelOf(database, await namespace());
      await database.query("SELECT pg_notify($1, $2) FROM set_config('synchronous_commit', 'off', true)", [
        channel,
        origin,
      ]);
    };
    // The events are stored; who is not told looks for them.
    send().catch(() => undefined);
  }

  async #listen(): Promise<void> {
    const { database, namespace, origin } = this.#options;
    const client = database.listener();
    this.#listener = client;
    const fail = (): void => {
      if (this.#listener !== client) return;
      this.#drop();
      this.#cancelReconnect = systemClock.setTimer(() => void this.#listen(), reconnectMs);
      this.#hurryLook();
    };
    client.on("error", fail);
    client.on("end", fail);
    client.on("notification", ({ payload }) => {
      if (!this.#isHearing) {
        this.#isHearing = true;
        this.#cancelEcho?.();
      }
      if (payload !== origin && payload !== `${origin} echo`) this.#options.onRemote();
    });
    try {
      await client.connect();
      const channel = channelOf(database, await namespace());
      await client.query(`LISTEN ${channel}`);
      if (!this.#isOn) {
        this.#drop();
        return;
      }
      this.#cancelEcho = systemClock.setTimer(() => this.#hurryLook(), echoMs);
      await database.query("SELECT pg_notify($1, $2)", [channel, `${origin} echo`]);
      // What was written while nobody listened.
      void this.#look();
    } catch {
      fail();
    }
  }

  #drop(): void {
    this.#isHearing = false;
    this.#cancelEcho?.();
    const client = this.#listener;
    this.#listener = undefined;
    client?.end().catch(() => undefined);
  }

  #hurryLook(): void {
    this.#cancelLook?.();
    void this.#look();
  }

  async #look(): Promise<void> {
    if (this.#isLooking || !this.#isOn) return;
    this.#isLooking = true;
    this.#cancelLook?.();
    const { namespace, pollMs, settled, onRemote } = this.#options;
    const front = this.#front;
    try {
      const look = await front.look(await namespace());
      if (front.hasOthers(look)) {
        // Some of it may be of a step of ours that is on its way.
        await settled();
        if (front.hasOthers(look) && this.#isOn) onRemote();
      }
      front.keep(look);
    } catch {
      // The server is away; the next look tells.
    }
    this.#isLooking = false;
    if (this.#isOn)
      this.#cancelLook = systemClock.setTimer(() => void this.#look(), this.#isHearing ? safetyMs : pollMs);
  }
}

function channelOf({ schema }: Database, namespace: number): string {
  return `${schema.slice(1, -1)}_${namespace}`;
}
