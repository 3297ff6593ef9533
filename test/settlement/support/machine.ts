// The real parts under a settlement: the local chain with the committed program, and the client over RPC and WebSocket.
import { createHash } from 'node:crypto'
import {
  type Address,
  addressOf,
  networkAddress,
  type RpcChain,
  rpcChain,
  type Signer,
  signerFromSecret,
  timeOf,
} from '@piecework/chain'
import { startLocalnet } from '@piecework/localnet'
import { programBytes } from '@piecework/program'

const digest = (text: string): Uint8Array => createHash('sha256').update(text).digest()

export const programId: Address = addressOf(digest('the program'))
export const mint: Address = addressOf(digest('the mint'))
export const nameHash: Uint8Array = digest('the network')
export const TOKENS = 1_000_000n

export const keyNamed = (name: string): Signer => signerFromSecret(digest(`key of ${name}`))

/** How long the client may think before the next slot comes. */
const BETWEEN_SLOTS_MS = 20
const FIRST_SLOTS = 10

export interface Machine {
  readonly chain: RpcChain
  /** Has all the SOL and all the tokens. */
  readonly payer: Signer
  tick(slots: number): Promise<void>
  /** Lets slots pass until the work is settled. */
  during<T>(work: Promise<T>): Promise<T>
  stop(): Promise<void>
}

export async function startMachine(): Promise<Machine> {
  const localnet = await startLocalnet({
    slotMs: 0,
    programs: [{ address: programId, elf: programBytes() }],
    mints: [{ address: mint, decimals: 6, amount: TOKENS }],
  })
  const tick = async (slots: number): Promise<void> => void (await localnet.tick(slots))
  await tick(FIRST_SLOTS)
  const time = timeOf(() => performance.now())
  const payer = signerFromSecret(localnet.fundedKey.subarray(0, 32))
  const network = networkAddress(programId, payer.address, nameHash)
  const endpoints = [{ url: localnet.url, wsUrl: localnet.wsUrl }]
  const chain = rpcChain(
    { programId, network, endpoints, fastestSlotMs: 0, slotPollMs: 50 },
    {
      time,
      random: Math.random,
      fetch: (url, init) => fetch(url, init),
      openSocket: (url) => new WebSocket(url),
    },
  )
  await chain.start()
  return {
    chain,
    payer,
    tick,
    during: async (work) => {
      let pending = true
      const settled = work.finally(() => {
        pending = false
      })
      const quiet = settled.catch(() => {})
      while (pending) {
        await tick(1)
        await Promise.race([quiet, time.wait(BETWEEN_SLOTS_MS)])
      }
      return settled
    },
    stop: async () => {
      await chain.stop()
      await localnet.stop()
    },
  }
}
