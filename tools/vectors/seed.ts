// seed.json: the seed of an epoch, from a slot hash. Epochs are i64: those of -2 and -1 deal the first two.
import { equal } from 'node:assert/strict'
import { fromHex, toHex } from '../../packages/protocol/src/bytes.ts'
import { epochSeed } from '../../packages/protocol/src/seed.ts'
import type { VectorFile } from './lib/file.ts'
import { someBytes } from './lib/random.ts'

interface SeedEntry {
  readonly name: string
  readonly slotHash: string
  readonly networkId: string
  readonly epoch: string
  readonly seed: string
}

// Beyond 32 bits, so that a reader that drops the upper half is found out.
const EPOCHS = [-2, -1, 0, 1, 2, 1000, 2 ** 32 - 1, 2 ** 32, 2 ** 40 + 7]

function seedOf(slotHash: string, networkId: string, epoch: string): string {
  return toHex(epochSeed(fromHex(slotHash), fromHex(networkId), Number(epoch)))
}

function entry(name: string, slotHash: string, epoch: number): SeedEntry {
  const networkId = toHex(someBytes(`seed ${name} network`))
  return { name, slotHash, networkId, epoch: String(epoch), seed: seedOf(slotHash, networkId, String(epoch)) }
}

export const vectors: VectorFile<SeedEntry> = {
  name: 'seed',
  generate: () => [
    ...EPOCHS.map((epoch) => entry(`epoch ${epoch}`, toHex(someBytes(`seed ${epoch} slot`)), epoch)),
    entry('slot hash of zeros', '00'.repeat(32), 5),
    entry('slot hash of ones', 'ff'.repeat(32), 5),
  ],
  check: ({ slotHash, networkId, epoch, seed }) => equal(seedOf(slotHash, networkId, epoch), seed),
}
