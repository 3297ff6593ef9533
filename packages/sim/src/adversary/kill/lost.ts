// Which rows were acknowledged and never paid, by job and task: a sum would hide one behind every row that was paid
// without being acknowledged.

export interface PaidEpoch {
  /** Job and task of the rows that a paid stint of this epoch delivered. */
  readonly delivered: ReadonlySet<string>
  /** How many of these were paid. */
  readonly paidRows: number
}

/**
 * As few as can be: a row may stand in the stints of several epochs, when its node signed it again, and which rows of a
 * stint were paid is not told. So each is given to an epoch that delivered it and paid for that many.
 */
export function lostRows(
  acknowledged: Iterable<string>,
  paid: ReadonlyMap<number, PaidEpoch>,
): readonly string[] {
  const takenIn = new Map<number, Set<string>>([...paid.keys()].map((epoch) => [epoch, new Set()]))
  const place = (row: string, tried: Set<number>): boolean => {
    for (const [epoch, { delivered, paidRows }] of paid) {
      const taken = takenIn.get(epoch)
      if (taken === undefined || tried.has(epoch) || !delivered.has(row)) continue
      tried.add(epoch)
      const hasRoom = taken.size < paidRows
      const gone = hasRoom ? undefined : [...taken].find((other) => place(other, tried))
      if (!hasRoom && gone === undefined) continue
      if (gone !== undefined) taken.delete(gone)
      taken.add(row)
      return true
    }
    return false
  }
  return [...acknowledged].filter((row) => !place(row, new Set()))
}
