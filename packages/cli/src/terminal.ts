export { roundDollars, toJsonLine } from "./show/print-json.ts";
export { StreamSanitizer, sanitize, sanitizeLine } from "./show/sanitize.ts";
export { type Colour, openTerminal, type Terminal } from "./show/terminal.ts";
export { fitWidth, padEnd, widthOf } from "./show/width.ts";
