// Which old segments can go: those whose transactions nobody can ask for any more.

export interface Segment {
  readonly index: number
  readonly transactions: number
  readonly lastSlot: number
}

/**
 * Segments before `current` that the history doesn't reach (newer ones hold at least `limit` transactions) or that
 * hold none; never one with slots from `neededSlot` on, whose signatures still guard against replays.
 */
export function expendable(
  segments: readonly Segment[],
  needs: { current: number; limit: number; neededSlot: number },
): Segment[] {
  const gone: Segment[] = []
  let newer = 0
  for (const segment of [...segments].sort((a, b) => b.index - a.index)) {
    const old = segment.index < needs.current && segment.lastSlot < needs.neededSlot
    if (old && (segment.transactions === 0 || newer >= needs.limit)) gone.push(segment)
    newer += segment.transactions
  }
  return gone
}
