import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
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
  vi.stubEnv("MODEL_CONTEXT_WINDOW", undefined);
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

  test("of the environment comes from the package that the project has, after `npx agentwerk` the only one", async () => {
    const folder = join(root, "node_modules/@agentwerk/mistral");
    mkdirSync(folder, { recursive: true });
    const manifest = { name: "@agentwerk/mistral", type: "module", exports: "./index.js" };
    writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
    const source = `export function mistral(name, { contextWindow = 1 }) {
      return { name, provider: { name: "mistral of the project" }, contextWindow };
    }`;
    writeFileSync(join(folder, "index.js"), source);
    vi.stubEnv("OPENAI_API_KEY", undefined);
    vi.stubEnv("MISTRAL_API_KEY", "key");
    const usual = {
      name: "mistral-large-latest",
      provider: { name: "mistral of the project" },
      contextWindow: 1,
    };
    expect(await makeModel("env", options)).toEqual(usual);
    vi.stubEnv("MISTRAL_MODEL", "own");
    vi.stubEnv("MODEL_CONTEXT_WINDOW", "32000");
    expect(await makeModel("env", options)).toEqual({ ...usual, name: "own", contextWindow: 32_000 });
    expect(await makeModel("asked", options)).toMatchObject({ name: "asked" });
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
