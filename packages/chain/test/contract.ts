// What every Chain does, whatever is behind it: the client over RPC and the twin in memory run this alike.
import { type Harness, localParams } from '@piecework/testkit/settlement'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  addressesOf,
  associatedTokens,
  type Chain,
  ChainError,
  computeBudget,
  createNetwork,
  eventsIn,
  joinRoster,
  networkAddress,
  networkForm,
  readNetwork,
  type SendOutcome,
  type Signer,
  startOf,
} from '../src/index.ts'

const ALL_SLOTS_TO_FINALITY = 40

export function chainContract(name: string, make: () => Promise<Harness>): void {
  describe(name, () => {
    let harness: Harness
    let chain: Chain

    beforeEach(async () => {
      harness = await make()
      chain = harness.chain
    })

    afterEach(() => harness.stop())

    const creation = (creator = harness.creator) => {
      const { nameHash, mint } = harness
      const params = localParams()
      const genesisHash = new Uint8Array(32).fill(7)
      const { programId } = chain.at
      return createNetwork(programId, { creator: creator.address, mint, nameHash, genesisHash, params })
    }

    const create = (): Promise<SendOutcome> =>
      harness.during(chain.send({ instructions: [creation()], payer: harness.creator }))

    const join = (id: number, stake: bigint, voteKey: Signer): Promise<SendOutcome> => {
      const { payer, mint } = harness
      const operatorTokens = associatedTokens(payer.address, mint).address
      const operator = payer.address
      const input = { payer: operator, operator, voteKey: voteKey.address, operatorTokens, id, stake }
      const request = { instructions: [joinRoster(chain.at, input)], payer, signers: [voteKey] }
      return harness.during(chain.send(request))
    }

    it('shows what is not there as nothing', async () => {
      const { slot, value } = await chain.accounts([chain.at.network, harness.payer.address, chain.at.roster])
      expect(slot).toBeGreaterThan(0)
      expect(value.map((account) => account !== undefined)).toEqual([false, true, false])
      await expect(readNetwork(chain)).rejects.toMatchObject({ code: 'account/missing' })
    })

    it('makes a network, lets verifiers join, and shows both', async () => {
      const { creator, nameHash, mint } = harness
      expect(networkAddress(chain.at.programId, creator.address, nameHash)).toBe(chain.at.network)
      expect(await create()).toMatchObject({ kind: 'landed' })
      const [first, second] = [harness.key('first'), harness.key('second')]
      expect(await join(0, 1_000n, first)).toMatchObject({ kind: 'landed' })
      expect(await join(1, 3_000n, second)).toMatchObject({ kind: 'landed' })

      const { network, roster, epochs } = (await readNetwork(chain)).value
      expect(network).toMatchObject({
        authority: creator.address,
        mint,
        started: false,
        nextVerifier: 2,
        lastFinal: -1,
      })
      expect(network.params).toEqual(localParams())
      expect(network.totals.staked).toBe(4_000n)
      expect(startOf(network, 0)).toBeUndefined()
      expect(roster.entries.slice(0, roster.count)).toMatchObject([
        { id: 0, voteKey: first.address, stake: 1_000n, exitEpoch: Infinity },
        { id: 1, voteKey: second.address, stake: 3_000n, exitEpoch: Infinity },
      ])
      expect(epochs.map(({ number, state }) => [number, state])).toEqual([
        [-8, 'empty'],
        [-7, 'empty'],
        [-6, 'empty'],
        [-5, 'empty'],
      ])
    })

    it("says in the program's own words why it refuses, and nothing has changed", async () => {
      await create()
      const outcome = await join(0, 1n, harness.key('vote'))
      expect(outcome).toMatchObject({ kind: 'refused', error: { code: 'program/refused' } })
      if (outcome.kind !== 'refused') throw new Error('it was not refused')
      expect(outcome.error.context.program).toBe('StakeTooSmall')
      expect(outcome.error.message).toContain('Stake more.')
      expect((await readNetwork(chain)).value.network.nextVerifier).toBe(0)
    })

    it('does nothing twice', async () => {
      expect(await create()).toMatchObject({ kind: 'landed' })
      const again = await create()
      expect(again).toMatchObject({ kind: 'refused', error: { context: { program: 'AlreadyExists' } } })
    })

    it('shows what landed to whoever reads next', async () => {
      const outcome = await create()
      if (outcome.kind !== 'landed') throw new Error(outcome.kind)
      const { slot } = await readNetwork(chain)
      expect(slot).toBeGreaterThanOrEqual(outcome.slot)
    })

    it('calls final only what is final', async () => {
      const outcome = await create()
      if (outcome.kind !== 'landed') throw new Error(outcome.kind)
      const early = await chain.accounts([chain.at.network], 'finalized')
      expect(early.slot).toBeLessThan(outcome.slot)
      expect(early.value).toEqual([undefined])
      await harness.tick(ALL_SLOTS_TO_FINALITY)
      const late = await chain.accounts([chain.at.network], 'finalized')
      expect(late.slot).toBeGreaterThanOrEqual(outcome.slot)
      expect(late.value[0]?.owner).toBe(chain.at.programId)
    })

    it('waits for finality where that is wanted', async () => {
      const request = { instructions: [creation()], payer: harness.creator, commitment: 'finalized' as const }
      const outcome = await harness.during(chain.send(request))
      expect(outcome).toMatchObject({ kind: 'landed' })
      expect((await chain.accounts([chain.at.network], 'finalized')).value[0]).toBeDefined()
    })

    it('takes a transaction that pays to be first', async () => {
      const priority = computeBudget({ units: 200_000, microLamportsPerUnit: 5n })
      const request = { instructions: [...priority, creation()], payer: harness.creator }
      expect(await harness.during(chain.send(request))).toMatchObject({ kind: 'landed' })
    })

    it('finds accounts of the program by their bytes', async () => {
      const search = {
        size: networkForm.layout.size,
        matches: [{ offset: 0, bytes: Uint8Array.of(networkForm.kind) }],
      }
      expect((await chain.search(search)).value).toEqual([])
      await create()
      const { value } = await chain.search(search)
      expect(value.map(({ address }) => address)).toEqual([chain.at.network])
      const other = { ...search, matches: [{ offset: 0, bytes: Uint8Array.of(200) }] }
      expect((await chain.search(other)).value).toEqual([])
    })

    it('tells what a transaction did', async () => {
      const outcome = await create()
      if (outcome.kind !== 'landed') throw new Error(outcome.kind)
      const transaction = await chain.transaction(outcome.signature)
      expect(transaction).toMatchObject({ slot: outcome.slot, error: undefined })
      expect(eventsIn(transaction?.logs ?? [], chain.at.programId)).toEqual([
        {
          name: 'NetworkCreated',
          fields: { network: chain.at.network, authority: harness.creator.address, mint: harness.mint },
        },
      ])
      const unknown = '4'.repeat(87)
      expect(await chain.transaction(unknown)).toBeUndefined()
    })

    it('asks every signer, and names the one that fails', async () => {
      await create()
      const voteKey = harness.key('vote')
      const refusing: Signer = { ...voteKey, sign: () => Promise.reject(new Error('this is not my post')) }
      await expect(join(0, 1_000n, refusing)).rejects.toMatchObject({
        code: 'signer/refused',
        context: { signer: voteKey.address },
      })
      const other: Signer = { ...harness.key('other'), address: voteKey.address }
      await expect(join(0, 1_000n, other)).rejects.toMatchObject({
        code: 'signer/wrong-signature',
        context: { signer: voteKey.address },
      })
      const request = { instructions: [creation(voteKey)], payer: harness.payer }
      await expect(harness.during(chain.send(request))).rejects.toMatchObject({ code: 'option/invalid' })
    })

    it('sends no transaction that no packet holds', async () => {
      const instructions = Array.from({ length: 4 }, () => creation())
      const request = { instructions, payer: harness.creator }
      await expect(harness.during(chain.send(request))).rejects.toMatchObject({
        code: 'transaction/too-large',
      })
    })

    it('reads no more accounts than one slot can be read of', async () => {
      const many = Array.from({ length: 101 }, (_, id) =>
        addressesOf(chain.at.programId, chain.at.network).page(id),
      )
      await expect(chain.accounts(many)).rejects.toBeInstanceOf(ChainError)
    })

    it('tells the listeners of an account what it is and what it becomes', async () => {
      const heard: boolean[] = []
      let news = Promise.withResolvers<void>()
      const unsubscribe = chain.onAccount(chain.at.network, ({ value }) => {
        heard.push(value !== undefined)
        news.resolve()
      })
      await harness.during(news.promise)
      expect(heard).toEqual([false])
      news = Promise.withResolvers<void>()
      await create()
      await harness.during(news.promise)
      expect(heard).toEqual([false, true])
      unsubscribe()
      await join(0, 1_000n, harness.key('vote'))
      expect(heard).toEqual([false, true])
    })

    it('tells the slot, which never goes back', async () => {
      const heard: number[] = []
      const moved = Promise.withResolvers<void>()
      const before = chain.clock.slot()
      const unsubscribe = chain.onSlot((slot) => {
        heard.push(slot)
        if (slot > before + 3) moved.resolve()
      })
      await harness.during(moved.promise)
      unsubscribe()
      expect([...heard].sort((a, b) => a - b)).toEqual(heard)
      expect(chain.clock.slot()).toBeGreaterThan(before + 3)
      expect(chain.clock.uncertainty()).toBeLessThan(Infinity)
    })
  })
}
