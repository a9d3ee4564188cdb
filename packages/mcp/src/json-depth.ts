/** Deeper messages serve nobody, and would exhaust the stack of what looks into them. */
export const deepestJson = 200;

const [quote, backslash] = ['"', "\\"].map((text) => text.charCodeAt(0));
const opening: ReadonlySet<number> = new Set(["[".charCodeAt(0), "{".charCodeAt(0)]);
const closing: ReadonlySet<number> = new Set(["]".charCodeAt(0), "}".charCodeAt(0)]);

/** Whether lists and objects of a JSON text are nested deeper than `levels`; one pass that ends as soon as it shows. */
export function isJsonDeeperThan(json: string, levels: number): boolean {
  let depth = 0;
  let isInText = false;
  for (let index = 0; index < json.length; index++) {
    const code = json.charCodeAt(index);
    if (isInText) {
      if (code === backslash) index++;
      else if (code === quote) isInText = false;
    } else if (code === quote) isInText = true;
    else if (opening.has(code)) {
      if (++depth > levels) return true;
    } else if (closing.has(code)) depth--;
  }
  return false;
}

/** Whether lists and objects of a value are nested deeper than `levels`; never looks deeper than that. */
export function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (levels === 0) return true;
  return Object.values(value).some((item) => isDeeperThan(item, levels - 1));
}
