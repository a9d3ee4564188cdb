/** What the model reads about `read_file`. */
export const readFileText = {
  description:
    "Reads a file. Text comes back with line numbers, each followed by a tab; images and PDFs come back to be seen; other binary files are only named. A long file is cut, with the offset to go on with. Read a file before you edit it. To look for something in many files use grep, to see a directory use list_directory.",
  path: "From the working directory, or absolute.",
  offset: "First line, counted from 1.",
  limit: "Lines, at most; 2000 unless given.",
  column: "First character of each line, for lines that were cut.",
} as const;
