import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { parseTicketKey } from "../ticket/ticket-key.ts";
import { OutputFiles } from "./output-files.ts";

test.runIf(existsSync("/proc/self"))(
  "a folder that cannot be made is told, and not tried for ever",
  async () => {
    const outputs = new OutputFiles({ dir: "/proc/agentwerk", namespace: "default" });
    const save = outputs.save({ ticket: parseTicketKey("TICKET-1"), callId: "c1", text: "long" });
    await expect(save).rejects.toThrow("The folder /proc/agentwerk/outputs/TICKET-1 cannot be made");
  },
);
