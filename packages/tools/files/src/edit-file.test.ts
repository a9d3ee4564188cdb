import { readdir, readFile as readRaw } from "node:fs/promises";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { editFile } from "./edit-file.ts";
import { readFile } from "./read-file.ts";
import { conversation, type FileBench, fileBench } from "./testing/file-bench.ts";
import { messageOf } from "./testing/message-of.ts";
import { findText, replaceText } from "./text/replace-text.ts";

let bench: FileBench;
beforeEach(async () => {
  bench = await fileBench();
});
afterEach(() => bench.close());

async function edit(content: string | Buffer, input: object): ReturnType<FileBench["call"]> {
  await bench.put("f", content);
  await bench.call(readFile(), { path: "f" });
  return bench.call(editFile(), { path: "f", ...input });
}

describe("an edit", () => {
  test("answers with the changed lines", async () => {
    const content = Array.from({ length: 20 }, (_, index) => `line ${index + 1}\n`).join("");
    expect(await edit(content, { old_string: "line 10\n", new_string: "ten\nand more\n" })).toBe(
      "Changed f:\n7\tline 7\n8\tline 8\n9\tline 9\n10\tten\n11\tand more\n12\tline 11\n13\tline 12\n14\tline 13",
    );
  });

  test("that would tear a character apart is refused, and changes nothing", async () => {
    for (const input of [
      { old_string: "\ude00", new_string: "x" },
      { old_string: "a", new_string: "\ud83d" },
    ]) {
      expect(messageOf(await edit("a😀b\n", input))).toMatch(/half of a character/);
      expect(await bench.text("f")).toBe("a😀b\n");
    }
  });

  test("has to name one place", async () => {
    expect(messageOf(await edit("a\nb\na\n", { old_string: "a", new_string: "c" }))).toBe(
      "old_string stands 2 times in f (lines 1, 3). Add lines around it to name one, or set replace_all.",
    );
    expect(await edit("a\nb\na\n", { old_string: "a", new_string: "c", replace_all: true })).toBe(
      "Changed f in 2 places:\n1\tc\n2\tb\n3\tc",
    );
    expect(await bench.text("f")).toBe("c\nb\nc\n");
  });

  test.each([
    ["a\n\n\nb", "\n\n", /stands 2 times in f \(lines 1, 2\)/],
    ["a\r\n\r\n\r\nb", "\n\n", /stands 2 times in f \(lines 1, 2\)/],
    ["x }}} y", "}}", /stands 2 times in f \(lines 1, 1\)/],
  ])(
    "in %j, where %j stands twice and overlaps itself, has to name one place",
    async (content, wanted, message) => {
      expect(messageOf(await edit(content, { old_string: wanted, new_string: "-" }))).toMatch(message);
      expect(await bench.text("f")).toBe(content);
      await edit(content, { old_string: wanted, new_string: "-", replace_all: true });
      expect((await bench.text("f")).replaceAll("\r", "")).toBe(
        content.replaceAll("\r", "").replaceAll(wanted, "-"),
      );
    },
  );

  test("keeps Windows line endings, and leaves other lines alone", async () => {
    await edit("a\r\n\r\nb\r\n", { old_string: "\n\n", new_string: "\n" });
    expect(await bench.text("f")).toBe("a\r\nb\r\n");
    await edit("one\r\ntwo\r\nthree\nfour", { old_string: "one\ntwo", new_string: "1\n2" });
    expect(await bench.text("f")).toBe("1\r\n2\r\nthree\nfour");
  });

  test("keeps UTF-16 and its mark", async () => {
    const utf16 = (text: string): Buffer =>
      Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(text, "utf16le").swap16()]);
    await edit(utf16("eins\nzwei"), { old_string: "zwei", new_string: "zwölf" });
    expect(await readRaw(bench.path("f"))).toEqual(utf16("eins\nzwölf"));
  });

  test("never changes bytes that are no text", async () => {
    const latin = Buffer.from("caf\xe9 one", "latin1");
    expect(messageOf(await edit(latin, { old_string: "one", new_string: "two" }))).toMatch(
      /bytes that are not utf-8/,
    );
    expect(await readRaw(bench.path("f"))).toEqual(latin);
  });

  test("that would change nothing is refused", async () => {
    expect(messageOf(await edit("a", { old_string: "a", new_string: "a" }))).toMatch(/are the same/);
  });

  test.each([
    ["\tif (a) {\n", "    if (a) {", /At line 1 it stands with other spaces/],
    ["say “hello”\n", 'say "hello"', /other spaces or quotation marks/],
    ["alpha\nbeta\n", "1\talpha\n2\tbeta", /leave read_file's line numbers out/],
    ["alpha\n", "gamma", /Read the lines in question again/],
  ])("of %j that looks for %j gets a hint", async (content, wanted, hint) => {
    expect(messageOf(await edit(content, { old_string: wanted, new_string: "x" }))).toMatch(hint);
  });

  test("treats dollar signs and backslashes as text", async () => {
    await edit("a.c\r\nabc\r\n", { old_string: "a.c", new_string: "$&\\1$1" });
    expect(await bench.text("f")).toBe("$&\\1$1\r\nabc\r\n");
  });
});

