import { LOCAL_PARAMS } from '@piecework/protocol'
import { expect, test } from 'vitest'
import { SlotChain } from '../src/index.ts'

const LENGTH = LOCAL_PARAMS.epochSlots

function chainOf(isOnline: (verifier: number, slot: number) => boolean): SlotChain {
  return new SlotChain({ params: LOCAL_PARAMS, stakes: [40n, 30n, 30n], isOnline })
}

function run(chain: SlotChain, slots: number): void {
  for (let i = 0; i < slots; i++) chain.tick()
}

test('epochs are sealed and final one after the other while there is a quorum', () => {
  const chain = chainOf((verifier) => verifier !== 2)
  run(chain, 4 * LENGTH)
  expect(chain.final).toBe(2)
  expect(chain.working).toBe(4)
  expect([...(chain.epochs[0]?.posted ?? [])]).toEqual([0, 1])
  expect([...(chain.epochs[0]?.reported ?? [])]).toEqual([0, 1])
})

test('without more than two thirds of stake nothing is sealed, and work goes on in one long epoch', () => {
  const chain = chainOf((verifier) => verifier !== 0)
  run(chain, 9 * LENGTH)
  expect(chain.final).toBe(-1)
  expect(chain.working).toBe(1)
  expect(chain.epochs[0]?.times.sealedSlot).toBeUndefined()
})

test('rounds without a quorum follow each other until there is one', () => {
  const back = 3 * LENGTH
  const { grace, inventory, challenge, commit } = LOCAL_PARAMS
  const committed = LENGTH + grace + inventory + challenge + commit
  const chain = chainOf((verifier, slot) => verifier !== 0 || slot < committed || slot >= back)
  run(chain, back)
  const round = chain.epochs[0]?.times.round?.number ?? 0
  expect(round).toBeGreaterThan(3)
  run(chain, LENGTH)
  expect(chain.epochs[0]?.times.finalSlot).toBeGreaterThanOrEqual(back)
})
