// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how a configuration names variables.
import { expect, test } from "vitest";
import { expandEnvironment } from "./expand-environment.ts";

const env = { HOST: "db.example", EMPTY: "" };

test("variables are filled in every text of a value", () => {
  const value = {
    url: "postgres://${HOST}/${NAME:-agents}",
    list: ["${HOST}", 1, null],
    deep: { a: "$HOST {HOST}" },
  };
  expect(expandEnvironment(value, { field: "store", env })).toEqual({
    url: "postgres://db.example/agents",
    list: ["db.example", 1, null],
    deep: { a: "$HOST {HOST}" },
  });
});

test("a variable that is not set, or empty, is named with its place", () => {
  const value = { github: { env: { TOKEN: "${GITHUB_TOKEN}" } } };
  expect(() => expandEnvironment(value, { field: "mcpServers", env })).toThrow(
    "mcpServers.github.env.TOKEN names ${GITHUB_TOKEN}, which is not set; set it, or write ${GITHUB_TOKEN:-a value}.",
  );
  expect(() => expandEnvironment("${EMPTY}", { field: "dir", env })).toThrow("dir names ${EMPTY}");
  expect(expandEnvironment("${EMPTY:-}", { field: "dir", env })).toBe("");
});

test("what a variable holds is not read again", () => {
  expect(expandEnvironment("${A}", { field: "x", env: { A: "${B}" } })).toBe("${B}");
});

test("objects that are more than data are left alone", () => {
  const store = new (class {
    url = "${NOPE}";
  })();
  expect(expandEnvironment(store, { field: "store", env })).toBe(store);
});
