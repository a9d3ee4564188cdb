import { afterEach, expect, test, vi } from "vitest";
import { programEnvironment } from "./program-environment.ts";

afterEach(() => vi.unstubAllEnvs());

test("a program finds what it runs on, and nothing that decides on models, colours or languages", () => {
  vi.stubEnv("PATH", "/bin");
  vi.stubEnv("TMPDIR", undefined);
  for (const name of ["OPENAI_API_KEY", "FORCE_COLOR", "TERM", "LC_ALL"]) vi.stubEnv(name, "x");
  const env = programEnvironment({ FORCE_COLOR: "0" });
  expect(env).toMatchObject({ PATH: "/bin", FORCE_COLOR: "0" });
  for (const name of ["TMPDIR", "OPENAI_API_KEY", "TERM", "LC_ALL"]) expect(env).not.toHaveProperty(name);
});

test("what a test sets goes before what is there", () => {
  vi.stubEnv("HOME", "/home/ann");
  expect(programEnvironment({ HOME: "/nowhere" })).toMatchObject({ HOME: "/nowhere" });
});
