// A cluster that rolls back: all its endpoints tell of a fork, up to a moment from which on that fork has never been.
// Only what was final before stays.
import {
  addressOf,
  associatedTokens,
  ChainError,
  type Commitment,
  createAssociatedTokens,
  type Fetch,
  type RpcChain,
  read,
  rpcChain,
  wantNetwork,
} from '@piecework/chain'
import { textOf } from './acts.ts'
import { askAt, creator, hashOf, hasty, honestPorts, mint, network, programId, type World } from './worlds.ts'

/** How long the fork is told of, in a client's milliseconds. */
const FORK_MS = 10_000
/** Endpoints of a busy machine answer at one of so many times. */
const ATTEMPTS = 3

export interface RolledBack {
  /** Answers that were of the fork. */
  readonly told: number
  /** Of the fork, and taken for final; or not done, or done twice, where the truth needed it once. */
  readonly actedOn: number
}

export async function rollBack(truth: World, fork: World, name: string): Promise<RolledBack> {
  let told = 0
  const until = hasty.now() + FORK_MS
  const fetch = forking({
    truth,
    fork,
    until,
    onTold: () => {
      told += 1
    },
  })
  const endpoints = [truth.url, `${truth.url}/`]
  const options = {
    programId,
    network,
    endpoints,
    fastestSlotMs: 0,
    genesis: truth.genesis,
    timeoutMs: 20_000,
    sendMs: 1_000_000,
  }
  const chain = rpcChain(options, { ...honestPorts, fetch })
  try {
    const [early, landed] = await Promise.all([believedFinal(chain, truth), sentOnce(chain, truth, name)])
    const late = await readsTruth(chain, truth)
    return { told, actedOn: [early, landed, late].filter((right) => !right).length }
  } finally {
    await chain.stop()
  }
}

async function networkIn(chain: RpcChain, commitment: Commitment): Promise<string> {
  return textOf((await read(chain, { network: wantNetwork(chain.at) }, commitment)).value)
}

/** While the fork is told of, what is final is the truth all the same. */
function believedFinal(chain: RpcChain, truth: World): Promise<boolean> {
  return insisting(
    async () => (await networkIn(chain, 'finalized')) === (await networkIn(truth.chain, 'finalized')),
  )
}

function readsTruth(chain: RpcChain, truth: World): Promise<boolean> {
  return insisting(
    async () => (await networkIn(chain, 'confirmed')) === (await networkIn(truth.chain, 'confirmed')),
  )
}

/** It lands on the fork, is gone, and is signed anew: in the end it is in the truth. */
function sentOnce(chain: RpcChain, truth: World, name: string): Promise<boolean> {
  const wallet = addressOf(hashOf(name))
  const instructions = [createAssociatedTokens({ payer: creator.address, wallet, mint })]
  return insisting(async () => {
    const outcome = await chain.send({ instructions, payer: creator, commitment: 'finalized' })
    const { value } = await truth.chain.accounts([associatedTokens(wallet, mint).address], 'finalized')
    return outcome.kind === 'landed' && value[0] !== undefined
  })
}

/** As a daemon does it: an error of the chain means that nothing was done, and that it is time to try again. */
async function insisting(work: () => Promise<boolean>): Promise<boolean> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof ChainError) || attempt === ATTEMPTS) throw error
    }
  }
}

interface Forking {
  readonly truth: World
  readonly fork: World
  readonly until: number
  readonly onTold: () => void
}

function forking({ truth, fork, until, onTold }: Forking): Fetch {
  return async (_, init) => {
    const { id, method, params } = JSON.parse(String(init.body))
    const final = JSON.stringify(params).includes('"commitment":"finalized"') || method === 'getGenesisHash'
    const forked = !final && hasty.now() < until
    if (forked) onTold()
    const answer = await askAt(forked ? fork.url : truth.url, method, params)
    return Response.json({ ...answer, id, ...(forked ? { result: notFinal(answer['result']) } : {}) })
  }
}

/** What the fork calls final is at most confirmed: it is going to be rolled back. */
function notFinal(result: unknown): unknown {
  return JSON.parse(JSON.stringify(result ?? null).replaceAll('"finalized"', '"confirmed"'))
}
