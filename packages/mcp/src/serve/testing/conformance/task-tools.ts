import { setTimeout as sleep } from "node:timers/promises";
import {
  acceptedContent,
  type CallToolResult,
  inputRequired,
  MissingRequiredClientCapabilityError,
  type ServerContext,
} from "@modelcontextprotocol/server";
import { z } from "zod";
import { declaresTasks, tasksCapability, toTaskResult } from "../../tasks/attach-tasks.ts";
import type { FixtureTasks, TaskWork } from "./fixture-tasks.ts";
import { type FixtureTool, objectOf, text } from "./fixture-tool.ts";

/** Tools whose calls go on as tasks, for clients that take them. */
export function taskTools(tasks: FixtureTasks): readonly FixtureTool[] {
  const begin = (work: (task: TaskWork) => Promise<CallToolResult>): CallToolResult =>
    toTaskResult(tasks.start(work));
  return [
    {
      name: "greet",
      inputSchema: objectOf({ name: { type: "string" } }),
      run: ({ name }) => text(`Hello, ${String(name)}!`),
    },
    {
      name: "slow_compute",
      inputSchema: { type: "object", properties: { seconds: { type: "number" }, label: { type: "string" } } },
      async run({ seconds }, context) {
        const ms = Number(seconds ?? 0) * 1_000;
        if (declaresTasks(context)) return begin(({ signal }) => compute(ms, signal));
        return compute(ms, context.mcpReq.signal);
      },
    },
    {
      name: "failing_job",
      run(_, context) {
        requireTasks(context);
        return begin(async () => {
          await sleep(1_000);
          return { ...text("The job failed."), isError: true };
        });
      },
    },
    {
      name: "protocol_error_job",
      run(_, context) {
        requireTasks(context);
        return begin(() => Promise.reject(new Error("The job broke.")));
      },
    },
    {
      name: "confirm_delete",
      inputSchema: objectOf({ filename: { type: "string" } }),
      run({ filename }, context) {
        requireTasks(context);
        return begin(async ({ ask }) => {
          await ask({ confirm: `Delete ${String(filename)}?` });
          return text(`Deleted ${String(filename)}.`);
        });
      },
    },
    {
      name: "multi_input",
      run(_, context) {
        requireTasks(context);
        return begin(async ({ ask }) => {
          const answers = await ask({ first: "The first?", second: "The second?" });
          return text(`${answers.size} answers.`);
        });
      },
    },
    {
      name: "test_tool_with_task",
      run(_, context) {
        requireTasks(context);
        const answer = acceptedContent(
          context.mcpReq.inputResponses,
          "user_name",
          z.object({ name: z.string() }),
        );
        if (answer !== undefined) return begin(async () => text(`Hello, ${answer.name}!`));
        const requestedSchema = {
          type: "object" as const,
          properties: { name: { type: "string" as const } },
        };
        const user_name = inputRequired.elicit({ message: "What is your name?", requestedSchema });
        return inputRequired({ inputRequests: { user_name } });
      },
    },
  ];
}

async function compute(ms: number, signal: AbortSignal): Promise<CallToolResult> {
  await sleep(ms, undefined, { signal });
  return text("Computed.");
}

function requireTasks(context: ServerContext): void {
  if (declaresTasks(context)) return;
  throw new MissingRequiredClientCapabilityError({ requiredCapabilities: { extensions: tasksCapability } });
}
