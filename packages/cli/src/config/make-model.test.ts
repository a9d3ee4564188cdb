import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineModel, type Plugin } from "@agentwerk/core";
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { makeModel } from "./make-model.ts";

const root = mkdtempSync(join(tmpdir(), "agentwerk-models-"));
const provider = { name: "acme", respond: () => Promise.reject(new Error("no")) };
const plugins: readonly Plugin[] = [
  { name: "acme", providers: { acme: (name) => defineModel({ provider, name }) } },
];
const options = { field: "agents[0].model", root, plugins };

beforeEach(() => {
  for (const vendor of ["OPENAI", "ANTHROPIC", "MISTRAL", "LITELLM"]) {
    for (const suffix of ["API_KEY", "BASE_URL", "MODEL", "PROVIDER"])
      vi.stubEnv(`${vendor}_${suffix}`, undefined);
  }
  vi.stubEnv("MODEL", undefined);
  vi.stubEnv("OPENAI_API_KEY", "sk-test");
});

afterEach(() => vi.unstubAllEnvs());
afterAll(() => rmSync(root, { recursive: true }));

describe("a model by name", () => {
  test("comes from its vendor's package, a plugin or the environment", async () => {
    expect(await makeModel("openai:gpt-4.1", options)).toMatchObject({
      name: "gpt-4.1",
      provider: { name: "openai" },
    });
    expect(await makeModel("acme:big:latest", options)).toMatchObject({
      name: "big:latest",
      provider: { name: "acme" },
    });
    expect(await makeModel("env", options)).toMatchObject({ name: "gpt-5" });
    expect(await makeModel("gpt-5-mini", options)).toMatchObject({
      name: "gpt-5-mini",
      provider: { name: "openai" },
    });
    const ready = defineModel({ provider, name: "ready" });
    expect(await makeModel(ready, options)).toBe(ready);
  });

  test("whose vendor nobody brings is refused with those there are", async () => {
    await expect(makeModel("opnai:gpt-5", options)).rejects.toThrow(
      "agents[0].model names the vendor opnai, which nobody here brings; did you mean openai?",
    );
    await expect(makeModel("zzz:1", options)).rejects.toThrow(
      "the vendors here are anthropic, openai, mistral, litellm, acme",
    );
  });
});
