import { fakeClock } from "@agentwerk/core/testing";
import { Client } from "@modelcontextprotocol/client";
import { describe, expect, it } from "vitest";
import { TailLog } from "../transport/tail-log.ts";
import { ServerConnection } from "./server-connection.ts";

function connection(connect: () => Promise<Client>) {
  const clock = fakeClock();
  const states: string[] = [];
  let attempts = 0;
  const made: ServerConnection = new ServerConnection({
    server: "s",
    clock,
    log: new TailLog(),
    connect: () => {
      attempts++;
      return connect();
    },
    onChange: () => void states.push(made.state),
  });
  return { made, clock, states, attempts: () => attempts };
}

const client = (): Client => new Client({ name: "test", version: "1" });
const failing = (): Promise<Client> => Promise.reject(new Error("no such host"));

describe("the connection to a server", () => {
  it("is made once, however many ask", async () => {
    const { made, attempts, states } = connection(async () => client());
    const [one, other] = await Promise.all([made.open(), made.open()]);
    expect(one).toBe(other);
    expect(await made.open()).toBe(one);
    expect(attempts()).toBe(1);
    expect(states).toEqual(["connecting", "ready"]);
  });

  it("is tried again at once after one failure, and then ever later", async () => {
    const { made, clock, attempts } = connection(failing);
    const tryIt = (): Promise<string> => made.open().then(String, (error: Error) => error.message);
    expect(await tryIt()).toContain("no such host");
    expect(await tryIt()).toContain("no such host");
    expect(await tryIt()).toMatch(/no such host \(tried again in 1 s\)/);
    expect(attempts()).toBe(2);
    for (const seconds of [1, 2, 4, 8, 16, 32, 60, 60]) {
      const before = attempts();
      clock.advance(seconds * 1_000 - 1);
      await tryIt();
      expect(attempts()).toBe(before);
      clock.advance(1);
      await tryIt();
      expect(attempts()).toBe(before + 1);
    }
    made.retry();
    const before = attempts();
    await tryIt();
    expect(attempts()).toBe(before + 1);
  });

  it("that held for a while and is lost counts as a first failure", async () => {
    const { made, clock, attempts } = connection(async () => client());
    for (let round = 0; round < 5; round++) {
      const open = await made.open();
      clock.advance(10_000);
      made.drop(open, "it broke");
      expect(made).toMatchObject({ state: "idle", reason: "it broke" });
    }
    expect(attempts()).toBe(5);
  });

  it("lets one who waits give up, and goes on for the others", async () => {
    const gate = Promise.withResolvers<Client>();
    const { made } = connection(() => gate.promise);
    const controller = new AbortController();
    const impatient = made.open(controller.signal);
    const patient = made.open();
    controller.abort(new Error("enough"));
    await expect(impatient).rejects.toThrow("enough");
    gate.resolve(client());
    expect(await patient).toBeInstanceOf(Client);
  });

  it("shows no more of what a server says than a person can read", async () => {
    const { made } = connection(() => Promise.reject(new Error(`\u001b[2J\u202eno${"o".repeat(1_000_000)}`)));
    const message = await made.open().then(String, (error: Error) => error.message);
    expect(message).toMatch(/cannot be used: \[2Jnoo/);
    expect(message.length).toBeLessThan(3_000);
  });

  it("stays closed", async () => {
    const { made } = connection(async () => client());
    await made.open();
    await made.close();
    await expect(made.open()).rejects.toMatchObject({ code: "closed" });
    expect(made.state).toBe("closed");
  });
});
