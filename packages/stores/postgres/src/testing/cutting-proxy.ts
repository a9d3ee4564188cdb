import { connect, createServer, type Socket } from "node:net";

/** A proxy on the loopback before a server, which cuts and holds back at a word. */
export interface CuttingProxy {
  readonly port: number;
  /** Breaks every connection now. */
  cut(): void;
  /** From now on nothing passes, in either direction, and nothing breaks: as a network that lost its cable. */
  freeze(): void;
  thaw(): void;
  /** The next time that a request holds `text`, it reaches the server, and the connection is cut before the answer passes. */
  cutAfterRequest(text: string): Promise<void>;
  /** The next request with `text` is kept; the connection is cut. Later it can be sent to the server all the same. */
  keepRequest(text: string): Promise<{ deliver(): Promise<void> }>;
  /** The next request with `text` waits here until it is delivered; the connection stays. */
  holdRequest(text: string): Promise<{ deliver(): Promise<void> }>;
  close(): Promise<void>;
}

interface Trap {
  readonly text: string;
  readonly kind: "cut" | "keep" | "hold";
  readonly sprung: (held: { deliver(): Promise<void> }) => void;
}

export async function startCuttingProxy(serverPort: number): Promise<CuttingProxy> {
  const pairs = new Set<readonly [Socket, Socket]>();
  let trap: Trap | undefined;
  let isFrozen = false;
  const waiting: (() => void)[] = [];
  const pass = (action: () => void): void => {
    if (isFrozen) waiting.push(action);
    else action();
  };

  const proxy = createServer((near) => {
    const far = connect(serverPort, "127.0.0.1");
    const pair = [near, far] as const;
    pairs.add(pair);
    const end = (): void => {
      pairs.delete(pair);
      near.destroy();
      far.destroy();
    };
    let isCut = false;
    near.on("data", (data) => {
      const found = trap;
      if (found === undefined || !data.includes(found.text)) {
        pass(() => far.write(data));
        return;
      }
      trap = undefined;
      if (found.kind === "hold") {
        found.sprung({ deliver: async () => void far.write(data) });
        return;
      }
      isCut = true;
      pairs.delete(pair);
      if (found.kind === "keep") {
        near.destroy();
        const answered = new Promise<void>((resolve) => far.once("data", () => resolve()));
        found.sprung({
          async deliver() {
            far.write(data);
            await answered;
            far.destroy();
          },
        });
        return;
      }
      far.write(data);
      // The answer proves that the server is through with it; it goes no further.
      far.once("data", () => {
        end();
        found.sprung({ deliver: async () => undefined });
      });
    });
    far.on("data", (data) => {
      if (!isCut) pass(() => near.write(data));
    });
    for (const socket of pair) {
      socket.on("error", () => undefined);
      socket.on("close", () => {
        if (!isCut) pass(end);
      });
    }
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  const address = proxy.address();
  const setTrap = (text: string, kind: Trap["kind"]): Promise<{ deliver(): Promise<void> }> =>
    new Promise((resolve) => {
      trap = { text, kind, sprung: resolve };
    });

  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    cut() {
      for (const [near, far] of pairs) {
        near.destroy();
        far.destroy();
      }
    },
    freeze() {
      isFrozen = true;
    },
    thaw() {
      isFrozen = false;
      for (const action of waiting.splice(0)) action();
    },
    cutAfterRequest: async (text) => void (await setTrap(text, "cut")),
    keepRequest: (text) => setTrap(text, "keep"),
    holdRequest: (text) => setTrap(text, "hold"),
    async close() {
      for (const [near, far] of pairs) {
        near.destroy();
        far.destroy();
      }
      await new Promise((resolve) => proxy.close(resolve));
    },
  };
}
