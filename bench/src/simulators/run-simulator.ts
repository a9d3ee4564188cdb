// A simulated model that calls the lookup tool in each turn but the last, and then writes the result.
import { startSimulator } from "@agentwerk/llm-simulator";
import { lookupName, spokenText } from "../contenders/the-work.ts";

const turns = Number(process.argv[2] ?? 2);

const simulator = await startSimulator({
  recordLimit: 0,
  respond({ messages }) {
    let answers = 0;
    for (const { role } of messages) if (role === "assistant") answers += 1;
    if (answers >= turns - 1) return { toolCalls: [{ name: "write_result", input: { entry: "in stock" } }] };
    return { text: spokenText, toolCalls: [{ name: lookupName, input: { id: String(answers + 1) } }] };
  },
});
process.once("disconnect", () => void simulator.close());
process.send?.(simulator.baseUrl);
