import { expect, test } from "vitest";
import { explainOldNode } from "./explain-old-node.ts";

test.each(["18.20.4", "20.20.2", "22.12.0"])("Node %s gets one line with the next step", (version) => {
  expect(explainOldNode("chat", version)).toMatch(/^chat: Node .* install Node 22\.13 or later.*$/);
});

test.each(["22.13.0", "23.0.0", "24.21.0"])("Node %s is fine", (version) => {
  expect(explainOldNode("chat", version)).toBeUndefined();
});
