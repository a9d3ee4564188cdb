import { expect, test } from "vitest";
import { toToolName } from "./tool-name.ts";

test.each([
  ["read_file-2", "read_file-2"],
  ["functions.calculate", "functions_calculate"],
  ["größe $(id)", "gr__e___id_"],
  ["a".repeat(90), "a".repeat(64)],
  ["", "_"],
])("the name %j goes to vendors as %j", (name, sent) => {
  expect(toToolName(name)).toBe(sent);
});
