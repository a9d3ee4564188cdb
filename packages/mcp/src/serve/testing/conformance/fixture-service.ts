import {
  InMemoryServerEventBus,
  ProtocolError,
  ProtocolErrorCode,
  Server,
} from "@modelcontextprotocol/server";
import type { McpService } from "../../mcp-service.ts";
import { attachTasks, tasksCapability } from "../../tasks/attach-tasks.ts";
import { taskUri } from "../../tasks/task-subscriptions.ts";
import { clientRequestTools } from "./client-request-tools.ts";
import { contentTools } from "./content-tools.ts";
import { fixturePrompts, getFixture } from "./fixture-prompts.ts";
import { fixtureResources, fixtureTemplate, readFixture } from "./fixture-resources.ts";
import { FixtureTasks } from "./fixture-tasks.ts";
import { inputRequiredTools, stateCodec } from "./input-required-tools.ts";
import { taskTools } from "./task-tools.ts";

/** Exactly what the official conformance suite expects of a server, to be served by the transports under test. */
export function fixtureService(): McpService {
  const bus = new InMemoryServerEventBus();
  const tasks = new FixtureTasks((taskId) => bus.publish({ kind: "resource_updated", uri: taskUri(taskId) }));
  const tools = [...contentTools(bus), ...clientRequestTools, ...inputRequiredTools, ...taskTools(tasks)];
  return {
    connect({ era }) {
      const server = new Server(
        { name: "conformance-fixture", version: "1.0.0" },
        {
          capabilities: {
            tools: { listChanged: true },
            resources: { subscribe: true, listChanged: true },
            prompts: { listChanged: true },
            logging: {},
            completions: {},
            ...(era === "modern" && { extensions: tasksCapability }),
          },
          requestState: { verify: stateCodec.verify },
        },
      );
      server.setRequestHandler("tools/list", () => ({
        tools: tools.map(({ name, inputSchema = { type: "object" as const } }) => ({
          name,
          description: `The suite calls ${name}.`,
          inputSchema,
        })),
      }));
      server.setRequestHandler("tools/call", ({ params }, context) => {
        const tool = tools.find(({ name }) => name === params.name);
        if (tool !== undefined) return tool.run(params.arguments ?? {}, context);
        throw new ProtocolError(ProtocolErrorCode.InvalidParams, `There is no tool ${params.name}.`);
      });
      server.setRequestHandler("resources/list", () => ({ resources: [...fixtureResources] }));
      server.setRequestHandler("resources/templates/list", () => ({ resourceTemplates: [fixtureTemplate] }));
      server.setRequestHandler("resources/read", ({ params }) => readFixture(params.uri));
      server.setRequestHandler("prompts/list", () => ({ prompts: [...fixturePrompts] }));
      server.setRequestHandler("prompts/get", ({ params }, context) =>
        getFixture(params.name, params.arguments ?? {}, context),
      );
      server.setRequestHandler("completion/complete", () => ({
        completion: { values: [], total: 0, hasMore: false },
      }));
      if (era === "legacy") {
        server.setRequestHandler("resources/subscribe", () => ({}));
        server.setRequestHandler("resources/unsubscribe", () => ({}));
      } else {
        attachTasks(server, tasks);
      }
      return server;
    },
    changes: () => bus,
    describeTask: (taskId) => tasks.get(taskId).catch(() => undefined),
    close: async () => {},
  };
}
