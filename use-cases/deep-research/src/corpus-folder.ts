/** The enclosed pages; the same from the sources and from the build. */
export const corpusFolder: URL = new URL("../corpus/", import.meta.url);
