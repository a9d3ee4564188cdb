import { randomUUID } from "node:crypto";
import { AgentwerkError } from "@agentwerk/core";
import type { CallToolResult } from "@modelcontextprotocol/server";
import type { DetailedTask, InputResponses, TaskSource } from "../../tasks/task-source.ts";

interface FixtureTask {
  task: DetailedTask;
  readonly requests: Map<string, string>;
  readonly answers: Map<string, unknown>;
  readonly answered: PromiseWithResolvers<void>;
  readonly cancelled: AbortController;
}

/** What a task's work may do while it goes on. */
export interface TaskWork {
  readonly signal: AbortSignal;
  /** Asks the client all of these at once; resolves with the answers by the names of the questions. */
  ask(questions: Readonly<Record<string, string>>): Promise<ReadonlyMap<string, unknown>>;
}

/** Tasks in memory, for the conformance suite's own tools. */
export class FixtureTasks implements TaskSource {
  readonly #tasks = new Map<string, FixtureTask>();
  readonly #onChange: (taskId: string) => void;

  constructor(onChange: (taskId: string) => void) {
    this.#onChange = onChange;
  }

  start(work: (task: TaskWork) => Promise<CallToolResult>): DetailedTask {
    const at = new Date().toISOString();
    const entry: FixtureTask = {
      task: {
        taskId: randomUUID(),
        status: "working",
        createdAt: at,
        lastUpdatedAt: at,
        ttlMs: 60_000,
        pollIntervalMs: 200,
      },
      requests: new Map(),
      answers: new Map(),
      answered: Promise.withResolvers(),
      cancelled: new AbortController(),
    };
    this.#tasks.set(entry.task.taskId, entry);
    const ask: TaskWork["ask"] = async (questions) => {
      for (const [name, message] of Object.entries(questions)) entry.requests.set(name, message);
      this.#change(entry, {});
      await entry.answered.promise;
      return entry.answers;
    };
    work({ signal: entry.cancelled.signal, ask }).then(
      (result) => this.#change(entry, { status: "completed", result }),
      (error: unknown) =>
        this.#change(entry, { status: "failed", error: { code: -32_603, message: String(error) } }),
    );
    return entry.task;
  }

  async get(taskId: string): Promise<DetailedTask> {
    return this.#find(taskId).task;
  }

  async update(taskId: string, responses: InputResponses): Promise<void> {
    const entry = this.#find(taskId);
    for (const [name, response] of Object.entries(responses)) {
      if (entry.requests.delete(name)) entry.answers.set(name, response);
    }
    this.#change(entry, {});
    if (entry.requests.size === 0) entry.answered.resolve();
  }

  async cancel(taskId: string): Promise<void> {
    const entry = this.#find(taskId);
    this.#change(entry, { status: "cancelled" });
    entry.cancelled.abort();
  }

  #find(taskId: string): FixtureTask {
    const entry = this.#tasks.get(taskId);
    if (entry !== undefined) return entry;
    throw new AgentwerkError({ code: "not_found", message: `no task ${taskId}` });
  }

  #change(entry: FixtureTask, change: Partial<DetailedTask>): void {
    const { inputRequests: _, ...task } = entry.task;
    if (task.status !== "working" && task.status !== "input_required") return;
    const lastUpdatedAt = new Date().toISOString();
    const isAsking = change.status === undefined && entry.requests.size > 0;
    entry.task = isAsking
      ? { ...task, status: "input_required", lastUpdatedAt, inputRequests: toRequests(entry.requests) }
      : { ...task, status: "working", lastUpdatedAt, ...change };
    this.#onChange(task.taskId);
  }
}

function toRequests(questions: ReadonlyMap<string, string>): NonNullable<DetailedTask["inputRequests"]> {
  const requests = [...questions].map(([name, message]) => {
    const requestedSchema = {
      type: "object",
      properties: { confirm: { type: "boolean" } },
      required: ["confirm"],
    };
    return [
      name,
      { method: "elicitation/create", params: { mode: "form", message, requestedSchema } },
    ] as const;
  });
  return Object.fromEntries(requests);
}
