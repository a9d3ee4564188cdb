export { type EditFileOptions, editFile } from "./edit-file.ts";
export type { FileToolOptions } from "./file-tool-options.ts";
export { type FileToolsOptions, fileTools } from "./file-tools.ts";
export { type GlobOptions, glob } from "./glob.ts";
export { type GrepOptions, grep } from "./grep.ts";
export { type ListDirectoryOptions, listDirectory } from "./list-directory.ts";
export { type ReadFileOptions, readFile } from "./read-file.ts";
export { type WriteFileOptions, writeFile } from "./write-file.ts";
