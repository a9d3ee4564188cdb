import { expect, it } from "vitest";
import { cleanLine, cleanText, hidesText } from "./clean-text.ts";

it("takes out what hides text from people, and leaves what joins letters and emoji", () => {
  const smuggled = String.fromCodePoint(...[..."hi"].map((letter) => 0xe0100 + letter.charCodeAt(0)));
  for (const hidden of ["\u0000", "\u001b", "\u202e", "\u2066", "\u{e0041}", "\u3164", "\u034f", smuggled]) {
    expect(cleanText(`a${hidden}b`, 100)).toBe("ab");
    expect(hidesText(`a${hidden}b`)).toBe(true);
  }
  const plain = "नमस्ते 👩‍👩‍👧 ❤️ a\tb\nc";
  expect(cleanText(plain, 100)).toBe(plain);
  expect(hidesText(plain)).toBe(false);
  expect(cleanLine("a\u2028b\nc", 100)).toBe("a b c");
});
