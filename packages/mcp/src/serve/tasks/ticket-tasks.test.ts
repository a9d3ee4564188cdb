import { describe, expect, test } from "vitest";
import { askingAgent, echoAgent, payingAgent } from "../testing/agents.ts";
import { type ModernAnswer, sendModern } from "../testing/modern-request.ts";
import { type ServedSystem, serveSystem } from "../testing/served-system.ts";

const extension = "io.modelcontextprotocol/tasks";

interface Caller {
  readonly name?: string;
  readonly declares?: boolean;
}

function post(
  { served }: ServedSystem,
  method: string,
  params: Record<string, unknown>,
  { name = "ann", declares = true }: Caller = {},
): Promise<Response> {
  return sendModern({ url: served.url, name, method, params, takesTasks: declares });
}

async function request(...asked: Parameters<typeof post>): Promise<ModernAnswer> {
  return (await (await post(...asked)).json()) as ModernAnswer;
}

async function file(
  system: ServedSystem,
  task: string,
  labels: string[] = [],
): Promise<Record<string, unknown>> {
  const { result } = await request(system, "tools/call", {
    name: "ticket_file",
    arguments: { task, labels },
  });
  return result;
}

function get(system: ServedSystem, taskId: unknown): Promise<Record<string, unknown>> {
  return request(system, "tasks/get", { taskId }).then(({ result }) => result);
}

async function untilAsked(
  system: ServedSystem,
  taskId: unknown,
): Promise<[string, { params: { message: string } }]> {
  await expect.poll(() => get(system, taskId)).toMatchObject({ status: "input_required" });
  const { inputRequests } = await get(system, taskId);
  return (
    Object.entries(inputRequests as Record<string, { params: { message: string } }>)[0] ?? [
      "",
      { params: { message: "" } },
    ]
  );
}

