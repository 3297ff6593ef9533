// Every bit of what proves a claim, a refund or a slash turned over: no other leaf may be proven by it.
import { TransactionInstruction } from '@solana/web3.js'
import { makeStage, ownClaim, refundOf, type Stage, slashOf } from '../stage.ts'
import type { Attack } from './attack.ts'

const BITS = 8

interface Proven {
  readonly name: string
  readonly instruction: TransactionInstruction
  /** A byte that isn't looked at: the bump of the associated account, where the owner signs. */
  readonly ignored?: number
}

function provenBy(stage: Stage): readonly Proven[] {
  return [
    { name: 'claim', instruction: ownClaim(stage), ignored: 13 },
    { name: 'refund', instruction: refundOf(stage, stage.requester.tokens), ignored: 49 },
    { name: 'slash', instruction: slashOf(stage) },
  ]
}

export function turnBits(): Attack {
  const stage = makeStage()
  const { vm } = stage.network
  let tried = 0
  const worked: string[] = []
  for (const { name, instruction, ignored } of provenBy(stage)) {
    if (vm.trial([instruction]) !== undefined) throw new Error(`the ${name} is refused as it is`)
    for (let bit = BITS; bit < BITS * instruction.data.length; bit++) {
      const at = Math.floor(bit / BITS)
      if (at === ignored) continue
      tried += 1
      const data = Buffer.from(instruction.data)
      data[at] = (data[at] ?? 0) ^ (1 << (bit % BITS))
      const { programId, keys } = instruction
      const turned = new TransactionInstruction({ programId, keys, data })
      if (vm.trial([turned]) === undefined) worked.push(`a ${name} with bit ${bit} turned`)
    }
  }
  return { tried, worked }
}