describe("several agents on one file", () => {
  test("the second to edit is told that the file changed", async () => {
    await bench.put("f", "a\nb\n");
    const [one, other] = [{ tickets: conversation() }, { tickets: conversation() }];
    await bench.call(readFile(), { path: "f" }, one);
    await bench.call(readFile(), { path: "f" }, other);
    await bench.call(editFile(), { path: "f", old_string: "a", new_string: "A" }, one);
    const late = { path: "f", old_string: "b", new_string: "B" };
    expect(messageOf(await bench.call(editFile(), late, other))).toMatch(
      /changed by somebody else since you read it/,
    );
    await bench.call(readFile(), { path: "f" }, other);
    expect(await bench.call(editFile(), late, other)).toMatch(/^Changed f/);
    expect(await bench.text("f")).toBe("A\nB\n");
  });

  test("no edit that was confirmed is ever lost", async () => {
    await bench.put("f", "start\n");
    const agents = Array.from({ length: 8 }, (_, index) => ({
      name: `agent ${index}`,
      tickets: conversation(),
    }));
    await Promise.all(
      agents.map(async ({ name, tickets }) => {
        for (let round = 0; round < 5; ) {
          await bench.call(readFile(), { path: "f" }, { tickets });
          const input = { path: "f", old_string: "start\n", new_string: `start\n${name} ${round}\n` };
          const answer = await bench.call(editFile(), input, { tickets });
          if (typeof answer === "string") round += 1;
        }
      }),
    );
    const lines = (await bench.text("f")).trim().split("\n");
    expect(new Set(lines).size).toBe(1 + 8 * 5);
    expect(await readdir(bench.dir)).toEqual(["f"]);
  });
});

describe("replacing", () => {
  const text = fc.string({ unit: fc.constantFrom("a", "b", "$", ".", "\n", "\r\n"), maxLength: 30 });

  test("equals the plain replacement but for the form of line endings", () => {
    const plain = (value: string): string => value.replaceAll("\r\n", "\n");
    fc.assert(
      fc.property(
        text,
        text.filter((value) => value !== ""),
        text,
        (whole, oldString, newString) => {
          const found = findText(whole, oldString);
          const replaced = replaceText(whole, { newString, found, ending: "\n" });
          expect(plain(replaced.text)).toBe(
            plain(whole).replaceAll(plain(oldString), () => plain(newString)),
          );
          for (const { start, end } of replaced.places) {
            expect(plain(replaced.text.slice(start, end))).toBe(plain(newString));
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test("an edit and its opposite give the bytes back", () => {
    const words = fc.string({ unit: fc.constantFrom("a", "b", "\r\n"), minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(words, words, (before, after) => {
        const forth = replaceText(`${before}|${after}`, {
          newString: "!",
          found: findText(`${before}|${after}`, "|"),
          ending: "\n",
        });
        const back = replaceText(forth.text, {
          newString: "|",
          found: findText(forth.text, "!"),
          ending: "\n",
        });
        expect(back.text).toBe(`${before}|${after}`);
      }),
    );
  });
});