describe("a ticket as a task", () => {
  test("is what filing answers to a client that takes tasks, and to no other", async () => {
    await using system = await serveSystem({ work: false });

    expect(await file(system, "hello")).toMatchObject({
      resultType: "task",
      taskId: "TICKET-1",
      status: "working",
      createdAt: expect.stringMatching(/Z$/),
      ttlMs: null,
    });
    const call = { name: "ticket_file", arguments: { task: "hello", wait_seconds: 0 } };
    expect((await request(system, "tools/call", call)).result).toMatchObject({ resultType: "complete" });
    const plain = { name: "ticket_file", arguments: { task: "hello" } };
    expect((await request(system, "tools/call", plain, { declares: false })).result).toMatchObject({
      resultType: "complete",
    });
  });

  test("completes with what the call would have answered", async () => {
    await using system = await serveSystem({ agents: [echoAgent()] });
    const { taskId } = await file(system, "hello");

    await expect.poll(() => get(system, taskId)).toMatchObject({ status: "completed" });
    expect(await get(system, taskId)).toMatchObject({
      resultType: "complete",
      result: {
        content: [{ type: "text", text: "TICKET-1 is done. Result:\nHELLO" }],
        structuredContent: { settled: true, ticket: { result: "HELLO" } },
      },
    });
  });

  test("requires input while a person is asked, under a key of its own for each question", async () => {
    await using system = await serveSystem({ agents: [askingAgent()] });
    const { taskId } = await file(system, "paint", ["ask"]);
    const [key, { params }] = await untilAsked(system, taskId);

    expect(params.message).toBe("Which colour?");
    await request(system, "tasks/update", {
      taskId,
      inputResponses: { other: { action: "accept", content: {} } },
    });
    await request(system, "tasks/update", { taskId, inputResponses: { [key]: { action: "cancel" } } });
    expect(await get(system, taskId)).toMatchObject({
      status: "input_required",
      inputRequests: { [key]: {} },
    });
    const answer = { action: "accept", content: { reply: "blue" } };
    const { result } = await request(system, "tasks/update", { taskId, inputResponses: { [key]: answer } });

    expect(result).toMatchObject({ resultType: "complete" });
    expect(result).not.toHaveProperty("taskId");
    await expect.poll(() => get(system, taskId)).toMatchObject({ status: "completed" });
    expect(await get(system, taskId)).toMatchObject({
      result: { structuredContent: { ticket: { result: "blue" } } },
    });
  });

  test("requires input while a call waits for an approval", async () => {
    await using system = await serveSystem({ agents: [payingAgent()] });
    for (const [decision, result] of [
      ["approve", "paid 5"],
      ["reject", "too much"],
    ]) {
      const { taskId } = await file(system, `pay and ${decision}`, ["pay"]);
      const [key, { params }] = await untilAsked(system, taskId);
      expect(params.message).toContain('wants to call pay with {"amount":5}');
      const answer = { action: "accept", content: { decision, reason: "too much" } };
      await request(system, "tasks/update", { taskId, inputResponses: { [key]: answer } });

      await expect.poll(() => get(system, taskId)).toMatchObject({ status: "completed" });
      expect(JSON.stringify(await get(system, taskId))).toContain(result);
    }
  });

  test("that failed completes with an error, one that was cancelled is cancelled", async () => {
    await using system = await serveSystem({ work: false });
    const first = await file(system, "fails");
    const second = await file(system, "is cancelled");
    const [claim] = await system.tickets.store.claim({
      worker: "w",
      wants: [{ agent: "a", labels: [], limit: 1 }],
      leaseMs: 1_000,
    });
    if (claim === undefined) throw new Error("nothing to claim");
    const failure = { reason: "given_up", message: "no way" } as const;
    await system.tickets.store.commit(claim.lease, { outcome: { status: "failed", failure } });

    expect(await get(system, first.taskId)).toMatchObject({ status: "completed", result: { isError: true } });
    for (let time = 0; time < 2; time++) {
      const { result } = await request(system, "tasks/cancel", { taskId: second.taskId });
      expect(result).toMatchObject({ resultType: "complete" });
    }
    expect(await get(system, second.taskId)).toMatchObject({ status: "cancelled" });
  });

  test("is not there for another principal, for a client that takes no tasks, and for one that may only read", async () => {
    const principals = [{ name: "reader", sees: "all", profile: "read" }] as const;
    await using system = await serveSystem({ work: false, principals });
    const { taskId } = await file(system, "secret");

    for (const method of ["tasks/get", "tasks/update", "tasks/cancel"]) {
      const params = { taskId, inputResponses: {} };
      expect((await request(system, method, params, { name: "eve" })).error, method).toMatchObject({
        code: -32_602,
      });
      expect((await request(system, method, params, { declares: false })).error, method).toMatchObject({
        code: -32_021,
        data: { requiredCapabilities: { extensions: { [extension]: {} } } },
      });
    }
    const { error } = await request(system, "tasks/cancel", { taskId }, { name: "reader" });
    expect(error).toMatchObject({ code: -32_602 });
    expect(await get(system, taskId)).toMatchObject({ status: "working" });
  });

  test("tells a subscriber of its states, and of no task that is not there for it", async () => {
    await using system = await serveSystem({ agents: [echoAgent()], work: false });
    const { taskId } = await file(system, "hello");
    await system.tickets.task("of somebody else");
    const notifications = { taskIds: [taskId, "TICKET-2", "TICKET-3"] };

    const refused = await post(system, "subscriptions/listen", { notifications }, { declares: false });
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({ error: { code: -32_021 } });
    const response = await post(system, "subscriptions/listen", { notifications });
    const told = messagesOf(response);
    expect((await told.next()).value).toMatchObject({
      method: "notifications/subscriptions/acknowledged",
      params: { notifications: { taskIds: [taskId] } },
    });
    const running = system.tickets.runDry();

    const states: unknown[] = [];
    for await (const { method, params } of told) {
      expect(method).toBe("notifications/tasks");
      expect(params.taskId).toBe(taskId);
      expect(params._meta).toHaveProperty("io.modelcontextprotocol/subscriptionId");
      states.push(params.status);
      if (params.status === "completed") break;
    }
    expect(states.at(0)).toBe("working");
    await running;
  });
});

interface Told {
  readonly method: string;
  readonly params: Record<string, unknown>;
}

async function* messagesOf({ body }: Response): AsyncGenerator<Told> {
  let rest = "";
  for await (const text of body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const frames = (rest + text).split("\n\n");
    rest = frames.pop() ?? "";
    for (const frame of frames) {
      const data = /^data: (.*)$/m.exec(frame)?.[1];
      if (data !== undefined) yield JSON.parse(data);
    }
  }
}
