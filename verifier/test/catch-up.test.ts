// Catch-up: a verifier without a state gets it from others, page by page, and takes no wrong one.
import { protocols } from '@piecework/network'
import { keyFromSecret, pageState, readManifest, toHex, writeStateFile } from '@piecework/protocol'
import { describe, expect, it } from 'vitest'
import { CatchUp } from '../src/catch-up.ts'
import { Nodes } from '../src/common/nodes.ts'
import { States } from '../src/common/states.ts'
import { type Bare, bare, hashOf, node } from './support/bare.ts'
import { finalize, propose, putForward, settling, tillFinality } from './support/settling.ts'

interface Away extends Bare {
  /** Of one that starts on this disk; gives what it knows. */
  readonly starts: (genesis?: Uint8Array) => Promise<{ states: States; nodes: Nodes }>
  /** Another verifier answers, with pages changed by this. */
  readonly serves: (id: number, change?: (page: Uint8Array) => Uint8Array) => Promise<void>
}

async function away(): Promise<Away> {
  const all = await bare()
  const { shared, networks, moment } = all
  const genesis = shared.states.at(-1)
  if (genesis === undefined) throw new Error('there is no genesis state')
  const { stateHash, manifest, sections } = pageState(genesis)
  const now = await moment()
  shared.others.see(now)
  const { network } = now.state
  const told = { ...now, state: { ...now.state, network: { ...network, genesisHash: stateHash } } }
  const starts: Away['starts'] = async (file) => {
    const [states, nodes] = [new States(), new Nodes()]
    await new CatchUp({ ...shared, states, nodes, genesis: file }).see(told)
    return { states, nodes }
  }
  const serves: Away['serves'] = async (id, change = (page) => page) => {
    const other = networks.join(keyFromSecret(hashOf(`key of vote key ${id}`)).publicKey)
    const pages = sections.flat()
    const names = readManifest(manifest, stateHash).sections.flat().map(toHex)
    const given = new Map(names.map((name, i) => [name, change(pages[i] ?? new Uint8Array())]))
    given.set(toHex(stateHash), manifest)
    other.answer(protocols.data, async ({ hashes }) => ({
      found: hashes.map((hash) => given.get(toHex(hash))),
    }))
    await other.start()
  }
  return { ...all, starts, serves }
}

const broken = (page: Uint8Array): Uint8Array => page.with(0, (page[0] ?? 0) ^ 1)

describe('a verifier without a state', () => {
  it('has it from the pages of others', async () => {
    const { starts, serves } = await away()
    await serves(1)
    const { states, nodes } = await starts()
    expect(states.newest?.epoch).toBe(-1)
    expect(nodes.indexOf(node.publicKey)).toBe(0)
  })

  it('keeps what it was given: after a restart it asks nobody', async () => {
    const { starts, serves, shared } = await away()
    await serves(1)
    await starts()
    expect((await shared.store.states.all()).map(({ epoch }) => epoch)).toEqual([-1])
  })

  it('takes a page from the next one where the first gives a wrong one', async () => {
    const { starts, serves } = await away()
    await serves(1, broken)
    await serves(2)
    expect((await starts()).states.newest?.epoch).toBe(-1)
  })

  it('goes on from none when all pages are wrong', async () => {
    const { starts, serves } = await away()
    for (const id of [1, 2]) await serves(id, broken)
    await expect(starts()).rejects.toMatchObject({ code: 'genesis/wrong' })
  })

  it('refuses the genesis file of another network', async () => {
    const { starts, shared } = await away()
    const state = shared.states.at(-1)
    if (state === undefined) throw new Error('there is no genesis state')
    const other = writeStateFile(pageState({ ...state, networkId: hashOf('another network') }))
    await expect(starts(other)).rejects.toMatchObject({ code: 'genesis/wrong' })
  })
})

describe('a verifier that was away', () => {
  /** Epoch 0 is final, and this one knows what was before it; others have the rest, changed by this. */
  async function behind(change = (page: Uint8Array) => page) {
    const all = await settling()
    const { shared, given, moment } = all
    const genesis = shared.states.at(-1)
    if (genesis === undefined) throw new Error('there is no genesis state')
    const { proposal, bytes, applied } = await propose(all, [0, 1, 2])
    given.set(toHex(await putForward(all, proposal)), bytes)
    await shared.duties.prune(1)
    const { stateHash, manifest, sections } = pageState(applied.state)
    given.set(toHex(stateHash), manifest)
    const pages = sections.flat()
    for (const [i, name] of readManifest(manifest, stateHash).sections.flat().entries())
      given.set(toHex(name), change(pages[i] ?? new Uint8Array()))
    await finalize(all)
    const [states, nodes] = [new States(), new Nodes()]
    states.add(genesis)
    const catchUp = new CatchUp({ ...shared, states, nodes })
    return { ...all, states, nodes, see: async () => catchUp.see(await moment()) }
  }

  it('goes on from the state of the newest final root, once that can not be rolled back', async () => {
    const all = await behind()
    const { states, nodes, shared, see } = all
    expect(await see()).toBe('rested')
    expect(states.newest?.epoch).toBe(-1)
    await tillFinality(all)
    await see()
    expect(states.newest?.epoch).toBe(0)
    expect(nodes.indexOf(node.publicKey)).toBe(0)
    expect((await shared.store.states.all()).map(({ epoch }) => epoch)).toEqual([0])
    expect(await see()).toBe('rested')
  })

  it('says that it is behind while nobody has the right pages', async () => {
    const all = await behind(broken)
    await tillFinality(all)
    await expect(all.see()).rejects.toMatchObject({ code: 'state/behind' })
    expect(all.states.newest?.epoch).toBe(-1)
  })
})
