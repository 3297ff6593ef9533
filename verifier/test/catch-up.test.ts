// Catch-up: a verifier without a state gets it from others, page by page, and takes no wrong one.
import { protocols } from '@piecework/network'
import { keyFromSecret, pageState, readManifest, toHex, writeStateFile } from '@piecework/protocol'
import { describe, expect, it } from 'vitest'
import { CatchUp } from '../src/catch-up.ts'
import { Nodes } from '../src/common/nodes.ts'
import { States } from '../src/common/states.ts'
import { type Bare, bare, hashOf, node } from './support/bare.ts'

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
