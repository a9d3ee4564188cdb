import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, expect, test, vi } from "vitest";
import { modelFromEnvironment } from "./model-from-environment.ts";

const root = mkdtempSync(join(tmpdir(), "agentwerk-env-models-"));

/** Sees no vendor's package, as the one that `npx` has brought. */
const providers = `export function modelFromEnv() {
  const error = new Error("@agentwerk/mistral is not beside me");
  throw Object.assign(error, { code: "missing_dependency", [Symbol.for("agentwerk.error")]: true });
}`;
const mistral = `export function mistral(name, { contextWindow = 1 } = {}) {
  return { name, provider: { name: "mistral" }, contextWindow };
}`;

function install(name: string, source: string): void {
  const folder = join(root, "node_modules", name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, "package.json"),
    JSON.stringify({ name, type: "module", exports: "./index.js" }),
  );
  writeFileSync(join(folder, "index.js"), source);
}

install("@agentwerk/providers", providers);
install("@agentwerk/mistral", mistral);

beforeEach(() => {
  for (const vendor of ["OPENAI", "ANTHROPIC", "MISTRAL", "LITELLM"]) {
    for (const suffix of ["API_KEY", "BASE_URL", "MODEL", "PROVIDER"])
      vi.stubEnv(`${vendor}_${suffix}`, undefined);
  }
  vi.stubEnv("MODEL", undefined);
  vi.stubEnv("MODEL_CONTEXT_WINDOW", undefined);
});

afterEach(() => vi.unstubAllEnvs());
afterAll(() => rmSync(root, { recursive: true }));

const options = { name: undefined, field: "model", root };

test("a vendor's package that only the project has is taken from there", async () => {
  vi.stubEnv("MISTRAL_API_KEY", "key");
  const provider = { name: "mistral" };
  const usual = { name: "mistral-large-latest", provider, contextWindow: 1 };
  expect(await modelFromEnvironment(options)).toEqual(usual);

  vi.stubEnv("MODEL", "any");
  vi.stubEnv("MODEL_CONTEXT_WINDOW", "32000");
  expect(await modelFromEnvironment(options)).toEqual({ name: "any", provider, contextWindow: 32_000 });
  vi.stubEnv("MISTRAL_MODEL", "own");
  expect(await modelFromEnvironment(options)).toMatchObject({ name: "own" });
  expect(await modelFromEnvironment({ ...options, name: "asked" })).toMatchObject({ name: "asked" });
});
