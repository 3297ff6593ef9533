// Makes a network on chain, and the files that its first verifiers need.
import {
  type Address,
  associatedTokens,
  bytesOf,
  type Chain,
  createMint,
  createNetwork,
  MINT_BYTES,
  mintTo,
  networkAddress,
  type Params,
  parseAddress,
  type Signer,
  signerFromSecret,
} from '@piecework/chain'
import {
  genesisState,
  type KindRules,
  kindsCodec,
  pageState,
  type State,
  writeStateFile,
} from '@piecework/protocol'
import type { Kinds } from '@piecework/work'
import { decimalsOf, land, makeTokens } from '../common/chain.ts'
import { unitsOf } from '../common/money.ts'
import { sha256 } from '../common/sha256.ts'
import { CliError } from '../errors.ts'
import type { Founding } from './founding.ts'
import { MONEY, presetParams } from './presets.ts'

/** A node of the genesis state needs no renewal for a year of five-minute epochs. */
const GENESIS_EXPIRES = 105_120
const PPM = 1_000_000

export interface Created {
  readonly network: Address
  readonly mint: Address
  readonly genesis: Uint8Array
  readonly kinds: Uint8Array
}

export function addressFor({ name, program }: Founding, creator: Address): Address {
  return networkAddress(parseAddress(program), creator, nameHash(name))
}

export interface Making {
  readonly founding: Founding
  readonly creator: Signer
  readonly kinds: Kinds
  /** For a new mint's address: its secret is used once. */
  readonly mintSecret: Uint8Array
}

export async function makeNetwork(chain: Chain, making: Making): Promise<Created> {
  const { founding, creator, kinds } = making
  const programId = parseAddress(founding.program)
  const network = addressFor(founding, creator.address)
  await checkNew(chain, programId)
  const decimals =
    founding.mint === 'new' ? founding.token.decimals : await decimalsOf(chain, parseAddress(founding.mint))
  const rules = rulesOf(founding, kinds)
  const kindsBytes = kindsCodec.encode(rules)
  const params = paramsOf(founding, decimals, kindsBytes)
  const state = genesisOf({ founding, network, rules, params, decimals, kinds })
  const paged = pageState(state)
  const mint = founding.mint === 'new' ? await newMint(chain, making) : parseAddress(founding.mint)
  const instruction = createNetwork(programId, {
    creator: creator.address,
    mint,
    nameHash: nameHash(founding.name),
    genesisHash: paged.stateHash,
    params,
  })
  await land(chain, { instructions: [instruction], payer: creator })
  return { network, mint, genesis: writeStateFile(paged), kinds: kindsBytes }
}

function nameHash(name: string): Uint8Array {
  return sha256(new TextEncoder().encode(name))
}

async function checkNew(chain: Chain, programId: Address): Promise<void> {
  const [program, network] = (await chain.accounts([programId, chain.at.network])).value
  if (program === undefined) {
    throw new CliError(
      'refused',
      `The program ${programId} is not on this chain: deploy it, or name another.`,
    )
  }
  if (network !== undefined) {
    throw new CliError('refused', 'You have a network of this name already: choose another name.')
  }
}

function rulesOf(founding: Founding, kinds: Kinds): KindRules[] {
  const rules = Object.entries(founding.kinds).map(([name, { rate, cap }]): KindRules => {
    const { id, version, allocation, checking, rate: usual } = kinds.named(name)
    const least = founding.preset === 'local' ? 200_000 : usual
    return {
      kind: id,
      version,
      allocation,
      checking,
      rate: rate === undefined ? least : Math.round(rate * PPM),
      cap,
    }
  })
  return rules.sort((a, b) => a.kind - b.kind)
}

function paramsOf({ preset, params }: Founding, decimals: number, kinds: Uint8Array): Params {
  const base = presetParams(preset, decimals)
  const changed = Object.entries(params).map(([name, value]) => {
    if (!(name in base)) {
      throw new CliError('usage', `params.${name} is no parameter: there is ${Object.keys(base).join(', ')}.`)
    }
    const isMoney = MONEY.some((one) => one === name)
    if (isMoney) return [name, unitsOf(String(value), decimals)]
    if (!Number.isInteger(value)) throw new CliError('usage', `params.${name} is a whole number.`)
    return [name, value]
  })
  return { ...base, ...Object.fromEntries(changed), kindsHash: sha256(kinds) }
}

interface GenesisNeeds {
  readonly founding: Founding
  readonly network: Address
  readonly rules: readonly KindRules[]
  readonly params: Params
  readonly decimals: number
  readonly kinds: Kinds
}

function genesisOf({ founding, network, rules, params, decimals, kinds }: GenesisNeeds): State {
  const nodes = founding.nodes.map((node) => ({
    nodeKey: bytesOf(parseAddress(node.key)),
    wallet: bytesOf(parseAddress(node.wallet)),
    kinds: Object.entries(node.kinds)
      .map(([name, capacity]) => ({ kind: kinds.named(name).id, capacity }))
      .sort((a, b) => a.kind - b.kind),
    attributes: [],
    expiresAtEpoch: GENESIS_EXPIRES,
    vouched: unitsOf(node.vouched, decimals),
    minAmount: unitsOf(node.minAmount, decimals),
    maxFee: unitsOf(node.maxFee, decimals),
  }))
  return genesisState({ networkId: bytesOf(network), nodes, kinds: rules, trialRows: params.trialRows })
}

/** All of its tokens go to the founder. */
async function newMint(chain: Chain, { founding, creator, mintSecret }: Making): Promise<Address> {
  const mint = signerFromSecret(mintSecret)
  const { decimals, supply } = founding.token
  const owner = creator.address
  const made = createMint({
    payer: owner,
    mint: mint.address,
    authority: owner,
    decimals,
    rentLamports: await chain.rent(MINT_BYTES),
  })
  const destination = associatedTokens(owner, mint.address).address
  const amount = unitsOf(supply, decimals)
  const filled = [
    makeTokens(owner, owner, mint.address),
    mintTo({ mint: mint.address, authority: owner, destination, amount }),
  ]
  await land(chain, { instructions: [...made, ...filled], payer: creator, signers: [mint] })
  return mint.address
}
