import { chmod, chown, link, lstat, readdir, readFile as readRaw, stat, symlink } from "node:fs/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readFile } from "./read-file.ts";
import { conversation, type FileBench, fileBench } from "./testing/file-bench.ts";
import { messageOf } from "./testing/message-of.ts";
import { writeFile } from "./write-file.ts";

let bench: FileBench;
beforeEach(async () => {
  bench = await fileBench({ "a.txt": "one\ntwo\n" });
});
afterEach(() => bench.close());

const write = (path: string, content: string): ReturnType<FileBench["call"]> =>
  bench.call(writeFile(), { path, content });
const read = (path: string): ReturnType<FileBench["call"]> => bench.call(readFile(), { path });

test("a new file comes with its folders", async () => {
  expect(await write("x/y/z.txt", "text\n")).toBe("Wrote x/y/z.txt: new, 1 line.");
  expect(await bench.text("x/y/z.txt")).toBe("text\n");
});

test("half of a character is refused before anything is made", async () => {
  expect(messageOf(await write("x/y.txt", "a\ud83d"))).toMatch(/half of a character/);
  expect(await readdir(bench.dir)).toEqual(["a.txt"]);
});

test("a file that was not read is not overwritten", async () => {
  expect(messageOf(await write("a.txt", "mine"))).toMatch(/was not read yet/);
  expect(await bench.text("a.txt")).toBe("one\ntwo\n");
});

test("what another conversation read does not count", async () => {
  await bench.call(readFile(), { path: "a.txt" }, { tickets: conversation() });
  expect(messageOf(await write("a.txt", "mine"))).toMatch(/was not read yet/);
});

test("a file that was read is replaced, and again after that", async () => {
  await read("a.txt");
  expect(await write("a.txt", "three")).toBe("Replaced a.txt: now 1 line.");
  expect(await write("a.txt", "four")).toBe("Replaced a.txt: now 1 line.");
  expect(await bench.text("a.txt")).toBe("four");
});

test("a file that changed since it was read is not overwritten", async () => {
  await read("a.txt");
  await bench.put("a.txt", "somebody else's\n");
  expect(messageOf(await write("a.txt", "mine"))).toMatch(/changed by somebody else since you read it/);
  expect(await bench.text("a.txt")).toBe("somebody else's\n");
});

test("permissions and owner stay", async () => {
  await chmod(bench.path("a.txt"), 0o751);
  if (process.getuid?.() === 0) await chown(bench.path("a.txt"), 65_534, 65_534);
  const { uid, gid } = await stat(bench.path("a.txt"));
  await read("a.txt");
  await write("a.txt", "new");
  expect(await stat(bench.path("a.txt"))).toMatchObject({ mode: 0o100751, uid, gid });
});

test("Windows line endings, encoding and mark stay", async () => {
  const utf16 = (text: string): Buffer =>
    Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, "utf16le")]);
  await bench.put("a.txt", utf16("one\r\ntwo\r\n"));
  await read("a.txt");
  await write("a.txt", "ä\nö\n");
  expect(await readRaw(bench.path("a.txt"))).toEqual(utf16("ä\r\nö\r\n"));
});

test("what is written through a link goes to the file that it leads to", async () => {
  await symlink("a.txt", bench.path("link"));
  await read("link");
  await write("link", "through");
  expect((await lstat(bench.path("link"))).isSymbolicLink()).toBe(true);
  expect(await bench.text("a.txt")).toBe("through");
});

test("a second name of a file keeps the old content", async () => {
  await link(bench.path("a.txt"), bench.path("second"));
  await read("a.txt");
  await write("a.txt", "new");
  expect(await bench.text("second")).toBe("one\ntwo\n");
});

test("a binary file is not overwritten as if it were text", async () => {
  await bench.put("a.bin", Buffer.from([1, 0, 2]));
  await read("a.bin");
  expect(messageOf(await write("a.bin", "text"))).toMatch(/not text but binary data/);
});

test("the longest name that a file system takes is no problem for the temporary file", async () => {
  const name = "n".repeat(255);
  await write(name, "1");
  expect(await write(name, "2")).toMatch(/^Replaced/);
  expect(messageOf(await write(`${name}n`, "1"))).toMatch(/a name in it is too long/);
});

test("of many that make one new file one makes it, and nothing is left behind", async () => {
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      bench.call(writeFile(), { path: "new/file", content: `${index}` }, { tickets: conversation() }),
    ),
  );
  expect(answers.filter((answer) => typeof answer === "string")).toHaveLength(1);
  expect(await readdir(bench.path("new"))).toEqual(["file"]);
});
