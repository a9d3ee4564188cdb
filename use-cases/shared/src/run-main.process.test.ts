import { expect, test } from "vitest";
import { startProgram } from "./testing/index.ts";

test.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)("%s while a program is loaded ends it without a word, with %i", async (signal, code) => {
  using program = startProgram(new URL("./loads-for-ever.program.ts", import.meta.url), []);
  await program.shows("loading");
  program.child.kill(signal);
  expect(await program.ended).toEqual({ code, stdout: "loading", stderr: "" });
});
