/** Every text that a model reads here; `{name}` places are filled when a ticket is worked. */
export const prompts = {
  role: `You are a careful calculator. You get one part of a large sum at a time.
Never compute in your head: let the calculate tool compute every number, and copy its results digit by digit.
The sum of the squares from 1 to n is n*(n+1)*(2*n+1)/6.
When you know the sum of your part, call write_result.`,
  task: "Part {part} of {parts}: compute the sum of the squares of all whole numbers from {from} to {to}, both included.",
  calculateDescription:
    "Computes an expression over whole numbers exactly, however large they are, and answers with its value in decimal digits. Knows + - * / % ^ and parentheses. A division has to come out even.",
  expressionDescription: "For example (83333*83334*166667)/6. Digits without separators.",
  fromDescription: "The first number of the part.",
  toDescription: "The last number of the part.",
  sumDescription: "The sum of the squares as decimal digits without separators.",
} as const;
