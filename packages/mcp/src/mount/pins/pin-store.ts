import { createHash } from "node:crypto";
import type { JsonObject } from "@agentwerk/core";
import * as z from "zod";
import { readPrivate, writePrivate } from "../state/private-file.ts";
import { canonical } from "../tools/canonical.ts";

const pinFile = z.object({ tools: z.record(z.string(), z.string()) });

/** Hashes by the server's own name of the tool. */
export type Pins = ReadonlyMap<string, string>;

/** The definitions that a user trusts of one server, in a file. */
export interface PinStore {
  /** Undefined before the first use; @throws when the file cannot be read. */
  read(): Promise<Pins | undefined>;
  write(pins: Pins): Promise<void>;
}

export function filePins(path: string): PinStore {
  return {
    async read() {
      const text = await readPrivate(path);
      if (text === undefined) return undefined;
      // A file that was tampered with or cut trusts nothing: every tool waits for the user.
      const parsed = pinFile.safeParse(parse(text));
      return new Map(parsed.success ? Object.entries(parsed.data.tools) : []);
    },
    async write(pins) {
      await writePrivate(path, `${JSON.stringify({ tools: Object.fromEntries(pins) }, undefined, 2)}\n`);
    },
  };
}

/** What a model is led by: a change of any of it is another tool. */
const pinned = ["name", "title", "description", "inputSchema", "outputSchema", "annotations"] as const;

/** SHA-256 of a tool's definition, whatever the order of its keys. */
export function hashOfTool(tool: JsonObject): string {
  const parts = Object.fromEntries(
    pinned.flatMap((key) => {
      const value = tool[key];
      return value === undefined ? [] : [[key, value] as const];
    }),
  );
  return createHash("sha256").update(canonical(parts)).digest("hex");
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
