/** What the model reads about `write_file`. */
export const writeFileText = {
  description:
    "Writes a whole file, making its folders. A file that is already there has to have been read before; its line endings, encoding and permissions stay. To change a part of a file use edit_file. Answers with what was written.",
  path: "From the working directory, or absolute.",
  content: "The whole new content.",
} as const;
