// Draw: by the inventories that are whole, as soon as all are, and late without those that are not.
import { describe, expect, it } from 'vitest'
import { commitsFrom } from '../src/common/moment.ts'
import { Drawing } from '../src/draw.ts'
import { settling } from './support/settling.ts'

/** Sealed, with inventories of which all are here but these. */
async function sealed(missing: readonly number[]) {
  const all = await settling()
  const { net, shared, moment } = all
  const work = shared.epochs.open(0)
  const held = missing.map((id) => [id, work.inventories.get(id)] as const)
  for (const id of missing) work.inventories.delete(id)
  const comes = (): void => {
    for (const [id, inventory] of held) if (inventory !== undefined) work.inventories.set(id, inventory)
  }
  const drawing = new Drawing(shared)
  const epoch = await net.epoch(0)
  const drawnAt = async (slot: number): Promise<readonly number[] | undefined> => {
    await drawing.see(await moment(slot))
    return work.draw?.inventories
  }
  return { work, epoch, comes, drawnAt, shared }
}

describe('a draw', () => {
  it('is made at once when all that was posted is here, by the seed of the seal', async () => {
    const { work, epoch, drawnAt, shared } = await sealed([])
    expect(await drawnAt(epoch.sealedSlot)).toEqual([0, 1, 2])
    const first = work.draw
    expect(first?.facts.seed).toEqual(epoch.seed)
    expect(await shared.seeds.of(0)).toEqual(epoch.seed)
    await drawnAt(epoch.sealedSlot + 1)
    expect(work.draw).toBe(first)
  })

  it('waits for what is missing, and goes on without it after a quarter of the challenge', async () => {
    const { epoch, drawnAt } = await sealed([1])
    const late = epoch.sealedSlot + epoch.challenge / 4
    expect(await drawnAt(late - 1)).toBeUndefined()
    expect(await drawnAt(late)).toEqual([0, 2])
  })

  it('is made again with what came later, until the commits begin', async () => {
    const { epoch, drawnAt, comes } = await sealed([1])
    expect(await drawnAt(commitsFrom(epoch) - 2)).toEqual([0, 2])
    comes()
    expect(await drawnAt(commitsFrom(epoch))).toEqual([0, 2])
    expect(await drawnAt(commitsFrom(epoch) - 1)).toEqual([0, 1, 2])
  })

  it('does without an inventory that is here and did not get on chain in time', async () => {
    const { work, epoch, drawnAt } = await sealed([1])
    const posted = work.inventories.get(0)
    if (posted === undefined) throw new Error('there is no inventory of verifier 0')
    work.inventories.set(3, posted)
    expect(await drawnAt(epoch.sealedSlot)).toBeUndefined()
    expect(await drawnAt(epoch.sealedSlot + epoch.challenge / 4)).toEqual([0, 2])
  })

  it('is not made any more when the report is', async () => {
    const { work, epoch, drawnAt } = await sealed([])
    work.report = { commit: new Uint8Array(32), reveal: new Uint8Array() }
    expect(await drawnAt(epoch.sealedSlot)).toBeUndefined()
  })
})
