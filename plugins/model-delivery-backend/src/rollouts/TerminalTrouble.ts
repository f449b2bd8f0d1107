/** Trouble that trying the same again cannot mend: a person has to look. */
export class TerminalTrouble extends Error {
  readonly name = 'TerminalTrouble';
}
