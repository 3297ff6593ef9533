// Looks at everything that must not be lost, once, before any of it is used.
import type { Change, Disk } from '../disk/disk.ts'
import { corrupt } from '../disk/level-errors.ts'
import type { Witness } from '../disk/witness.ts'
import { StoreError } from '../errors.ts'
import { behind, KEPT, keyOf } from './keys.ts'
import { sealed, unsealed } from './seal.ts'
import { decodeTally, EMPTY_TALLY, encodeTally, retallied, type Tally } from './tally.ts'

/** The first key of all, and the one record that the tally does not count. */
export const TALLY_KEY: Uint8Array = keyOf(KEPT.meta)

const LAST_KEY = Uint8Array.of(0xff)

export function tallyChange(tally: Tally): Change {
  return { key: TALLY_KEY, value: sealed(TALLY_KEY, encodeTally(tally)) }
}

export async function readTally(disk: Disk): Promise<Tally> {
  const value = await disk.get(TALLY_KEY)
  return value === undefined ? EMPTY_TALLY : decodeTally(unsealed(TALLY_KEY, value))
}

/** Throws with the reason unless every kept record is there as it was written. */
export async function verifyKept(disk: Disk, witness: Witness, where: string): Promise<void> {
  try {
    const tally = await readTally(disk)
    await verifyWitness(tally, witness, where)
    const { records, seals } = await count(disk)
    if (records !== tally.records) {
      throw corrupt(where, `${records} records are there, and ${tally.records} were written`)
    }
    if (Buffer.compare(seals, tally.seals) !== 0)
      throw corrupt(where, 'some records are not the ones that were written')
  } catch (error) {
    if (error instanceof StoreError && error.code === 'record/damaged') throw corrupt(where, error.message)
    throw error
  }
}

async function verifyWitness({ writes }: Tally, witness: Witness, where: string): Promise<void> {
  const acknowledged = await witness.read()
  if (acknowledged === undefined) throw corrupt(where, 'the witness file beside it is damaged')
  if (acknowledged > writes) {
    throw corrupt(where, `it knows of ${writes} writes, and ${acknowledged} were acknowledged`)
  }
}

async function count(disk: Disk): Promise<Tally> {
  let sum = EMPTY_TALLY
  let from = behind(TALLY_KEY)
  for (;;) {
    const page = await disk.page({ from, to: LAST_KEY })
    for (const { key, value } of page) {
      unsealed(key, value)
      sum = retallied(sum, undefined, value)
    }
    const last = page.at(-1)
    if (last === undefined) return sum
    from = behind(last.key)
  }
}
