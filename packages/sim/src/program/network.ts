// One network on the compiled program, made and read with what every client uses.
import {
  type Address,
  addressesOf,
  associatedTokens,
  claimPageForm,
  createAssociatedTokens,
  createMint,
  createNetwork,
  decodeAccount,
  type Epoch,
  epochForm,
  joinRoster,
  keyOf,
  mintTo,
  type Network,
  type NetworkAddresses,
  networkAddress,
  networkForm,
  PAGE_ENTRIES,
  type Params,
  type RawAccount,
  start,
  TOKEN_ACCOUNT_BYTES,
  TOKEN_PROGRAM,
  verifierForm,
} from '@piecework/chain'
import type { TransactionInstruction } from '@solana/web3.js'
import { PROGRAM_PARAMS } from './params.ts'
import type { Vm } from './vm.ts'

const DECIMALS = 6
/** Above the rent of a mint or a token account. */
const TOKEN_LAMPORTS = 10_000_000n
/** Where a page's amounts begin. */
const CLAIMED_AT = claimPageForm.layout.size - 8 * PAGE_ENTRIES
/** In a token account's bytes: how much it holds, and whether it is initialised. */
const AMOUNT_AT = 64
const STATE_AT = 108

export interface Verifier {
  readonly id: number
  readonly operator: Address
  readonly voteKey: Address
  /** Of the operator, where it was made here. */
  readonly tokens: Address | undefined
}

export interface NetworkOptions {
  readonly params?: Params
  /** Several networks of one machine have different ones. */
  readonly name?: number
}

export class ProgramNetwork {
  readonly vm: Vm
  readonly at: NetworkAddresses
  readonly authority: Address
  readonly mint: Address
  /** By id. */
  readonly verifiers: Verifier[] = []
  /** Every one that was made here. */
  readonly tokenAccounts: Set<Address> = new Set()
  readonly #operatorTokens = new Map<Address, Address>()

  constructor(vm: Vm, { params = PROGRAM_PARAMS, name = 1 }: NetworkOptions = {}) {
    this.vm = vm
    this.authority = vm.funded()
    this.mint = vm.address()
    const rentLamports = Number(TOKEN_LAMPORTS)
    const mint = {
      payer: vm.payer,
      mint: this.mint,
      authority: this.authority,
      decimals: DECIMALS,
      rentLamports,
    }
    vm.must(createMint(mint))
    const creator = this.authority
    const nameHash = new Uint8Array(32).fill(name)
    const genesisHash = new Uint8Array(32).fill(1)
    vm.must([createNetwork(vm.programId, { creator, mint: this.mint, nameHash, genesisHash, params })])
    this.at = remembering(addressesOf(vm.programId, networkAddress(vm.programId, creator, nameHash)))
  }

  /** A token account with this much in it: a new one, or the owner's associated one. */
  tokens(owner: Address, amount: bigint, kind: 'new' | 'associated' = 'new'): Address {
    const destination = kind === 'new' ? this.#newTokens(owner) : this.#associatedTokens(owner)
    this.tokenAccounts.add(destination)
    if (amount > 0n) {
      this.vm.must([mintTo({ mint: this.mint, authority: this.authority, destination, amount })])
    }
    return destination
  }

  #associatedTokens(wallet: Address): Address {
    this.vm.must([createAssociatedTokens({ payer: this.vm.payer, wallet, mint: this.mint })])
    return associatedTokens(wallet, this.mint).address
  }

  #newTokens(owner: Address): Address {
    const made = this.vm.address()
    const data = new Uint8Array(TOKEN_ACCOUNT_BYTES)
    data.set(keyOf(this.mint).toBytes(), 0)
    data.set(keyOf(owner).toBytes(), 32)
    data[STATE_AT] = 1
    this.vm.put(made, { owner: TOKEN_PROGRAM, lamports: TOKEN_LAMPORTS, data })
    return made
  }

  balance(tokens: Address): bigint {
    const { data } = this.raw(tokens)
    return new DataView(data.buffer, data.byteOffset).getBigUint64(AMOUNT_AT, true)
  }

  raw(at: Address): RawAccount {
    const found = this.vm.account(at)
    if (found === undefined) throw new Error(`no account at ${at}`)
    return found
  }

  state(): Network {
    return decodeAccount(networkForm, this.raw(this.at.network), this.vm.programId)
  }

  /** What each account of so many pages has claimed; nothing where there is no page yet. */
  claimed(pages: number): BigUint64Array {
    const all = new BigUint64Array(pages * PAGE_ENTRIES)
    for (let number = 0; number < pages; number++) {
      const page = this.vm.account(this.at.page(number))
      if (page?.owner !== this.vm.programId) continue
      all.set(new BigUint64Array(page.data.slice(CLAIMED_AT).buffer), number * PAGE_ENTRIES)
    }
    return all
  }

  epoch(number: number): Epoch {
    return decodeAccount(epochForm, this.raw(this.at.epoch(number)), this.vm.programId)
  }

  join(stake: bigint): void {
    this.vm.must([this.joining(stake)])
    this.lookForVerifiers()
  }

  /** A new operator with this much to stake, on its way into the roster. */
  joining(stake: bigint): TransactionInstruction {
    const operator = this.vm.address()
    const operatorTokens = this.tokens(operator, stake)
    this.#operatorTokens.set(operator, operatorTokens)
    const id = this.state().nextVerifier
    const voteKey = this.vm.address()
    return joinRoster(this.at, { payer: this.vm.payer, operator, voteKey, operatorTokens, id, stake })
  }

  /** Reads who has joined since. */
  lookForVerifiers(): void {
    for (let id = this.verifiers.length; id < this.state().nextVerifier; id++) {
      const raw = this.raw(this.at.verifier(id))
      const { operator, voteKey } = decodeAccount(verifierForm, raw, this.vm.programId)
      this.verifiers.push({ id, operator, voteKey, tokens: this.#operatorTokens.get(operator) })
    }
  }

  start(): void {
    this.vm.must([start(this.at, this.authority)])
  }
}

/** Finding an address of the program takes longer than running an instruction. */
function remembering(at: NetworkAddresses): NetworkAddresses {
  const known = new Map<string, Address>()
  const once = (key: string, find: () => Address): Address => {
    const address = known.get(key) ?? find()
    known.set(key, address)
    return address
  }
  return {
    ...at,
    page: (number) => once(`page ${number}`, () => at.page(number)),
    verifier: (id) => once(`verifier ${id}`, () => at.verifier(id)),
    job: (requester, nonce) => once(`job ${requester} ${nonce}`, () => at.job(requester, nonce)),
  }
}
