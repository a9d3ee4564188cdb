import type { ToolList } from "../tools/list-tools.ts";
import type { QuarantinedTool, ServerTool } from "../tools/read-tool.ts";
import type { PinStore } from "./pin-store.ts";

/** Keeps back what is not as the user trusted it. The first list of a server is trusted, and pinned. */
export async function judgeByPins(list: ToolList, store: PinStore): Promise<ToolList> {
  const pins = await store.read();
  if (pins === undefined) {
    await store.write(new Map(list.tools.map(({ name, hash }) => [name, hash])));
    return list;
  }
  const tools: ServerTool[] = [];
  const quarantined: QuarantinedTool[] = [...list.quarantined];
  for (const tool of list.tools) {
    const pin = pins.get(tool.name);
    if (pin === tool.hash) tools.push(tool);
    else quarantined.push(toQuarantined(tool, pin === undefined));
  }
  return { tools, quarantined };
}

function toQuarantined({ name }: ServerTool, isAdded: boolean): QuarantinedTool {
  return isAdded
    ? { tool: name, reason: "added", message: "the server has added it since you accepted its tools" }
    : { tool: name, reason: "changed", message: "the server has changed it since you accepted it" };
}
