import { expect, test } from "vitest";
import { explainOldNode } from "./explain-old-node.ts";

test.each(["18.20.8", "20.19.5", "22.12.0"])("Node %s gets one line with the next step", (version) => {
  expect(explainOldNode(version)).toMatch(
    /^agentwerk: Node \S+ is too old; install Node 22\.13 or later, .+$/,
  );
});

test.each(["22.13.0", "24.0.0", "30.1.2"])("Node %s is new enough", (version) => {
  expect(explainOldNode(version)).toBeUndefined();
});
