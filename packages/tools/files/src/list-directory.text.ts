/** What the model reads about `list_directory`. */
export const listDirectoryText = {
  description:
    "Lists a directory, sorted, one name a line; directories end in /, links show where they lead. What .gitignore names is left out. To find files by name in a whole tree use glob.",
  path: "The working directory unless given.",
  depth: "Levels of directories to go into; 1 unless given.",
  limit: "Names, at most; 300 unless given.",
  ignored: "Also what .gitignore names.",
} as const;
