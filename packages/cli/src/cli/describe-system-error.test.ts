import { mkdirSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { describeSystemError } from "./describe-system-error.ts";

function thrownBy(run: () => void): unknown {
  try {
    run();
    return undefined;
  } catch (error) {
    return error;
  }
}

test("an error of a file names it, what is wrong and what to do", () => {
  const folder = import.meta.dirname;
  expect(describeSystemError(thrownBy(() => writeFileSync(folder, "")))).toBe(
    `${folder} cannot be used: it is a folder; name a file.`,
  );
  const within = `${import.meta.filename}/x`;
  expect(describeSystemError(thrownBy(() => mkdirSync(within)))).toBe(
    `${within} cannot be used: a part of the path is no folder; choose another place.`,
  );
  const absent = "/no/such/folder/x";
  expect(describeSystemError(thrownBy(() => writeFileSync(absent, "")))).toBe(
    `${absent} cannot be used: it is not there, or the folder that it belongs in is not; check the path.`,
  );
  const full = Object.assign(new Error("ENOSPC: no space"), { code: "ENOSPC", syscall: "write" });
  expect(describeSystemError(full)).toMatch(/^A file cannot be written: no space is left on the device;/);
  const unmade = Object.assign(new Error("ENOENT"), { code: "ENOENT", syscall: "mkdir", path: "/ro/k" });
  expect(describeSystemError(unmade)).toMatch(/^\/ro\/k cannot be made; check that the folder above it/);
});

test("other errors are left as they are", () => {
  expect(describeSystemError(new Error("x"))).toBeUndefined();
  expect(describeSystemError(Object.assign(new Error("x"), { code: "ERR_X" }))).toBeUndefined();
});
