import { expect, test } from "vitest";
import { createCallIds } from "./call-ids.ts";

const toWireId = (id: string, attempt: number): string => (attempt === 0 ? id : `${id}_${attempt}`);

test("an id that comes again gets one of its own, and results find the newest call", () => {
  const ids = createCallIds(toWireId);
  expect([ids.begin("a"), ids.of("a")]).toEqual(["a", "a"]);
  expect([ids.begin("a"), ids.of("a")]).toEqual(["a_1", "a_1"]);
  expect(ids.begin("a_1")).toBe("a_1_1");
});

test("a result without a call keeps its id in the wire's form", () => {
  expect(createCallIds((id) => id.toUpperCase()).of("a")).toBe("A");
});
