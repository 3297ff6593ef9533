/** Where a value stands in an ascending column, undefined if it does not. */
export function positionOf(column: Uint32Array, value: number): number | undefined {
  let low = 0
  let high = column.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((column[middle] ?? 0) < value) low = middle + 1
    else high = middle
  }
  return column[low] === value ? low : undefined
}
