// How far verifiers have acknowledged a stint, as the disk remembers it.
import type { AckStore, Stint } from '@piecework/store'
import type { Verifiers } from './verifiers.ts'

/** The highest batch that verifiers with more than 2/3 of the stake hold the chain up to; -1 for none. */
export async function acknowledgedSeq(acks: AckStore, verifiers: Verifiers, stint: Stint): Promise<number> {
  const seqs = new Map<number, number>()
  for await (const { verifierId, seq } of acks.of(stint)) seqs.set(verifierId, seq)
  const highest = [...new Set(seqs.values())].sort((a, b) => b - a)
  const seq = highest.find((one) => {
    const holders = [...seqs].filter(([, held]) => held >= one).map(([id]) => id)
    return verifiers.isQuorum(new Set(holders))
  })
  return seq ?? -1
}
