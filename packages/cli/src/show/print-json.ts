/** C1 controls and marks of direction stand in JSON as they are; a terminal would act on them. */
const unsafe = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** One line of JSON, the same value for a program and harmless on a terminal. */
export function toJsonLine(value: unknown): string {
  const text = JSON.stringify(value).replaceAll(
    unsafe,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return `${text}\n`;
}
