// How much fits where: the program's constants.

/** Epoch accounts, used in turn: epoch e is at e mod 4. */
export const EPOCH_RING = 4
/** Final roots that the Network account keeps: of epoch e at e mod 16. */
export const KEPT_ROOTS = 16
/** Verifiers in a snapshot. */
export const SEATS = 64
/** Active verifiers and waiting ones. */
export const ROSTER_ENTRIES = 80
/** Account indices on a claim page. */
export const PAGE_ENTRIES = 1024
/** Seats that may begin in one epoch. */
export const ACTIVATIONS_PER_EPOCH = 4

/** The place of an epoch in a ring; -1 is in the last. */
export function ringOf(epoch: number, size: number): number {
  return ((epoch % size) + size) % size
}
