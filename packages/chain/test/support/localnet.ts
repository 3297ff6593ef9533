// The client over RPC, against the local chain with the real program: slots by hand.
import { type Localnet, startLocalnet } from '@piecework/localnet'
import { programBytes } from '@piecework/program'
import { type Harness, keyNamed, mint, nameHash, programId, TOKENS } from '@piecework/testkit/settlement'
import {
  networkAddress,
  type RpcChain,
  type RpcOptions,
  rpcChain,
  type Signer,
  signerFromSecret,
} from '../../src/index.ts'
import { realPorts, realTime } from './ports.ts'

export { keyNamed, mint, nameHash, programId }

export function startProgram(slotMs: number): Promise<Localnet> {
  return startLocalnet({
    slotMs,
    programs: [{ address: programId, elf: programBytes() }],
    mints: [{ address: mint, decimals: 6, amount: TOKENS }],
  })
}

export function networkOf(localnet: Localnet): { readonly payer: Signer; readonly options: RpcOptions } {
  const payer = signerFromSecret(localnet.fundedKey.subarray(0, 32))
  const network = networkAddress(programId, payer.address, nameHash)
  const endpoints = [{ url: localnet.url, wsUrl: localnet.wsUrl }]
  return { payer, options: { programId, network, endpoints, fastestSlotMs: 0, slotPollMs: 50 } }
}

/** After as many slots nothing that somebody waits for can still be on its way. */
const MAX_TICKS_DURING = 10_000
/** How long a client may think between two slots. */
const BETWEEN_SLOTS_MS = 20

export async function rpcHarness(): Promise<Harness> {
  const localnet = await startProgram(0)
  await localnet.tick(10)
  const { payer, options } = networkOf(localnet)
  const chain: RpcChain = rpcChain(options, realPorts())
  await chain.start()
  const tick = async (slots: number): Promise<void> => void (await localnet.tick(slots))
  return {
    chain,
    creator: payer,
    payer,
    nameHash,
    mint,
    key: keyNamed,
    tick,
    during: async (work) => {
      let pending = true
      const settled = work.finally(() => {
        pending = false
      })
      settled.catch(() => {})
      for (let ticks = 0; pending; ticks++) {
        if (ticks === MAX_TICKS_DURING) throw new Error('it waits for something that never comes')
        await tick(1)
        await Promise.race([settled.catch(() => {}), realTime.wait(BETWEEN_SLOTS_MS)])
      }
      return settled
    },
    stop: async () => {
      await chain.stop()
      await localnet.stop()
    },
  }
}
