/** Counts the steps of dealing, so that a test can hold their number against tasks and nodes. */
export class Tally {
  steps = 0
}
