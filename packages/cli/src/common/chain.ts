// The chain for the time of one command, and what commands ask of it.
import { resolve } from 'node:path'
import { readKeyFile } from '@piecework/api'
import {
  type Address,
  associatedTokens,
  type Chain,
  ChainError,
  createAssociatedTokens,
  decodeTokenAccount,
  MINT_BYTES,
  type NetworkState,
  parseAddress,
  type RpcChain,
  readNetwork,
  rpcChain,
  type SendRequest,
  type Signer,
  signerFromSecret,
  type TransactionInstruction,
} from '@piecework/chain'
import type { Context } from '../context.ts'
import { CliError } from '../errors.ts'
import type { Place } from './place.ts'

/** In a mint's bytes. */
const DECIMALS_AT = 44

export async function openChain(
  { io }: Context,
  place: Pick<Place, 'rpc' | 'network' | 'program'>,
): Promise<RpcChain> {
  const { rpc, network, program } = place
  const chain = rpcChain(
    { programId: parseAddress(program), network: parseAddress(network), endpoints: rpc },
    io.rpc,
  )
  await chain.start()
  return chain
}

export async function withChain<T>(
  context: Context,
  place: Pick<Place, 'rpc' | 'network' | 'program'>,
  use: (chain: Chain) => Promise<T>,
): Promise<T> {
  const chain = await openChain(context, place)
  try {
    return await use(chain)
  } finally {
    await chain.stop()
  }
}

export async function signerOf({ io }: Context, file: string): Promise<Signer> {
  return signerFromSecret(await readKeyFile(resolve(io.folder, file)))
}

/** Sends, and throws unless it landed. */
export async function land(chain: Chain, request: SendRequest): Promise<string> {
  const outcome = await chain.send(request)
  if (outcome.kind === 'landed') return outcome.signature
  if (outcome.kind === 'expired') {
    throw new CliError(
      'notYet',
      'The chain did not take the transaction in time: nothing happened. Try again.',
    )
  }
  throw outcome.error
}

export async function stateOf(chain: Chain): Promise<NetworkState> {
  try {
    return (await readNetwork(chain)).value
  } catch (error) {
    if (!(error instanceof ChainError) || error.code !== 'account/missing') throw error
    const where = `There is no network at ${chain.at.network} on this chain`
    throw new CliError('refused', `${where}: check the invite, and which chain its RPC endpoints are of.`)
  }
}

/** Decimals of the network's token. */
export async function decimalsOf(chain: Chain, mint: Address): Promise<number> {
  const [account] = (await chain.accounts([mint])).value
  if (account === undefined || account.data.length !== MINT_BYTES) {
    throw new CliError('refused', `${mint} is no mint of the token program.`)
  }
  return account.data[DECIMALS_AT] ?? 0
}

/** Undefined where there is no token account yet. */
export async function tokensIn(chain: Chain, wallet: Address, mint: Address): Promise<bigint | undefined> {
  const [account] = (await chain.accounts([associatedTokens(wallet, mint).address])).value
  return account === undefined ? undefined : decodeTokenAccount(account).amount
}

export interface Spending {
  readonly wallet: Address
  readonly mint: Address
  readonly amount: bigint
  readonly decimalsText: (amount: bigint) => string
}

/** Says what is missing before a transaction fails for it. */
export async function needTokens(
  chain: Chain,
  { wallet, mint, amount, decimalsText }: Spending,
): Promise<void> {
  const has = (await tokensIn(chain, wallet, mint)) ?? 0n
  if (has >= amount) return
  const wanted = `${decimalsText(amount)} tokens of the mint ${mint}`
  throw new CliError('refused', `${wallet} has ${decimalsText(has)} and needs ${wanted}: send it some first.`)
}

export function makeTokens(payer: Address, wallet: Address, mint: Address): TransactionInstruction {
  return createAssociatedTokens({ payer, wallet, mint })
}
